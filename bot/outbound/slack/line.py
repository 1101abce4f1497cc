"""The line to Slack: one call, its slot, its timeout, and what its outcome means. Only the dispatcher retries.

slack_sdk's own retries are off, because they post again when a reply is lost; one shared session keeps connections
open, because slack_sdk opens a new one for every call otherwise.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.connector import Connection
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.ids import ChannelId
from bot.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bot.failpoints import reached
from bot.outbound.slack.errors import LIMITED, PAUSE, refusal
from bot.outbound.slack.limits import Limits

SLACK_API_URL: Final = "https://slack.com/api/"
TOTAL_SECONDS: Final = 10
# To connect (name, TCP, TLS) has a limit of its own, so that a dead network is known as "not applied".
CONNECT_SECONDS: Final = 5
KEEP_SECONDS: Final = 60
TOO_MANY: Final = 429
SERVER_FAULT: Final = 500
NOTHING_SENT: Final = (
    aiohttp.ClientConnectorError,  # names, TCP, TLS, a proxy that cannot be reached
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

# What we read from an answer; without it we do not know what happened.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": ("user_id", "team_id"),
    "chat.postMessage": ("channel", "ts"),
    "conversations.create": ("channel",),
    "conversations.open": ("channel",),
    "files.getUploadURLExternal": ("upload_url", "file_id"),
    "users.info": ("user",),
    "views.open": ("view",),
    "views.update": ("view",),
}

Send = Callable[[], Awaitable[AsyncSlackResponse]]
# Whether what is being done is still ours to do: the lease of the work for which a call is made.
STILL_OURS: Final[ContextVar[Callable[[], bool]]] = ContextVar("still_ours", default=lambda: True)
# Whether what is being done there is by the thousand, and so leaves some slots to all else.
LEAVES_SOME: Final[ContextVar[bool]] = ContextVar("leaves_some", default=False)


class FencedRequest(aiohttp.ClientRequest):
    """A request that asks once more, when it is about to leave, whether it may.

    Between the performer's question and this moment a process may be frozen, or wait long for a connection; meanwhile
    another may have done the work. What remains is the time from here to the socket.
    """

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Send it, or refuse: then nothing was sent."""
        if not STILL_OURS.get()():
            raise TryLater("The lease ended before the call could leave", after=timedelta())
        return await super().send(conn)


@asynccontextmanager
async def slack_session() -> AsyncIterator[aiohttp.ClientSession]:
    """Open the one session that every call to Slack shares; it keeps as many connections as are used at once."""
    timeout = aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS)
    connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector, request_class=FencedRequest) as session:
        yield session


def web_client(session: aiohttp.ClientSession, *, token: str, base_url: str = SLACK_API_URL) -> AsyncWebClient:
    """Return slack_sdk's client without its retries, on our session."""
    web = AsyncWebClient(token=token, base_url=base_url, session=session, timeout=TOTAL_SECONDS, retry_handlers=[])
    if urlsplit(base_url).hostname in LOOPBACK:
        web.proxy = None  # slack_sdk takes HTTPS_PROXY from the environment and does not look at NO_PROXY
    return web


