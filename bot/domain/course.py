"""The course of an incident as a whole: into it from triage, or not; closed at its end, or not over and open again.

Accepted, what was in triage is as if it had been declared then: everybody is told, updates are owed, somebody is paged.

Reopened, an incident is under way as when it was declared: everybody is told, updates are owed, somebody is paged when
its severity says so. It is paged under a key of its own (paging.py): what is left of the page before cannot end it.
"""

from typing import assert_never

from bot.domain import archiving, calling, proposing, subscribers
from bot.domain.alerts_model import Alert
from bot.domain.course_commands import Accept, Close, Decline, Reopen
from bot.domain.course_events import IncidentAccepted, IncidentClosed, IncidentDeclined, IncidentReopened
from bot.domain.draft import Draft, groups_shown
from bot.domain.group_work import AttachAlerts
from bot.domain.ids import AlertId, UserId
from bot.domain.model import Status
from bot.domain.over import why_not_in_triage, why_not_reopened
from bot.domain.paging import on_call_for, page
from bot.domain.progress import put_away, tell
from bot.domain.read_back import ReadBack
from bot.domain.record import READ_BACK_EVERY
from bot.domain.redaction import kept
from bot.domain.text import TEXT_LIMIT
from bot.domain.work import InvitePeople, Place, Reminder, Timer
from bot.errors import Refused


def decide(draft: Draft, command: Accept | Decline | Reopen | Close) -> None:
    """Do what somebody asks."""
    match command:
        case Reopen():
            _reopen(draft, command)
        case Close():
            _close(draft, command)
        case Accept(by=by):
            _in_triage(draft)
            accept(draft, by=by)
        case Decline():
            _decline(draft, command)
        case _:
            assert_never(command)


def accept(draft: Draft, *, by: UserId | None, rule: str | None = None) -> None:
    """Let what is in triage be an incident."""
    suspected = draft.incident
    here = draft.policy.severities[suspected.severity]
    # Into a private one nobody comes whose phone does not ring for it: the others are not paged.
    of_whom = suspected.services[:1] if suspected.private else suspected.services
    wanted = (*((by,) if by else ()), *on_call_for(draft, of_whom))
    event = IncidentAccepted(
        at=draft.now,
        by=by,
        called=tuple(user for user in dict.fromkeys(wanted) if user not in suspected.responders),
        paged=draft.policy.paging and here.page and not suspected.paged,
        update_every=here.update_every,
        rule=rule,
    )
    draft.say(draft.happened(event), event, Place.CHANNEL)  # to everybody else the announcement itself is the news
    draft.refresh()
    if event.paged:
        page(draft)
    if event.called:
        draft.do(InvitePeople(incident=suspected.id, users=event.called))
    calling.bring_for(draft, suspected.severity)
    _start_clocks(draft)
    draft.do(*groups_shown(suspected))


def reopen(draft: Draft, reason: str, *, by: UserId | None, alert: AlertId | None = None) -> None:
    """Let an incident that is over be open again."""
    over = draft.incident
    here = draft.policy.severities[over.severity]
    telling = subscribers.planned(draft, by, anew=True)
    event = IncidentReopened(
        at=draft.now,
        by=by,
        n=over.reopened + 1,
        reason=reason,
        alert=alert,
        paged=draft.policy.paging and here.page,
        update_every=here.update_every,
        archived=over.channel if over.is_archived else None,
    )
    event = telling.of(event)
    everybody = Place.COMMS if over.unannounced else Place.ANNOUNCEMENT  # the announcement itself is the news
    seq = draft.happened(event)
    archiving.go_on(draft, over, anew=event.archived is not None)
    draft.say(seq, event, Place.CHANNEL, everybody)
    if event.archived:
        archiving.show_again(draft)
    subscribers.tell(draft, telling)
    draft.refresh()
    if event.paged:
        page(draft)
    _start_clocks(draft)
    if over.channel and not event.archived:  # else the opening begins to read
        draft.do(ReadBack(incident=over.id, since=over.ended_at), due=draft.now + READ_BACK_EVERY)
    proposing.end(draft, by)
    archiving.reopened(draft)
    draft.do(*groups_shown(over), *(AttachAlerts(group=group) for group in over.groups))


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


def _start_clocks(draft: Draft) -> None:
    incident = draft.incident
    draft.do(Timer(incident=incident.id, about=Reminder.UPDATE), due=incident.update_due)
    vacant_after = draft.policy.vacant_after_of(incident.severity)
    draft.do(Timer(incident=incident.id, about=Reminder.COMMAND), due=draft.now + vacant_after)


def _in_triage(draft: Draft) -> None:
    if draft.incident.status is not Status.TRIAGE:
        raise Refused(why_not_in_triage(draft.incident))


def _decline(draft: Draft, command: Decline) -> None:
    _in_triage(draft)
    reason = kept(command.reason, TEXT_LIMIT).strip()
    if not reason:
        message = f"Say why it is none: `/incident decline {draft.incident.label} the load test is over`."
        raise Refused(message)
    telling = subscribers.planned(draft, command.by)
    tell(draft, telling.of(IncidentDeclined(at=draft.now, by=command.by, reason=reason)))
    subscribers.tell(draft, telling)
    put_away(draft)


def _reopen(draft: Draft, command: Reopen) -> None:
    incident = draft.incident
    if why_not := why_not_reopened(incident):
        raise Refused(why_not)
    reason = kept(command.reason, TEXT_LIMIT).strip()
    if not reason:
        message = f"Say what happened: `/incident reopen {incident.label} errors are back`."
        raise Refused(message)
    reopen(draft, reason, by=command.by)


def _close(draft: Draft, command: Close) -> None:
    incident = draft.incident
    if incident.status is Status.CLOSED:
        message = f"{incident.label} is closed already."
        raise Refused(message)
    if incident.status is not Status.RESOLVED:
        message = f"{incident.label} is not resolved yet: `/incident resolve {incident.label} what fixed it`."
        raise Refused(message)
    left = len(incident.open_actions)
    if left and not command.anyway:
        items = "1 action item is" if left == 1 else f"{left} action items are"
        message = f"{items} open. See `/incident action {incident.label}`, or close it: `/incident close anyway`."
        raise Refused(message)
    tell(draft, IncidentClosed(at=draft.now, by=command.by))
