"""The heartbeat to a dead-man service: it beats only while work gets done, and when it stops, they call somebody.

Any service that takes a POST to an address of its own will do, Healthchecks.io for one
(https://healthchecks.io/docs/http_api/). The address is as good as a password: it is never logged.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
import structlog

log = structlog.get_logger()
PATIENCE: Final = timedelta(seconds=10)


class Heartbeat:
    """Beats when told to; whether it was heard disturbs nobody."""

    def __init__(self, url: str, *, patience: timedelta = PATIENCE) -> None:
        """Nothing is sent yet."""
        self._url, self._patience = url, patience
        self._heard = True

    async def beat(self) -> None:
        """Send one beat; a failure is logged once, and so is its end."""
        fault = await self._send()
        if fault and self._heard:
            log.warning("heartbeat_not_heard", reason=fault)
        elif not fault and not self._heard:
            log.info("heartbeat_heard_again")
        self._heard = not fault

    async def _send(self) -> str:
        """Return what went wrong, or nothing."""
        timeout = aiohttp.ClientTimeout(total=self._patience.total_seconds())
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self._url, allow_redirects=False) as answer,
            ):
                good = HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES
                return "" if good else f"HTTP {answer.status}"
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            return type(error).__name__
