"""How often each Slack method may be called, per workspace (https://docs.slack.dev/apis/web-api/rate-limits).

Nobody waits in here: who finds no slot is told when to come back, so that other lanes go on. The budget lives in memory
and only spares us refusals; the truth is Slack's Retry-After, which the dispatcher keeps in the database.

A refusal does not mean that all is used up: Slack looks at more than one clock. After the pause one call goes first.
When it goes well, half of what was left before is there again; when it is refused too, the method begins with nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.ids import ChannelId
from bot.errors import NoSlot

TIER_2: Final = 20
TIER_3: Final = 50
TIER_4: Final = 100
# "Several hundred" a minute: chat.postMessage in a workspace, auth.test.
SPECIAL: Final = 300

PER_MINUTE: Final[Mapping[str, int]] = {
    "auth.test": SPECIAL,
    "bookmarks.add": TIER_2,
    "bookmarks.list": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": SPECIAL,
    "chat.update": TIER_3,
    "conversations.archive": TIER_2,
    "conversations.create": TIER_2,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.join": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.setTopic": TIER_2,
    "dnd.info": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.update": TIER_4,
}
# "Posting one message per second per channel is allowed, short bursts too": how short is not said.
POSTS_A_SECOND: Final = 1.0
POSTS_AT_ONCE: Final = 4
# What part of a method's slots is not for what there is by the thousand, the messages of groups of alerts.
LEFT_TO_THE_REST: Final = 0.2
# Those who find no slot come back one after another, but nobody waits long: who is graver may have come meanwhile.
LONGEST_QUEUE: Final = timedelta(seconds=4)
# Who comes while one call goes first after a pause looks again so soon: calls take a few hundred milliseconds.
ONE_GOES_FIRST: Final = timedelta(milliseconds=500)
MANY_CHANNELS: Final = 1_000
HAIR: Final = 1e-6


@dataclass(slots=True)
class _Bucket:
    """Slots that fill up evenly; the last of those turned away was told to come back at `promised`.

    `held_back` are there again as soon as a call goes well.
    """

    size: float
    a_second: float
    slots: float
    at: float
    promised: float = float("-inf")
    held_back: float = 0.0

    def fill(self, now: float) -> None:
        """Let the time since the last look count."""
        if now > self.at:
            self.slots = min(self.size, self.slots + (now - self.at) * self.a_second)
            self.at = now

    def wait(self, now: float, *, leaves: float = 0.0) -> float:
        """Return the seconds until there is a slot, beside those that are to be left; 0.0 when there is one."""
        self.fill(now)
        # A hair less than a whole slot is one: floating point must not turn away who comes exactly in time.
        wanted = 1.0 if self.held_back else 1.0 + leaves
        missing = 0.0 if self.slots > wanted - HAIR else wanted - self.slots
        return max(0.0, self.at - now) + missing / self.a_second

    def turn_away(self, now: float, wait: float) -> float:
        """Return when to come back, in seconds: behind those turned away before, as far as the queue may grow."""
        behind = self.promised + 1 / self.a_second
        self.promised = min(max(now + wait, behind), now + wait + LONGEST_QUEUE.total_seconds())
        return self.promised - now

    def take(self) -> None:
        """Use a slot."""
        self.slots = max(0.0, self.slots - 1.0)

    def hold_back(self, now: float, until: float) -> None:
        """Begin anew with one slot; of what is left now a half is held back, unless that had been done already."""
        self.fill(now)
        self.held_back = 0.0 if self.at > now or self.held_back else self.slots / 2
        self.slots, self.at = 1.0, until

    def give_back(self, now: float) -> None:
        """Let what was held back count."""
        self.fill(now)
        self.slots, self.held_back = min(self.size, self.slots + self.held_back), 0.0


class Limits:
    """The budgets of one workspace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        now = clock.monotonic()
        self._methods = {
            method: _Bucket(size=count, a_second=count / 60, slots=count, at=now)
            for method, count in PER_MINUTE.items()
        }
        self._channels: dict[ChannelId, _Bucket] = {}
        self._paused: dict[str, float] = {}

    def take(self, method: str, channel: ChannelId | None = None, *, leaves_some: bool = False) -> None:
        """Use a slot for a call; for chat.postMessage one of the channel's as well.

        What there is by the thousand `leaves_some` of the method's to all else, and stands in nobody's queue.

        Raises:
            NoSlot: there is none; `opens` says when there will be, `after` when it is this one's turn.
        """
        now = self._clock.monotonic()
        if (until := self._paused.get(method, now)) > now:
            pause = timedelta(seconds=until - now)
            raise NoSlot(f"Slack asked for a pause of {method}", after=pause, opens=pause)
        buckets = [self._methods[method]]
        if method == "chat.postMessage" and channel is not None:
            buckets.append(self._bucket_of(channel, now))
        left = self._methods[method].size * LEFT_TO_THE_REST if leaves_some else 0.0
        for bucket, leaves in zip(buckets, (left, 0.0), strict=False):
            if (wait := bucket.wait(now, leaves=leaves)) > 0 and bucket.held_back:
                raise NoSlot(f"one call of {method} goes first", after=ONE_GOES_FIRST, opens=ONE_GOES_FIRST)
            if wait > 0:
                after = timedelta(seconds=wait if leaves_some else bucket.turn_away(now, wait))
                raise NoSlot(f"{method} is used up", after=after, opens=timedelta(seconds=wait))
        for bucket in buckets:
            bucket.take()

    def pause(self, method: str, after: timedelta) -> None:
        """Make no call of this method before Slack's Retry-After is over; then let one go first."""
        now = self._clock.monotonic()
        until = now + after.total_seconds()
        self._paused[method] = max(until, self._paused.get(method, until))
        self._methods[method].hold_back(now, self._paused[method])

    def went_well(self, method: str) -> None:
        """Know that Slack has taken a call; one that was under way when Slack asked for a pause says nothing."""
        bucket, now = self._methods[method], self._clock.monotonic()
        if bucket.held_back and now >= self._paused[method]:
            bucket.give_back(now)

    def _bucket_of(self, channel: ChannelId, now: float) -> _Bucket:
        if channel not in self._channels and len(self._channels) >= MANY_CHANNELS:
            self._forget_rested(now)
        rested = _Bucket(
            size=POSTS_AT_ONCE,
            a_second=POSTS_A_SECOND,
            slots=POSTS_AT_ONCE,
            at=now,
        )
        return self._channels.setdefault(channel, rested)

    def _forget_rested(self, now: float) -> None:
        for channel, bucket in list(self._channels.items()):
            bucket.fill(now)
            if bucket.slots >= bucket.size:
                del self._channels[channel]
