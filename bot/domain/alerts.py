"""Alerts: one row an episode, each a member of its group, whatever order the reports come in.

Alertmanager's peers repeat, overtake and contradict each other: a "firing" that began no later than the last episode
ended is stale and re-opens nothing (https://github.com/prometheus/alertmanager/issues/4008). An end that overtakes its
firing is remembered (`Alert.is_unseen`) and not shown: the firing, when it comes, is shown as what is over. An end from
before the last firing's start is an earlier episode's, and ends nothing (`Alert.last_start`).
"""

from datetime import datetime, timedelta

from bot.domain import course, grouping, paging, proposing, silencing
from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.alerts_model import Acknowledgement, Alert, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, ReportAlert
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_acts import known_group
from bot.domain.ids import AlertId
from bot.domain.kin import kin_of
from bot.domain.names import short_digest
from bot.domain.text import TITLE_LIMIT, cut
from bot.domain.watching import watch
from bot.domain.work import Place
from bot.errors import Refused


def identity(report: ReportedAlert) -> str:
    """Return what names a series for good.

    Source, integration and fingerprint, joined so that no two pairs look alike.
    """
    return short_digest(report.source, report.integration, report.fingerprint)


def report(draft: Draft, command: ReportAlert) -> None:
    """Take in what a source says of an alert; `state.alert` is the newest episode of its series."""
    told, known = command.report, draft.state.alert
    if told.status is AlertStatus.FIRING:
        _firing(draft, told, known)
    elif known and known.status is AlertStatus.FIRING:
        _ended(draft, told, known)
    elif known is None or told.starts_at > _end_of(known):
        _ended_unseen(draft, told, known)
    if draft.alert:
        silencing.tell_others(draft, known, draft.alert)
        watch(draft, [draft.alert])


def acknowledge(draft: Draft, command: AcknowledgeAlert) -> None:
    """Somebody takes a group of alerts up; the first one counts."""
    group = known_group(draft)
    if group.acknowledged:
        message = f"This alert was already acknowledged at {group.acknowledged.at:%H:%M} UTC."
        raise Refused(message)
    if group.is_closed:
        message = "This alert is resolved already; nothing is left to acknowledge."
        raise Refused(message)
    grouping.show(draft, replace(group, acknowledged=Acknowledgement(by=command.by, at=draft.now)))
    incident = draft.state.incident
    if incident and incident.status.is_open:
        takes = incident.page_is_out
        event = AlertAcknowledged(at=draft.now, by=command.by, alert=group.lead, title=group.title, takes_page=takes)
        draft.happened(event)
        if takes:
            paging.taken_up(draft)


def attach(draft: Draft, alert: Alert) -> Alert:
    """Let an alert belong to the draft's incident; return it so."""
    draft.happened(attached(draft, alert))
    return replace(alert, incident=draft.incident.id)


def attach_all(draft: Draft) -> None:
    """Let what a group got while its incident was over belong to that, which is open again; nobody is told anew.

    The reopening itself cannot do it: it holds the incident alone, and alerts and groups are locked before that.
    """
    incident = draft.state.incident
    if incident is None or not incident.status.is_open:
        return
    missing = [alert for alert in draft.state.alerts if alert.incident != incident.id]
    draft.alerts += [attach(draft, alert) for alert in missing]
    if missing:
        draft.refresh()


def attached(draft: Draft, alert: Alert, *, rule: str | None = None, all_of: int = 0) -> AlertAttached:
    """Return what happens when an alert becomes an incident's."""
    return AlertAttached(
        at=draft.now,
        alert=alert.id,
        title=cut(alert.report.headline, TITLE_LIMIT),
        starts_at=alert.report.starts_at,
        source_url=alert.report.source_url,
        group=alert.group,
        rule=rule,
        all_of=all_of,
    )


def _firing(draft: Draft, told: ReportedAlert, known: Alert | None) -> None:
    if known and known.status is AlertStatus.FIRING:
        _firing_on(draft, told, known)
        return
    if known and told.starts_at <= _end_of(known):
        if known.is_unseen and (known.earlier_end is None or told.starts_at > known.earlier_end):
            over = replace(_new(draft, told), id=known.id, status=AlertStatus.RESOLVED, ended_at=known.ended_at)
            draft.alert = grouping.join(draft, over, known)
        if known.unheard_for is None:
            return
        # Nobody has ever said that it was over: it goes on, as an episode that is newer than what we made its end.
        told = replace(told, starts_at=max(draft.now, _end_of(known) + timedelta(microseconds=1)))
    draft.alert = grouping.join(draft, silencing.heard(draft, _heard(draft, _new(draft, told))), known)
    if draft.group is None or draft.state.incident is None:
        return
    if course.fires_again(draft, draft.alert, known):
        draft.group = replace(draft.group, incident=draft.incident.id)
        course.reopen(draft, cut(draft.alert.report.headline, TITLE_LIMIT), by=None, alert=draft.alert.id)
    if draft.group.incident and draft.incident.status.is_open:
        draft.alert = attach(draft, draft.alert)
        proposing.take_back(draft)
        draft.refresh()


