"""Alerts: one row an episode, one message an episode, whatever order the reports come in.

Alertmanager's peers repeat, overtake and contradict each other: a "firing" that began no later than the last episode
ended is stale and re-opens nothing (https://github.com/prometheus/alertmanager/issues/4008). An end that overtakes its
firing is remembered (`Alert.is_unseen`) and not shown: the firing, when it comes, is shown as what is over. An end from
before the last firing's start is an earlier episode's, and ends nothing (`Alert.last_start`).
"""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from bot.domain.commands import AcknowledgeAlert, ReportAlert
from bot.domain.draft import Draft
from bot.domain.events import AlertAcknowledged, AlertEnded
from bot.domain.model import Acknowledgement, Alert, AlertId, AlertStatus, ReportedAlert
from bot.domain.work import Place, ShowAlert
from bot.errors import Refused


def identity(report: ReportedAlert) -> str:
    """Return what names a series for good.

    Source, integration and fingerprint, joined so that no two pairs look alike.
    """
    return _digest(report.source, report.integration, report.fingerprint)


def report(draft: Draft, command: ReportAlert) -> None:
    """Take in what a source says of an alert; `state.alert` is the newest episode of its series."""
    told, known = command.report, draft.state.alert
    if told.status is AlertStatus.FIRING:
        _firing(draft, told, known)
    elif known and known.status is AlertStatus.FIRING:
        _ended(draft, told, known)
    elif known is None or told.starts_at > _end_of(known):
        _ended_unseen(draft, told, known)


def acknowledge(draft: Draft, command: AcknowledgeAlert) -> None:
    """Somebody takes an alert up; the first one counts."""
    alert = draft.state.alert
    if alert is None:
        message = "I do not know this alert any more."
        raise Refused(message)
    if alert.acknowledged:
        message = f"This alert was already acknowledged at {alert.acknowledged.at:%H:%M} UTC."
        raise Refused(message)
    if alert.status is AlertStatus.RESOLVED:
        message = "This alert is resolved already; nothing is left to acknowledge."
        raise Refused(message)
    draft.alert = replace(alert, acknowledged=Acknowledgement(by=command.by, at=draft.now))
    draft.do(ShowAlert(alert=alert.id, channel=alert.channel))
    if draft.state.incident and draft.state.incident.status.is_open:
        draft.happened(AlertAcknowledged(at=draft.now, by=command.by, alert=alert.id, title=alert.report.headline))


def _firing(draft: Draft, told: ReportedAlert, known: Alert | None) -> None:
    if known and known.status is AlertStatus.FIRING:
        _firing_on(draft, told, known)
        return
    if known and told.starts_at <= _end_of(known):
        if known.is_unseen and (known.earlier_end is None or told.starts_at > known.earlier_end):
            draft.alert = replace(_new(draft, told), id=known.id, status=AlertStatus.RESOLVED, ended_at=known.ended_at)
            draft.do(ShowAlert(alert=known.id, channel=draft.alert.channel))
        return
    draft.alert = _new(draft, told)
    draft.do(ShowAlert(alert=draft.alert.id, channel=draft.alert.channel))


def _firing_on(draft: Draft, told: ReportedAlert, known: Alert) -> None:
    """It goes on, or its next episode came before this one's end: that end must not end what fires since."""
    begun = max(told.starts_at, _last_start(known))
    changed = replace(known, last_start=begun if begun > known.report.starts_at else None)
    if replace(told, starts_at=known.report.starts_at, ends_at=known.report.ends_at) != known.report:
        changed = replace(changed, report=replace(told, starts_at=known.report.starts_at))
        draft.do(ShowAlert(alert=known.id, channel=known.channel))
    draft.alert = changed if changed != known else None


def _ended_unseen(draft: Draft, told: ReportedAlert, known: Alert | None) -> None:
    ended_at = max(told.starts_at, min(told.ends_at or draft.now, draft.now))
    if known and known.is_unseen:
        alert = known
    else:
        alert = replace(_new(draft, told), earlier_end=known.ended_at if known else None)
    draft.alert = replace(alert, report=told, status=AlertStatus.RESOLVED, ended_at=ended_at)


def _new(draft: Draft, told: ReportedAlert) -> Alert:
    return Alert(
        id=AlertId(_digest(identity(told), told.starts_at.isoformat())),
        report=told,
        status=AlertStatus.FIRING,
        first_seen_at=draft.now,
        service=draft.policy.service_of(told),
        runbook_url=draft.policy.runbook_for(told),
        channel=draft.policy.channel_for(told),
    )


def _last_start(known: Alert) -> datetime:
    return known.last_start or known.report.starts_at


def _end_of(known: Alert) -> datetime:
    return known.ended_at or known.report.starts_at


def _ended(draft: Draft, told: ReportedAlert, known: Alert) -> None:
    if told.ends_at and told.ends_at < _last_start(known):
        return
    # By our clock, but never before its start: the sender's may be ahead of ours.
    ended_at = max(min(told.ends_at or draft.now, draft.now), _last_start(known))
    draft.alert = replace(known, status=AlertStatus.RESOLVED, ended_at=ended_at)
    draft.do(ShowAlert(alert=known.id, channel=known.channel))
    incident = draft.state.incident
    if incident is None:
        return
    event = AlertEnded(at=draft.now, alert=known.id, title=known.report.headline, ended_at=ended_at)
    seq = draft.happened(event)
    if incident.status.is_open:
        draft.say(seq, event, Place.CHANNEL)
        draft.refresh()


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:20]
