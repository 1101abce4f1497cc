"""What people do with their hands: say, command, click.

What Slack's client would show them when the app fails is shown here too.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.sandbox.blocks import Surface, check_blocks
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import (
    command_delivery,
    message_action_delivery,
    shortcut_delivery,
    view_action_delivery,
)
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.inputs import action_of, find_element
from bot.sandbox.speech import spoken
from bot.sandbox.state import forms, rooms, talk
from bot.sandbox.state.ids import FileId, Obj, Ts, UserId
from bot.sandbox.state.records import Channel, File, Message
from bot.sandbox.state.seed import SLACKBOT
from bot.sandbox.state.talk import Draft
from bot.sandbox.state.workspace import Workspace

# What Slack's client calls the two ways in which a command or click fails.
OPERATION_TIMEOUT: Final = "operation_timeout"
DISPATCH_FAILED: Final = "dispatch_failed"


def failure_code(failure: Failure) -> str:
    """Return how Slack's client names a failed delivery."""
    return OPERATION_TIMEOUT if failure is Failure.TIMEOUT else DISPATCH_FAILED


class Hands:
    """People at work in one workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def person(self, user: str) -> UserId:
        """Return a person's id from their id or name.

        Raises:
            NotPossible: when nobody has it.
        """
        for person in self._workspace.people.values():
            if user in {person.id, person.name}:
                return person.id
        raise NotPossible(f"Nobody is called {user}.")

    def room(self, channel: str, user: UserId) -> Channel:
        """Return the channel with that id, #name or, for direct messages, @name.

        Raises:
            NotPossible: when that person sees none.
        """
        name = channel.removeprefix("#")
        for person in self._workspace.people.values():
            if channel in {person.id, f"@{person.name}"}:
                return rooms.open_direct(self._workspace, [user, person.id])[0]
        named = self._workspace.channel_named(name)
        try:
            return self._workspace.channel(named.id if named else channel, seen_by=user)
        except SlackError as error:
            raise NotPossible(f"There is no channel {channel} for {user}.") from error

    async def say(
        self, user: UserId, channel: Channel, text: str, *, thread_ts: str = "", files: Sequence[Obj] = ()
    ) -> Obj:
        """Write a message, or give a slash command when it begins with one."""
        if text.startswith("/"):
            return await self._command(user, channel, text, in_thread=bool(thread_ts))
        if user not in channel.members:
            raise NotPossible(f"{user} is not in #{channel.name}.")
        rooms.require_open(channel)
        draft = Draft(
            text=spoken(self._workspace, text),
            thread_ts=Ts(thread_ts) if thread_ts else None,
            files=[self._attach(user, one) for one in files],
            client_msg_id=self._workspace.make.token(32),
        )
        return {"ts": talk.post(self._workspace, channel, user, draft).ts}

    def _attach(self, user: UserId, document: Obj) -> FileId:
        make = self._workspace.make
        file = File(
            id=FileId(make.id("F")),
            name=str(document.get("name") or "file.txt"),
            length=0,
            upload_token=make.token(32),
            created=make.seconds(),
            user=user,
            content=str(document.get("text") or "").encode(),
            mimetype="text/plain",
            completed=True,
        )
        self._workspace.files[file.id] = file
        return file.id

    async def _command(self, user: UserId, channel: Channel, typed: str, *, in_thread: bool) -> Obj:
        name, _, text = typed.partition(" ")
        if name not in self._workspace.commands:
            return self._slackbot(user, channel, f"{name} is not a valid command.", error="invalid_command")
        if in_thread:
            text = f"{name} is not supported in threads. Sorry!"
            return self._slackbot(user, channel, text, error="not_supported_in_threads")
        text = spoken(self._workspace, text.strip(), in_command=True)
        outcome = await self._courier.deliver(command_delivery(self._workspace, user, channel, name, text))
        if outcome.failure:
            code = failure_code(outcome.failure)
            return self._slackbot(user, channel, f'{name} failed with the error "{code}"', error=code)
        return self._show_answer(user, channel, outcome)

    def _slackbot(self, user: UserId, channel: Channel, text: str, *, error: str) -> Obj:
        whispered = talk.whisper(self._workspace, channel, Draft(text=text, username="Slackbot"), to=user, by=SLACKBOT)
        return {"ts": whispered.ts, "error": error}

    def _show_answer(self, user: UserId, channel: Channel, outcome: Outcome) -> Obj:
        """Show what the app answered to a command: to that person only, unless it says in_channel."""
        answer: Obj = outcome.answer or {"text": outcome.text}
        if not answer.get("text") and not answer.get("blocks"):
            return {"ts": None}
        return {"ts": answer_in_channel(self._workspace, channel, user, answer).ts}

    async def click(
        self, user: UserId, channel: Channel, ts: str, action_id: str, *, block_id: str = "", value: object = None
    ) -> Obj:
        """Use an element of a message: press a button, choose an option."""
        message = self._seen(channel, ts, user)
        block, element = find_element(message.blocks, action_id, block_id)
        action = action_of(self._workspace.make.ts(), block, element, value)
        values = _state_of(action) if element["type"] != "button" else {}
        delivery = message_action_delivery(self._workspace, user, channel, message, action, values)
        outcome = await self._courier.deliver(delivery)
        return {"error": failure_code(outcome.failure)} if outcome.failure else {}

    def _seen(self, channel: Channel, ts: str, user: UserId) -> Message:
        whispered = channel.whispers.get(Ts(ts))
        if whispered and whispered.ephemeral_for == user:
            return whispered
        if (message := channel.messages.get(Ts(ts))) is None:
            raise NotPossible(f"{user} sees no message {ts} in #{channel.name}.")
        return message

    async def use_in_home(self, user: UserId, action_id: str, *, block_id: str = "", value: object = None) -> Obj:
        """Use an element of the Home tab."""
        if (view := forms.home(self._workspace, user)) is None:
            raise NotPossible(f"{user} has no Home tab yet.")
        block, element = find_element(view.body["blocks"], action_id, block_id)
        action = action_of(self._workspace.make.ts(), block, element, value)
        outcome = await self._courier.deliver(view_action_delivery(self._workspace, view, action))
        return {"error": failure_code(outcome.failure)} if outcome.failure else {}

    async def shortcut(self, user: UserId, callback_id: str) -> Obj:
        """Choose a global shortcut."""
        outcome = await self._courier.deliver(shortcut_delivery(self._workspace, user, callback_id))
        return {"error": failure_code(outcome.failure)} if outcome.failure else {}

    def open_home(self, user: UserId) -> None:
        """Open the app's Home tab."""
        channel, _ = rooms.open_direct(self._workspace, [self._workspace.bot, user])
        event: Obj = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._workspace.make.ts(),
        }
        if view := forms.home(self._workspace, user):
            event["view"] = {"id": view.id, "hash": view.hash, "type": "home"}
        self._workspace.tell(event)


def _state_of(action: Obj) -> Obj:
    value = {key: one for key, one in action.items() if key not in {"action_id", "block_id", "action_ts"}}
    return {str(action["block_id"]): {str(action["action_id"]): value}}


def answer_in_channel(workspace: Workspace, channel: Channel, user: UserId, answer: Mapping[str, object]) -> Message:
    """Show the app's answer in a channel: to one person, or to all with `response_type: in_channel`.

    Raises:
        SlackError: invalid_blocks.
    """
    blocks = answer.get("blocks") or []
    if faults := check_blocks(blocks, surface=Surface.MESSAGE):
        raise SlackError.with_messages("invalid_blocks", faults)
    thread = str(answer.get("thread_ts") or "")
    draft = Draft(
        text=str(answer.get("text") or ""),
        blocks=list(blocks) if isinstance(blocks, list) else [],
        thread_ts=Ts(thread) if thread else None,
    )
    if answer.get("response_type") == "in_channel":
        return talk.post(workspace, channel, workspace.bot, draft)
    return talk.whisper(workspace, channel, draft, to=user, by=workspace.bot)
