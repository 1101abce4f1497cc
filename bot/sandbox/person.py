"""Somebody at work: what they say, click, fill in and see, over the control API."""

# ruff: noqa: ASYNC109 - `timeout` is measured by the injected clock, not by asyncio's

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from bot.sandbox.errors import NotPossible
from bot.sandbox.form import Form, labelled
from bot.sandbox.inputs import options_of
from bot.sandbox.state.ids import Obj
from bot.sandbox.wire import PATIENCE, Wire


class Person:
    """Somebody at work."""

    def __init__(self, wire: Wire, name: str) -> None:
        self._wire = wire
        self.name = name

    async def _do(self, what: str, **document: object) -> Obj:
        return await self._wire.post(what, {"as": self.name, **document})

    async def says(
        self,
        text: str,
        *,
        channel: str,
        thread: str = "",
        broadcast: bool = False,
        files: Sequence[Mapping[str, str]] = (),
    ) -> str:
        """Write a message, or a reply, which `broadcast` shows in the channel too; return its ts.

        `channel` is an id, a name or, for direct messages, @name. `files` are {"name": ..., "text": ...}.
        """
        answer = await self._do(
            "say", channel=channel, text=text, thread_ts=thread, broadcast=broadcast, files=list(files)
        )
        return str(answer["ts"])

    async def uploads(self, name: str, content: bytes, *, channel: str, comment: str = "", thread: str = "") -> str:
        """Send a file; return the message's ts."""
        brought = await self._do("upload", name=name, content=base64.b64encode(content).decode())
        return await self.says(comment, channel=channel, thread=thread, files=[{"id": brought["file"]["id"]}])

    async def command(self, text: str, *, channel: str = "general") -> Obj:
        """Give a slash command; return {"ts": the answer's, "error": when it failed}."""
        return await self._do("say", channel=channel, text=text)

    async def sees(self, channel: str) -> list[Obj]:
        """Return the messages of a channel as this person sees them."""
        return await self._wire.messages(channel, as_=self.name)

    async def clicks(
        self, button: str, *, channel: str = "", ts: str = "", value: object = None, timeout: timedelta = PATIENCE
    ) -> Obj:
        """Press a button by its text or action_id, in the newest message that has one; wait for it to appear.

        Without a channel the message is looked for wherever this person is.
        """
        place = await self._place(button, channel=channel, ts=ts, timeout=timeout)
        return await self._do("click", **place, value=value)

    async def _place(self, name: str, *, channel: str, ts: str = "", timeout: timedelta = PATIENCE) -> dict[str, str]:
        """Return where an element of a message is, once it is there: channel, ts, action_id, block_id."""

        def has_it(message: Obj) -> bool:
            return ts in {"", message["ts"]} and labelled(message.get("blocks") or [], name) is not None

        room, message = await self._wire.find(has_it, channel, as_=self.name, what=name, timeout=timeout)
        block, element = labelled(message["blocks"], name) or ({}, {})
        return {
            "channel": room,
            "ts": str(message["ts"]),
            "action_id": str(element["action_id"]),
            "block_id": str(block.get("block_id") or ""),
        }

    async def types(self, typed: str, *, into: str, channel: str = "", ts: str = "") -> list[str]:
        """Type into a select of a message whose options the app knows; return the options that it offers."""
        place = await self._place(into, channel=channel, ts=ts)
        return _offered(await self._do("suggest", **place, typed=typed))

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

    async def types_in_form(self, typed: str, *, into: str) -> list[str]:
        """Type into a select of the open modal whose options the app knows; return the options that it offers."""
        block_id, action_id = (await self.modal()).place(into)
        return _offered(await self._do("modal/suggest", action_id=action_id, block_id=block_id, typed=typed))

    async def picks(self, option: str, *, into: str, typed: str = "") -> Obj:
        """Choose what the app offers in a select of the open modal, after typing (the option's own text, else)."""
        await self.types_in_form(typed or option, into=into)
        block_id, action_id = (await self.modal()).place(into)
        return await self._do("modal/act", action_id=action_id, block_id=block_id, value=option)

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

    async def closes(self, *, everything: bool = False) -> None:
        """Close the open modal by "Cancel", or `everything` by the cross."""
        await self._do("modal/close", everything=everything)

    async def uses_shortcut(self, callback_id: str) -> Obj:
        """Choose a global shortcut."""
        return await self._do("shortcut", callback_id=callback_id)

    async def uses_message_shortcut(self, callback_id: str, *, channel: str, ts: str) -> Obj:
        """Choose a shortcut in a message's menu."""
        return await self._do("message_shortcut", callback_id=callback_id, channel=channel, ts=ts)

    async def opens_home(self, *, tab: str = "home") -> None:
        """Open the app's Home tab, or its "messages" tab."""
        await self._do("open_home", tab=tab)

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

    async def installs(self, authorize_url: str, *, allow: bool = True) -> str:
        """Allow an app, or cancel, on the page to which it sends people; return where Slack sends them then."""
        known = await self._wire.get("people")
        me = next((one["id"] for one in known["people"] if self.name in {one["id"], one["name"]}), "nobody")
        fields = {"who": f"{known['team']['id']}:{me}", "answer": "allow" if allow else "cancel"}
        return await self._wire.send_form(authorize_url, fields)

    async def reacts(self, name: str, *, channel: str, ts: str) -> None:
        """Add a reaction."""
        await self._do("react", channel=channel, ts=ts, name=name)

    async def unreacts(self, name: str, *, channel: str, ts: str) -> None:
        """Take a reaction back."""
        await self._do("unreact", channel=channel, ts=ts, name=name)

    async def pins(self, *, channel: str, ts: str) -> None:
        """Pin a message."""
        await self._do("pin", channel=channel, ts=ts)

    async def unpins(self, *, channel: str, ts: str) -> None:
        """Take a pin off."""
        await self._do("unpin", channel=channel, ts=ts)

    async def edits(self, text: str, *, channel: str, ts: str) -> None:
        """Change an own message."""
        await self._do("edit", channel=channel, ts=ts, text=text)

    async def deletes(self, *, channel: str, ts: str) -> None:
        """Delete an own message."""
        await self._do("delete", channel=channel, ts=ts)

    async def creates(self, name: str, *, private: bool = False) -> str:
        """Create a channel; return its id."""
        return str((await self._do("create", name=name, is_private=private))["channel"])

    async def invites(self, who: str, *, channel: str) -> None:
        """Bring somebody, or the app by its bot's name, into a channel."""
        await self._do("invite", channel=channel, user=who)

    async def kicks(self, who: str, *, channel: str) -> None:
        """Put somebody, or the app by its bot's name, out of a channel."""
        await self._do("kick", channel=channel, user=who)

    async def joins(self, channel: str) -> None:
        """Join a channel."""
        await self._do("join", channel=channel)

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        await self._do("leave", channel=channel)

    async def renames(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        await self._do("rename", channel=channel, name=name)

    async def sets_topic(self, topic: str, *, channel: str) -> None:
        """Set a channel's topic."""
        await self._do("topic", channel=channel, topic=topic)

    async def archives(self, channel: str) -> None:
        """Archive a channel."""
        await self._do("archive", channel=channel)

    async def unarchives(self, channel: str) -> None:
        """Bring an archived channel back."""
        await self._do("unarchive", channel=channel)


def _offered(answer: Obj) -> list[str]:
    """Return the texts of the options that the app offered.

    Raises:
        NotPossible: the app did not answer, or what it answered is no list of options.
    """
    if answer.get("error"):
        raise NotPossible(" ".join([str(answer["error"]), *(answer.get("messages") or [])]))
    return [str(option["text"]["text"]) for option in options_of(answer)]
