"""The auditor: it finds each kind of damage, says it once and once more when it is over, and reads only what is new."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, event, insert, update

from bot.domain.commands import AssignRole, Declare, Resolve, SendUpdate
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from bot.engine.audit import IN_WORDS, Auditor, Round, Watched
from bot.engine.audit_record import Pace, RecordAudit
from bot.errors import Overloaded
from bot.store.tables import effects as effects_table
from bot.store.tables import gates, incidents, lanes
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.slack import Fault
from tests.invariants import damage
from tests.invariants.damage import HOUR, SOURCE, Damage, write

N = IncidentId(1)
MINUTE = HOUR / 60


@pytest.fixture
async def light(tmp_path: Path) -> AsyncIterator[World]:
    """A world on SQLite alone, for what is asked many times."""
    world = await World(f"sqlite+aiosqlite:///{tmp_path}/muster.db").open()
    yield world
    await world.close()


async def living(world: World) -> Auditor:
    """Let an incident go on for a while; return an auditor that knows nothing yet."""
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.settle()
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.advance(MINUTE)
    return Auditor(world.engine, world.clock, [SOURCE])


def found(done: Round) -> dict[str, int]:
    return {what.value: count for what, count in done.counts.items() if count}


def told(world: World) -> list[str]:
    return world.said_in("muster-admin")


async def test_where_all_is_well_nothing_is_found_and_nothing_is_said(world: World) -> None:
    auditor = await living(world)
    assert (done := await auditor.round()).findings == ()
    assert done.rows == 2 * (await world.incident()).events, "what is open, and the slow round"
    assert done.work_gets_done
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(2 * HOUR)
    assert (await auditor.round()).findings == ()
    assert told(world) == []


PLANTED: list[tuple[Damage, set[Watched]]] = [
    (damage.a_row_is_missing, {Watched.TIMELINE_GAP}),
    (damage.the_last_row_is_missing, {Watched.TIMELINE_GAP}),
    (damage.the_incident_is_gone, {Watched.TIMELINE_GAP}),
    (damage.a_row_was_rewritten, {Watched.TIMELINE_CHAIN}),
    (damage.a_rows_time_was_changed, {Watched.TIMELINE_CHAIN}),
    (damage.a_row_was_rewritten_and_chained_anew, {Watched.INCIDENT_STATE}),
    (damage.a_row_cannot_be_read, {Watched.INCIDENT_STATE}),
    (damage.the_incident_was_changed, {Watched.INCIDENT_STATE}),
    (damage.the_incident_cannot_be_read, {Watched.INCIDENT_STATE}),
    (damage.a_column_of_the_incident_was_changed, {Watched.INCIDENT_STATE}),
    (damage.what_is_left_to_do_was_miscounted, {Watched.INCIDENT_STATE}),
    (damage.an_effect_has_no_lane, {Watched.EFFECT_OVERDUE}),
    (damage.a_lane_sleeps_past_its_work, {Watched.EFFECT_OVERDUE}),
    (damage.a_lane_was_left_leased, {Watched.LANE_ABANDONED}),
    (damage.an_effect_was_set_aside, {Watched.EFFECT_QUARANTINED}),
    (damage.a_timer_does_not_fire, {Watched.TIMER_LATE}),
    (damage.a_timer_is_lost, {Watched.TIMER_MISSING}),
    (damage.a_delivery_is_not_read, {Watched.DELIVERY_UNREAD}),
    (damage.a_delivery_was_not_understood, {Watched.DELIVERY_QUARANTINED}),
    (damage.a_receipt_is_kept_for_ever, {Watched.RECEIPT_OLD}),
    (damage.a_group_counts_wrongly, {Watched.GROUP_COUNTS}),
]


@pytest.mark.parametrize(("harm", "expected"), PLANTED, ids=lambda one: getattr(one, "__name__", ""))
async def test_damage_is_found_and_told(light: World, harm: Damage, expected: set[Watched]) -> None:
    world, auditor = light, await living(light)
    await harm(world)
    done = await auditor.round()
    assert {finding.what for finding in done.findings} == expected
    await world.settle()
    (notice,) = told(world)
    (what,) = expected
    assert IN_WORDS[what] in notice


async def test_every_kind_that_is_watched_has_damage_that_shows_it() -> None:
    shown = {what for _, expected in PLANTED for what in expected}
    assert shown | {Watched.CHANNEL_MISSING} == set(Watched)
    assert set(IN_WORDS) == set(Watched)


async def test_an_incident_without_a_channel_is_told_when_slack_is_back(world: World) -> None:
    auditor = Auditor(world.engine, world.clock, [SOURCE])
    world.slack.down = Fault.REFUSED
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.advance(2 * MINUTE)
    assert found(await auditor.round()) == {}, "two minutes are not over"
    await world.advance(MINUTE)
    done = await auditor.round()
    assert found(done) == {"channel_missing": 1}
    assert done.work_gets_done, "what waits for its next try is not left lying"
    world.slack.heal()
    await world.advance(2 * MINUTE)
    assert found(await auditor.round()) == {}
    await world.settle()
    (notice,) = told(world)
    assert "This is over since 2026-03-02 09:05:00 UTC: An open incident has no channel." in notice


async def test_it_is_said_once_while_it_lasts_and_once_when_it_is_over(world: World) -> None:
    auditor = await living(world)
    await damage.an_effect_was_set_aside(world)
    for _ in range(3):
        await auditor.round()
        await world.advance(MINUTE)
    (said,) = world.slack.said("muster-admin")
    assert (len(told(world)), said.revisions) == (1, [])
    assert "lost: slack.card" in said.text
    assert "said by somebody" not in said.text, "what an error says may be what people wrote"
    await write(world, delete(effects_table).where(effects_table.c.key == "lost"))
    for _ in range(3):
        await auditor.round()
        await world.advance(MINUTE)
    (said,) = world.slack.said("muster-admin")
    assert len(said.revisions) == 1, "the same message says that it is over"
    assert "This is over" in said.text


async def test_one_more_of_a_kind_is_news_and_one_less_is_none(world: World) -> None:
    auditor = await living(world)
    for n in range(12):
        aside = damage.effect(world) | {"key": f"lost-{n:02}", "quarantined_at": world.clock.now()}
        await write(world, insert(effects_table).values(**aside))
        if n in {0, 11}:
            await auditor.round()
            await world.advance(MINUTE)
    (said,) = world.slack.said("muster-admin")
    assert len(said.revisions) == 1
    assert "lost-09" in said.text
    assert "lost-10" not in said.text
    assert "and 2 more" in said.text
    await write(world, delete(effects_table).where(effects_table.c.key == "lost-03"))
    assert found(await auditor.round()) == {"effect_quarantined": 11}
    await world.advance(MINUTE)
    assert len(world.slack.said("muster-admin")[0].revisions) == 1


async def test_what_cannot_be_told_now_is_told_by_the_next_round(world: World) -> None:
    auditor = await living(world)
    await damage.an_effect_was_set_aside(world)
    world.database.unwritable = 1
    with pytest.raises(Overloaded):
        await auditor.round()
    await auditor.round()
    await world.settle()
    assert len(told(world)) == 1


@pytest.mark.parametrize(
    ("harm", "moves"),
    [
        (damage.an_effect_has_no_lane, False),
        (damage.a_lane_was_left_leased, False),
        (damage.a_timer_does_not_fire, False),
        (damage.a_delivery_is_not_read, False),
        (damage.an_effect_was_set_aside, True),
        (damage.a_row_was_rewritten, True),
    ],
)
async def test_work_that_is_left_lying_is_a_standstill_and_a_flaw_is_none(
    light: World, harm: Damage, moves: bool
) -> None:
    auditor = await living(light)
    await harm(light)
    assert (await auditor.round()).work_gets_done is moves


async def test_work_that_is_under_way_or_waits_behind_another_is_not_overdue(world: World) -> None:
    auditor = await living(world)
    ahead = damage.effect(world) | {"key": "ahead", "due": world.clock.now() + HOUR}
    await write(world, insert(effects_table).values(**ahead), insert(effects_table).values(**damage.effect(world)))
    assert found(await auditor.round()) == {}, "the lane's head waits for its next try"
    await write(
        world,
        delete(effects_table).where(effects_table.c.key == "ahead"),
        insert(lanes).values(
            name="lost", track="x", urgency=1, next_due=world.clock.now(), leased_until=world.clock.now() + MINUTE
        ),
    )
    assert found(await auditor.round()) == {}, "a worker has it"


async def test_what_waits_at_a_gate_waits_rightly_as_long_as_the_gate_goes_on_opening(world: World) -> None:
    auditor = await living(world)
    lane = {"name": "lost", "track": "chat", "urgency": 40, "next_due": world.clock.now(), "gate": "channel:alerts"}
    closed = insert(gates).values(name="channel:alerts", opens_at=world.clock.now())
    await write(world, insert(effects_table).values(**damage.effect(world)), insert(lanes).values(**lane), closed)
    assert found(await auditor.round()) == {}, "somebody was let through a moment ago"
    world.clock.move(2 * MINUTE)
    assert found(await auditor.round())["effect_overdue"] == 1, "the gate is open, and nobody comes"


async def test_only_new_rows_are_read(world: World) -> None:
    await living(world)
    before = (await world.incident()).events
    record = RecordAudit(world.database, Pace(rows_swept=0))
    assert await record.look() == before
    assert await record.look() == 0
    await world.do(SendUpdate(incident=N, text="Rolling back", by=ANA))
    assert await record.look() == (await world.incident()).events - before
    assert record.flaws == {}


async def test_a_past_that_was_changed_behind_the_auditor_shows_in_the_slow_round(world: World) -> None:
    auditor = await living(world)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(MINUTE)
    await auditor.round()
    await damage.a_row_was_rewritten(world)
    rounds = [found(await auditor.round()) for _ in range(2)]
    assert {"timeline_chain": 1} in rounds


async def test_an_incident_that_is_gone_with_its_timeline_is_missed(world: World) -> None:
    auditor = await living(world)
    await world.do(Declare(title="Search is slow", by=ANA))
    await world.settle()
    await world.do(Declare(title="Payments fail", by=ANA))
    await world.advance(MINUTE)
    await damage.an_incident_is_gone_with_its_timeline(world)
    assert found(await auditor.round()) == {"timeline_gap": 1}
    (one,) = (await auditor.round()).findings
    assert (one.where, one.detail) == ("INC-1", "the incident is gone, 0 rows of it are there")


async def test_a_flaw_that_was_mended_is_over(world: World) -> None:
    auditor = await living(world)
    await damage.a_column_of_the_incident_was_changed(world)
    assert found(await auditor.round()) == {"incident_state": 1}
    await write(world, update(incidents).where(incidents.c.id == N).values(severity=Severity.SEV2.value))
    assert found(await auditor.round()) == {}


async def test_long_timelines_are_read_in_small_steps(world: World) -> None:
    await living(world)
    for title in ("Search is slow", "Payments fail"):
        await world.do(Declare(title=title, by=ANA))
    await world.settle()
    for role in Role:
        await world.do(AssignRole(incident=N, role=role, user=ANA, by=ANA))
    await damage.the_last_row_is_missing(world)
    record = RecordAudit(world.database, Pace(rows_at_once=2, rows_a_round=4, rows_swept=0, remembered=1))
    rounds = 0
    while rounds == 0 or (record.behind and rounds < 20):
        assert await record.look() <= 4 + 1
        rounds += 1
    assert rounds >= 3
    assert set(record.flaws) == {N}
    assert len(record._proved) <= 1


async def test_no_question_reads_what_once_was(light: World) -> None:
    """On SQLite: no statement of a round scans a table that grows with history."""
    world, auditor = light, await living(light)
    asked: list[tuple[str, object]] = []
    event.listen(
        world.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    await auditor.round()
    await auditor.round()
    seen = [one for one in asked if one[0].startswith("SELECT")]
    assert len(seen) > 10
    async with world.database.reading() as connection:
        plans = {
            str(tuple(row)[-1])
            for statement, values in seen
            for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type] # as the driver had them
        }
        growing = re.compile(r"SCAN (incidents|timeline|alerts|groups|receipts|deliveries|posts)\b")
        everything = await connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT * FROM timeline WHERE kind = 'x'")
        assert any(growing.match(str(tuple(row)[-1])) for row in everything), "this test can see a scan"
    assert {plan for plan in plans if growing.match(plan)} == set()
