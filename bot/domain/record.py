"""What goes into the timeline without changing the course of things: what people say, and what came of our own work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.commands import ConfirmPage, RecordDeletion, RecordEdit, RecordMessage, ReportFailure
from bot.domain.decisions import Decision
from bot.domain.draft import Draft
from bot.domain.events import DeliveryFailed, MessageDeleted, MessageEdited, MessagePosted, PagerAnswered
from bot.domain.model import ServiceName, UserId
from bot.domain.work import Effect, RefreshOnCall, TellFailure, WarnAdmins

ASK_ON_CALL_EVERY = timedelta(minutes=5)


def said(draft: Draft, command: RecordMessage | RecordEdit | RecordDeletion) -> None:
    """Record what people say in an incident's channel; other channels are none of our business."""
    if draft.state.incident is None:
        return
    match command:
        case RecordMessage():
            draft.happened(
                MessagePosted(
                    at=command.said_at,
                    by=command.by,
                    ts=command.ts,
                    text=command.text,
                    permalink=command.permalink,
                    thread=command.thread,
                    files=command.files,
                )
            )
        case RecordEdit():
            draft.happened(
                MessageEdited(
                    at=draft.now, by=command.by, ts=command.ts, text=command.text, permalink=command.permalink
                )
            )
        case RecordDeletion():
            draft.happened(MessageDeleted(at=draft.now, ts=command.ts))
        case _:
            assert_never(command)


def came_of(draft: Draft, command: ConfirmPage | ReportFailure) -> None:
    """Record what came of our own work.

    A failure is told to a person, and the failure to tell one is told to nobody again.
    """
    match command:
        case ConfirmPage(action=action):
            draft.happened(PagerAnswered(at=draft.now, action=action.value))
        case ReportFailure(work=WarnAdmins()):
            return
        case ReportFailure(incident=None, work=work, reason=reason):
            draft.do(WarnAdmins(subject=work.kind, text=reason))
            if isinstance(work, RefreshOnCall):  # a key that was refused may be put right in PagerDuty
                draft.do(work, due=draft.now + ASK_ON_CALL_EVERY)
        case ReportFailure(work=work, reason=reason):
            seq = draft.happened(DeliveryFailed(at=draft.now, what=work.kind, reason=reason))
            if isinstance(work, TellFailure):
                draft.do(WarnAdmins(subject=draft.incident.label, text=f"{work.what}: {work.reason}"))
            else:
                draft.do(TellFailure(incident=draft.incident.id, seq=seq, what=work.kind, reason=reason))
        case _:
            assert_never(command)


def on_call(now: datetime, roster: Mapping[ServiceName, tuple[UserId, ...]]) -> Decision:
    """Remember who is on call, and ask again later."""
    again = Effect(work=RefreshOnCall(), due=now + ASK_ON_CALL_EVERY)
    return Decision(roster=roster, effects=(again,))
