"""How an incident moves.

Status, severity, updates and its end. Each is recorded, said where people look, and shown on card and topic.
"""

from datetime import timedelta
from typing import assert_never

from bot.domain import archiving, calling, proposing, reminders, subscribers
from bot.domain.commands import Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.draft import Draft, groups_shown
from bot.domain.events import Event, IncidentResolved, SeverityChanged, StatusChanged, UpdateSent
from bot.domain.ids import UserId
from bot.domain.model import Severity, Status
from bot.domain.paging import ask, page
from bot.domain.read_back import ReadBack
from bot.domain.redaction import kept
from bot.domain.snoozing import SHORTEST
from bot.domain.spans import short
from bot.domain.text import TEXT_LIMIT
from bot.domain.work import PageAction, Place, PostPostmortem, Reminder, Timer
from bot.errors import Refused


def progress(draft: Draft, command: SetStatus | SetSeverity | SendUpdate | Resolve) -> None:
    """Move an open incident on."""
    match command:
        case SetStatus():
            _status(draft, command)
        case SetSeverity(severity=severity, by=by):
            if severity is not draft.open_incident().severity:
                regrade(draft, severity, by)
        case SendUpdate():
            _update(draft, command)
        case Resolve():
            _resolve(draft, command)
        case _:
            assert_never(command)


def regrade(draft: Draft, severity: Severity, by: UserId | None) -> None:
    """Say how bad an incident is now; nobody is Muster itself. When that is worth a page, somebody is woken.

    In triage nobody is, and no clock runs.
    """
    incident = draft.incident
    here = draft.policy.severities[severity]
    runs = incident.status.is_running
    pages = runs and draft.policy.paging and here.page and not incident.paged
    if runs and severity.rank < incident.severity.rank:  # before the change, which stays the last that can be undone
        calling.bring_for(draft, severity)
    tell(
        draft,
        SeverityChanged(
            at=draft.now,
            by=by,
            severity=severity,
            previous=incident.severity,
            paged=pages,
            update_every=here.update_every,
        ),
    )
    if pages:
        page(draft)
    if runs:
        _rearm(draft)
        reminders.regraded(draft, incident.severity)


def _status(draft: Draft, command: SetStatus) -> None:
    draft.running_incident()
    if command.status is Status.TRIAGE:
        message = "What is an incident does not go back to triage. Resolve it: `/incident resolve it was none`."
        raise Refused(message)
    if not command.status.is_open:
        message = "Say what fixed it: `/incident resolve rolled back the release`."
        raise Refused(message)
    previous = draft.incident.status
    if previous is command.status:
        return
    tell(draft, StatusChanged(at=draft.now, by=command.by, status=command.status, previous=previous))


def _update(draft: Draft, command: SendUpdate) -> None:
    draft.running_incident()
    text = kept(command.text, TEXT_LIMIT).strip()
    if not text:
        message = "Say how it stands: `/incident update we are rolling back, next update in 30 minutes`."
        raise Refused(message)
    impact, doing = (kept(said, TEXT_LIMIT).strip() for said in (command.impact, command.doing))
    every = _promised(draft, command)
    telling = subscribers.planned(draft, command.by)
    event = UpdateSent(
        at=draft.now,
        by=command.by,
        text=text,
        impact=impact,
        doing=doing,
        update_every=every,
    )
    tell(draft, telling.of(event))
    subscribers.tell(draft, telling)
    _rearm(draft)


def _promised(draft: Draft, command: SendUpdate) -> timedelta:
    """Return in how long the next update is owed: as the severity wants it, or as soon as was promised."""
    severity = draft.incident.severity
    every = draft.policy.severities[severity].update_every
    if command.next_in is None:
        return every
    if not SHORTEST <= command.next_in <= every:
        message = (
            f"The next update of a {severity.label} comes within {short(every)}. "
            "To put it off, say why: `/incident snooze 30m why`."
        )
        raise Refused(message)
    return command.next_in


def _resolve(draft: Draft, command: Resolve) -> None:
    draft.running_incident()
    resolution = kept(command.resolution, TEXT_LIMIT).strip()
    if not resolution:
        message = "Say what fixed it: `/incident resolve rolled back the release`."
        raise Refused(message)
    telling = subscribers.planned(draft, command.by)
    ended = IncidentResolved(at=draft.now, by=command.by, resolution=resolution)
    seq = tell(draft, telling.of(ended))
    subscribers.tell(draft, telling)
    put_away(draft, PostPostmortem(incident=draft.incident.id, seq=seq))


def put_away(draft: Draft, *reports: PostPostmortem) -> None:
    """Let what follows from an incident end with it; a report is made when all that was said is read."""
    incident = draft.incident
    archiving.plan(draft)
    if incident.paged:
        ask(draft, PageAction.RESOLVE)
    since = incident.declared_at if incident.adopts else None  # what was said before was taken when it was converted
    draft.do(ReadBack(incident=incident.id, final=True, since=since), *reports)
    proposing.show_end(draft)
    # Their messages say so, and offer to declare again what still fires.
    draft.do(*groups_shown(incident))


def tell(draft: Draft, event: Event) -> int:
    """Record that something happened, say it where people look, and show it."""
    seq = draft.happened(event)
    draft.say(seq, event, Place.CHANNEL, Place.ANNOUNCEMENT)
    draft.refresh()
    return seq


def _rearm(draft: Draft) -> None:
    draft.do(Timer(incident=draft.incident.id, about=Reminder.UPDATE), due=draft.incident.update_due)