def _firing_on(draft: Draft, told: ReportedAlert, known: Alert) -> None:
    """It goes on, or its next episode came before this one's end: that end must not end what fires since."""
    if is_old_news(draft, told, known):
        return
    begun = max(told.starts_at, last_start(known))
    changed = grouping.adopt(draft, replace(known, last_start=begun if begun > known.report.starts_at else None))
    if replace(told, starts_at=known.report.starts_at, ends_at=known.report.ends_at) != known.report:
        was = known.was if told.severity is known.report.severity else known.report.severity
        changed = replace(changed, report=replace(told, starts_at=known.report.starts_at), was=was)
    changed = silencing.heard(draft, _heard(draft, changed))
    if (changed.report, changed.mute) != (known.report, known.mute):
        grouping.reported(draft, known, changed)
    if changed.lapses_at:
        grouping.expect(draft, changed)
    draft.alert = changed if changed != known else None


def is_old_news(draft: Draft, told: ReportedAlert, known: Alert | None) -> bool:
    """Tell whether a report changes nothing, as most do: what fires is told again, word for word.

    Of what surrounds the alert only what may keep it quiet is asked for.
    """
    if known is None or {told.status, known.status} != {AlertStatus.FIRING}:
        return False
    if told != known.report or not known.group:
        return False
    return silencing.heard(draft, _heard(draft, known)) is known


def _heard(draft: Draft, alert: Alert) -> Alert:
    """Return an alert that was told just now; where silence means something, with the moment when it does."""
    lasts = draft.policy.resolve_after(alert.report)
    return replace(alert, heard_at=draft.now, lapses_at=draft.now + lasts) if lasts else alert


def _ended_unseen(draft: Draft, told: ReportedAlert, known: Alert | None) -> None:
    ended_at = max(told.starts_at, min(told.ends_at or draft.now, draft.now))
    if known and known.is_unseen:
        alert = known
    else:
        earlier = (known.ended_at, known.group) if known else (None, None)
        alert = replace(_new(draft, told), earlier_end=earlier[0], group=earlier[1])
    draft.alert = replace(alert, report=told, status=AlertStatus.RESOLVED, ended_at=ended_at)


def _new(draft: Draft, told: ReportedAlert) -> Alert:
    return Alert(
        id=AlertId(short_digest(identity(told), told.starts_at.isoformat())),
        report=told,
        status=AlertStatus.FIRING,
        first_seen_at=draft.now,
        service=draft.policy.service_of(told),
        runbook_url=draft.policy.runbook_for(told),
        channel=draft.policy.routed(told).channel,
        kin=kin_of(told, draft.policy.alert_severities.label),
    )


def last_start(known: Alert) -> datetime:
    """Return when it last began to fire, as far as its source says: no end of it is earlier."""
    return known.last_start or known.report.starts_at


def _end_of(known: Alert) -> datetime:
    return known.ended_at or known.report.starts_at


def _ended(draft: Draft, told: ReportedAlert, known: Alert) -> None:
    if told.ends_at and told.ends_at < last_start(known):
        return
    # By our clock, but never before its start: the sender's may be ahead of ours.
    ended_at = max(min(told.ends_at or draft.now, draft.now), last_start(known))
    over = replace(grouping.adopt(draft, known), status=AlertStatus.RESOLVED, ended_at=ended_at)
    draft.alert = close(draft, known, over)


def close(draft: Draft, known: Alert, over: Alert) -> Alert:
    """Let an alert that fired be over: its group and its incident follow. Return it so."""
    over = replace(over, lapses_at=None)
    group = grouping.ended(draft, known, over)
    incident = draft.state.incident
    if incident is None or over.incident != incident.id:
        return over
    event = AlertEnded(
        at=draft.now,
        alert=known.id,
        title=known.report.headline,
        ended_at=over.ended_at or draft.now,
        all_of=group.total if group.is_over else 0,
        unheard_for=over.unheard_for,
    )
    seq = draft.happened(event)
    if incident.status.is_open:
        if group.is_closed:
            draft.say(seq, event, Place.CHANNEL)
            proposing.look_later(draft)
        draft.refresh()
    return over
