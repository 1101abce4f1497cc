"""The real Slack: one method for each thing that Muster does there.

It knows Slack's words; what an outcome means is `line.py`'s business.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.engine.jobs import Posted
from bot.errors import TryLater, Uncertain
from bot.outbound.slack.errors import REFUSALS_OF_PEOPLE, why_not_invited
from bot.outbound.slack.limits import Limits
from bot.outbound.slack.line import SLACK_API_URL, Line, code_of, slack_session, web_client
from bot.outbound.slack.pages import first_page, one_of_a_page, pages
from bot.outbound.slack.port import SKEW, FileId, Identity, Link, MessageGone, Page, Room, Written
from bot.outbound.slack.shapes import identity, room
from bot.outbound.slack.surfaces import Surfaces
from bot.views.blocks import Message

EVENT_TYPE: Final = "muster"
ROOMS_A_PAGE: Final = 999
# Slack recommends no more than 200 (https://docs.slack.dev/reference/methods/conversations.history).
MESSAGES_A_PAGE: Final = 200
INVITED_AT_ONCE: Final = 100
OVER_ALREADY: Final = frozenset({"already_archived", "is_archived", "not_in_channel", "channel_not_found"})
FINE_TO_INVITE: Final = frozenset({"already_in_channel", "cant_invite_self"})


class SlackGateway(Surfaces):
    """Slack, as `port.Slack` describes it, over slack_sdk."""

    def __init__(self, web: AsyncWebClient, line: Line, clock: Clock) -> None:
        super().__init__(web, line, clock)
        self._me: Identity | None = None
        self._direct: dict[UserId, ChannelId] = {}

    @classmethod
    @asynccontextmanager
    async def connect(cls, *, token: str, clock: Clock, base_url: str = SLACK_API_URL) -> AsyncIterator["SlackGateway"]:
        """Open the shared session and yield the gateway on it; nothing is called yet."""
        async with slack_session() as session:
            web = web_client(session, token=token, base_url=base_url)
            yield cls(web, Line(session, web, Limits(clock)), clock)

    @property
    def web(self) -> AsyncWebClient:
        """Return slack_sdk's client, for those who must have one (Bolt); it shares our session and does not retry."""
        return self._web

    async def whoami(self) -> Identity:
        """Return who we are; asked once, then remembered."""
        if self._me is None:
            answer = await self._line.read("auth.test", self._web.auth_test)
            self._me = identity(answer)
        return self._me

    async def my_channels(self) -> tuple[Room, ...]:
        """Return the channels that we are in and that are not archived."""
        return tuple([one async for one in self._rooms(archived=False)])

    async def open_channel(self, name: str, *, private: bool = False) -> Room:
        """Make a channel; NameTaken when there is one of this name."""
        send = partial(self._web.conversations_create, name=name, is_private=private)
        return room((await self._line.change("conversations.create", send))["channel"])

    async def find_channel(self, name: str) -> Room | None:
        """Return the channel of this name that we made ourselves, archived or not; never a stranger's."""
        me = await self.whoami()
        async for one in self._rooms(archived=True):
            if one.name == name and one.creator == me.user:
                return one
        return None

    async def post(
        self, channel: ChannelId, message: Message, marker: str, *, thread: MessageTs | None = None
    ) -> Posted:
        """Post a message that carries `marker` in its metadata. `client_msg_id` is a hint that nothing relies on."""
        send = partial(
            self._web.chat_postMessage,
            channel=channel,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=thread,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"k": marker}},
            client_msg_id=str(uuid5(NAMESPACE_URL, f"muster:{marker}")),
            unfurl_links=False,
            unfurl_media=False,
        )
        answer = await self._line.change("chat.postMessage", send, channel=channel)
        return Posted(channel=ChannelId(answer["channel"]), ts=MessageTs(answer["ts"]))

    async def whisper(self, channel: ChannelId, user: UserId, message: Message) -> None:
        """Say something in a channel that one person alone sees; Slack does not promise that they do."""
        blocks = list(message.blocks)
        send = partial(self._web.chat_postEphemeral, channel=channel, user=user, text=message.text, blocks=blocks)
        await self._line.change("chat.postEphemeral", send, channel=channel)

    async def find_post(
        self, channel: ChannelId, marker: str, since: datetime, *, thread: MessageTs | None = None
    ) -> Posted | None:
        """Return our message with this marker that was posted not earlier than `SKEW` before `since`."""
        async for message in self._ours(channel, since, thread):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT_TYPE and payload.get("k") == marker:
                return Posted(channel=channel, ts=MessageTs(message["ts"]))
        return None

    async def history(self, channel: ChannelId, *, before: MessageTs, after: MessageTs | None = None) -> Page:
        """Return what stands in a channel between two moments, the newest first."""
        method, read = "conversations.history", self._web.conversations_history
        ask = partial(read, channel=channel, latest=before, oldest=after, limit=MESSAGES_A_PAGE)
        return await first_page(self._line, method, ask)

    async def replies(self, channel: ChannelId, thread: MessageTs, *, after: MessageTs) -> Page:
        """Return the answers of a thread after a moment, the oldest first; MessageGone when it is gone."""
        method, read = "conversations.replies", self._web.conversations_replies
        ask = partial(read, channel=channel, ts=thread, oldest=after, limit=MESSAGES_A_PAGE)
        return await first_page(self._line, method, ask, without=thread)

    async def message(self, channel: ChannelId, ts: MessageTs) -> Written:
        """Return one message, in the channel or in a thread; MessageGone when it is gone."""
        ask = partial(self._web.conversations_replies, channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True)
        return await one_of_a_page(self._line, "conversations.replies", ask, ts)

    async def update(self, channel: ChannelId, ts: MessageTs, message: Message) -> None:
        """Replace what a message of ours says; its metadata stays. MessageGone when it was deleted."""
        send = partial(self._web.chat_update, channel=channel, ts=ts, text=message.text, blocks=list(message.blocks))
        await self._line.change("chat.update", send)

    async def take_out(self, channel: ChannelId, ts: MessageTs) -> None:
        """Take out a message of ours; MessageGone when that was done before."""
        await self._line.change("chat.delete", partial(self._web.chat_delete, channel=channel, ts=ts))

    async def invite(self, channel: ChannelId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        """Bring people in; return a sentence for each who could not be. Who is in already is fine."""
        failed: dict[UserId, str] = {}
        for start in range(0, len(users), INVITED_AT_ONCE):
            failed |= await self._invite(channel, users[start : start + INVITED_AT_ONCE])
        if len(users) > 1:
            # `force` passes over whom it cannot bring in, and Slack does not promise to say whom: ask for them singly.
            there = await self.members(channel)
            for user in [one for one in users if one not in there and one not in failed]:
                failed |= await self._invite(channel, [user])
        return {user: why_not_invited(code) for user, code in failed.items() if code not in FINE_TO_INVITE}

    async def _invite(self, channel: ChannelId, users: Sequence[UserId]) -> dict[UserId, str]:
        send = partial(self._web.conversations_invite, channel=channel, users=list(users), force=True)
        answer = await self._line.change("conversations.invite", send, accept=REFUSALS_OF_PEOPLE)
        told = answer.get("errors") or []
        failed = {UserId(one["user"]): str(one["error"]) for one in told if one.get("user") and one.get("error")}
        if failed or not (code := code_of(answer)):
            return failed
        if len(users) == 1:
            return {users[0]: code}
        for user in users:  # Slack refused all because of one and does not say whom
            failed |= await self._invite(channel, [user])
        return failed

    async def members(self, channel: ChannelId) -> tuple[UserId, ...]:
        """Return who is in a channel."""
        ask = partial(self._web.conversations_members, channel=channel, limit=ROOMS_A_PAGE)
        there = [page["members"] async for page in pages(self._line, "conversations.members", ask)]
        return tuple(UserId(user) for members in there for user in members)

    async def room(self, channel: ChannelId) -> Room:
        """Return a channel; ChannelGone for a private one that we are not in."""
        ask = partial(self._web.conversations_info, channel=channel)
        return room((await self._line.read("conversations.info", ask))["channel"])

    async def join(self, channel: ChannelId) -> None:
        """Come into a public channel."""
        await self._line.change("conversations.join", partial(self._web.conversations_join, channel=channel))

    async def set_topic(self, channel: ChannelId, topic: str) -> None:
        """Write the channel's topic."""
        send = partial(self._web.conversations_setTopic, channel=channel, topic=topic)
        await self._line.change("conversations.setTopic", send)

    async def archive(self, channel: ChannelId) -> None:
        """Archive a channel; Slack takes every bot out of it, so that a repeat finds itself outside."""
        send = partial(self._web.conversations_archive, channel=channel)
        await self._line.change("conversations.archive", send, accept=OVER_ALREADY)

    async def bookmarks(self, channel: ChannelId) -> tuple[Link, ...]:
        """Return the links in the bookmarks bar."""
        answer = await self._line.read("bookmarks.list", partial(self._web.bookmarks_list, channel_id=channel))
        return tuple(Link(title=one.get("title", ""), url=one.get("link") or "") for one in answer["bookmarks"] or [])

    async def add_bookmark(self, channel: ChannelId, link: Link) -> None:
        """Add a link to the bookmarks bar."""
        send = partial(self._web.bookmarks_add, channel_id=channel, title=link.title, type="link", link=link.url)
        await self._line.change("bookmarks.add", send)

    async def direct_channel(self, user: UserId) -> ChannelId:
        """Return the direct conversation with somebody; it never changes, so it is asked for once."""
        if user not in self._direct:
            send = partial(self._web.conversations_open, users=user)
            answer = await self._line.read("conversations.open", send)
            self._direct[user] = ChannelId(answer["channel"]["id"])
        return self._direct[user]

    async def upload_file(self, filename: str, content: bytes) -> FileId:
        """Bring a file to Slack, where nobody sees it yet (https://docs.slack.dev/messaging/working-with-files)."""
        send = partial(self._web.files_getUploadURLExternal, filename=filename, length=len(content))
        answer = await self._line.read("files.getUploadURLExternal", send)
        try:
            await self._line.deliver("the upload", answer["upload_url"], content)
        except Uncertain as unknown:
            raise TryLater(str(unknown), away=unknown.away) from unknown
        return FileId(answer["file_id"])

    async def share_file(self, channel: ChannelId, file: FileId, *, title: str, comment: str) -> None:
        """Show an uploaded file in a channel."""
        send = partial(
            self._web.files_completeUploadExternal,
            files=[{"id": file, "title": title}],
            channel_id=channel,
            initial_comment=comment,
        )
        await self._line.change("files.completeUploadExternal", send)

    async def find_file(self, channel: ChannelId, filename: str, since: datetime) -> Posted | None:
        """Return our message that shares a file of this name, not earlier than `SKEW` before `since`."""
        async for message in self._ours(channel, since, None):
            if any(file.get("name") == filename for file in message.get("files") or []):
                return Posted(channel=channel, ts=MessageTs(message["ts"]))
        return None

    async def _rooms(self, *, archived: bool) -> AsyncIterator[Room]:
        private = ",private_channel" if "groups:read" in (await self.whoami()).scopes else ""
        found = pages(
            self._line,
            "users.conversations",
            partial(
                self._web.users_conversations,
                types=f"public_channel{private}",
                exclude_archived=not archived,
                limit=ROOMS_A_PAGE,
            ),
        )
        async for page in found:
            for one in page["channels"] or []:
                yield replace(room(one), member=True)  # which a list of the bot's own channels does not say

    async def _ours(
        self, channel: ChannelId, since: datetime, thread: MessageTs | None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Yield our own messages of a channel, or of a thread; of a thread that is gone there are none."""
        me = await self.whoami()
        read = (
            partial(self._web.conversations_replies, ts=thread) if thread else partial(self._web.conversations_history)
        )
        found = pages(
            self._line,
            "conversations.replies" if thread else "conversations.history",
            partial(
                read,
                channel=channel,
                oldest=f"{(since - SKEW).timestamp():.6f}",
                limit=MESSAGES_A_PAGE,
                include_all_metadata=True,
            ),
        )
        try:
            async for page in found:
                for message in page["messages"] or []:
                    if message.get("bot_id") == me.bot or message.get("user") == me.user:
                        yield message
        except MessageGone:
            return
