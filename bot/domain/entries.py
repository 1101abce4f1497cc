"""The timeline as a postmortem shows it: what helps to understand the incident, each message as it was said last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.calls import CallAccepted, PeopleCalled, PeopleInvited
from bot.domain.copying import replace
from bot.domain.course_events import CourseEvent
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
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.noticed import HolderBack, HolderGone, StructureProposed
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.snoozing import UpdateSnoozed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row of the timeline that matters, at the moment that it tells of; an edited message says what it says now."""

    at: datetime
    seq: int
    event: Event
    edited: bool = False
    permalink: str | None = None


def entries_of(rows: Sequence[TimelineRow]) -> tuple[Entry, ...]:
    """Return the rows that help to understand an incident, in the order in which it happened."""
    edits = {row.event.ts: row.event for row in rows if isinstance(row.event, MessageEdited)}
    gone = {row.event.ts for row in rows if isinstance(row.event, MessageDeleted)}
    owed: set[datetime] = set()
    entries: list[Entry] = []
    for row in rows:
        event = row.event
        if isinstance(event, MessagePosted):
            if event.ts in gone:
                continue
            edit = edits.get(event.ts)
            said = replace(event, text=edit.text) if edit else event
            entries.append(
                Entry(at=event.at, seq=row.seq, event=said, edited=edit is not None, permalink=event.permalink)
            )
        elif _matters(event) and not (isinstance(event, UpdateOverdue) and event.due in owed):
            entries.append(Entry(at=moment_of(event), seq=row.seq, event=event))
        if isinstance(event, UpdateOverdue):
            owed.add(event.due)
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.seq)))


def moment_of(event: Event) -> datetime:
    """Return when it happened, which may be long before it was written down."""
    match event:
        case AlertAttached(starts_at=at) | AlertEnded(ended_at=at):
            return at
        case NoteTaken(happened_at=at) | MilestoneSet(happened_at=at):
            return at
        case _:
            return event.at


def _matters(event: Event) -> bool:
    """Tell whether a row helps to understand the incident; what Muster did for itself, and repeats, do not."""
    if isinstance(event, CourseEvent):
        return True
    match event:
        case AlertAttached() | AlertAcknowledged() | AlertEnded() | AlertFlapping():
            return True
        case (
            IncidentDeclared()
            | RoleAssigned()
            | HandoverOffered()
            | HolderGone()
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
            | HandoverUnanswered()
            | DutiesTicked()
            | HolderBack()
            | LatecomerJoined()
            | CallAccepted()
            | ResolveProposed()
            | ProposalEnded()
            | MessageEdited()
            | MessageDeleted()
            | PagerAnswered()
        ):
            return False
        case _:
            assert_never(event)
