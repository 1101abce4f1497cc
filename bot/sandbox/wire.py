"""The wire to the control API: reads, acts, and waits until the workspace looks as wanted.

A workspace other than the server's first is reached by its id: `team`.
"""

# ruff: noqa: ASYNC109 - `timeout` is measured by the injected clock, not by asyncio's

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, Self

import aiohttp

from bot.clock import Clock, SystemClock
from bot.sandbox.errors import NotPossible
from bot.sandbox.state.ids import Obj, ts_micros
from bot.sandbox.texts import words_of

PATIENCE: Final = timedelta(seconds=10)
# Whose eyes are used when nobody is named.
FIRST: Final = "the first person"
Wanted = str | Callable[[Obj], bool]
Look = Callable[[], Awaitable[Obj | None]]


class Wire:
    """A connection to the control API of one workspace."""

    def __init__(self, url: str, *, team: str = "", clock: Clock | None = None) -> None:
        self._url = f"{url.rstrip('/')}/sandbox" + (f"/teams/{team}" if team else "")
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Connect."""
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_failure: object) -> None:
        """Disconnect."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, path: str, **query: str | int) -> Obj:
        """Read from the control API."""
        async with self._connected().get(f"{self._url}/{path}", params=query) as response:
            if not response.ok:
                raise NotPossible(await response.text())
            document: Obj = await response.json()
            return document

    async def post(self, path: str, document: Mapping[str, object]) -> Obj:
        """Act through the control API.

        Raises:
            NotPossible: when the sandbox refuses; the text says why.
        """
        async with self._connected().post(f"{self._url}/{path}", json=dict(document)) as response:
            answer: Obj = await response.json()
        if not answer.get("ok"):
            raise NotPossible(str(answer.get("error")))
        return answer

    async def send_form(self, url: str, fields: Mapping[str, str]) -> str:
        """Send a page's form; return the address to which the answer leads.

        Raises:
            NotPossible: when it leads nowhere; the text is what the page says.
        """
        async with self._connected().post(url, data=dict(fields), allow_redirects=False) as response:
            if "Location" not in response.headers:
                raise NotPossible(await response.text())
            return response.headers["Location"]

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotPossible("Use `async with`.")
        return self._session

    async def channel(self, name: str, *, as_: str = "") -> Obj:
        """Return a channel as somebody sees it, by name or id."""
        for channel in (await self.get("view", **{"as": as_}))["channels"]:
            if name.removeprefix("#") in {channel["id"], channel["name"]}:
                found: Obj = channel
                return found
        raise NotPossible(f"{as_ or FIRST} sees no channel {name}.")

    async def messages(self, channel: str, *, as_: str = "") -> list[Obj]:
        """Return a channel's messages, oldest first, those that only this person sees included."""
        room = channel if channel.startswith("@") else (await self.channel(channel, as_=as_))["id"]
        found: list[Obj] = (await self.get(f"channels/{room}/messages", **{"as": as_}))["messages"]
        return found

    async def wait_for(self, wanted: Wanted, channel: str, *, as_: str = "", timeout: timedelta = PATIENCE) -> Obj:
        """Return the newest message that contains the text (or satisfies the predicate) once there is one.

        Raises:
            TimeoutError: with what the channel shows instead.
        """
        what = wanted if isinstance(wanted, str) else "as wanted"
        return (await self.find(wanted, channel, as_=as_, what=what, timeout=timeout))[1]

    async def find(
        self, wanted: Wanted, channel: str, *, as_: str, what: str, timeout: timedelta = PATIENCE
    ) -> tuple[str, Obj]:
        """Return the channel's id, or @name, and the newest message as wanted; `what` is what a complaint calls it.

        Without a channel it is the newest in all of them.

        Raises:
            TimeoutError: with what the channel shows instead.
        """

        async def look() -> Obj | None:
            found = await self._messages_so_far(channel, as_)
            return next((one for one in reversed(found) if _fits(one["message"], wanted)), None)

        if found := await self.until(look, timeout):
            return str(found["room"]), found["message"]
        seen = "\n".join(f"  {words_of(one['message'])!r}" for one in await self._messages_so_far(channel, as_))
        where = channel or "any channel"
        raise TimeoutError(f"No message {what!r} in {where} within {timeout}. {as_ or FIRST} sees:\n{seen}")

    async def wait_for_channel(self, wanted: Wanted, *, as_: str = "", timeout: timedelta = PATIENCE) -> Obj:
        """Return the first channel whose name contains the text (or that satisfies the predicate) once it exists."""

        async def look() -> Obj | None:
            channels = (await self.get("view", **{"as": as_}))["channels"]
            fits = wanted if callable(wanted) else lambda one: wanted in one["name"]
            return next((one for one in channels if fits(one)), None)

        if channel := await self.until(look, timeout):
            return channel
        raise TimeoutError(f"No channel {wanted!r} for {as_ or FIRST} within {timeout}.")

    async def _messages_so_far(self, channel: str, as_: str) -> list[Obj]:
        """Return {"room", "message"} for all messages of a channel, or of all of them, in the order of their ts."""
        try:
            if channel.startswith("@"):
                rooms = [channel]
            elif channel:
                rooms = [(await self.channel(channel, as_=as_))["id"]]
            else:
                rooms = [one["id"] for one in (await self.get("view", **{"as": as_}))["channels"] if one["member"]]
            found = [{"room": room, "message": one} for room in rooms for one in await self.messages(room, as_=as_)]
        except NotPossible:
            return []
        return sorted(found, key=lambda one: ts_micros(one["message"]["ts"]))

    async def until(self, look: Look, timeout: timedelta) -> Obj | None:
        """Look after every change of the workspace until something is found or the time is over."""
        end = self._clock.monotonic() + timeout.total_seconds()
        version = -1
        while self._clock.monotonic() < end:
            if found := await look():
                return found
            left = max(0.0, end - self._clock.monotonic())
            version = int((await self.get("changes", since=version, wait=f"{left:.3f}"))["version"])
        return await look()


def _fits(message: Obj, wanted: Wanted) -> bool:
    return wanted(message) if callable(wanted) else wanted in words_of(message)
