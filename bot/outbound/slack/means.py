"""What every Slack performer works with, and what each asks: may I look already, and is the lane still mine?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.record_commands import RecordMessage, RecordMove
from bot.engine.jobs import Job
from bot.errors import ConfigError, TryLater, Undeliverable
from bot.outbound.slack.directory import Directory
from bot.outbound.slack.pictures import Pictures
from bot.outbound.slack.port import ChannelGone, Slack

# A call may be applied after we gave it up: looking at once was seen to miss it. Longer than a call may take (10 s).
SETTLE: Final = timedelta(seconds=15)
# For tests of crashes only: shorter than the default is safe only with a Slack that is known to be quick.
_SETTLE_VARIABLE: Final = "MUSTER_SETTLE_SECONDS"
# After an unknown outcome the machine's clock may have been set back; then we look this far back.
A_DAY: Final = timedelta(days=1)
SOON: Final = timedelta(seconds=2)
# What a message as Slack has it, in a channel, means for the record; None when no person said it, and Slack did not say
# that somebody came or went. Whoever knows how Slack's messages are read hands it in. Raises TryLater as long as we do
# not know who we are.
Hear = Callable[[Mapping[str, object], ChannelId], RecordMessage | RecordMove | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a performer works with.

    `unsure` is when tries of this process ended without an answer, by key, on the clock that nobody can set.
    """

    slack: Slack
    directory: Directory
    policy: Policy
    clock: Clock
    hear: Hear
    pictures: Pictures
    settle: timedelta = SETTLE
    unsure: dict[str, float] = field(default_factory=dict)

    def answered_nothing(self, job: Job) -> None:
        """Remember that just now a try ended without an answer, until it has settled."""
        now = self.clock.monotonic()
        for key in [key for key, since in self.unsure.items() if now - since > self.settle.total_seconds()]:
            del self.unsure[key]
        self.unsure[job.key] = now

    def settled(self, job: Job) -> datetime | None:
        """Return since when an earlier try may have left its trace; None when there was no such try.

        Raises:
            TryLater: it is too early to look.
        """
        if job.maybe_sent_since is None:
            return None
        now = self.clock.now()
        if (tried := self.unsure.get(job.key)) is not None:  # by us: no clock that was set hurries it
            rest = self.settle - timedelta(seconds=self.clock.monotonic() - tried)
            if rest > timedelta():
                raise TryLater("An earlier try may still be under way", after=rest)
        ago = now - (job.last_sent_at or job.maybe_sent_since)
        # A try in the future means that a clock is wrong: a little (another replica's), or much (ours was set back).
        if -self.settle * 4 < ago < self.settle:
            raise TryLater("An earlier try may still be under way", after=min(self.settle, self.settle - ago))
        return job.maybe_sent_since if job.maybe_sent_since <= now else now - A_DAY


async def spoken_since(means: Means, channel: ChannelId, since: datetime) -> RecordMessage | None:
    """Return what somebody said in a channel since a moment, if anybody did: not everything is told us by an event."""
    now = means.clock.now()
    first, last = (MessageTs(f"{at.timestamp():.6f}") for at in (since, now))
    page = await means.slack.history(channel, before=last, after=first)
    heard = (means.hear(written.raw, channel) for written in page.messages)
    return next((one for one in heard if isinstance(one, RecordMessage)), None)


async def is_gone(means: Means, channel: ChannelId) -> bool:
    """Tell whether a channel is archived; a private one is not even seen: its archiving took us out of it."""
    try:
        return (await means.slack.room(channel)).archived
    except ChannelGone:
        return True


def still_ours(job: Job) -> None:
    """Ask, right before a call that must not happen twice, whether the lane is still ours.

    Raises:
        TryLater: the lease may end before the call does; who has the lane next will do it.
    """
    if not job.still_ours():
        raise TryLater("The lease ends too soon for another call", after=timedelta())


def incident_in(job: Job) -> Incident:
    """Return the job's incident.

    Raises:
        Undeliverable: there is none in the record.
    """
    if job.state.incident is None:
        raise Undeliverable("The incident is not in the record")
    return job.state.incident


def channel_in(job: Job) -> ChannelId:
    """Return the channel of the job's incident; whatever asks was put behind its opening.

    Raises:
        Undeliverable: it was never opened, and what should have opened it is behind us.
    """
    incident = incident_in(job)
    if incident.channel is None:
        raise Undeliverable(f"{incident.label} has no channel")
    return incident.channel


def settle(environment: Mapping[str, str]) -> timedelta:
    """Return how long to wait before looking for the trace of a try whose end nobody saw.

    Raises:
        ConfigError: the variable holds no number.
    """
    said = environment.get(_SETTLE_VARIABLE, "")
    try:
        return timedelta(seconds=float(said)) if said else SETTLE
    except ValueError:
        raise ConfigError([f"environment {_SETTLE_VARIABLE}: is no number of seconds"]) from None
