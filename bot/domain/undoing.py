"""Undo: the last change of an incident is taken back by an event of its own; the record keeps both.

What people have heard, or a phone has rung for, cannot be taken back: it is refused with what to do instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from bot.domain import acknowledging, communicating, following_up, linking
from bot.domain.action_items import ActionAdded, ActionAssigned, ActionDueSet, ActionEnded, ActionReopened
from bot.domain.calls import PeopleCalled, PeopleInvited
from bot.domain.copying import replace
from bot.domain.course_events import (
    CourseEvent,
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.draft import Draft
from bot.domain.events import IncidentResolved, RoleAssigned, SeverityChanged, StatusChanged, TimelineRow, UpdateSent
from bot.domain.handovers import HandoverOffered
from bot.domain.ids import IncidentId
from bot.domain.links import Linked, Unlinked
from bot.domain.model import Incident, Severity, Status
from bot.domain.noticed import AwaitStructure
from bot.domain.progress import tell
from bot.domain.reminders import rearm_command, regraded
from bot.domain.roles_model import Role, label_of
from bot.domain.task_commands import (
    ActionCommand,
    ChangeAction,
    EndAction,
    LinkThing,
    ReopenAction,
    UndoChange,
    UnlinkThing,
)
from bot.domain.undone import Change, ChangeUndone
from bot.domain.work import Place, Reminder, SendDuties, Timer
from bot.errors import Refused

OfAction = ActionAdded | ActionAssigned | ActionEnded | ActionReopened
OfLink = Linked | Unlinked
Undoable = StatusChanged | SeverityChanged | RoleAssigned | OfAction | ActionDueSet | OfLink
_FINAL: Final = IncidentResolved | CourseEvent | UpdateSent | PeopleCalled | PeopleInvited | HandoverOffered
# Of these the row behind tells what is so again, and is itself no change that somebody made.
_TOLD_BEHIND: Final = frozenset({Change.LINK, Change.ACTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last change of an incident, and where it stands in the timeline."""

    seq: int
    event: Undoable

    @property
    def what(self) -> Change:
        """Return what was changed."""
        match self.event:
            case StatusChanged():
                return Change.STATUS
            case SeverityChanged():
                return Change.SEVERITY
            case RoleAssigned():
                return Change.ROLE
            case Linked() | Unlinked():
                return Change.LINK
            case _:
                return Change.ACTION

    @property
    def other(self) -> IncidentId | None:
        """Return the other incident that it is about."""
        return self.event.incident if isinstance(self.event, OfLink) else None


def last_change(incident: Incident, rows: Sequence[TimelineRow]) -> Last:
    """Return the last change that can be taken back.

    Raises:
        Refused: there is none, or the last one cannot be; and what to do instead.
    """
    gone = {row.event.of for row in rows if isinstance(row.event, ChangeUndone)}
    gone |= {row.seq + 1 for row in rows if isinstance(row.event, ChangeUndone) and row.event.what in _TOLD_BEHIND}
    for row in reversed(rows):
        if row.seq in gone:
            continue
        if isinstance(row.event, _FINAL):
            raise Refused(_instead(incident, row.event))
        if isinstance(row.event, Undoable):
            if why := _why_not(incident, row.event):
                raise Refused(why)
            return Last(seq=row.seq, event=row.event)
    message = f"Nothing was changed in {incident.label} that could be undone."
    raise Refused(message)


def undo(draft: Draft, command: UndoChange) -> None:
    """Take the last change back, if it is still the one that was meant."""
    found = last_change(draft.incident, draft.state.rows)
    if (found.seq, found.what, found.other) != (command.seq, command.what, command.other):
        message = "Something else was changed meanwhile. Look again: `/incident undo`."
        raise Refused(message)
    event = found.event
    match event:
        case StatusChanged():
            draft.running_incident()
            tell(draft, _moved_back(draft, command, found, event.previous))
        case SeverityChanged():
            draft.open_incident()
            _regrade(draft, command, found, event.previous)
        case RoleAssigned():
            draft.open_incident()
            _give_back(draft, command, found, event)
        case Linked() | Unlinked():
            draft.happened(_undone(draft, command, found))
            linking.decide(draft, _link_back(command, event))
        case ActionDueSet(n=n, previous=due):  # as it was, though that day may be over by now
            draft.happened(_undone(draft, command, found))
            following_up.move(draft, n, due, command.by)
        case _:
            draft.happened(_undone(draft, command, found))
            following_up.decide(draft, _action_back(command, event))


def _undone(draft: Draft, command: UndoChange, found: Last) -> ChangeUndone:
    return ChangeUndone(at=draft.now, by=command.by, of=found.seq, what=found.what)


def _moved_back(draft: Draft, command: UndoChange, found: Last, status: Status) -> ChangeUndone:
    """Return the undoing of a status; what was mitigated is mitigated since it was said to be first."""
    since = [
        row.event.at
        for row in draft.state.rows
        if row.seq < found.seq and isinstance(row.event, StatusChanged) and row.event.status is Status.MONITORING
    ]
    mitigated = since[-1] if since and status is Status.MONITORING else None
    return replace(_undone(draft, command, found), status=status.value, mitigated_at=mitigated)


