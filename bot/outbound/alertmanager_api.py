"""Asks an Alertmanager for its list of alerts (https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml).

Grafana's own Alertmanager has the same list under another path. Only what is asked for is fetched: no redirect is
followed away from the address (it holds our token), and no list beyond `LARGEST` is read.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.errors import TryLater

PATIENCE: Final = timedelta(seconds=10)
# An alert takes about a kilobyte.
LARGEST: Final = 32 * 1024 * 1024
LIST: Final = "/api/v2/alerts"
STATUS: Final = "/api/v2/status"
IN_GRAFANA: Final = "/api/alertmanager/grafana"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What we show to be let in: a bearer token, or with `user` HTTP Basic and the token as the password."""

    token: str = field(default="", repr=False)
    user: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that show it."""
        if self.user:
            return {"Authorization": aiohttp.encode_basic_auth(self.user, self.token)}
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class AlertmanagerApi:
    """One Alertmanager, at the address under which its own pages stand."""

    def __init__(self, url: str, shown: Pass, *, patience: timedelta = PATIENCE) -> None:
        """Nothing is asked yet."""
        self._url, self._headers, self._patience = url.rstrip("/"), shown.headers, patience

    async def alerts(self) -> bytes:
        """Return its list of alerts as it is sent.

        Raises:
            TryLater: it does not answer with one.
        """
        return await self._get(LIST)

    async def status(self) -> bytes:
        """Return what it says of itself; raises as `alerts`."""
        return await self._get(STATUS)

    async def _get(self, path: str) -> bytes:
        timeout = aiohttp.ClientTimeout(total=self._patience.total_seconds())
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
                session.get(self._url + path, allow_redirects=False) as answer,
            ):
                if answer.status != HTTPStatus.OK:
                    raise TryLater(f"HTTP {answer.status}")
                content = bytearray()
                async for piece in answer.content.iter_chunked(64 * 1024):
                    content += piece
                    if len(content) > LARGEST:
                        raise TryLater(f"the answer is larger than {LARGEST} bytes")
                return bytes(content)
        except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is an OSError
            raise TryLater(type(error).__name__) from error
