"""Slack in memory, on the test's clock, with its bad days. It keeps the contract of `bot.outbound.slack.port.Slack`.

It is honest: the same marker posted twice makes two messages, a link added twice stands there twice. What goes wrong is
set by the test: `fail(...)` for the next calls, `down` for all, `late` for how much later a change is applied,
`meanwhile` for what happens during a call, `latency` for how long each takes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.engine.jobs import Posted
from bot.errors import Undeliverable
from bot.outbound.slack.port import (
    ChannelGone,
    FileId,
    Identity,
    Link,
    MessageGone,
    NameTaken,
    OpenedView,
    Page,
    Person,
    Room,
    ViewId,
    Written,
)
from bot.outbound.slack.shapes import written
from bot.views.blocks import Block, Message
from tests.fakes.records import BOT, Call, FakeChannel, FakeFile, Fault, Killed, Said
from tests.fakes.workspace import FakeWorkspace, room_of

__all__ = ["BOT", "Call", "FakeChannel", "FakeFile", "FakeSlack", "Fault", "Killed", "Said"]

NAME_LIMIT, TOPIC_LIMIT = 80, 250
MESSAGES_A_PAGE = 200


class FakeSlack(FakeWorkspace):
    """Slack, as `port.Slack` describes it."""

    async def whoami(self) -> Identity:
        return await self._read("auth.test", None, lambda: self.identity)

    async def my_channels(self) -> tuple[Room, ...]:
        return await self._read("users.conversations", None, lambda: tuple(self._rooms(archived=False)))

    async def open_channel(self, name: str, *, private: bool = False) -> Room:
        def create() -> Room:
            if private and self.private_refused:
                raise Undeliverable(self.private_refused)
            if any(one.name == name for one in self.channels.values()):
                raise NameTaken("Slack: there is a channel of this name already")
            if not name or len(name) > NAME_LIMIT or name != name.lower() or " " in name:
                raise Undeliverable(
                    "Slack does not accept what Muster sent (conversations.create: invalid_name_specials)"
                )
            made = self._new_channel(name, BOT, [BOT])
            made.private = private
            return room_of(made)

        return await self._change("conversations.create", None, create)

    async def room(self, channel: ChannelId) -> Room:
        def look() -> Room:
            there = self._seen(channel)
            if there.private and BOT not in there.members:
                raise ChannelGone("Slack: the channel does not exist, or the app is not in it")
            return room_of(there)

        return await self._read("conversations.info", channel, look)

    async def join(self, channel: ChannelId) -> None:
        def come() -> None:
            if BOT not in (there := self._seen(channel).members):
                there.append(BOT)

        await self._change("conversations.join", channel, come)

    async def members(self, channel: ChannelId) -> tuple[UserId, ...]:
        return await self._read("conversations.members", channel, lambda: tuple(self._seen(channel).members))

    async def find_channel(self, name: str) -> Room | None:
        def find() -> Room | None:
            return next((one for one in self._rooms(archived=True) if one.name == name and one.creator == BOT), None)

        return await self._read("users.conversations", None, find)

    async def post(
        self, channel: ChannelId, message: Message, marker: str, *, thread: MessageTs | None = None
    ) -> Posted:
        def say() -> Posted:
            said = self._say(self._open(channel), message.text, marker=marker, thread=thread, blocks=message.blocks)
            return Posted(channel=channel, ts=said.ts)

        return await self._change("chat.postMessage", channel, say)

    async def find_post(
        self, channel: ChannelId, marker: str, since: datetime, *, thread: MessageTs | None = None
    ) -> Posted | None:
        def find() -> Posted | None:
            for said in self._since(channel, since):
                if said.author == BOT and said.marker == marker and said.thread == thread:
                    return Posted(channel=channel, ts=said.ts)
            return None

        return await self._read("conversations.replies" if thread else "conversations.history", channel, find)

    async def history(self, channel: ChannelId, *, before: MessageTs, after: MessageTs | None = None) -> Page:
        def read() -> Page:
            said = list(self._readable(channel).messages.values())
            there = [one for one in said if one.thread is None and (after or "") < one.ts < before]
            return _page(there[::-1], said)

        return await self._read("conversations.history", channel, read)

    async def replies(self, channel: ChannelId, thread: MessageTs, *, after: MessageTs) -> Page:
        def read() -> Page:
            said = self._readable(channel).messages
            if thread not in said:
                raise MessageGone("Slack: the message to answer was deleted")
            return _page([one for one in said.values() if one.thread == thread and one.ts > after], ())

        return await self._read("conversations.replies", channel, read)

    async def message(self, channel: ChannelId, ts: MessageTs) -> Written:
        def read() -> Written:
            said = self._readable(channel).messages.get(ts)
            if said is None:
                raise MessageGone("Slack: the message was deleted")
            return written(said.raw())

        return await self._read("conversations.replies", channel, read)

    async def update(self, channel: ChannelId, ts: MessageTs, message: Message) -> None:
        def change() -> None:
            said = self._open(channel).messages.get(ts)
            if said is None:
                raise MessageGone("Slack: the message was deleted")
            self._check(message)
            said.revisions.append(said.text)
            said.text, said.blocks = message.text, message.blocks

        await self._change("chat.update", channel, change)

    async def take_out(self, channel: ChannelId, ts: MessageTs) -> None:
        def remove() -> None:
            if ts not in (there := self._open(channel).messages):
                raise MessageGone("Slack: the message was deleted")
            if there[ts].author != BOT or self.keeps_notices:
                raise Undeliverable("Slack: the workspace does not let the app take this message out")
            del there[ts]

        await self._change("chat.delete", channel, remove)

    async def invite(self, channel: ChannelId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        def bring() -> Mapping[UserId, str]:
            there = self._open(channel).members
            failed = {user: self.uninvitable[user] for user in users if user in self.uninvitable}
            failed |= dict.fromkeys(self.deactivated.intersection(users), "cannot be invited to this channel")
            there += [user for user in dict.fromkeys(users) if user not in there and user not in failed]
            return failed

        return await self._change("conversations.invite", channel, bring)

    async def set_topic(self, channel: ChannelId, topic: str) -> None:
        def write() -> None:
            if len(topic) > TOPIC_LIMIT:
                raise Undeliverable("Slack does not accept what Muster sent (conversations.setTopic: too_long)")
            there = self._open(channel)
            there.topic = topic
            self._say(there, f"set the channel topic: {topic}").subtype = "channel_topic"

        await self._change("conversations.setTopic", channel, write)

    async def archive(self, channel: ChannelId) -> None:
        def end() -> None:
            room = self.channels[channel]
            room.archived = True
            room.members = [one for one in room.members if one != BOT]

        await self._change("conversations.archive", channel, end)

    async def bookmarks(self, channel: ChannelId) -> tuple[Link, ...]:
        return await self._read("bookmarks.list", channel, lambda: tuple(self._seen(channel).bookmarks))

    async def add_bookmark(self, channel: ChannelId, link: Link) -> None:
        await self._change("bookmarks.add", channel, lambda: self._open(channel).bookmarks.append(link))

    async def direct_channel(self, user: UserId) -> ChannelId:
        def find() -> ChannelId:
            if user in self.deactivated:
                raise Undeliverable("Slack: the account is deactivated")
            for one in self.channels.values():
                if one.name == user:
                    return one.id
            return self._new_channel(user, BOT, [BOT, user], prefix="D").id

        return await self._read("conversations.open", None, find)

    async def upload_file(self, filename: str, content: bytes) -> FileId:
        def keep() -> FileId:
            file = FileId(f"F{next(self._ids):04}")
            self.files[file] = FakeFile(name=filename, content=content)
            return file

        return await self._read("files.getUploadURLExternal", None, keep)

    async def share_file(self, channel: ChannelId, file: FileId, *, title: str, comment: str) -> None:
        def share() -> None:
            there, kept = self._open(channel), self.files[file]
            kept.title, kept.shared = title, kept.shared + 1
            self._say(there, comment, filename=kept.name)

        await self._change("files.completeUploadExternal", channel, share)

    async def find_file(self, channel: ChannelId, filename: str, since: datetime) -> Posted | None:
        def find() -> Posted | None:
            for said in self._since(channel, since):
                if said.author == BOT and said.filename == filename:
                    return Posted(channel=channel, ts=said.ts)
            return None

        return await self._read("conversations.history", channel, find)

    async def open_view(self, trigger_id: str, view: Block) -> OpenedView:
        def show() -> OpenedView:
            opened = ViewId(f"V{next(self._ids):04}")
            self.views[opened] = view
            return OpenedView(id=opened, hash="1")

        return await self._change("views.open", None, show)

    async def update_view(self, view_id: ViewId, view: Block, *, revision: str | None = None) -> OpenedView:
        def show() -> OpenedView:
            if view_id not in self.views:
                raise Undeliverable("Slack: the form is not open any more")
            self.views[view_id] = view
            return OpenedView(id=view_id, hash="2")

        return await self._change("views.update", None, show)

    async def publish_home(self, user: UserId, view: Block) -> None:
        await self._read("views.publish", None, lambda: self.homes.__setitem__(user, view))

    async def person(self, user: UserId) -> Person:
        def who() -> Person:
            if user not in self.people:
                raise Undeliverable("Slack: Slack does not know this person")
            return Person(name=self.people[user], zone=self.zones[user])

        return await self._read("users.info", None, who)

    async def user_by_email(self, email: str) -> UserId | None:
        return await self._read("users.lookupByEmail", None, lambda: self.emails.get(email))

    async def group_members(self, group: str) -> tuple[UserId, ...]:
        return await self._read("usergroups.users.list", None, lambda: self.groups.get(group, ()))

    async def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        await self._change("response_url", None, lambda: self.responses.append((response_url, message)))


def _page(there: Sequence[Said], everything: Sequence[Said]) -> Page:
    answers: dict[MessageTs, list[Said]] = {}
    for one in everything:
        if one.thread:
            answers.setdefault(one.thread, []).append(one)
    shown = tuple(written(one.raw(answers.get(one.ts, ()))) for one in there[:MESSAGES_A_PAGE])
    return Page(messages=shown, more=len(there) > MESSAGES_A_PAGE)
