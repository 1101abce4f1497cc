"""What is worth keeping of what people say: which messages are recorded at all, and which of them somebody marked.

A message is marked as long as one mark is on it: of each person's 📌, a pin, "Add to Timeline". What is marked and is
not in the record is looked up once. What was kept stays in the record when the marks come off; it is not shown.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import assert_never

from bot.domain import correcting
from bot.domain.deploys import DeployNoticed, NoticeDeploys
from bot.domain.draft import Draft
from bot.domain.events import RoleAssigned
from bot.domain.heard import UNHEARD_OF, Heard, mark_name
from bot.domain.ids import UserId
from bot.domain.keeping_commands import EditRow, KeepingCommand, KeepMessage, MarkMessage, UnmarkMessage
from bot.domain.keeping_events import MarkEvent, MessageMarked, MessageUnmarked
from bot.domain.kept import Kept
from bot.domain.message_events import MemberMoved, MessagePosted
from bot.domain.read_back import FetchMessage
from bot.domain.record_commands import RecordMessage, RecordMove
from bot.domain.roles_model import AnyRole
from bot.domain.undone import ChangeUndone
from bot.domain.work import ShowCard


def decide(draft: Draft, command: KeepingCommand) -> None:
    """Answer what is asked about the record."""
    match command:
        case MarkMessage() | UnmarkMessage():
            _mark(draft, command)
        case KeepMessage(message=message):
            known = draft.state.heard.get(command.work.ts, UNHEARD_OF)
            if message and not known.deleted:
                keep(draft, message, known)
        case RecordMove() if draft.state.incident:
            moved(draft, command)
        case RecordMove():
            return
        case NoticeDeploys():
            _deploys(draft)
        case EditRow():
            correcting.edit(draft, command)
        case _:
            assert_never(command)


def keep(draft: Draft, message: RecordMessage, known: Heard, *, whatever: bool = False) -> None:
    """Record a message that is not in the record, if it is worth it, or `whatever` it is."""
    by_itself = whatever or is_kept(draft, message)
    if known.posted or not (by_itself or known.is_marked):
        return
    draft.happened(
        MessagePosted(
            at=message.said_at,
            by=message.by,
            ts=message.ts,
            text=message.text,
            permalink=message.permalink,
            thread=message.thread,
            files=message.files,
            links=message.links,
            edited=message.edited,
            only_marked=not by_itself,
        )
    )


def moved(draft: Draft, move: RecordMove) -> None:
    """Record that somebody came or went, once."""
    if not draft.state.heard.get(move.ts, UNHEARD_OF).posted:
        draft.happened(
            MemberMoved(at=move.moved_at, by=move.brought_by, ts=move.ts, user=move.user, joined=move.joined)
        )


def is_kept(draft: Draft, message: RecordMessage) -> bool:
    """Tell whether a message is recorded though nobody marked it.

    Of what was said before the incident took its channel, the last was taken along; the rest is no part of it.
    """
    if draft.incident.adopts and message.said_at < draft.incident.declared_at:
        return False
    match draft.policy.messages_kept:
        case Kept.ALL:
            return True
        case Kept.LEADS:
            return message.by in _leads(draft.state.given, message.said_at)
        case Kept.MARKED:
            return False
        case other:
            assert_never(other)


def marks_read(message: RecordMessage, known: Heard, now: datetime, read_at: datetime) -> Iterator[MarkEvent]:
    """Return how the marks on a message as it was read differ from those that are known.

    What we heard since it was read is newer.
    """
    names = {mark_name(mark.how, mark.by) for mark in message.marks}
    for mark in message.marks:
        there = known.marks.get(mark_name(mark.how, mark.by))
        if there is None or (not there.on and there.at < read_at):
            yield MessageMarked(at=now, by=mark.by, ts=message.ts, how=mark.how)
    for name, there in known.marks.items():
        could_be_seen = there.how == "pin" or (there.how == "reaction" and message.names_all)
        if there.on and name not in names and could_be_seen and there.at < read_at:
            yield MessageUnmarked(at=now, by=there.by, ts=message.ts, how=there.how)


def _mark(draft: Draft, command: MarkMessage | UnmarkMessage) -> None:
    known = draft.state.heard.get(command.ts, UNHEARD_OF)
    there = known.marks.get(mark_name(command.how, command.by))
    on = isinstance(command, MarkMessage)
    is_news = on if there is None else there.on is not on and command.at > there.at
    if known.deleted or not is_news:
        return
    kind = MessageMarked if on else MessageUnmarked
    draft.happened(kind(at=command.at, by=command.by, ts=command.ts, how=command.how))
    if on and not known.posted:
        draft.do(FetchMessage(incident=draft.incident.id, ts=command.ts))


def _deploys(draft: Draft) -> None:
    """Take deploys into the story of an incident that is open, each once; they show on its card."""
    known = {deploy.id for deploy in draft.incident.deploys}
    fresh = [deploy for deploy in draft.state.deploys if deploy.id not in known]
    if not fresh or not draft.incident.status.is_open:
        return
    for deploy in fresh:
        draft.happened(DeployNoticed(at=draft.now, deploy=deploy))
    draft.do(ShowCard(incident=draft.incident.id))


def _leads(given: Iterable[RoleAssigned | ChangeUndone], at: datetime) -> set[UserId]:
    """Return who held a role at a moment."""
    holders: dict[AnyRole | None, UserId | None] = {event.role: event.user for event in given if event.at <= at}
    return {user for user in holders.values() if user}
