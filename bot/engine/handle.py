"""The one way in: a command becomes state, timeline and effects in one transaction. No network here, ever."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Chance, Clock
from bot.domain.acted import Acted, acted
from bot.domain.archive_commands import ArchiveCommand, ReviewQuiet
from bot.domain.commands import (
    AcknowledgeAlert,
    AssignRole,
    CloseDigest,
    Command,
    Declare,
    ReportAlert,
    Resolve,
    ReviewGroup,
    ReviewStorm,
    SendUpdate,
    SetSeverity,
    SetStatus,
    SnoozeUpdate,
    TimerFired,
)
from bot.domain.comms_commands import CommsCommand
from bot.domain.copying import replace
from bot.domain.course_commands import Accept, CourseCommand, Decline, Merge, Reopen
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.deploys import LookForDeploys
from bot.domain.group_commands import (
    AssignAlert,
    AttachAlerts,
    AutomateGroup,
    JoinIncident,
    JudgeAlert,
    KeepOpen,
    ProposeResolve,
    ShowCopies,
)
from bot.domain.ids import IncidentId
from bot.domain.model import Incident
from bot.domain.page_commands import HearPager
from bot.domain.people_commands import AcknowledgementDue, CallPeople, Escalate, PeopleCommand
from bot.domain.policy import Policy
from bot.domain.record_commands import NoteCommand, RecordMessage
from bot.domain.result_commands import (
    ConfirmNews,
    ConfirmPage,
    ConfirmReminder,
    OpenedChannel,
    PageOverdue,
    RecordOnCall,
    ReportFailure,
)
from bot.domain.searching import told_of
from bot.domain.silence_commands import SilenceCommand
from bot.domain.subscriptions import Subscribe
from bot.domain.task_commands import LinkCommand, TaskCommand, UndoChange
from bot.domain.work import Effect
from bot.engine import around, around_reports
from bot.engine.merging import Moved, merging
from bot.engine.pairs import pair
from bot.engine.receipts import Handled, Receipt
from bot.engine.ruled import ruled
from bot.engine.said import SaidCommand, about_said, deploys_of
from bot.engine.told import known_of
from bot.errors import MaybeKept, Overloaded, Refused
from bot.store import (
    acts,
    alerts,
    effects,
    groups,
    inbox,
    incidents,
    notes,
    silences,
    storms,
    subscriptions,
    timeline,
    words,
)
from bot.store.database import Database

TRIES = 4
# What is asked of one incident, or of a pair.
OfOne = PeopleCommand | CourseCommand | NoteCommand | TaskCommand | PageOverdue | ArchiveCommand | CommsCommand
log = structlog.get_logger()


class Engine:
    """Handles commands."""

    def __init__(self, database: Database, clock: Clock, chance: Chance, policy: Policy) -> None:
        """Nothing starts here."""
        self.database, self.clock, self.chance, self.policy = database, clock, chance, policy
        self.on_work: Callable[[], None] = lambda: None

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        """Decide and write, once a receipt.

        Raises:
            Refused: the person who asked is told why; it is written down.
            Overloaded: the database is busy or away; nothing was changed.
            MaybeKept: nobody can tell now whether it was kept.
        """
        receipts = [one for one in (receipt, _own_receipt(command)) if one]
        unsure: MaybeKept | None = None
        for attempt in range(1, TRIES + 1):
            try:
                handled, decision = await self._once(command, receipts)
            except Refused as error:
                await self.refused(command, str(error), receipt=receipt)
                raise
            except MaybeKept as error:
                # Its receipt tells, if the database does; without one it would be decided a second time.
                if attempt == TRIES or not receipts:
                    raise
                unsure = error
            except Overloaded:
                if unsure:
                    raise unsure from None
                raise
            except (IntegrityError, DBAPIError, Moved) as error:
                # Two replicas met (the same new alert, a deadlock): the loser looks again at what the winner wrote.
                if attempt == TRIES:
                    message = "The database is busy."
                    raise unsure or Overloaded(message) from error
            else:
                if decision.effects:
                    self.on_work()
                return handled
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    async def refused(self, command: Command, why: str, *, receipt: Receipt | None = None) -> None:
        """Write down what somebody was refused; the refusal itself does not wait for a database that is away."""
        if kept := acted(command, self.clock.now(), _surface(receipt), None, why):
            await self.write_down(kept)

    async def write_down(self, kept: Acted) -> None:
        """Write an act into the audit log by itself, if the database is there."""
        try:
            async with self.database.transaction(what="what was refused") as connection:
                await acts.write(connection, kept)
        except (Overloaded, DBAPIError) as error:
            log.warning("refusal_not_written", act=kept.act, reason=type(error).__name__)

    async def put(self, *wanted: Effect, answering: bool = False) -> None:
        """Put effects that no command decided (what a start sets going, what somebody wants to look at)."""
        async with self.database.transaction(answering=answering, what="what no command decided") as connection:
            await effects.put(connection, wanted)
        self.on_work()

    async def apply(self, connection: AsyncConnection, command: Command) -> Decision:
        """Decide and write inside the caller's transaction."""
        now = self.clock.now()
        state = await load(connection, command, self.chance, self.policy, now)
        decision = decide(state, command, now, self.policy)
        await _save(connection, state, decision)
        opened = _opened(state.incident, decision.incident)
        if opened and await deploys_of(connection, opened, self.policy):
            await effects.put(connection, [Effect(work=LookForDeploys(incident=opened.id), due=now)])
        return decision

    async def _once(self, command: Command, receipts: Sequence[Receipt]) -> tuple[Handled, Decision]:
        async with self.database.transaction(answering=True, what=type(command).__name__) as connection:
            for one in receipts:
                if not await inbox.take(connection, one.origin, one.key, self.clock.now()):
                    return Handled(repeated=True), Decision()
            decision = await self.apply(connection, command)
            about = decision.incident.id if decision.incident else None
            if kept := acted(command, self.clock.now(), _surface(receipts[0] if receipts else None), about):
                await acts.write(connection, kept)
            return Handled(
                incident=decision.incident, alert=decision.alert, group=decision.group, silence=decision.silence
            ), decision


