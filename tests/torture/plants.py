"""Faults in code, each for one place of the product or of a far side: the wrong ways that others go, or we once did.

Each makes the faulty one from what stood in its place; where that is, which run shows the fault and which invariant
names it stands in the table of planted.py.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from bot.domain import record, reminders
from bot.domain.decisions import Decision
from bot.domain.events import UpdateOverdue
from bot.domain.read_back import ReadBack
from bot.domain.record_commands import RecordMessage
from bot.domain.result_commands import ConfirmPage, ReportFailure
from bot.domain.spots import Spot
from bot.domain.work import Remind, Reminder, ShowCard, Timer
from bot.engine.jobs import Done
from bot.engine.receipts import Handled
from bot.errors import TryLater, Uncertain
from bot.store import effects, inbox, upsert
from bot.store.tables import effects as effects_table
from bot.store.tables import lanes
from tests.fakes.workspace import room_of
from tests.torture.trial import SECRET

# What a fault takes and gives is what the place that it is put into does.
A = Any
Make = Callable[[A], A]


def repeats_after_a_lost_reply(change: A) -> A:
    async def twice(self: A, method: A, channel: A, act: A) -> A:
        try:
            return await change(self, method, channel, act)
        except Uncertain:
            return await change(self, method, channel, act)

    return twice


def opens_to_all(open_channel: A) -> A:
    async def public(self: A, name: A, *, private: A = False) -> A:
        del private
        return await open_channel(self, name)

    return public


def answers_before_it_writes(handle: A) -> A:
    async def at_once(self: A, command: A, *, receipt: A = None) -> A:
        if not isinstance(command, RecordMessage):
            return await handle(self, command, receipt=receipt)
        queued, self.queued = getattr(self, "queued", []), [(command, receipt)]
        for one, of in queued:
            await handle(self, one, receipt=of)
        return Handled()

    return at_once


def drops_what_it_missed(another: A) -> A:
    """As APScheduler does with its `misfire_grace_time` of a second."""

    def scheduled(self: A) -> A:
        dispatcher = another(self)
        fire = dispatcher.performers["timer"]

        async def in_time(job: A) -> A:
            due = (await self.incident(job.work.incident)).update_due
            is_late = job.work.about is Reminder.UPDATE and due and self.clock.now() - due > timedelta(seconds=1)
            return Done() if is_late else await fire(job)

        dispatcher.performers["timer"] = in_time
        return dispatcher

    return scheduled


def writes_state_and_work_apart(done_: A) -> A:
    async def in_two(self: A, claimed: A, done: A) -> A:
        if claimed.work.kind != "slack.open_channel" or done.command is None:
            return await done_(self, claimed, done)
        following = await done_(self, claimed, Done())
        async with self.engine.database.transaction(what="the channel of an incident") as connection:
            await self.engine.apply(connection, done.command)
        return following

    return in_two


def gives_ids_again(create: A) -> A:
    async def without_autoincrement(self: A) -> None:
        await create(self)
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = 'effects' AND sql IS NOT NULL ORDER BY type DESC"
        async with self.transaction() as connection:
            made = list((await connection.exec_driver_sql(query)).scalars())
            await connection.exec_driver_sql("DROP TABLE effects")
            for sql in made:
                await connection.exec_driver_sql(sql.replace("AUTOINCREMENT", ""))

    return without_autoincrement


def forgets_what_was_decided_meanwhile(_finish: A) -> A:
    async def by_id(connection: A, claimed: A) -> None:
        await connection.execute(delete(effects_table).where(effects_table.c.id == claimed.id))

    return by_id


def counts_days_in_berlin(_grid: A) -> A:
    def local(due: A, every: A, now: A) -> A:
        berlin = due.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
        here = now.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
        following = berlin if berlin > here else berlin + every * ((here - berlin) // every + 1)
        return following.replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(due.tzinfo)

    return local


def takes_failure_for_success(_later: A) -> A:
    async def done(self: A, claimed: A, _after: A, _reason: A, **_: A) -> A:
        return await self._done(claimed, Done())

    return done


def looks_elsewhere(find: A) -> A:
    async def in_admin(self: A, _channel: A, marker: A, since: A, **where: A) -> A:
        return await find(self, self.channel("muster-admin").id, marker, since, **where)

    return in_admin


def takes_the_receipt_apart(_once: A) -> A:
    async def apart(self: A, command: A, taken: A) -> A:
        async with self.database.transaction(what="receipts") as connection:
            for one in taken:
                if not await inbox.take(connection, one.origin, one.key, self.clock.now()):
                    return Handled(repeated=True), Decision()
        what = "what was asked" if isinstance(command, RecordMessage) else "a command"
        async with self.database.transaction(what=what) as connection:
            decision = await self.apply(connection, command)
        return Handled(incident=decision.incident, alert=decision.alert), decision

    return apart


def comes_again_at_once(init: A) -> A:
    def deaf(self: A, reason: A, *, after: A = None) -> None:
        init(self, reason, after=None if after else after)

    return deaf


def reminds_of_everything_missed(_update: A) -> A:
    def every_time(draft: A) -> None:
        incident, due = draft.incident, draft.incident.update_due
        every = draft.policy.severities[incident.severity].update_every
        following = reminders.next_on_the_grid(due, every, draft.now)
        draft.do(Timer(incident=incident.id, about=Reminder.UPDATE), due=following)
        if due <= draft.now:
            n = incident.reminded + 1
            draft.happened(UpdateOverdue(at=draft.now, due=due, n=n))
            draft.do(Remind(incident=incident.id, about=Reminder.UPDATE, n=n), ShowCard(incident=incident.id))

    return every_time


def puts(kind: type, spot: Callable[[A, A, int], Spot]) -> Make:
    """Put a kind of work somewhere else."""

    def made(place: A) -> A:
        numbers = count(1)
        return lambda work: spot(work, place(work), next(numbers)) if isinstance(work, kind) else place(work)

    return made


def leaves_rows_out(append: A) -> A:
    async def some(connection: A, incident: A, before: A, events: A) -> None:
        await append(connection, incident, before, [event for event in events if event.kind != "role_assigned"])

    return some


def counts_by_itself(_number: A) -> A:
    numbers = count(1)

    async def next_number(_connection: A) -> A:
        return next(numbers)

    return next_number


def believes_that_it_was_heard(page: A) -> A:
    async def sure(self: A, job: A) -> A:
        try:
            return await page(self, job)
        except TryLater:
            return Done(command=ConfirmPage(incident=job.work.incident, action=job.work.action))

    return sure


def tells_the_token(later: A) -> A:
    async def careless(self: A, claimed: A, after: A, reason: A, **more: A) -> A:
        return await later(self, claimed, after, f"{reason} (Authorization: Bearer {SECRET})", **more)

    return careless


def lets_lanes_sleep(_put_lane: A) -> A:
    return lambda dialect: upsert.insert_into(dialect, lanes).on_conflict_do_nothing(index_elements=["name"])


def fails_in_silence(came_of: A) -> A:
    return lambda draft, command: None if isinstance(command, ReportFailure) else came_of(draft, command)


def reads_and_forgets(_history: A) -> A:
    def history(draft: A, _command: A) -> None:
        draft.do(ReadBack(incident=draft.incident.id), due=draft.now + record.READ_BACK_EVERY)

    return history


def adopts_anybodys_channel(_find: A) -> A:
    async def find(self: A, name: A) -> A:
        return next(room_of(one) for one in self.channels.values() if one.name == name)

    return find


def removes_before_it_calls(one: A) -> A:
    async def early(self: A, claimed: A, job: A) -> A:
        async with self.engine.database.transaction() as connection:
            await effects.finish(connection, claimed)
        return await one(self, claimed, job)

    return early
