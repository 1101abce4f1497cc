"""The course of an incident as a whole: what was resolved is closed, or was not over and is open again.

Reopened, an incident is under way as when it was declared: everybody is told, updates are owed, somebody is paged when
its severity says so. It is paged under a key of its own (paging.py): what is left of the page before cannot end it.
"""

from typing import assert_never

from bot.domain import proposing
from bot.domain.alerts_model import Alert
from bot.domain.course_commands import Close, CourseCommand, Reopen
from bot.domain.course_events import IncidentClosed, IncidentReopened
from bot.domain.draft import Draft, groups_shown
from bot.domain.ids import AlertId, UserId
from bot.domain.model import Status
from bot.domain.paging import page
from bot.domain.progress import TEXT_LIMIT, tell
from bot.domain.read_back import ReadBack
from bot.domain.record import READ_BACK_EVERY
from bot.domain.redaction import kept
from bot.domain.work import Reminder, Timer
from bot.errors import Refused


def decide(draft: Draft, command: CourseCommand) -> None:
    """Do what somebody asks."""
    match command:
        case Reopen():
            _reopen(draft, command)
        case Close(by=by):
            _close(draft, by)
        case _:
            assert_never(command)


def reopen(draft: Draft, reason: str, *, by: UserId | None, alert: AlertId | None = None) -> None:
    """Let an incident that is over be open again."""
    over = draft.incident
    here = draft.policy.severities[over.severity]
    event = IncidentReopened(
        at=draft.now,
        by=by,
        n=over.reopened + 1,
        reason=reason,
        alert=alert,
        paged=draft.policy.paging and here.page,
        update_every=here.update_every,
    )
    tell(draft, event)
    incident = draft.incident
    if incident.paged:
        page(draft)
    draft.do(Timer(incident=incident.id, about=Reminder.UPDATE), due=incident.update_due)
    draft.do(Timer(incident=incident.id, about=Reminder.COMMAND), due=draft.now + draft.policy.vacant_after)
    draft.do(ReadBack(incident=incident.id, since=over.resolved_at), due=draft.now + READ_BACK_EVERY)
    proposing.end(draft, by)
    draft.do(*groups_shown(incident))


def fires_again(draft: Draft, alert: Alert, known: Alert | None) -> bool:
    """Tell whether an alert says that its incident was not over: it fires again soon after that, or after its own end.

    It does when all of its group was over, or when it is a series (`known`: its last episode) that the incident had.
    What is quiet says nothing, and what only changed its severity fires as before.
    """
    incident, before = draft.incident, draft.state.group
    if incident.resolved_at is None or alert.mute or alert.was or (draft.group and draft.group.is_mute):
        return False
    again = (before and before.is_over) or (known and known.incident == incident.id)
    since = max(incident.resolved_at, incident.last_alert_ended_at or incident.resolved_at)
    return bool(again) and draft.now <= since + draft.policy.reopen_within


def _reopen(draft: Draft, command: Reopen) -> None:
    incident = draft.incident
    if incident.status.is_open:
        message = f"{incident.label} is open: there is nothing to reopen."
        raise Refused(message)
    reason = kept(command.reason, TEXT_LIMIT).strip()
    if not reason:
        message = f"Say what happened: `/incident reopen {incident.label} errors are back`."
        raise Refused(message)
    reopen(draft, reason, by=command.by)


def _close(draft: Draft, by: UserId) -> None:
    incident = draft.incident
    if incident.status is Status.CLOSED:
        message = f"{incident.label} is closed already."
        raise Refused(message)
    if incident.status is not Status.RESOLVED:
        message = f"{incident.label} is not resolved yet: `/incident resolve {incident.label} what fixed it`."
        raise Refused(message)
    tell(draft, IncidentClosed(at=draft.now, by=by))
