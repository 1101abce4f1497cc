"""What people write: messages and slash commands; and the channels and people that they mean.

What Slack's client would show them when the app fails is shown here too.
"""

import re
from collections.abc import Mapping, Sequence
from mimetypes import guess_type
from typing import Final

from bot.sandbox.blocks import Surface, check_blocks
from bot.sandbox.control.offers import failure_code
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.outcome import Outcome
from bot.sandbox.delivery.payloads import command_delivery
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.speech import escape, spoken
from bot.sandbox.state import rooms, talk
from bot.sandbox.state.ids import FileId, Obj, Ts, UserId
from bot.sandbox.state.records import Channel, ChannelKind, File, Message, Standing
from bot.sandbox.state.seed import SLACKBOT
from bot.sandbox.state.talk import Draft
from bot.sandbox.state.workspace import Workspace

# An address as it stands in Slack's text.
_LINK: Final = re.compile(r"<(https?://([^/|>\s:]+)[^|>\s]*)(?:\|[^>]*)?>")


class Hands:
    """People at work in one workspace."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier
        # The domains whose links the app wants to hear of, subdomains included (the manifest's unfurl_domains).
        self.link_domains: set[str] = set()

    def person(self, user: str) -> UserId:
        """Return a person's id from their id or name; the first person's without either.

        Raises:
            NotPossible: when nobody has it.
        """
        for person in self._workspace.people.values():
            if not user or user in {person.id, person.name}:
                return person.id
        raise NotPossible(f"Nobody is called {user}.")

    def actor(self, user: str) -> UserId:
        """Return the id of somebody who is about to do something.

        Raises:
            NotPossible: when nobody has it, or their account is deactivated.
        """
        found = self.person(user)
        if self._workspace.people[found].deleted:
            raise NotPossible(f"{user} is deactivated.")
        return found

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
        self,
        user: UserId,
        channel: Channel,
        text: str,
        *,
        thread_ts: str = "",
        broadcast: bool = False,
        files: Sequence[Obj] = (),
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
            broadcast=broadcast,
            files=[self._attached(user, one) for one in files],
            client_msg_id=self._workspace.make.token(32),
        )
        message = talk.post(self._workspace, channel, user, draft)
        self._tell_of_links(channel, message)
        return {"ts": message.ts}

    def _tell_of_links(self, channel: Channel, message: Message) -> None:
        """Tell the app of links to its domains, also in public channels that its bot is not in."""
        links = [
            {"domain": host, "url": url}
            for url, host in _LINK.findall(message.text)
            if any(host == domain or host.endswith(f".{domain}") for domain in self.link_domains)
        ]
        if not links:
            return
        event: Obj = {
            "type": "link_shared",
            "channel": channel.id,
            "is_bot_user_member": self._workspace.bot in channel.members,
            "user": message.user,
            "message_ts": message.ts,
            "unfurl_id": f"C.{self._workspace.make.token(16)}",
            "source": "conversations_history",
            "links": links,
            "event_ts": self._workspace.make.ts(),
        }
        if message.thread_ts:
            event["thread_ts"] = message.thread_ts
        self._workspace.tell(event, channel=channel, anyway=channel.kind is ChannelKind.PUBLIC)

    def _attached(self, user: UserId, document: Obj) -> FileId:
        """Return the file that somebody brought before, or a text that they bring now."""
        if document.get("id"):
            file = self._workspace.files.get(FileId(str(document["id"])))
            if file is None or file.user != user:
                raise NotPossible(f"{user} brought no file {document['id']}.")
            return file.id
        return self.attach(user, str(document.get("name") or "file.txt"), str(document.get("text") or "").encode()).id

    def attach(self, user: UserId, name: str, content: bytes) -> File:
        """Bring a file from somebody's computer, to be sent or handed in with a form."""
        make = self._workspace.make
        file = File(
            id=FileId(make.id("F")),
            name=name,
            length=len(content),
            upload_token=make.token(32),
            created=make.seconds(),
            user=user,
            content=content,
            mimetype=guess_type(name)[0] or "text/plain",
            completed=True,
        )
        self._workspace.files[file.id] = file
        return file

    async def _command(self, user: UserId, channel: Channel, typed: str, *, in_thread: bool) -> Obj:
        name, _, text = typed.partition(" ")
        # A workspace's commands are for its own people: those who come over Slack Connect have none of them.
        if name not in self._workspace.commands or self._workspace.people[user].standing is Standing.STRANGER:
            return self._slackbot(user, channel, f"{name} is not a valid command.", error="invalid_command")
        if in_thread:
            text = f"{name} is not supported in threads. Sorry!"
            return self._slackbot(user, channel, text, error="not_supported_in_threads")
        escaped = self._workspace.commands[name].should_escape
        text = spoken(self._workspace, text.strip(), in_command=True) if escaped else escape(text.strip())
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
