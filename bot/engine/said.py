"""Looks up, locked, what the record is asked about: messages, what is known of them, who held a role when."""

from typing import assert_never

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.decisions import State
from bot.domain.deploys import Deploy, NoticeDeploys
from bot.domain.heard import heard
from bot.domain.ids import MessageTs
from bot.domain.keeping_commands import EditRow, KeepingCommand, KeepMessage, MarkMessage, UnmarkMessage
from bot.domain.kept import Kept
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordHistory, RecordMessage, RecordMove
from bot.store import deploys, incidents, timeline

SaidCommand = RecordMessage | RecordEdit | RecordDeletion | RecordHistory | KeepingCommand


async def about_said(connection: AsyncConnection, command: SaidCommand, policy: Policy) -> State:
    """Return what a command about the record is held against.

    The incident is locked first, then its timeline is looked into: what came at the same moment is found.
    """
    match command:
        case RecordMessage(ts=ts) | RecordEdit(ts=ts) | RecordDeletion(ts=ts) | RecordMove(ts=ts):
            incident = await incidents.in_channel(connection, command.channel, lock=True)
            return await _known(connection, incident, ts, policy)
        case MarkMessage(incident=number, ts=ts) | UnmarkMessage(incident=number, ts=ts):
            return await _known(connection, await incidents.load(connection, number, lock=True), ts, policy)
        case KeepMessage(work=fetched):
            incident = await incidents.load(connection, fetched.incident, lock=True)
            return await _known(connection, incident, fetched.ts, policy)
        case NoticeDeploys(incident=number):
            incident = await incidents.load(connection, number, lock=True)
            return State(incident=incident, deploys=await deploys_of(connection, incident, policy))
        case EditRow(incident=number):
            incident = await incidents.load(connection, number, lock=True)
            return State(incident=incident, rows=await timeline.rows_of(connection, number))
        case RecordHistory(work=reading):
            incident = await incidents.load(connection, reading.incident, lock=True)
            return await _known(connection, incident, None, policy)
        case _:
            assert_never(command)


async def deploys_of(connection: AsyncConnection, incident: Incident | None, policy: Policy) -> tuple[Deploy, ...]:
    """Return the deploys that belong to an incident's story, those shortly before it among them."""
    if incident is None or not incident.services:
        return ()
    return await deploys.recent(connection, incident.services, incident.declared_at - policy.deploys_before)


async def _known(connection: AsyncConnection, incident: Incident | None, ts: MessageTs | None, policy: Policy) -> State:
    if incident is None:
        return State()
    told = await timeline.messages_of(connection, incident.id, ts)
    leads = policy.messages_kept is Kept.LEADS
    given = await timeline.roles_given(connection, incident.id) if leads else ()
    return State(incident=incident, heard=heard(told), given=given)
