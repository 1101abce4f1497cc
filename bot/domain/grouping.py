"""How an alert changes its group, and when the group's message follows.

The first showing, the end of all, an acknowledgement and what concerns the incident are shown at once; whatever else
happens is shown at most once a `group_interval`, by a review that is planned for the next moment it may be. The thread
is told by reviews alone, what has come together since the last note; the opening itself is no news.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.draft import Draft
from bot.domain.group_work import ReviewGroup, ShowGroup, TellGroup
from bot.domain.groups_model import GRAVEST_FIRST, Group, News
from bot.domain.model import Alert, AlertSeverity, AlertStatus, GroupId, ReportedAlert
from bot.domain.mutes import Mute
from bot.domain.names import short_digest
from bot.domain.policy import Policy
from bot.domain.routed import Routed
from bot.domain.routing import group_labels
from bot.domain.text import cut

NAMED: Final = 3
HEADLINE_LIMIT: Final = 300


def key_of(report: ReportedAlert, routed: Routed) -> str:
    """Return what names the groups that an alert may belong to, one after another."""
    labels = group_labels(routed, report)
    return short_digest(
        routed.path, routed.channel, *(part for name in sorted(labels) for part in (name, labels[name]))
    )


def alone(alert: Alert, policy: Policy) -> Group:
    """Return the group of an alert from before there were groups: itself, under its own id.

    So its message, and the buttons on it, are those of its group.
    """
    fires = alert.status is AlertStatus.FIRING
    return Group(
        id=GroupId(alert.id),
        key=f"alert:{alert.id}",
        channel=alert.channel,
        interval=policy.routed(alert.report).group_interval,
        lead=alert.id,
        title=cut(alert.report.headline, HEADLINE_LIMIT),
        service=alert.service,
        status=alert.status,
        opened_at=alert.first_seen_at,
        began_at=alert.report.starts_at,
        changed_at=alert.first_seen_at,
        ended_at=alert.ended_at,
        severities={alert.report.severity: 1} if fires else {},
        severity=alert.report.severity,
        total=1,
        acknowledged=alert.acknowledged,
        incident=alert.incident,
        shown_at=alert.first_seen_at,
    )


def join(draft: Draft, alert: Alert, before: Alert | None) -> Alert:
    """Put a new episode into its group, or open one; return it as a member. `before` is the series' last episode."""
    near = draft.state.group
    opens = near is None or (near.is_over and near.changed_at + draft.policy.reopen_within < draft.now)
    group = _opened(draft, alert, near) if near is None or opens else near
    counted = before is not None and before.group == group.id
    fires = alert.status is AlertStatus.FIRING
    news, again = group.news, fires and group.is_over and not opens
    if fires and not _is_opening(draft, group):
        titles = (*news.titles, cut(alert.report.headline, HEADLINE_LIMIT))[:NAMED]
        news = replace(news, fired=news.fired + 1, again=news.again or again, titles=titles)
    changed = replace(
        group,
        total=group.total if counted else group.total + 1,
        began_at=min(group.began_at, alert.report.starts_at),
        changed_at=draft.now,
        news=news,
        severities=_counted(group, alert.report.severity, 1) if fires else group.severities,
    )
    changed = quieted(changed, alert.mute, 1)
    if again:
        changed = replace(changed, status=AlertStatus.FIRING, ended_at=None)
        changed = replace(changed, acknowledged=None, assigned=None, hushed=None)
    _touch(draft, _graded(changed), at_once=opens)
    return replace(alert, group=group.id)


def reported(draft: Draft, before: Alert, after: Alert) -> None:
    """Let the group follow what its source newly says of a member that goes on firing."""
    group = _own(draft, before)
    severities = _counted(group, before.report.severity, -1)
    severities = _counted(replace(group, severities=severities), after.report.severity, 1)
    changed = replace(group, severities=severities, changed_at=draft.now)
    _touch(draft, _graded(quieted(quieted(changed, before.mute, -1), after.mute, 1)))


def ended(draft: Draft, before: Alert, after: Alert) -> Group:
    """Let the group follow the end of a member; return it as it is then."""
    group = _own(draft, before)
    severities = _counted(group, before.report.severity, -1)
    over = not severities
    news = group.news
    if group.total > 1 and not _is_opening(draft, group):
        news = replace(news, resolved=news.resolved + 1)
    changed = quieted(replace(group, severities=severities, changed_at=draft.now, news=news), before.mute, -1)
    if over:
        changed = replace(changed, status=AlertStatus.RESOLVED, ended_at=after.ended_at)
    return _touch(draft, _graded(changed), at_once=over)


def adopt(draft: Draft, alert: Alert) -> Alert:
    """Return an alert as a member of its group: one from before there were groups gets one now."""
    if alert.group is None:
        show(draft, _own(draft, alert))
    return replace(alert, group=_own(draft, alert).id)


