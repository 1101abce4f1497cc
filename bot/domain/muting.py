"""Why an alert is kept quiet now: somebody silenced it, maintenance goes on, or a graver alert says it all.

Nobody is told less than that: what is mute is counted, and its message says by whom, why and until when.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.domain.ids import UserId
from bot.domain.matchers import Matcher, all_match
from bot.domain.mutes import Mute, MuteKind
from bot.domain.windows import Window

NO_LABELS: Final[Mapping[str, str]] = {}
_LABEL: Final = re.compile(r"(?:s-?|#)?(?P<number>[0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What somebody does not want to hear of for a while. `ended_at`: it was ended before its time, by `ended_by`.

    Nobody here ended it when its end was heard of from a sender.

    `sender` has it as `far_id` when it was made there, and not here: it is for the alerts of that sender alone. Without
    a sender that is what it is called where it came from: in the file, or by a client of the HTTP API.
    """

    id: int
    matchers: tuple[Matcher, ...]
    by: UserId
    reason: str
    created_at: datetime
    starts_at: datetime
    ends_at: datetime
    origin: str = ""
    ended_at: datetime | None = None
    ended_by: UserId | None = None
    sender: str = ""
    far_id: str = ""

    @property
    def label(self) -> str:
        """Return the name that people read and type: S-7."""
        return f"S-{self.id}"

    @staticmethod
    def number_in(text: str) -> int | None:
        """Return the number that a label means, however it is typed: S-7, s7, #7, 7."""
        found = _LABEL.fullmatch(text)
        return int(found["number"]) if found else None

    def means(self, labels: Mapping[str, str], own: Mapping[str, str]) -> bool:
        """Tell whether an alert is meant: by the labels that matchers see, or by its own, as its sender gave them."""
        if not self.sender:
            return all_match(self.matchers, labels)
        return self.sender == f"{labels['source']}/{labels['integration']}" and all_match(self.matchers, own)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it counts no more."""
        return self.ended_at is not None or self.ends_at <= now

    def is_active(self, now: datetime) -> bool:
        """Tell whether it counts at a moment."""
        return self.starts_at <= now and not self.is_over(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """Hours in which alerts are expected and nobody wants to hear of them."""

    name: str
    matchers: tuple[Matcher, ...]
    windows: tuple[Window, ...]

    def covers(self, now: datetime) -> bool:
        """Tell whether it goes on."""
        return any(window.covers(now) for window in self.windows)

    def next_change(self, now: datetime) -> datetime | None:
        """Return the next moment at which one of its windows begins or ends."""
        return min((change for one in self.windows if (change := one.next_change(now))), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibition:
    """While an alert that `source` means fires, those that `target` means are quiet if they agree in `equal`.

    A label that both lack is no agreement, unless `missing_is_equal`: otherwise one alert without a cluster would keep
    quiet all others that name none.
    """

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...]
    equal: tuple[str, ...] = ()
    missing_is_equal: bool = False

    def agree(self, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
        """Tell whether two alerts have the same values where they must."""
        return all(self._same(one.get(name, ""), other.get(name, "")) for name in self.equal)

    def _same(self, one: str, other: str) -> bool:
        return one == other and (bool(one) or self.missing_is_equal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhibitor:
    """An alert that fires and may keep others quiet."""

    series: str
    title: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """All that may keep alerts quiet now; `inhibitors` by their series."""

    silences: tuple[Silence, ...] = ()
    inhibitors: Mapping[str, Inhibitor] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MutePolicy:
    """What the configuration says of keeping quiet.

    `followed` are the senders whose own silences count here, and whether ours are made there, too.
    """

    followed: Mapping[str, bool] = field(default_factory=dict)
    maintenance: tuple[Maintenance, ...] = ()
    inhibitions: tuple[Inhibition, ...] = ()

    def heeds(self, silence: Silence) -> bool:
        """Tell whether a silence counts: one of a sender's does as long as that sender's silences are followed."""
        return not silence.sender or silence.sender in self.followed

    def may_inhibit(self, labels: Mapping[str, str]) -> bool:
        """Tell whether an alert keeps others quiet while it fires."""
        return any(all_match(rule.source, labels) for rule in self.inhibitions)

    def next_change(self, now: datetime) -> datetime | None:
        """Return the next moment at which maintenance begins or ends."""
        return min((change for one in self.maintenance if (change := one.next_change(now))), default=None)


def why_mute(
    series: str,
    labels: Mapping[str, str],
    quiet: Quiet,
    policy: MutePolicy,
    now: datetime,
    *,
    own: Mapping[str, str] = NO_LABELS,
) -> Mute | None:
    """Return why an alert is quiet now: what a person said comes first, then what lasts longest.

    `own` are its labels as its sender gave them, `labels` what matchers see of it.

    An alert never inhibits itself, and one that may inhibit others is not inhibited by the rule that lets it: two that
    meet both sides of a rule would keep each other quiet.
    """
    silenced = [one for one in quiet.silences if one.is_active(now) and policy.heeds(one) and one.means(labels, own)]
    if silenced:
        last = max(silenced, key=lambda one: (one.ends_at, one.id))
        return Mute(kind=MuteKind.SILENCE, name=last.label, by=last.by, reason=last.reason, until=last.ends_at)
    for one in policy.maintenance:
        if all_match(one.matchers, labels) and one.covers(now):
            return Mute(kind=MuteKind.MAINTENANCE, name=one.name, until=one.next_change(now))
    return _inhibited(series, labels, (quiet.inhibitors or {}).values(), policy.inhibitions)


def _inhibited(
    series: str, labels: Mapping[str, str], inhibitors: Iterable[Inhibitor], rules: Iterable[Inhibition]
) -> Mute | None:
    others = sorted((one for one in inhibitors if one.series != series), key=lambda one: one.series)
    for rule in rules:
        if not others or not all_match(rule.target, labels) or all_match(rule.source, labels):
            continue
        for other in others:
            if all_match(rule.source, other.labels) and rule.agree(labels, other.labels):
                return Mute(kind=MuteKind.INHIBITION, name=other.series, reason=other.title)
    return None
