"""A Slack workspace in memory: how a call to it goes, and its bad days. `slack.py` puts Slack's methods on it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar, assert_never

from bot.clock import Clock
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bot.outbound.slack.line import STILL_OURS
from bot.outbound.slack.port import (
    SKEW,
    BlocksRefused,
    ChannelGone,
    FileId,
    Identity,
    MessageGone,
    NotInChannel,
    Room,
    ViewId,
)
from bot.views.blocks import Block, Message
from bot.views.pictures import pictured
from tests.fakes.records import BOT, BOT_ID, Call, FakeChannel, FakeFile, Fault, Killed, Said

T = TypeVar("T")
TEXT_LIMIT, BLOCK_LIMIT = 4000, 50


class FakeWorkspace:
    """What the test arranges and looks at."""

    def __init__(self, clock: Clock, *, channels: Sequence[str] = ("alerts", "incidents", "muster-admin")) -> None:
        self._clock = clock
        self._ids = count(1)
        self._micros = 0
        self._faults: list[tuple[Fault, str]] = []
        self._pending: list[tuple[float, Callable[[], object]]] = []
        self._ago = timedelta()
        self.retry_after: timedelta | None = None
        self.late = timedelta(seconds=5)
        self.latency = timedelta()
        self.down: Fault | None = None
        self.meanwhile: Callable[[str], Awaitable[None]] | None = None
        self.calls: list[Call] = []
        self.channels: dict[ChannelId, FakeChannel] = {}
        self.people: dict[UserId, str] = {BOT: "Muster"}
        self.emails: dict[str, UserId] = {}
        self.groups: dict[str, tuple[UserId, ...]] = {}
        self.zones: dict[UserId, str] = {}
        self.deactivated: set[UserId] = set()
        self.uninvitable: dict[UserId, str] = {}
        self.private_refused = ""
        self.keeps_notices = False
        # The hosts from which Slack cannot fetch pictures.
        self.unfetched = {"grafana.internal"}
        self.files: dict[FileId, FakeFile] = {}
        self.views: dict[ViewId, Block] = {}
        self.homes: dict[UserId, Block] = {}
        self.responses: list[tuple[str, Message]] = []
        self.identity = Identity(
            user=BOT,
            bot=BOT_ID,
            team="T0",
            team_name="Northwind",
            url="https://northwind.slack.com/",
            scopes=frozenset(),
        )
        for name in channels:
            self.add_channel(name)

    # What the test arranges.

    def add_channel(self, name: str, *, creator: str = "U0ANA", with_bot: bool = True) -> FakeChannel:
        """Make a channel that was there before us."""
        return self._new_channel(name, UserId(creator), [UserId(creator), *([BOT] if with_bot else [])])

    def add_person(self, user: str, name: str, email: str = "", zone: str = "Etc/UTC") -> UserId:
        """Give somebody an account; without any, everybody has one."""
        self.people[UserId(user)] = name
        self.zones[UserId(user)] = zone
        if email:
            self.emails[email] = UserId(user)
        return UserId(user)

    def fail(self, fault: Fault, *, method: str = "", times: int = 1) -> None:
        """Let the next calls (of a method) go wrong; faults strike in the order given."""
        self._faults += [(fault, method)] * times

    def heal(self) -> None:
        """End all faults; what was to be applied late is applied when its time comes."""
        self._faults.clear()
        self.down = None

    # What the test looks at.

    def channel(self, name: str) -> FakeChannel:
        """Return a channel by its name, made now if nobody has; direct ones are named after the person."""
        self._apply_due()
        return next((one for one in self.channels.values() if one.name == name), None) or self.add_channel(name)

    def channels_named(self, prefix: str) -> list[FakeChannel]:
        """Return the channels whose name begins so."""
        self._apply_due()
        return [one for one in self.channels.values() if one.name.startswith(prefix)]

    def said(self, channel: str | None = None) -> list[Said]:
        """Return what stands in a channel, or everywhere, in the order in which it was said."""
        self._apply_due()
        return sorted(
            (said for one in self.channels.values() if channel in {None, one.name} for said in one.messages.values()),
            key=lambda said: said.ts,
        )

    def marked(self, marker: str) -> list[Said]:
        """Return the messages that carry a marker: exactly one is what we want."""
        return [said for said in self.said() if said.marker == marker]

    def delete(self, said: Said) -> None:
        """Delete a message, as a person does."""
        del self.channels[said.channel].messages[said.ts]

    def write(
        self,
        channel: str,
        text: str,
        *,
        author: str = "U0ANA",
        marker: str | None = None,
        thread: MessageTs | None = None,
    ) -> Said:
        """Let a person (or another app, which may copy our marker) write."""
        return self._say(self.channel(channel), text, author=UserId(author), marker=marker, thread=thread)

    def edit(self, said: Said, text: str) -> None:
        """Change a message, as a person does."""
        said.revisions.append(said.text)
        said.text = text

    def round_trips(self, calls: Sequence[Call] | None = None) -> int:
        """Return the longest chain of calls that waited for one another: each begun after the one before had ended."""
        chains: list[tuple[float, int]] = []
        for call in sorted(self.calls if calls is None else calls, key=lambda one: (one.end, one.start)):
            before = max((length for end, length in chains if end <= call.start), default=0)
            chains.append((call.end, before + 1))
        return max((length for _, length in chains), default=0)

    # How a call goes.

    async def _read(self, method: str, channel: ChannelId | None, act: Callable[[], T]) -> T:
        try:
            return await self._change(method, channel, act)
        except Uncertain as unknown:
            raise TryLater(str(unknown), away=unknown.away) from unknown

    async def _change(self, method: str, channel: ChannelId | None, act: Callable[[], T]) -> T:
        start = self._clock.monotonic()
        outcome = "killed"
        try:
            if self.meanwhile:
                await self.meanwhile(method)
            if self.latency:
                await self._clock.sleep(self.latency)
            self._apply_due()
            result = self._act(method, act)
            outcome = "ok"
            return result
        except (TryLater, Uncertain, Undeliverable) as error:
            outcome = type(error).__name__
            raise
        finally:
            end = self._clock.monotonic()
            self.calls.append(Call(method=method, start=start, end=end, channel=channel, outcome=outcome))

    def _act(self, method: str, act: Callable[[], T]) -> T:
        if not STILL_OURS.get()():  # as the real line asks when the request is about to leave
            raise TryLater("The lease ended before the call could leave", after=timedelta())
        match self._strike(method):
            case None:
                return act()
            case Fault.REFUSED:
                raise TryLater("Slack cannot be reached", after=self.retry_after, away=self.retry_after is None)
            case Fault.LOST_BEFORE:
                raise Uncertain("The line to Slack broke", away=True)
            case Fault.LOST_AFTER:
                act()
                raise Uncertain("The line to Slack broke", away=True)
            case Fault.APPLIED_LATE:
                self._pending.append((self._clock.monotonic() + self.late.total_seconds(), act))
                raise Uncertain("The line to Slack broke", away=True)
            case Fault.KILLED_BEFORE:
                raise Killed
            case Fault.KILLED_AFTER:
                act()
                raise Killed
            case other:
                assert_never(other)

    def _strike(self, method: str) -> Fault | None:
        for at, (fault, wanted) in enumerate(self._faults):
            if wanted in {"", method}:
                del self._faults[at]
                return fault
        return self.down

    def _apply_due(self) -> None:
        now = self._clock.monotonic()
        due = [one for one in self._pending if one[0] <= now]
        self._pending = [one for one in self._pending if one[0] > now]
        for at, act in due:
            self._ago = timedelta(seconds=now - at)  # it came to be when it was due, not when somebody looks
            with suppress(DeliveryError):  # refused, and nobody listens any more
                act()
        self._ago = timedelta()

    # The workspace.

    def _new_channel(self, name: str, creator: UserId, members: list[UserId], *, prefix: str = "C") -> FakeChannel:
        made = FakeChannel(id=ChannelId(f"{prefix}{next(self._ids):05}"), name=name, creator=creator, members=members)
        self.channels[made.id] = made
        return made

    def _seen(self, channel: ChannelId) -> FakeChannel:
        there = self.channels.get(channel)
        if there is None:
            raise ChannelGone("Slack: the channel does not exist, or the app is not in it: type /invite @muster there")
        return there

    def _open(self, channel: ChannelId) -> FakeChannel:
        if self._seen(channel).archived:
            raise ChannelGone("Slack: the channel is archived: unarchive it, or configure another one")
        return self._readable(channel)

    def _readable(self, channel: ChannelId) -> FakeChannel:
        there = self._seen(channel)
        if BOT not in there.members:
            raise NotInChannel("I am not in the channel: type /invite @muster there", after=timedelta(seconds=30))
        return there

    def _rooms(self, *, archived: bool) -> Iterator[Room]:
        for one in self.channels.values():
            if BOT in one.members and one.id.startswith("C") and (archived or not one.archived):
                yield room_of(one)

    def _since(self, channel: ChannelId, since: datetime) -> Iterator[Said]:
        oldest = f"{(since - SKEW).timestamp():.6f}"
        return (said for said in self._seen(channel).messages.values() if float(said.ts) > float(oldest))

    def _check(self, message: Message) -> None:
        _check(message)
        if pictured(message) & self.unfetched:
            raise BlocksRefused("Slack does not accept what Muster sent (invalid_blocks: downloading image failed)")

    def _say(
        self,
        channel: FakeChannel,
        text: str,
        *,
        marker: str | None = None,
        thread: MessageTs | None = None,
        author: UserId = BOT,
        filename: str | None = None,
        blocks: tuple[Any, ...] = (),
    ) -> Said:
        self._check(Message(text, blocks))
        if thread is not None and thread not in channel.messages:
            raise MessageGone("Slack: the message to answer was deleted")
        self._micros = max(int((self._clock.now() - self._ago).timestamp() * 1_000_000), self._micros + 1)
        said = Said(
            ts=MessageTs(f"{self._micros // 1_000_000}.{self._micros % 1_000_000:06}"),
            channel=channel.id,
            text=text,
            blocks=blocks,
            marker=marker,
            thread=thread and (channel.messages[thread].thread or thread),  # an answer's answer stands in the same
            author=author,
            filename=filename,
        )
        channel.messages[said.ts] = said
        return said


def room_of(channel: FakeChannel) -> Room:
    return Room(
        id=channel.id,
        name=channel.name,
        creator=channel.creator,
        archived=channel.archived,
        private=channel.private,
        member=BOT in channel.members,
    )


def _check(message: Message) -> None:
    if not message.text and not message.blocks:
        raise Undeliverable("Slack does not accept what Muster sent (no_text)")
    if len(message.text) > TEXT_LIMIT or len(message.blocks) > BLOCK_LIMIT:
        raise Undeliverable("Slack does not accept what Muster sent (msg_too_long)")
