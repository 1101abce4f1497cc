"""Rules that declare an incident by themselves: which alerts they mean, how grave, how many and for how long.

A rule counts what fires in a group and is heard: so many of its alerts must each have fired for so long. How long is
reckoned from when we first heard of an alert, so that a sender's wrong clock declares nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.groups_model import GRAVEST_FIRST, Group
from bot.domain.matchers import Matcher, all_match, seen_labels, text_of
from bot.domain.model import Severity
from bot.domain.routing import difference
from bot.domain.spans import short


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRule:
    """When an incident is declared from a group, or the group joins the open incident of its service.

    `severity` is the incident's; without it the gravest alert that counts proposes one. `propose_resolve_after` is how
    long all must be over before an end is proposed, when it is otherwise than everywhere. In `triage`
    somebody is to look first, and nobody is paged unless it `pages`.
    """

    name: str
    matchers: tuple[Matcher, ...] = ()
    min_severity: AlertSeverity = AlertSeverity.INFO
    min_firing: int = 1
    after: timedelta = timedelta()
    severity: Severity | None = None
    propose_resolve_after: timedelta | None = None
    triage: bool = False
    pages: bool = False

    def means(self, report: ReportedAlert) -> bool:
        """Tell whether an alert counts."""
        return is_at_least(report.severity, self.min_severity) and all_match(self.matchers, seen_labels(report))

    def objection(self, report: ReportedAlert) -> str | None:
        """Return why an alert does not count; None when it does."""
        labels = seen_labels(report)
        for matcher in self.matchers:
            if not matcher.matches(labels):
                return difference(matcher, labels)
        if is_at_least(report.severity, self.min_severity):
            return None
        return f'severity is "{report.severity}", wanted is at least {self.min_severity}'

    def may_hold(self, group: Group) -> bool:
        """Tell whether so many fire that are so grave, whatever their labels; this costs nothing."""
        grave = (number for severity, number in group.severities.items() if is_at_least(severity, self.min_severity))
        return sum(grave) >= self.min_firing

    def holds_from(self, heard: Iterable[Alert]) -> datetime | None:
        """Return from when on it holds if nothing of what fires ends; None when too few fire.

        What differs in the severity alone counts once, from the first of it on.
        """
        first: dict[str, datetime] = {}
        for alert in heard:
            if self.means(alert.report):
                kin = alert.kin or alert.id
                first[kin] = min(alert.first_seen_at, first.get(kin, alert.first_seen_at))
        since = sorted(first.values())
        return since[self.min_firing - 1] + self.after if len(since) >= self.min_firing else None

    def __str__(self) -> str:
        """Return whom it is for: `{service="payments"} at least high, 3 firing, for 5m`."""
        parts = [text_of(self.matchers) if self.matchers else "any alert"]
        if self.min_severity is not AlertSeverity.INFO:
            parts[0] += f" at least {self.min_severity}"
        if self.min_firing > 1:
            parts.append(f"{self.min_firing} firing")
        if self.after:
            parts.append(f"for {short(self.after)}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The rule that holds first in a group, from when on (not before now), and the alerts that it counts."""

    rule: DeclareRule
    since: datetime
    alerts: tuple[Alert, ...]

    @property
    def gravest(self) -> AlertSeverity:
        """Return the severity of the gravest alert that counts."""
        return min((alert.report.severity for alert in self.alerts), key=GRAVEST_FIRST.index)


def is_at_least(severity: AlertSeverity, wanted: AlertSeverity) -> bool:
    """Tell whether a severity is so grave; one that is not given counts as a warning."""
    counts_as = AlertSeverity.WARNING if severity is AlertSeverity.UNKNOWN else severity
    return GRAVEST_FIRST.index(counts_as) <= GRAVEST_FIRST.index(wanted)


def is_for_rules(group: Group) -> bool:
    """Tell whether rules may act upon a group.

    Not once it has an incident, open or over: a group is declared once. Not while somebody has taken it up, and not
    while nobody wants to hear of it.
    """
    return group.incident is None and group.acknowledged is None and not group.is_mute and not group.is_over


def is_heard(alert: Alert) -> bool:
    """Tell whether an alert fires and nothing keeps it quiet."""
    return alert.status is AlertStatus.FIRING and alert.mute is None


def first_to_hold(
    rules: Sequence[DeclareRule], group: Group, members: Iterable[Alert], now: datetime
) -> Holding | None:
    """Return the rule that holds first if nothing changes: of those that hold now the first that is written."""
    if not is_for_rules(group):
        return None
    heard = [alert for alert in members if is_heard(alert)]
    found = [(max(since, now), at) for at, rule in enumerate(rules) if (since := rule.holds_from(heard)) is not None]
    if not found:
        return None
    since, at = min(found)
    counted = tuple(alert for alert in heard if rules[at].means(alert.report))
    return Holding(rule=rules[at], since=since, alerts=counted)
