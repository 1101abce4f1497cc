"""Somebody at work: what they say, click, fill in and see, over the control API."""

# ruff: noqa: ASYNC109 - `timeout` is measured by the injected clock, not by asyncio's

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.sandbox.errors import NotPossible
from bot.sandbox.form import Form, labelled
from bot.sandbox.state.ids import Obj
from bot.sandbox.wire import PATIENCE, Wire


class Person:
    """Somebody at work."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self.name = name

    async def _do(self, what: str, **document: object) -> Obj:
        return await self._wire.post(what, {"as": self.name, **document})

    async def says(self, text: str, *, channel: str, thread: str = "", files: Sequence[Mapping[str, str]] = ()) -> str:
        """Write a message; return its ts. `files` are {"name": ..., "text": ...}."""
        answer = await self._do("say", channel=channel, text=text, thread_ts=thread, files=list(files))
        return str(answer["ts"])

    async def command(self, text: str, *, channel: str = "general") -> Obj:
        """Give a slash command; return {"ts": the answer's, "error": when it failed}."""
        return await self._do("say", channel=channel, text=text)

    async def sees(self, channel: str) -> list[Obj]:
        """Return the messages of a channel as this person sees them."""
        return await self._wire.messages(channel, as_=self.name)

    async def clicks(
        self, button: str, *, channel: str, ts: str = "", value: object = None, timeout: timedelta = PATIENCE
    ) -> Obj:
        """Press a button by its text or action_id, in the newest message that has one; wait for it to appear."""

        def has_button(message: Obj) -> bool:
            return ts in {"", message["ts"]} and labelled(message.get("blocks") or [], button) is not None

        message = await self._wire.wait_for(has_button, channel, as_=self.name, timeout=timeout)
        block, element = labelled(message["blocks"], button) or ({}, {})
        room = channel if channel.startswith("@") else (await self._wire.channel(channel, as_=self.name))["id"]
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
            answer = await self._wire.get("modal", **{"as": self.name})
            if answer["view"] is None or not wanted(Form(view=answer["view"], errors=answer["errors"])):
                return None
            return answer

        if found := await self._wire.until(look, timeout):
            return Form(view=found["view"], errors=found["errors"])
        raise TimeoutError(f"{self.name} sees no such form within {timeout}.")

    async def sees_form(self) -> bool:
        """Say whether a modal is open."""
        return (await self._wire.get("modal", **{"as": self.name}))["view"] is not None

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
            view: Obj | None = (await self._wire.get("home", **{"as": self.name}))["view"]
            return view

        if view := await self._wire.until(look, timeout):
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