def show(draft: Draft, group: Group) -> None:
    """Show a group at once, as an act of a person's changed it."""
    _touch(draft, replace(group, changed_at=draft.now), at_once=True)


def quieted(group: Group, mute: Mute | None, by: int) -> Group:
    """Return a group in which one member more (or less) that fires is quiet, for this reason; without one as it is."""
    if mute is None:
        return group
    muted = group.muted + by
    return replace(group, muted=muted, mute=(mute if by > 0 else group.mute) if muted else None)


def review(draft: Draft) -> None:
    """Show what changed since the last edit, and tell the thread what is news."""
    group = draft.state.group
    if group is None or group.planned is None:
        return
    draft.group = replace(group, planned=None)
    if _is_kept_back(group):
        return
    if group.shown_at is None or group.changed_at > group.shown_at:
        draft.group = replace(draft.group, shown_at=draft.now)
        draft.do(ShowGroup(group=group.id, channel=group.channel))
    if group.news and not group.is_mute:
        draft.do(TellGroup(group=group.id, n=group.told + 1, channel=group.channel))


def told(draft: Draft, n: int, news: News) -> None:
    """Take note that the thread has note `n`; what has come since waits for the next."""
    group = draft.state.group
    if group is None or n <= group.told:
        return
    left = News(
        fired=group.news.fired - news.fired,
        resolved=group.news.resolved - news.resolved,
        again=group.news.again and not news.again,
        titles=group.news.titles[len(news.titles) :],
    )
    draft.group = replace(group, told=n, news=left)
    if left:
        draft.group = _plan(draft, draft.group, draft.now)


def _opened(draft: Draft, alert: Alert, earlier: Group | None) -> Group:
    routed = draft.policy.routed(alert.report)
    key, number = key_of(alert.report, routed), earlier.number + 1 if earlier else 1
    waits = routed.group_wait > timedelta()
    group = Group(
        # By its key and number alone, so that of two replicas that open the same one loses, and looks again.
        id=GroupId(short_digest(key, str(number))),
        key=key,
        number=number,
        path=routed.path,
        labels=group_labels(routed, alert.report),
        channel=routed.channel,
        interval=routed.group_interval,
        lead=alert.id,
        title=cut(alert.report.headline, HEADLINE_LIMIT),
        service=alert.service,
        status=alert.status,
        opened_at=draft.now,
        began_at=alert.report.starts_at,
        changed_at=draft.now,
        ended_at=alert.ended_at,
        severity=alert.report.severity,
        shown_at=None if waits or alert.mute else draft.now,
        hidden=alert.mute is not None,
        planned=draft.now + routed.group_wait if waits else None,
    )
    if waits:
        draft.group = group
        draft.do(ReviewGroup(group=group.id), due=group.planned)
    return group


def _own(draft: Draft, alert: Alert) -> Group:
    return draft.group or draft.state.group or alone(alert, draft.policy)


def _is_kept_back(group: Group) -> bool:
    """Tell whether nothing of a group was ever shown, and nothing is to be."""
    return group.hidden and (group.is_mute or group.is_over)


def _is_opening(draft: Draft, group: Group) -> bool:
    """Tell whether a group is so new that its message is all the news there is."""
    return group.shown_at is None or draft.now < group.opened_at + group.interval


def _counted(group: Group, severity: AlertSeverity, by: int) -> dict[AlertSeverity, int]:
    counts = {**group.severities, severity: group.severities.get(severity, 0) + by}
    return {one: counts[one] for one in GRAVEST_FIRST if counts.get(one, 0) > 0}


def _graded(group: Group) -> Group:
    return replace(group, severity=next(iter(group.severities), group.severity))


def _touch(draft: Draft, group: Group, *, at_once: bool = False) -> Group:
    """Decide when a change is shown: now when it may be, else when the review that is planned comes."""
    if _is_kept_back(group):
        draft.group = group
        return group
    if group.hidden:  # the first of it that is heard: now it opens, unless it waits for more anyway
        group = replace(group, hidden=False, shown_at=draft.now if group.planned is None else None, news=News())
    shown = group.shown_at
    if shown is not None and (at_once or shown == draft.now or shown + group.interval <= draft.now):
        draft.group = group = replace(group, shown_at=draft.now)
        shown = draft.now
        draft.do(ShowGroup(group=group.id, channel=group.channel))
        if not group.news or group.is_mute:
            return group
    draft.group = _plan(draft, group, shown or draft.now)
    return draft.group


def _plan(draft: Draft, group: Group, since: datetime) -> Group:
    """Let a group be looked at again an interval after a moment, unless it will be already."""
    if group.planned is not None:
        return group
    planned = since + group.interval
    draft.do(ReviewGroup(group=group.id), due=planned)
    return replace(group, planned=planned)
