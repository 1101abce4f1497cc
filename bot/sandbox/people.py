"""Plays people over the control API: what they say, click and fill in, and what they see.

For end-to-end tests and the demo's own story.

async with People(url) as people:
ana = people.person("ana")
await ana.command("/incident declare", channel="general")
form = await ana.modal()
await ana.submits({"Title": "Checkout is down", "Severity": "SEV1"})
await people.wait_for("Checkout is down", channel="incidents")
await people.person("bo").clicks("Acknowledge", channel="incidents")
"""

# ruff: noqa: ASYNC109 - `timeout` is measured by the injected clock, not by asyncio's

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Self

import aiohttp

from bot.clock import Clock, SystemClock
from bot.sandbox.errors import NotPossible
from bot.sandbox.form import Form, labelled
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of

PATIENCE: Final = timedelta(seconds=10)
Wanted = str | Callable[[Obj], bool]
Look = Callable[[], Awaitable[Obj | None]]


class People:
    """A connection to the sandbox's control API."""

    def __init__(self, url: str, *, clock: Clock | None = None) -> None:
        self._url = url.rstrip("/")
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

    def person(self, name: str) -> "Person":
        """Return somebody, by name or id."""
        return Person(self, name)

    async def get(self, path: str, **query: str | int) -> Obj:
        """Read from the control API."""
        async with self._connected().get(f"{self._url}/sandbox/{path}", params=query) as response:
            if not response.ok:
                raise NotPossible(await response.text())
            document: Obj = await response.json()
            return document

    async def post(self, path: str, document: Mapping[str, object]) -> Obj:
        """Act through the control API.

        Raises:
            NotPossible: when the sandbox refuses; the text says why.
        """
        async with self._connected().post(f"{self._url}/sandbox/{path}", json=dict(document)) as response:
            answer: Obj = await response.json()
        if not answer.get("ok"):
            raise NotPossible(str(answer.get("error")))
        return answer

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise NotPossible("Use `async with People(url)`.")
        return self._session

    async def channel(self, name: str, *, as_: str = "ana") -> Obj:
        """Return a channel as somebody sees it, by name or id."""
        for channel in (await self.get("view", **{"as": as_}))["channels"]:
            if name.removeprefix("#") in {channel["id"], channel["name"]}:
                found: Obj = channel
                return found
        raise NotPossible(f"{as_} sees no channel {name}.")

    async def messages(self, channel: str, *, as_: str = "ana") -> list[Obj]:
        """Return a channel's messages, oldest first, those that only this person sees included."""
        room = channel if channel.startswith("@") else (await self.channel(channel, as_=as_))["id"]
        found: list[Obj] = (await self.get(f"channels/{room}/messages", **{"as": as_}))["messages"]
        return found

    async def wait_for(self, wanted: Wanted, channel: str, *, as_: str = "ana", timeout: timedelta = PATIENCE) -> Obj:
        """Return the newest message that contains the text (or satisfies the predicate) once there is one.

        Raises:
            TimeoutError: with what the channel shows instead.
        """

        async def look() -> Obj | None:
            found = await self._messages_so_far(channel, as_)
            return next((one for one in reversed(found) if _fits(one, wanted)), None)

        if message := await self._until(look, timeout):
            return message
        seen = "\n".join(f"  {words_of(one)!r}" for one in await self._messages_so_far(channel, as_))
        raise TimeoutError(f"No message {wanted!r} in {channel} within {timeout}. It shows:\n{seen}")

    async def wait_for_channel(self, wanted: Wanted, *, as_: str = "ana", timeout: timedelta = PATIENCE) -> Obj:
        """Return the first channel whose name contains the text (or that satisfies the predicate) once it exists."""

        async def look() -> Obj | None:
            channels = (await self.get("view", **{"as": as_}))["channels"]
            fits = wanted if callable(wanted) else lambda one: wanted in one["name"]
            return next((one for one in channels if fits(one)), None)

        if channel := await self._until(look, timeout):
            return channel
        raise TimeoutError(f"No channel {wanted!r} for {as_} within {timeout}.")

    async def _messages_so_far(self, channel: str, as_: str) -> list[Obj]:
        try:
            return await self.messages(channel, as_=as_)
        except NotPossible:
            return []

    async def _until(self, look: Look, timeout: timedelta) -> Obj | None:
        """Look after every change of the workspace until something is found or the time is over."""
        end = self._clock.monotonic() + timeout.total_seconds()
        version = -1
        while self._clock.monotonic() < end:
            if found := await look():
                return found
            left = max(0.0, end - self._clock.monotonic())
            version = int((await self.get("changes", since=version, wait=f"{left:.3f}"))["version"])
        return await look()

    async def journal(self, since: int = 0) -> list[Obj]:
        """Return the journal's entries after number `since`."""
        entries: list[Obj] = (await self.get("journal", since=since))["entries"]
        return entries

    async def posts(self, marker: str) -> int:
        """Return how many posts carried that marker in their metadata."""
        return int((await self.get("posts", marker=marker))["count"])

    async def faults(self, *rules: Mapping[str, object], seed: int | None = None) -> None:
        """Put faults in force."""
        await self.post("faults", {"rules": list(rules), "seed": seed})


