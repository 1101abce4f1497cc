"""Alerts that differ in nothing but how grave they are: one thing that got worse, or better, and is counted once.

Where the severity is a label (Prometheus), each has a series of its own: a warning ends when the critical one fires, or
both fire. Of those in one group the gravest that fires stands for all.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.groups_model import GRAVEST_FIRST, Change, Group, News
from bot.domain.mutes import Mute
from bot.domain.names import short_digest
from bot.domain.text import cut

# What ends before its kin fires has gone over into it, if it was not longer ago.
GOES_OVER_WITHIN: Final = timedelta(minutes=10)
# How many of what changed a note names.
NAMED: Final = 3
HEADLINE_LIMIT: Final = 300


def kin_of(report: ReportedAlert, label: str) -> str:
    """Return what alerts have in common that differ in the severity alone; nothing where it is no label."""
    names = {"severity", label}
    if names.isdisjoint(report.labels):
        return ""
    labels = sorted((name, value) for name, value in report.labels.items() if name not in names)
    return short_digest(report.source, report.integration, report.title, *(part for pair in labels for part in pair))


def kin_in(draft: Draft, group: Group, alert: Alert) -> tuple[Alert, ...]:
    """Return the newest episodes of an alert's kin in a group, without its own series."""
    return tuple(
        one
        for one in draft.kin
        if one.kin == alert.kin != "" and one.group == group.id and one.report.fingerprint != alert.report.fingerprint
    )


def face(kin: Iterable[Alert]) -> Alert | None:
    """Return the one that stands for all of a kin: the gravest that fires."""
    firing = [one for one in kin if one.status is AlertStatus.FIRING]
    return min(firing, key=lambda one: (GRAVEST_FIRST.index(one.report.severity), one.id), default=None)


def faces(firing: Iterable[Alert]) -> dict[str, Alert]:
    """Return who stands for each kin among alerts that fire."""
    found: dict[str, Alert] = {}
    for one in firing:
        kin = one.kin or one.id
        found[kin] = face(filter(None, (found.get(kin), one))) or one
    return found


def one_of_each(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return who stands for each kin, also when it is over: then what ended last."""
    kins: dict[str, list[Alert]] = {}
    for one in alerts:
        kins.setdefault(one.kin or one.id, []).append(one)
    return tuple(face(kin) or last_over(kin) or kin[-1] for kin in kins.values())


def stands_for(group: Group, before: Alert | None, after: Alert | None) -> Group:
    """Return a group in which `after` stands for what `before` stood for; None: nothing of it fires."""
    severities = dict(group.severities)
    for one, by in ((before, -1), (after, 1)):
        if one:
            severities[one.report.severity] = severities.get(one.report.severity, 0) + by
    counted = {one: severities[one] for one in GRAVEST_FIRST if severities.get(one, 0) > 0}
    changed = replace(group, severities=counted, severity=next(iter(counted), group.severity))
    changed = quieted(changed, before.mute if before else None, -1)
    return quieted(changed, after.mute if after else None, 1)


def quieted(group: Group, mute: Mute | None, by: int) -> Group:
    """Return a group in which one member more (or less) that fires is quiet, for this reason; without one as it is."""
    if mute is None:
        return group
    muted = group.muted + by
    return replace(group, muted=muted, mute=(mute if by > 0 else group.mute) if muted else None)


def last_over(kin: Iterable[Alert]) -> Alert | None:
    """Return which of a kin ended last; what was never shown is left out."""
    ended = [(one.ended_at, one.id, one) for one in kin if one.ended_at and not one.is_unseen]
    return max(ended)[-1] if ended else None


def gone_over(alert: Alert, kin: Iterable[Alert]) -> Alert | None:
    """Return which of its kin has just ended, and goes on as this alert."""
    last = last_over(kin)
    just = last and last.ended_at and abs(last.ended_at - alert.report.starts_at) <= GOES_OVER_WITHIN
    return last if just else None


def changed(news: News, before: Alert, after: Alert, *, over: bool = False) -> News:
    """Return news with how grave something has become; `over`: the end that was told of it was none."""
    if over and before.unheard_for:
        news = replace(news, unheard=max(0, news.unheard - 1))
    elif over:
        news = replace(news, resolved=max(0, news.resolved - 1))
    was, now = before.report.severity, after.report.severity
    if was is now:
        return news
    change = Change(title=cut(after.report.headline, HEADLINE_LIMIT), was=was, now=now)
    return replace(news, changes=(*news.changes, change)[-NAMED:])


def together(one: News, other: News) -> News:
    """Return what is new in both."""
    return News(
        fired=one.fired + other.fired,
        resolved=one.resolved + other.resolved,
        unheard=one.unheard + other.unheard,
        again=one.again or other.again,
        titles=(*one.titles, *other.titles)[:NAMED],
        changes=(*one.changes, *other.changes)[-NAMED:],
    )


def is_graver(one: AlertSeverity, other: AlertSeverity) -> bool:
    """Tell whether one is graver than the other."""
    return GRAVEST_FIRST.index(one) < GRAVEST_FIRST.index(other)
