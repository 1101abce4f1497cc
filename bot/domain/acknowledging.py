"""The target in which a page is to be acknowledged: when it passes without, that is said once, and a level is called.

Acknowledged is what somebody commands, and whose page, call or alert somebody has taken up since it was last reopened.
A timer is never cancelled: whether it still matters is decided when it fires.
"""

from datetime import datetime
from typing import Final

from bot.domain import calling
from bot.domain.course_events import IncidentAccepted, IncidentReopened
from bot.domain.draft import Draft
from bot.domain.events import IncidentDeclared, SeverityChanged
from bot.domain.spans import short
from bot.domain.unacknowledged import AcknowledgementMissed, AwaitAcknowledgement
from bot.domain.work import Place

_TURNS: Final = IncidentDeclared | IncidentAccepted | IncidentReopened | SeverityChanged


def follow(draft: Draft) -> None:
    """Plan to look after an incident that has just begun, or is another severity now."""
    if any(isinstance(event, _TURNS) for event in draft.events):
        plan(draft)


def plan(draft: Draft) -> None:
    """Plan to look when the target passes; at once when it has, because the severity has another."""
    due = _target(draft)
    if due is not None:
        draft.do(AwaitAcknowledgement(incident=draft.incident.id), due=max(due, draft.now))


def review(draft: Draft) -> None:
    """Say that the target has passed, and call the first level of the escalation path unless somebody escalated."""
    due = _target(draft)
    if due is None or draft.incident.is_acknowledged:
        return
    if draft.now < due:
        plan(draft)
        return
    severity = draft.incident.severity
    here = draft.policy.severities[severity]
    assert here.acknowledge_within is not None  # noqa: S101 - else nothing is due
    callees = calling.first_level(draft)
    level = 1 if callees else draft.incident.level
    event = AcknowledgementMissed(
        at=draft.now,
        severity=severity,
        within=here.acknowledge_within,
        level=1 if callees else 0,
        further=len(here.escalation) > level,
    )
    draft.say(draft.happened(event), event, Place.CHANNEL, Place.ANNOUNCEMENT)
    if callees:
        calling.call_first_level(draft, callees, f"nobody has acknowledged it within {short(here.acknowledge_within)}")


def _target(draft: Draft) -> datetime | None:
    """Return when the target passes; None when there is none, or it was told already that it passed."""
    incident = draft.incident
    within, since = draft.policy.severities[incident.severity].acknowledge_within, incident.pages_since
    return None if within is None or since is None or incident.unacknowledged_at else since + within
