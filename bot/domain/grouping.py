"""How an alert changes its group, and when the group's message follows.

The first showing, the end of all, an acknowledgement and what concerns the incident are shown at once; whatever else
happens is shown at most once a `group_interval`, by a review that is planned for the next moment it may be. The thread
is told by reviews alone, what has come together since the last note; the opening itself is no news.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain import copies, digests, proposing, storms
from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_work import ReviewGroup, ShowGroup, TellGroup
from bot.domain.groups_model import Group, News
from bot.domain.ids import GroupId
from bot.domain.kin import HEADLINE_LIMIT, NAMED, changed, face, gone_over, is_graver, kin_in, last_over, stands_for
from bot.domain.opening import opened
from bot.domain.policy import Policy
from bot.domain.storms_model import Stand
from bot.domain.text import cut
from bot.domain.turning import begins_to_flap, comes_back_within, tell_incident, turned

# What ends and fires as another of its kin so soon after has not ended.
AT_ONCE: Final = timedelta(minutes=1)


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
    opens = near is None or _is_left(draft, near, alert)
    group = opened(draft, alert, near) if near is None or opens else near
    earlier = (before,) if before and before.group == group.id else ()
    fires = alert.status is AlertStatus.FIRING
    kin = kin_in(draft, group, alert)
    stood, stands = face(kin), face((*kin, alert))
    was = (stood or gone_over(alert, kin)) if stands is alert else None
    again = fires and group.is_over and not opens
    news = group.news
    if stands is alert and not _has_no_news(draft, group):
        news = changed(news, was, alert, over=stood is None) if was else _fired(news, alert, again=again)
    grown = replace(
        group,
        total=group.total if draft.state.counted and not opens else group.total + 1,
        began_at=min(group.began_at, alert.report.starts_at),
        changed_at=draft.now,
        news=news,
    )
    grown = stands_for(grown, stood, stands)
    last = last_over((*kin, *earlier)) if fires and stood is None else None
    if last and last.unheard_for:
        grown = replace(grown, unheard=max(0, grown.unheard - 1))
    if fires:
        grown = _lapsing(grown, alert)
    if again:
        grown = _back(draft, alert, grown, was)
    begins = begins_to_flap(draft, group, grown)
    placed = storms.grown(draft, grown) if fires and not opens else grown
    placed = copies.added(draft, placed, alert)
    worse = was is not None and is_graver(alert.report.severity, was.report.severity)
    moved = (placed.stand, placed.copies) != (grown.stand, grown.copies)
    _touch(draft, placed, at_once=opens or begins or worse or moved)
    return replace(alert, group=group.id, was=was.report.severity if was else None)


def _is_left(draft: Draft, near: Group, alert: Alert) -> bool:
    """Tell whether a group takes no more: it is over for long, or nothing has changed in it within its window."""
    lasts = comes_back_within(draft, alert) if near.is_closed else near.within
    return lasts is not None and near.changed_at + lasts < draft.now


def reported(draft: Draft, before: Alert, after: Alert) -> None:
    """Let the group follow what its source newly says of a member that goes on firing."""
    group = _own(draft, before)
    kin = kin_in(draft, group, before)
    stood, stands = face((*kin, before)) or before, face((*kin, after)) or after
    worse = is_graver(stands.report.severity, stood.report.severity)
    is_told = not _has_no_news(draft, group)
    news = changed(group.news, stood, stands) if is_told else group.news
    told_now = stands_for(replace(group, changed_at=draft.now, news=news), stood, stands)
    shown = digests.outgrown(draft, told_now, after)
    shown = storms.grown(draft, shown) if worse else shown
    shown = copies.added(draft, shown, after)
    _touch(draft, shown, at_once=(worse and is_told) or shown is not told_now)


def ended(draft: Draft, before: Alert, after: Alert) -> Group:
    """Let the group follow the end of a member; return it as it is then."""
    group = _own(draft, before)
    kin = kin_in(draft, group, before)
    stood, stands = face((*kin, before)), face(kin)
    news = group.news
    if not _has_no_news(draft, group):
        if stands and stood:
            news = changed(news, stood, stands)
        elif group.total > 1:
            unheard = after.unheard_for is not None
            news = replace(news, resolved=news.resolved + (not unheard), unheard=news.unheard + unheard)
    less = stands_for(replace(group, changed_at=draft.now, news=news), stood, stands)
    if after.unheard_for and stands is None:
        less = replace(less, unheard=less.unheard + 1, unheard_for=after.unheard_for)
    if not less.severities:
        less = turned(draft, after, replace(less, status=AlertStatus.RESOLVED, ended_at=after.ended_at))
        less = replace(less, lapses_at=None)
    return _touch(draft, less, at_once=less.is_closed or begins_to_flap(draft, group, less))


def adopt(draft: Draft, alert: Alert) -> Alert:
    """Return an alert as a member of its group: one from before there were groups gets one now."""
    if alert.group is None:
        show(draft, _own(draft, alert))
    return replace(alert, group=_own(draft, alert).id)


def expect(draft: Draft, alert: Alert) -> None:
    """Let a group be looked at when a member that fires may count as over, should nothing be heard of it."""
    draft.group = _woken(draft, _lapsing(_own(draft, alert), alert))


def show(draft: Draft, group: Group) -> None:
    """Show a group at once, as an act of a person's changed it; what somebody takes up is worth a message."""
    follow(draft, storms.taken_up(group))


