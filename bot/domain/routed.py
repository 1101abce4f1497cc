"""Where an alert goes, and with what it is grouped on its way: what the policy answers for each report."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.domain.digests_model import NO_DIGEST, Digest
from bot.domain.flapping import FlapRule

GROUP_BY: Final = ("alertname", "service")
GROUP_INTERVAL: Final = timedelta(seconds=10)
# In place of the labels to group by: all of them, so that each alert is a group of its own.
ALL_LABELS: Final = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One look at a route on the way: where it stands in `muster.yaml`, whether it was taken, and why."""

    place: str
    taken: bool
    why: str

    def __str__(self) -> str:
        """Return it as people read it: `routes[1]: severity is "info", wanted is severity="critical"`."""
        return f"{self.place}: {self.why}" if self.place else self.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The route taken.

    Alerts of one path and channel whose `group_by` labels are alike are one group. Its message comes `group_wait` after
    its first alert and is edited at most once a `group_interval` (what matters at once is shown at once). With a
    `group_within` it takes no more when nothing has changed in it for so long: what fires then is another. With a
    `digest` it has no message, and is told there. `flapping` says when it flaps, `resolve_after` how long its members
    may be silent (None: as is said of their sender). `further` are the ways behind routes that say `continue`. `why`
    has every step there, when they were asked for.
    """

    channel: str
    path: str = ""
    group_by: tuple[str, ...] = GROUP_BY
    group_wait: timedelta = timedelta()
    group_interval: timedelta = GROUP_INTERVAL
    group_within: timedelta | None = None
    digest: Digest = NO_DIGEST
    flapping: FlapRule = field(default_factory=FlapRule)
    resolve_after: timedelta | None = None
    further: tuple["Routed", ...] = ()
    why: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def copies(self) -> tuple[str, ...]:
        """Return the channels in which the group's message stands as a copy.

        Each has one, and its own none; what is told in a digest has no message, and a digest tells its own groups.
        """
        if self.digest:
            return ()
        found = {room(self.channel): ""}
        for way in self.further:
            if not way.digest:
                found.setdefault(room(way.channel), way.channel)
        return tuple(filter(None, found.values()))


def room(channel: str) -> str:
    """Return what is the same of two ways to write a channel."""
    return channel.removeprefix("#")


def further_way(way: Routed, first: Routed) -> str:
    """Return what becomes of an alert on a further way; `first` is the one whose group it is in."""
    if first.digest:
        return "no copy, as it is told in the digest of its first way"
    if way.digest:
        return "no copy, as that route tells its alerts in a digest"
    if way.channel in first.copies:
        return "a copy of its message"
    return "no second message, as one stands there"
