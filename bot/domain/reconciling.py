"""What a sender's own list of alerts tells against what we hold: the rule by which the two are brought together.

Webhooks cannot be complete. Alertmanager tells nobody of an alert that resolved while it was silenced or inhibited,
never names the members of a group beyond `max_alerts`, and what it could not deliver for long is not repeated. Its
list has all of it; but a list is a picture of a moment, and three things make it lie:

- It is older than whatever came by webhook since it was asked for. So only what we held before that moment is judged,
  and only while nothing has changed about it (`settled` compares it with what is held when the answer is written).
- A resolved alert is told by absence, and so is every alert right after a restart of Alertmanager, which forgets them
  until Prometheus sends them again. So a peer that has just started tells nothing by its silence, and an alert is over
  when it was absent in two rounds in a row or more, and for `gone_after`: longer than the group's interval, in which a
  webhook would have told its true end.
- Peers of a cluster do not gossip alerts. So what one of them shows is there: an alert is absent when none of those
  that answer shows it.

Whatever is concluded wrongly all the same is put right by a later list: an alert that is shown, though we have held it
for over for `gone_after`, fires again (as an episode of its own, or the domain would take it for a stale repetition).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.copying import replace
from bot.domain.ids import AlertId


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An alert in a sender's list: it fires. `spoken` tells whether the sender would tell us of it by webhook.

    It would not when the alert is silenced, inhibited, not looked at yet, or meant for another receiver.
    """

    report: ReportedAlert
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One peer's list. `whole`: all of it could be read. `since`: when the peer started, if it says so."""

    listed: tuple[Listed, ...]
    whole: bool = True
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a sender is asked, and how long an alert must be absent until it is over."""

    every: timedelta = timedelta(seconds=60)
    gone_after: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What all peers that answered show together, by the identity of the series, to who asked at `began`.

    `tells_absence`: what it does not show is not there.
    """

    began: datetime
    shown: Mapping[str, Listed]
    tells_absence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """What the list has and we have not, what we have and the list has not, and who is absent since when."""

    appeared: tuple[ReportedAlert, ...] = ()
    gone: tuple[Alert, ...] = ()
    absent: Mapping[AlertId, datetime] = field(default_factory=dict)

    def parts(self, size: int) -> Iterator["Differences"]:
        """Yield what is different in parts of at most so many."""
        for at in range(0, len(self.appeared), size):
            yield replace(self, appeared=self.appeared[at : at + size], gone=())
        for at in range(0, len(self.gone), size):
            yield replace(self, appeared=(), gone=self.gone[at : at + size])


def seen(answers: Collection[Answer], began: datetime, pace: Pace) -> Sight:
    """Return what peers of one cluster show together.

    An alert that one peer would keep to itself (a silence has not reached the others yet) is kept to itself.
    """
    shown: dict[str, Listed] = {}
    for one in (listed for answer in answers for listed in answer.listed):
        series = identity(one.report)
        other = shown.get(series)
        if other is None or (other.spoken and not one.spoken):
            shown[series] = one
    settled = [answer for answer in answers if answer.since is None or answer.since <= began - pace.gone_after]
    return Sight(began=began, shown=shown, tells_absence=bool(settled) and all(answer.whole for answer in answers))


def differences(
    sight: Sight, held: Iterable[Alert], absent_before: Mapping[AlertId, datetime], pace: Pace
) -> Differences:
    """Hold a list against the alerts that we held firing before it was asked for.

    An alert that has only just begun is left to its webhook, which may wait for its group.
    """
    firing = {identity(alert.report): alert for alert in held}
    appeared = (
        one.report
        for series, one in sight.shown.items()
        if one.spoken and series not in firing and one.report.starts_at <= sight.began - pace.every
    )
    absent, gone = dict[AlertId, datetime](), list[Alert]()
    for series, alert in firing.items():
        since = absent_before.get(alert.id)
        if series in sight.shown:
            continue
        if since is not None:
            absent[alert.id] = since
        elif sight.tells_absence:
            absent[alert.id] = sight.began
        if sight.tells_absence and since is not None and since <= sight.began - pace.gone_after:
            gone.append(alert)
    return Differences(appeared=tuple(appeared), gone=tuple(gone), absent=absent)


def settled(found: Differences, newest: Mapping[str, Alert], began: datetime, pace: Pace) -> Iterator[ReportAlert]:
    """Yield what follows from differences, given the newest episode of each series as it is held now.

    What changed since the list was asked for came by a webhook that is newer than the list: it counts.
    """
    for report in found.appeared:
        known = newest.get(identity(report))
        if known is None or (known.status is AlertStatus.RESOLVED and report.starts_at > _end_of(known)):
            yield ReportAlert(report=report)
        elif known.status is AlertStatus.RESOLVED and _end_of(known) <= began - pace.gone_after:
            yield ReportAlert(report=replace(report, starts_at=began))
    for alert in found.gone:
        known = newest.get(identity(alert.report))
        if known and _says_the_same(known, alert):
            # By our clock, but never before its start: the sender's may be ahead of ours.
            ends_at = max(found.absent[alert.id], alert.last_start or alert.report.starts_at)
            yield ReportAlert(report=replace(known.report, status=AlertStatus.RESOLVED, ends_at=ends_at))


def _end_of(known: Alert) -> datetime:
    return known.ended_at or known.report.starts_at


def _says_the_same(known: Alert, before: Alert) -> bool:
    """Tell whether its sender has said nothing new of an alert; what people did with it does not matter."""
    return (known.id, known.status, known.last_start, known.report) == (
        before.id,
        before.status,
        before.last_start,
        before.report,
    )