def follow(draft: Draft, group: Group) -> None:
    """Show a group at once that changed otherwise than by a report."""
    _touch(draft, replace(group, changed_at=draft.now), at_once=True)


def review(draft: Draft) -> None:
    """Do what the time has come for: end the flapping, show what changed since the last edit, tell what is news."""
    before = draft.group or draft.state.group
    if before is None:
        return
    due = before.planned is not None and before.planned <= draft.now
    group = replace(before, turns=before.turns.steadied(draft.now), review_at=None)
    group = replace(group, planned=None) if due else group
    steady = before.flapping if group.flapping is None else None
    tell_incident(draft, group, steady)
    proposing.steadied(draft, before, group)
    if not _is_kept_back(group) and not group.digest:
        if steady or (due and (group.shown_at is None or group.changed_at > group.shown_at)):
            draft.group = group = storms.edited(draft, storms.settled(draft, replace(group, shown_at=draft.now)))
            if group.stand is not Stand.NOWHERE:
                draft.do(ShowGroup(group=group.id, channel=group.channel), *copies.of_group(group))
        if due and group.news and not group.is_mute:
            draft.do(TellGroup(group=group.id, n=group.told + 1, channel=group.channel))
    draft.group = _woken(draft, group)


def told(draft: Draft, n: int, news: News) -> None:
    """Take note that the thread has note `n`; what has come since waits for the next."""
    group = draft.state.group
    if group is None or n <= group.told:
        return
    left = News(  # what began to flap meanwhile has none
        fired=max(0, group.news.fired - news.fired),
        resolved=max(0, group.news.resolved - news.resolved),
        unheard=max(0, group.news.unheard - news.unheard),
        again=group.news.again and not news.again,
        titles=group.news.titles[len(news.titles) :],
        changes=tuple(one for one in group.news.changes if one not in news.changes),
    )
    draft.group = replace(group, told=n, news=left)
    if left:
        draft.group = _woken(draft, _planned(draft.group, draft.now))


def _own(draft: Draft, alert: Alert) -> Group:
    return draft.group or draft.state.group or alone(alert, draft.policy)


def _is_kept_back(group: Group) -> bool:
    """Tell whether nothing of a group was ever shown, and nothing is to be."""
    return group.hidden and (group.is_mute or group.is_over)


def _is_opening(draft: Draft, group: Group) -> bool:
    """Tell whether a group is so new that its message is all the news there is."""
    return group.shown_at is None or draft.now < group.opened_at + group.interval


def _has_no_news(draft: Draft, group: Group) -> bool:
    """Tell whether its thread is told nothing: it flaps, or the message is all the news there is."""
    return not group.digest and (group.flapping is not None or _is_opening(draft, group))


def _fired(news: News, alert: Alert, *, again: bool) -> News:
    titles = (*news.titles, cut(alert.report.headline, HEADLINE_LIMIT))[:NAMED]
    return replace(news, fired=news.fired + 1, again=news.again or again, titles=titles)


def _back(draft: Draft, alert: Alert, group: Group, was: Alert | None) -> Group:
    """Return a group in which something fires again; what only went over into it was no end."""
    group = replace(group, status=AlertStatus.FIRING, ended_at=None)
    known = draft.state.group
    if was and known and known.changed_at + AT_ONCE >= draft.now:
        return replace(group, turns=group.turns.taken_back())
    group = turned(draft, alert, group)
    return group if group.flapping else replace(group, acknowledged=None, assigned=None, hushed=None)


def _lapsing(group: Group, alert: Alert) -> Group:
    sooner = alert.lapses_at and (group.lapses_at is None or alert.lapses_at < group.lapses_at)
    return replace(group, lapses_at=alert.lapses_at) if sooner else group


def _touch(draft: Draft, group: Group, *, at_once: bool = False) -> Group:
    """Decide when a change is shown, and when the group is looked at again."""
    draft.group = group = _woken(draft, group if _is_kept_back(group) else _shown(draft, group, at_once=at_once))
    return group


def _shown(draft: Draft, group: Group, *, at_once: bool) -> Group:
    """Show a change now when it may be, else plan it."""
    if group.hidden:  # the first of it that is heard: now it opens, unless it waits for more anyway
        news = group.news if group.digest else News()
        group = replace(group, hidden=False, shown_at=draft.now if group.planned is None else None, news=news)
    if group.digest:
        digests.follow(draft, group)
        return group
    group = storms.settled(draft, group)
    if group.stand is Stand.NOWHERE:
        return group
    shown = group.shown_at
    if shown is not None and (at_once or shown == draft.now or shown + group.pace <= draft.now):
        draft.group = group = storms.edited(draft, replace(group, shown_at=draft.now))
        shown = draft.now
        draft.do(ShowGroup(group=group.id, channel=group.channel), *copies.of_group(group))
        if not group.news or group.is_mute:
            return group
    return _planned(group, shown or draft.now)


def _planned(group: Group, since: datetime) -> Group:
    """Let what changed be shown, or told, a while after a moment, unless that is planned already."""
    return group if group.planned else replace(group, planned=since + group.pace)


def _woken(draft: Draft, group: Group) -> Group:
    """Let a group be looked at when time alone may next change it; one that is too early is no harm."""
    moment = group.next_moment
    if moment is None or (group.review_at and group.review_at <= moment):
        return group
    draft.group = group  # how grave it is says how urgent that is
    draft.do(ReviewGroup(group=group.id), due=moment)
    return replace(group, review_at=moment)