async def load(connection: AsyncConnection, command: Command, chance: Chance, policy: Policy, now: datetime) -> State:  # noqa: C901 - a look-up a kind
    """Look up, locked, what a command is about."""
    if isinstance(command, SilenceCommand):
        return await around.about_silences(connection, command, policy, now)
    if isinstance(command, SaidCommand):
        return await about_said(connection, command, policy)
    if isinstance(command, OfOne):
        return await _about_one(connection, command)
    match command:
        case ReportAlert(report=report):
            before = await known_of(connection, [report], policy, now)
            return (await around_reports.around(connection, [report], policy, before)).state(report, policy)
        case AcknowledgeAlert() | JoinIncident() | AssignAlert() | JudgeAlert():
            return await around.named(connection, command)
        case Declare():
            return await around.declared(connection, command, chance)
        case ReviewGroup() | ConfirmNews() | ReviewStorm() | CloseDigest() | ShowCopies():
            return await around.grouped(connection, command, now)
        case AutomateGroup() | AttachAlerts() | ProposeResolve():
            return await ruled(connection, command, policy, chance, now)
        case RecordOnCall() | Subscribe():
            return State()
        case SendUpdate(incident=number) | Resolve(incident=number):
            return await _with_subscribers(connection, number)
        case ReportFailure(incident=number):
            return State(incident=await incidents.load(connection, number, lock=True) if number else None)
        case (
            OpenedChannel(incident=number)
            | AssignRole(incident=number)
            | SetStatus(incident=number)
            | SetSeverity(incident=number)
            | SnoozeUpdate(incident=number)
            | TimerFired(incident=number)
            | ConfirmReminder(incident=number)
            | ConfirmPage(incident=number)
            | HearPager(incident=number)
            | KeepOpen(incident=number)
        ):
            return State(incident=await incidents.load(connection, number, lock=True))
        case _:
            assert_never(command)


async def _with_subscribers(connection: AsyncConnection, number: IncidentId) -> State:
    incident = await incidents.load(connection, number, lock=True)
    told = await subscriptions.subscribers(connection, incident) if incident else ()
    return State(incident=incident, subscribers=told)


async def _about_one(connection: AsyncConnection, command: OfOne) -> State:
    if isinstance(command, Merge):
        return await merging(connection, command)
    if isinstance(command, LinkCommand) and command.to:
        return await pair(connection, command.incident, command.to)
    if isinstance(command, UndoChange):
        both = await pair(connection, command.incident, command.other or command.incident)
        return replace(both, rows=await timeline.rows_of(connection, command.incident))
    if isinstance(command, Decline | Reopen):
        return await _with_subscribers(connection, command.incident)
    incident = await incidents.load(connection, command.incident, lock=True)
    if isinstance(command, ReviewQuiet):
        return State(incident=incident, spoken_at=await timeline.spoken_at(connection, command.incident))
    calls = isinstance(command, CallPeople | Escalate | Accept | PageOverdue | AcknowledgementDue)
    return State(incident=incident, on_call=await notes.on_call(connection) if calls else None)


def _opened(before: Incident | None, after: Incident | None) -> Incident | None:
    """Return an incident that has just been declared, or opened again."""
    was_open = before is not None and before.status.is_open
    return after if after and after.status.is_open and not was_open else None


async def _save(connection: AsyncConnection, before: State, decision: Decision) -> None:
    after = decision.incident
    if after and after != before.incident:
        await incidents.save(connection, after, new=before.incident is None)
        if before.incident is None or told_of(before.incident) != told_of(after):
            await words.write(connection, after, new=before.incident is None)
        seq = before.incident.events if before.incident else 0
        await timeline.append(connection, after.id, seq, decision.events)
    if decision.other:
        await _save(connection, State(incident=before.into), decision.other)
    if decision.alert and decision.alert != before.alert:
        new = before.alert is None or before.alert.id != decision.alert.id
        await alerts.save(connection, new=[decision.alert] * new, changed=[decision.alert] * (not new))
    await alerts.save(connection, new=[], changed=decision.alerts)
    if decision.group and decision.group != before.group:
        new = before.group is None or before.group.id != decision.group.id
        await groups.save(connection, new=[decision.group] * new, changed=[decision.group] * (not new))
    await groups.save(connection, new=[], changed=decision.groups)
    if decision.storm:
        new = before.storm is None or before.storm.id != decision.storm.id
        await storms.save(connection, new=[decision.storm] * new, changed=[decision.storm] * (not new))
    if decision.silence:
        await silences.save(connection, decision.silence, new=before.silence is None)
    if decision.roster is not None:
        await notes.remember_on_call(connection, decision.roster)
    if decision.subscribed:
        await subscriptions.said(connection, decision.subscribed)
    await effects.put(connection, decision.effects)


def _surface(receipt: Receipt | None) -> str:
    return (receipt.surface if receipt else "") or "command line"


def _own_receipt(command: Command) -> Receipt | None:
    """Return what names a message for good.

    One message may come as two events (two subscriptions, a retry, a reconnect). What a reading of the channel records
    leaves no receipt: the timeline itself is asked whether it has a message, so none is needed, and taking it would
    lock in another order than an event does.
    """
    if isinstance(command, RecordMessage):
        return Receipt(origin="slack.message", key=f"{command.channel}:{command.ts}")
    return None