class Person:
    """Somebody at work."""

    def __init__(self, people: People, name: str) -> None:
        self._people = people
        self.name = name

    async def _do(self, what: str, **document: object) -> Obj:
        return await self._people.post(what, {"as": self.name, **document})

    async def says(self, text: str, *, channel: str, thread: str = "", files: Sequence[Mapping[str, str]] = ()) -> str:
        """Write a message; return its ts. `files` are {"name": ..., "text": ...}."""
        answer = await self._do("say", channel=channel, text=text, thread_ts=thread, files=list(files))
        return str(answer["ts"])

    async def command(self, text: str, *, channel: str = "general") -> Obj:
        """Give a slash command; return {"ts": the answer's, "error": when it failed}."""
        return await self._do("say", channel=channel, text=text)

    async def sees(self, channel: str) -> list[Obj]:
        """Return the messages of a channel as this person sees them."""
        return await self._people.messages(channel, as_=self.name)

    async def clicks(
        self, button: str, *, channel: str, ts: str = "", value: object = None, timeout: timedelta = PATIENCE
    ) -> Obj:
        """Press a button by its text or action_id, in the newest message that has one; wait for it to appear."""

        def has_button(message: Obj) -> bool:
            return ts in {"", message["ts"]} and labelled(message.get("blocks") or [], button) is not None

        message = await self._people.wait_for(has_button, channel, as_=self.name, timeout=timeout)
        block, element = labelled(message["blocks"], button) or ({}, {})
        room = channel if channel.startswith("@") else (await self._people.channel(channel, as_=self.name))["id"]
        return await self._do(
            "click",
            channel=room,
            ts=message["ts"],
            action_id=element["action_id"],
            block_id=block.get("block_id"),
            value=value,
        )

    async def chooses(self, option: object, *, action_id: str, channel: str, ts: str) -> Obj:
        """Choose an option of a select in a message."""
        return await self._do("click", channel=channel, ts=ts, action_id=action_id, value=option)

    async def modal(self, *, timeout: timedelta = PATIENCE) -> Form:
        """Return the modal that is open; wait for it to open."""
        return await self.form(lambda _form: True, timeout=timeout)

    async def form(self, wanted: Callable[[Form], bool], *, timeout: timedelta = PATIENCE) -> Form:
        """Return the open modal once it is as wanted (a loading form that fills, errors that appear)."""

        async def look() -> Obj | None:
            answer = await self._people.get("modal", **{"as": self.name})
            if answer["view"] is None or not wanted(Form(view=answer["view"], errors=answer["errors"])):
                return None
            return answer

        if found := await self._people._until(look, timeout):  # noqa: SLF001 - two halves of one client
            return Form(view=found["view"], errors=found["errors"])
        raise TimeoutError(f"{self.name} sees no such form within {timeout}.")

    async def sees_form(self) -> bool:
        """Say whether a modal is open."""
        return (await self._people.get("modal", **{"as": self.name}))["view"] is not None

    async def uses(self, name: str, value: object = None) -> Obj:
        """Use an element of the open modal, by button text, label, block_id or action_id."""
        form = await self.modal()
        if found := labelled(form.view["blocks"], name):
            block_id, action_id, given = found[0]["block_id"], found[1]["action_id"], value
            return await self._do("modal/act", action_id=action_id, block_id=block_id, value=given)
        ((block_id, fields),) = form.locate({name: value}).items()
        ((action_id, given),) = fields.items()
        return await self._do("modal/act", action_id=action_id, block_id=block_id, value=given)

    async def submits(self, fields: Mapping[str, object] | None = None) -> dict[str, str]:
        """Fill in the open modal, by label, block_id or action_id, and submit it; return the errors it then shows.

        Raises:
            NotPossible: when the app did not answer in time, or with something that Slack refuses.
        """
        values = (await self.modal()).locate(fields or {})
        answer = await self._do("modal/submit", values=values)
        if answer.get("error"):
            raise NotPossible(str(answer["error"]))
        return dict(answer["errors"])

    async def closes(self) -> None:
        """Close the open modal."""
        await self._do("modal/close")

    async def uses_shortcut(self, callback_id: str, *, channel: str = "", ts: str = "") -> Obj:
        """Choose a global shortcut; with a channel and a ts a message's shortcut."""
        about = {"channel": channel, "ts": ts} if ts else {}
        return await self._do("shortcut", callback_id=callback_id, **about)

    async def opens_home(self) -> None:
        """Open the app's Home tab."""
        await self._do("open_home")

    async def home(self, *, timeout: timedelta = PATIENCE) -> Obj:
        """Return the Home tab's view; wait for it to be published."""

        async def look() -> Obj | None:
            view: Obj | None = (await self._people.get("home", **{"as": self.name}))["view"]
            return view

        if view := await self._people._until(look, timeout):  # noqa: SLF001 - two halves of one client
            return view
        raise TimeoutError(f"{self.name} has no Home tab within {timeout}.")

    async def clicks_in_home(self, button: str, value: object = None) -> Obj:
        """Press a button of the Home tab, by text or action_id."""
        found = labelled((await self.home())["blocks"], button)
        if found is None:
            raise NotPossible(f"The Home tab has no button {button!r}.")
        return await self._do("home/act", action_id=found[1]["action_id"], block_id=found[0]["block_id"], value=value)

    async def reacts(self, name: str, *, channel: str, ts: str) -> None:
        """Add a reaction."""
        await self._do("react", channel=channel, ts=ts, name=name)

    async def edits(self, text: str, *, channel: str, ts: str) -> None:
        """Change an own message."""
        await self._do("edit", channel=channel, ts=ts, text=text)

    async def deletes(self, *, channel: str, ts: str) -> None:
        """Delete an own message."""
        await self._do("delete", channel=channel, ts=ts)

    async def joins(self, channel: str) -> None:
        """Join a channel."""
        await self._do("join", channel=channel)

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        await self._do("leave", channel=channel)

    async def archives(self, channel: str) -> None:
        """Archive a channel."""
        await self._do("archive", channel=channel)


def _fits(message: Obj, wanted: Wanted) -> bool:
    return wanted(message) if callable(wanted) else wanted in words_of(message)
