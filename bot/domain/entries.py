"""The timeline as a postmortem shows it: what helps to understand the incident, each message as it was said last."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar, assert_never

from bot.domain.action_items import ActionReminded
from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.archives import ArchivingEvent
from bot.domain.calls import CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.comms import CommsEvent
from bot.domain.copying import replace
from bot.domain.correcting import corrected
from bot.domain.course_events import CourseEvent
from bot.domain.deploys import DeployNoticed
from bot.domain.events import (
    ChannelOpened,
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    TimelineRow,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.heard import Heard, heard
from bot.domain.ids import UserId
from bot.domain.keeping_events import MarkEvent, RowEvent
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MemberMoved, MessageDeleted, MessageEdited, MessagePosted
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.task_events import TaskEvent
from bot.domain.unacknowledged import AcknowledgementMissed

R = TypeVar("R")
# What people do that does not help to understand an incident.
_OF_NO_USE = (
    HandoverUnanswered
    | DutiesTicked
    | HolderBack
    | HolderAwake
    | LatecomerJoined
    | MemberLeft
    | MemberBack
    | CallAccepted
    | MarkEvent
    | RowEvent
    | ActionReminded
    | ArchivingEvent
    | CommsEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the timeline that matters, at the moment that it tells of; an edited message says what it says now.

    `also` are those who came and went right after. `edited_by` is who changed it last, `marked_by` are those who find
    it worth keeping, as far as they are known.
    """

    at: datetime
    seq: int
    event: Event
    edited: bool = False
    edited_by: UserId | None = None
    marked_by: tuple[UserId, ...] = ()
    marked: bool = False
    also: tuple[MemberMoved, ...] = ()
    permalink: str | None = None


def entries_of(rows: Sequence[TimelineRow]) -> tuple[Entry, ...]:
    """Return the rows that help to understand an incident, in the order in which it happened."""
    standing = corrected(rows)
    rows = standing.shown
    edits = {row.event.ts: row.event for row in rows if isinstance(row.event, MessageEdited)}
    known = heard(row.event for row in rows)
    owed: set[datetime] = set()
    entries: list[Entry] = []
    for row in rows:
        event = row.event
        if isinstance(event, MessagePosted):
            if is_shown(event, known[event.ts]):
                entries.append(_message(row.seq, event, edits.get(event.ts), known[event.ts]))
        elif _matters(event) and not (isinstance(event, UpdateOverdue) and event.due in owed):
            edited, by = row.seq in standing.by, standing.by.get(row.seq)
            entries.append(Entry(at=moment_of(event), seq=row.seq, event=event, edited=edited, edited_by=by))
        if isinstance(event, UpdateOverdue):
            owed.add(event.due)
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.seq))
    return tuple(
        replace(run[0], also=tuple(one.event for one in run[1:] if isinstance(one.event, MemberMoved)))
        for run in in_runs(ordered, lambda entry: entry.event)
    )


def in_runs(rows: Iterable[R], event_of: Callable[[R], Event]) -> Iterator[list[R]]:
    """Yield rows one by one, but together those in a row that tell who came and went: they drown nothing else."""
    for moves, run in groupby(rows, key=lambda row: isinstance(event_of(row), MemberMoved)):
        if moves:
            yield list(run)
        else:
            yield from ([row] for row in run)


def is_shown(event: MessagePosted, known: Heard) -> bool:
    """Tell whether a message is shown: it was not deleted, nor kept for marks alone that are off again."""
    return not known.deleted and (known.is_marked or not event.only_marked)


def _message(seq: int, event: MessagePosted, edit: MessageEdited | None, known: Heard) -> Entry:
    return Entry(
        at=event.at,
        seq=seq,
        event=replace(event, text=edit.text) if edit else event,
        edited=event.edited or edit is not None,
        edited_by=edit.by if edit else None,
        marked=known.is_marked,
        marked_by=known.marked_by,
        permalink=event.permalink,
    )


def moment_of(event: Event) -> datetime:
    """Return when it happened, which may be long before it was written down."""
    match event:
        case AlertAttached(starts_at=at) | AlertEnded(ended_at=at):
            return at
        case DeployNoticed(deploy=deploy):
            return deploy.at
        case NoteTaken(happened_at=at) | MilestoneSet(happened_at=at):
            return at
        case _:
            return event.at


def _matters(event: Event) -> bool:
    """Tell whether a row helps to understand the incident; what Muster did for itself, and repeats, do not."""
    if isinstance(event, CourseEvent | MemberMoved | DeployNoticed | TaskEvent | _OF_NO_USE):
        return not isinstance(event, _OF_NO_USE)
    match event:
        case AlertAttached() | AlertAcknowledged() | AlertEnded() | AlertFlapping():
            return True
        case (
            IncidentDeclared()
            | RoleAssigned()
            | HandoverOffered()
            | HolderGone()
            | HolderPaused()
            | StructureProposed()
            | PeopleCalled()
            | PeopleInvited()
            | HandoverEnded()
            | StatusChanged()
            | SeverityChanged()
            | UpdateSent()
            | MessagePosted()
            | NoteTaken()
            | MilestoneSet()
            | PagerAnswered(action="trigger")
            | PagerSilent()
            | PagerTold()
            | AcknowledgementMissed()
            | DeliveryFailed()
            | UpdateOverdue()
            | UpdateSnoozed()
            | CommandVacant(n=1)
            | IncidentResolved()
        ):
            return True
        case (
            CommandVacant()
            | ChannelOpened()
            | ReminderPosted()
            | ResolveProposed()
            | ProposalEnded()
            | MessageEdited()
            | MessageDeleted()
            | PagerAnswered()
        ):
            return False
        case _:
            assert_never(event)
