"""What goes into the timeline without changing the course of things: what people say, and what came of our own work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain import archiving
from bot.domain.archives import ArchiveChannel, ShowArchiving
from bot.domain.copying import replace
from bot.domain.decisions import Decision
from bot.domain.draft import Draft, is_in_the_channel
from bot.domain.events import DeliveryFailed
from bot.domain.heard import UNHEARD_OF, Heard, after
from bot.domain.ids import ServiceName, UserId
from bot.domain.keeping import keep, marks_read, moved
from bot.domain.kept import Kept
from bot.domain.message_events import MessageDeleted, MessageEdited
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered
from bot.domain.read_back import ReadBack
from bot.domain.record_commands import (
    RecordCommand,
    RecordDeletion,
    RecordEdit,
    RecordHistory,
    RecordMessage,
    RecordMove,
    SetMilestone,
    TakeNote,
)
from bot.domain.redaction import kept
from bot.domain.result_commands import ConfirmPage, ReportFailure
from bot.domain.subscriptions import TellSubscriber
from bot.domain.text import TEXT_LIMIT
from bot.domain.times import CLOCKS_DIFFER_BY
from bot.domain.work import Effect, Place, RefreshOnCall, Remind, Say, SetTopic, TellFailure, WarnAdmins, Work
from bot.errors import Refused

ASK_ON_CALL_EVERY = timedelta(minutes=5)
READ_BACK_EVERY = timedelta(minutes=10)
# A topic that was refused is tried again after so long, then after twice that, and so on: for ten days.
TOPIC_AGAIN = timedelta(hours=1)
TOPIC_TRIES = 8


def decide(draft: Draft, command: RecordCommand) -> None:
    """Record what people say, by an event, by a reading or on purpose."""
    match command:
        case RecordMessage() | RecordEdit() | RecordDeletion():
            _said(draft, command)
        case RecordHistory():
            _history(draft, command)
        case TakeNote() | SetMilestone():
            _noted(draft, command)
        case _:
            assert_never(command)


def _said(draft: Draft, command: RecordMessage | RecordEdit | RecordDeletion) -> None:
    """Record what people say in an incident's channel; other channels are none of our business.

    The timeline is what counts: an event that tells what it has already (because the channel was read meanwhile)
    changes nothing.
    """
    if draft.state.incident is None:
        return
    known = draft.state.heard.get(command.ts, UNHEARD_OF)
    # Of what is not kept nothing at all is.
    matters = known.posted or known.is_marked or draft.policy.messages_kept is Kept.ALL
    match command:
        case RecordMessage():
            keep(draft, command, known)
            if known.posted:
                archiving.heard(draft, command.by, command.said_at)
            else:
                archiving.spoken(draft, command.by)
        case RecordEdit() | RecordDeletion() if not matters:
            return
        case RecordEdit() if command.text != known.text:
            draft.happened(
                MessageEdited(
                    at=draft.now, by=command.by, ts=command.ts, text=command.text, permalink=command.permalink
                )
            )
        case RecordDeletion() if not known.deleted:
            draft.happened(MessageDeleted(at=draft.now, ts=command.ts))
        case RecordEdit() | RecordDeletion():
            return
        case _:
            assert_never(command)


def _noted(draft: Draft, command: TakeNote | SetMilestone) -> None:
    """Record what somebody says of what happened, and when; of an incident that is over too."""
    incident = draft.incident
    happened_at = command.happened_at or draft.now
    if happened_at > draft.now + CLOCKS_DIFFER_BY:
        message = "That is still to come. Say when it happened: `14:05`, `yesterday 23:50`, `20m ago`."
        raise Refused(message)
    text = kept(command.text, TEXT_LIMIT).strip()
    match command:
        case TakeNote():
            if not text:
                message = "Say what is worth remembering: `/incident note moved traffic to eu-west-2`."
                raise Refused(message)
            draft.happened(NoteTaken(at=draft.now, by=command.by, text=text, happened_at=happened_at))
        case SetMilestone(milestone=milestone):
            if incident.milestones.get(milestone) == happened_at:
                return
            event = MilestoneSet(at=draft.now, by=command.by, milestone=milestone, happened_at=happened_at, text=text)
            draft.say(draft.happened(event), event, Place.CHANNEL)
        case _:
            assert_never(command)


def _history(draft: Draft, command: RecordHistory) -> None:
    """Record what the timeline lacks of what was read in the channel, and read again later while the incident is open.

    A message whose text has changed is recorded as edited, by its author. What was deleted meanwhile is not found out:
    that a message is missing from a reading proves nothing, so it stays in the record as it was said.
    """
    incident = draft.incident
    for message in command.messages:
        known = draft.state.heard.get(message.ts, UNHEARD_OF)
        if isinstance(message, RecordMove):
            moved(draft, message)
        elif not known.deleted:
            _read(draft, message, known, command)
    if command.rest is not None:
        draft.do(command.rest)
    elif incident.status.is_open and not command.work.final:
        began = command.work.reading.began if command.work.reading else command.read_at
        if command.work.taking is not None:  # what was there before ends at the declaration
            began = incident.declared_at
        draft.do(ReadBack(incident=incident.id, since=began), due=draft.now + READ_BACK_EVERY)


def _read(draft: Draft, message: RecordMessage, known: Heard, command: RecordHistory) -> None:
    read_at = command.read_at
    for mark in marks_read(message, known, draft.now, read_at):
        draft.happened(mark)
        known = after(known, mark)
    keep(draft, message, known, whatever=command.work.taking is not None)
    archiving.heard(draft, message.by, message.said_at)
    is_newer = known.edited_at is None or known.edited_at < read_at  # else the edit came while we were reading
    if known.text is not None and known.text != message.text and is_newer:
        draft.happened(
            MessageEdited(at=draft.now, by=message.by, ts=message.ts, text=message.text, permalink=message.permalink)
        )


def came_of(draft: Draft, command: ConfirmPage | ReportFailure) -> None:
    """Record what came of our own work.

    A failure is told to a person, and the failure to tell one is told to nobody again.
    """
    match command:
        case ConfirmPage(action=action, reopened=reopened):
            event = PagerAnswered(at=draft.now, action=action.value, reopened=reopened)
            is_newest = reopened == draft.incident.reopened
            was_missed = is_newest and draft.incident.page_missing_since and draft.incident.pager_silent_at
            seq = draft.happened(event)
            if was_missed:  # people were told that no phone rang
                draft.say(seq, event, Place.CHANNEL)
        case ReportFailure(work=WarnAdmins()):
            return
        case ReportFailure(incident=None, work=work, reason=reason):
            draft.do(WarnAdmins(subject=work.kind, text=reason))
            if isinstance(work, RefreshOnCall):  # a key that was refused may be put right in PagerDuty
                draft.do(work, due=draft.now + ASK_ON_CALL_EVERY)
        case ReportFailure(work=Remind(about=about, n=n) as work, reason=reason):
            known = draft.incident.reminder_failed_at is not None  # each reminder fails until somebody mends it
            failed = DeliveryFailed(at=draft.now, what=work.kind, reason=reason, about=about.value, n=n)
            seq = draft.happened(failed)
            if not known:
                draft.do(TellFailure(incident=draft.incident.id, seq=seq, what=work.kind, reason=reason))
        case ReportFailure(work=work, reason=reason):
            _failed(draft, work, reason)
        case _:
            assert_never(command)


def _failed(draft: Draft, work: Work, reason: str) -> None:
    """Record what failed, and tell a person.

    A topic is tried again, without another word: else it stays wrong until something weighty happens, and whoever was
    told may have given the app what it lacked. So is the warning of a quiet channel.
    """
    if isinstance(work, SetTopic) and work.tries < TOPIC_TRIES:
        draft.do(replace(work, tries=work.tries + 1), due=draft.now + TOPIC_AGAIN * 2**work.tries)
    if isinstance(work, SetTopic) and work.tries:
        return
    if isinstance(work, ShowArchiving | ArchiveChannel) and archiving.refused(draft, work):
        return
    is_moot = draft.incident.is_archived and is_in_the_channel(work)  # nobody is there who could miss it
    if is_moot and not isinstance(work, Say):
        return
    seq = draft.happened(DeliveryFailed(at=draft.now, what=work.kind, reason=reason))
    if is_moot or isinstance(work, TellSubscriber):  # whom nobody can write to does not concern the commander
        return
    if isinstance(work, TellFailure):
        why = "" if draft.incident.private else f": {work.reason}"
        draft.do(WarnAdmins(subject=draft.incident.label, text=f"{work.what}{why}"))
    else:
        draft.do(TellFailure(incident=draft.incident.id, seq=seq, what=work.kind, reason=reason))


def on_call(now: datetime, roster: Mapping[ServiceName, tuple[UserId, ...]]) -> Decision:
    """Remember who is on call, and ask again later."""
    again = Effect(work=RefreshOnCall(), due=now + ASK_ON_CALL_EVERY)
    return Decision(roster=roster, effects=(again,))