def _regrade(draft: Draft, command: UndoChange, found: Last, severity: Severity) -> None:
    runs, before = draft.incident.status.is_running, draft.incident.severity
    every = draft.policy.severities[severity].update_every
    event = ChangeUndone(
        at=draft.now,
        by=command.by,
        of=found.seq,
        what=found.what,
        severity=severity.value,
        update_every=every if runs else None,
    )
    tell(draft, event)
    if runs:
        draft.do(Timer(incident=draft.incident.id, about=Reminder.UPDATE), due=draft.incident.update_due)
        regraded(draft, before)
        acknowledging.plan(draft)
        if severity is Severity.SEV1:
            draft.do(AwaitStructure(incident=draft.incident.id), due=draft.now + draft.policy.structure_after)


def _give_back(draft: Draft, command: UndoChange, found: Last, event: RoleAssigned) -> None:
    before = draft.incident.duties.get(event.role)
    undone = ChangeUndone(
        at=draft.now,
        by=command.by,
        of=found.seq,
        what=found.what,
        role=event.role,
        user=event.previous,
        previous=event.user,
    )
    seq = draft.happened(undone)
    draft.say(seq, undone, Place.CHANNEL)
    number = draft.incident.id
    if before:
        draft.do(SendDuties(incident=number, role=event.role, user=event.user, seq=before.seq))
    if event.previous:
        communicating.given(draft, event.role, event.previous)
        draft.do(SendDuties(incident=number, role=event.role, user=event.previous, seq=seq))
    elif event.role is Role.COMMANDER and draft.incident.status.is_running:
        rearm_command(draft, draft.now)
    draft.refresh()


def _link_back(command: UndoChange, event: OfLink) -> LinkThing | UnlinkThing:
    to, url, n = event.incident, event.url, command.incident
    if isinstance(event, Linked) and event.was is None:
        return UnlinkThing(incident=n, by=command.by, to=to, url=url)
    relation = event.was if isinstance(event, Linked) and event.was else event.relation
    return LinkThing(incident=n, by=command.by, to=to, url=url, relation=relation)


def _action_back(command: UndoChange, event: OfAction) -> ActionCommand:
    n, by, at = command.incident, command.by, event.n
    match event:
        case ActionAdded():
            return EndAction(incident=n, n=at, by=by, dropped=True)
        case ActionAssigned(previous=previous, was_zone=zone):
            return ChangeAction(incident=n, n=at, by=by, user=previous, zone=zone)
        case ActionEnded():
            return ReopenAction(incident=n, n=at, by=by)
        case ActionReopened(how=how):
            return EndAction(incident=n, n=at, by=by, dropped=how == "dropped")
        case _:
            assert_never(event)


def _why_not(incident: Incident, event: Undoable) -> str | None:
    """Return why a change of a kind that can be undone cannot be, and what to do instead."""
    match event:
        case SeverityChanged(by=None):
            return "Muster itself changed the severity, because of an alert. Set it: `/incident severity sev3`."
        case SeverityChanged(paged=True):
            return "The severity paged somebody, which cannot be undone. Set it: `/incident severity sev3`."
        case RoleAssigned(takes_page=True):
            return "Taking command acknowledged the page: that stays. Hand over: `/incident handover ic @person`."
        case RoleAssigned(handover=int(), role=role):
            return f"They accepted to be the {label_of(role)}. Ask them to hand it back: `/incident handover @person`."
        case RoleAssigned(previous=previous, role=role) if previous in incident.gone:
            return f"Who was the {label_of(role)} before has left. Give it to somebody: `/incident role`."
        case ActionAssigned(previous=None, n=n):
            return f"Action item {n} was nobody's before. Give it to somebody else: `/incident action {n} @person`."
        case _:
            return None


def _instead(incident: Incident, event: object) -> str:
    """Return why the last change cannot be taken back, and what to do instead."""
    match event:
        case IncidentResolved():
            return f"Everybody was told that it is over. Open it again: `/incident reopen {incident.label} why`."
        case IncidentReopened():
            return "Everybody was told that it is open again. End it: `/incident resolve what fixed it`."
        case IncidentAccepted():
            return "Everybody was told that it is an incident. Is it none? End it: `/incident resolve it was none`."
        case IncidentMerged(into=into):
            return f"It was merged into INC-{into}, which has its alerts now: go on there."
        case IncidentAbsorbed(incident=other):
            return f"INC-{other} was merged into this one, and its people were told: that stays."
        case UpdateSent():
            return "An update that people have read cannot be taken back. Send another: `/incident update`."
        case PeopleCalled():
            return "Who was called has heard it. Tell them in the channel that they are not needed."
        case PeopleInvited():
            return "Who was asked in is in the channel. Tell them there that they are not needed."
        case HandoverOffered():
            return "They were asked already. Take the offer back: `/incident handover withdraw`."
        case _:
            again = f"`/incident reopen {incident.label} why`"
            return f"Everybody was told, so it cannot be undone. Is it over, and should not be? {again}."
