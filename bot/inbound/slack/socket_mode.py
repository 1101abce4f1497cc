"""Socket Mode.

Slack's envelopes come down WebSockets that we open, so that nothing of ours need be reachable from outside.

An envelope is acknowledged only when what it asked for is kept; one that could not be kept is not, so that Slack
sends it again. Two connections by default: Slack's client closes the old one before it opens its successor, and Slack
renews each of them every few hours. (https://docs.slack.dev/apis/events-api/using-socket-mode)
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.inbound.slack.payload import Payload
from bot.inbound.slack.response import Response

SLACK_API_URL: Final = "https://slack.com/api/"
# Slack allows ten connections to an app, all its processes together.
CONNECTIONS: Final = 2
PING_EVERY: Final = timedelta(seconds=5)
DRAIN_FOR: Final = timedelta(seconds=5)
_SILENT_PINGS: Final = 4

Take = Callable[[Payload], Awaitable[Response]]
_log = structlog.get_logger("muster.slack")


class SocketMode:
    """Keeps connections to Slack open and hands each envelope's payload to `take`."""

    def __init__(
        self,
        *,
        take: Take,
        app_token: str,
        clock: Clock,
        base_url: str = SLACK_API_URL,
        connections: int = CONNECTIONS,
        ping_every: timedelta = PING_EVERY,
    ) -> None:
        self._take = take
        self._token = app_token
        self._clock = clock
        self._base_url = base_url
        self._connections = connections
        self._ping_every = ping_every
        self._session: aiohttp.ClientSession | None = None
        self._clients: list[SocketModeClient] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: dict[int, datetime] = {}
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    @property
    def last_seen_at(self) -> datetime | None:
        """Return when Slack last said anything on any connection, be it the answer to a ping.

        None before the first word.
        """
        moments = [moment for client in self._clients if (moment := self._last_heard(client))]
        return max(moments, default=None)

    @property
    def connected(self) -> bool:
        """Tell whether a connection was heard of within four pings.

        An open socket proves nothing: Slack's may be deaf.
        """
        return any(self._is_alive(client) for client in self._clients)

    async def start(self) -> None:
        """Begin to connect, and go on trying for as long as it takes; does not wait for Slack."""
        self._session = aiohttp.ClientSession()
        self._clients = [self._client(self._session) for _ in range(self._connections)]
        self._tasks = [asyncio.create_task(client.connect()) for client in self._clients]
        self._tasks.append(asyncio.create_task(self._watch()))

    async def stop(self) -> None:
        """Take nothing new, let what is under way be kept and acknowledged, then hang up.

        What is left Slack sends to another process.
        """
        self._stopping = True
        try:
            async with asyncio.timeout(DRAIN_FOR.total_seconds()):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("slack_socket_drain_timed_out", busy=self._busy)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for client in self._clients:
            await client.close()
            ending = (client.message_processor, client.message_receiver, client.current_session_monitor)
            await asyncio.gather(*(future for future in ending if future), return_exceptions=True)
        if self._session:
            await self._session.close()

    def _client(self, session: aiohttp.ClientSession) -> SocketModeClient:
        logger = _quiet_logger()
        web = AsyncWebClient(base_url=self._base_url, session=session, retry_handlers=[], logger=logger)
        client = SocketModeClient(
            app_token=self._token, web_client=web, logger=logger, ping_interval=self._ping_every.total_seconds()
        )
        client.message_listeners.append(self._hear)
        client.socket_mode_request_listeners.append(self._receive)
        return client

    async def _hear(
        self, client: AsyncBaseSocketModeClient, message: Mapping[str, object], _raw: str | None = None
    ) -> None:
        self._seen[id(client)] = self._clock.now()
        if message.get("type") == "hello":
            _log.info("slack_socket_connected")

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._stopping:
            return
        self._busy += 1
        self._idle.clear()
        try:
            await self._answer(client, request, await self._take(request.payload))
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    @staticmethod
    async def _answer(client: AsyncBaseSocketModeClient, request: SocketModeRequest, response: Response) -> None:
        if not response.ok:
            _log.warning("slack_envelope_not_acknowledged", kind=request.type, status=response.status)
            return
        payload = json.loads(response.body) if response.is_json else None
        try:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=payload))
        except ConnectionError:
            # The connection went while we worked. It is kept; an event comes again and is known by its id.
            _log.warning("slack_acknowledgement_lost", kind=request.type)

    def _last_heard(self, client: SocketModeClient) -> datetime | None:
        answered = client.last_ping_pong_time
        pinged = datetime.fromtimestamp(answered, UTC) if answered else None
        return max((moment for moment in (pinged, self._seen.get(id(client))) if moment), default=None)

    def _is_alive(self, client: SocketModeClient) -> bool:
        heard = self._last_heard(client)
        session = client.current_session
        return (
            heard is not None
            and session is not None
            and not session.closed
            and self._clock.now() - heard <= self._ping_every * (_SILENT_PINGS + 1)
        )

    async def _watch(self) -> None:
        """Replace connections that fell silent.

        The library's own watch has been seen to sleep (python-slack-sdk issues 1110, 1446).
        """
        while True:
            await self._clock.sleep(self._ping_every * _SILENT_PINGS)
            for client in self._clients:
                if not self._is_alive(client):
                    await self._replace(client)

    @staticmethod
    async def _replace(client: SocketModeClient) -> None:
        # An address is good for one connection; the library's loop would try a spent one for ever.
        client.wss_uri = None
        if client.current_session is None:
            return
        _log.warning("slack_socket_silent")
        client.stale = True
        try:
            await client.connect_to_new_endpoint()
        except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.warning("slack_socket_trouble", error=type(error).__name__)


class _Relay(logging.Filter):
    """Tells what troubles the library, and keeps its own words from every log: they quote messages and tickets."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Log the kind of error and its place; let nothing of the record through."""
        error = record.exc_info[1] if record.exc_info else None
        code = error.response.get("error") if isinstance(error, SlackApiError) else None
        name = type(error).__name__ if error else None
        _log.warning("slack_socket_trouble", error=name, code=code, where=record.funcName)
        return False


_RELAY: Final = _Relay()


def _quiet_logger() -> logging.Logger:
    logger = logging.getLogger("muster.slack.socket")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_RELAY)  # the same one twice is one
    return logger
