"""Asks an Alertmanager for its list of alerts, and for its silences; makes and ends those.

https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
Grafana's own Alertmanager has the same list under another path. Only what is asked for is fetched: no redirect is
followed away from the address (it holds our token), and no list beyond `LARGEST` is read.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import aiohttp

from bot.domain.text import one_line
from bot.errors import TryLater, Uncertain, Undeliverable

PATIENCE: Final = timedelta(seconds=10)
# An alert takes about a kilobyte.
LARGEST: Final = 32 * 1024 * 1024
LIST: Final = "/api/v2/alerts"
STATUS: Final = "/api/v2/status"
SILENCES: Final = "/api/v2/silences"
SILENCE: Final = "/api/v2/silence/"
IN_GRAFANA: Final = "/api/alertmanager/grafana"
_REASON: Final = 300


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

    async def silences(self) -> bytes:
        """Return its list of silences; raises as `alerts`."""
        return await self._get(SILENCES)

    async def make_silence(self, silence: Mapping[str, object]) -> None:
        """Make a silence.

        Raises:
            TryLater: it was not reached.
            Uncertain: it may have been made.
            Undeliverable: it is refused.
        """
        await self._change("POST", SILENCES, silence)

    async def end_silence(self, far_id: str) -> None:
        """End a silence; raises as `make_silence`."""
        await self._change("DELETE", f"{SILENCE}{quote(far_id, safe='')}")

    async def _get(self, path: str) -> bytes:
        try:
            async with self._asking("GET", path) as answer:
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

    async def _change(self, method: str, path: str, body: Mapping[str, object] | None = None) -> None:
        try:
            async with self._asking(method, path, body) as answer:
                status, said = answer.status, await answer.content.read(_REASON)
        except aiohttp.ClientConnectorError as error:
            raise TryLater(type(error).__name__) from error
        except (aiohttp.ClientError, OSError) as error:
            raise Uncertain(type(error).__name__) from error
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Uncertain(f"HTTP {status}")
        if status != HTTPStatus.OK:
            raise Undeliverable(f"HTTP {status}: {one_line(said.decode(errors='replace'), _REASON)}")

    @asynccontextmanager
    async def _asking(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=self._patience.total_seconds())
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
            session.request(method, self._url + path, json=body, allow_redirects=False) as answer,
        ):
            yield answer