class Line:
    """Makes calls one by one, and says what became of each."""

    def __init__(self, session: aiohttp.ClientSession, web: AsyncWebClient, limits: Limits) -> None:
        self._session = session
        self._web = web
        self._limits = limits

    async def read(self, method: str, send: Send, *, accept: frozenset[str] = frozenset()) -> AsyncSlackResponse:
        """Make a call that changes nothing, or nothing that anybody sees.

        Raises:
            TryLater: also when the outcome is unknown: calling again is always safe.
            Undeliverable: it never will be answered.
        """
        try:
            return await self.change(method, send, accept=accept)
        except Uncertain as unknown:
            raise TryLater(str(unknown), away=unknown.away) from unknown

    async def change(
        self, method: str, send: Send, *, channel: ChannelId | None = None, accept: frozenset[str] = frozenset()
    ) -> AsyncSlackResponse:
        """Make a call that changes something. An `ok: false` with a code of `accept` is returned as it is.

        Raises:
            TryLater: surely not applied.
            Uncertain: perhaps applied.
            Undeliverable: not applied, and never will be.
        """
        self._limits.take(method, channel, leaves_some=LEAVES_SOME.get())
        reached("before", method)
        try:
            answer = await send()
        except SlackApiError as refused:
            said = refused.response
            if isinstance(said, AsyncSlackResponse) and said.status_code < SERVER_FAULT and code_of(said) in accept:
                self._limits.went_well(method)
                return said
            raise self._meaning(method, refused) from refused
        except (aiohttp.ClientError, SlackClientError, TimeoutError, OSError, ValueError, AttributeError) as broken:
            # ValueError: the answer is no text; AttributeError: slack_sdk takes every answer for a JSON object.
            raise broken_off(method, broken) from broken
        reached("after", method)
        self._limits.went_well(method)
        if any(answer.get(part) is None for part in PARTS.get(method, ())):
            raise Uncertain(f"Slack answered {method} without {' and '.join(PARTS[method])}")
        return answer

    async def deliver(self, what: str, url: str, body: bytes | Mapping[str, Any]) -> None:
        """POST bytes or JSON to an address that Slack gave us (an upload, a response_url).

        Raises:
            TryLater: surely not applied.
            Uncertain: perhaps applied.
            Undeliverable: the address is used up.
        """
        content: dict[str, Any] = {"data": body} if isinstance(body, bytes) else {"json": body}
        reached("before", what)
        try:
            async with self._session.post(url, proxy=self._web.proxy, **content) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            raise broken_off(what, broken) from broken
        reached("after", what)
        if answer.status == TOO_MANY:
            raise TryLater("Slack asked us to slow down", after=retry_after(answer.headers))
        if answer.status >= SERVER_FAULT:
            raise Uncertain(f"Slack answered {what} with HTTP {answer.status}", away=True)
        if not answer.ok:
            raise Undeliverable(f"Slack does not take {what} at its address any more (HTTP {answer.status})")

    def _meaning(self, method: str, refused: SlackApiError) -> DeliveryError:
        answer = refused.response
        if not isinstance(answer, AsyncSlackResponse):  # not JSON: slack_sdk hands on aiohttp's response
            return self._unreadable(method, int(answer.status), answer.headers)
        data = answer.data if isinstance(answer.data, dict) else {}
        code = code_of(answer)
        if answer.status_code >= SERVER_FAULT or not code:
            return self._unreadable(method, answer.status_code, answer.headers)
        after = retry_after(answer.headers) if answer.status_code == TOO_MANY or code in LIMITED else None
        if after is not None:
            self._limits.pause(method, after)
        return refusal(method, code, needed=str(data.get("needed", "")), after=after, details=_details(data))

    def _unreadable(self, method: str, status: int, headers: Mapping[str, str]) -> DeliveryError:
        if status == TOO_MANY:
            after = retry_after(headers)
            self._limits.pause(method, after)
            return TryLater(f"Slack asked us to slow down ({method})", after=after)
        return Uncertain(f"Slack answered {method} with HTTP {status} and nothing that can be read", away=True)


def broken_off(method: str, broken: Exception) -> TryLater | Uncertain:
    """Return what it means that a call broke off: without a connection nothing was sent; else nobody knows."""
    if isinstance(broken, NOTHING_SENT):
        return TryLater(f"Slack cannot be reached ({method}: {type(broken).__name__})", away=True)
    return Uncertain(f"The line to Slack broke ({method}: {type(broken).__name__})", away=True)


def code_of(answer: AsyncSlackResponse) -> str:
    """Return the error code of an answer; empty when it has none."""
    code = answer.data.get("error") if isinstance(answer.data, dict) else None
    return code if isinstance(code, str) else ""


def retry_after(headers: Mapping[str, str]) -> timedelta:
    """Return what Retry-After asks for, to the second."""
    said = headers.get("Retry-After", "")
    return timedelta(seconds=int(said)) if said.isascii() and said.isdigit() else PAUSE


def _details(data: Mapping[str, Any]) -> str:
    messages = (data.get("response_metadata") or {}).get("messages") or data.get("errors") or []
    return "; ".join(str(one) for one in messages)[:500] if isinstance(messages, list) else ""
