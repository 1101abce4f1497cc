"""Reports taken in together end as if each had come by itself."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import Declare, ReportAlert
from bot.domain.ids import SourceName
from bot.domain.matchers import matchers_of
from bot.domain.muting import Inhibition, MutePolicy
from bot.domain.policy import AlertSeverities, Policy
from bot.domain.rules import DeclareRule
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.silent import SilencePolicy
from bot.engine.reports import take_in
from bot.store.alerts import newest
from bot.store.tables import alerts, effects, groups
from tests.engine.world import ANA, CHECKOUT, POLICY, World
from tests.fakes.clock import START

Take = Callable[[World, Sequence[ReportedAlert]], Awaitable[None]]


def reports() -> st.SearchStrategy[ReportedAlert]:
    """Return reports of four series in two groups, whose episodes begin and end in any order."""
    moments = st.integers(1, 5).map(lambda minutes: START - timedelta(minutes=minutes))
    return st.builds(
        ReportedAlert,
        source=st.just(SourceName("alertmanager")),
        fingerprint=st.sampled_from("1234"),
        status=st.sampled_from(AlertStatus),
        starts_at=moments,
        ends_at=st.none() | moments,
        title=st.sampled_from(["Checkout fails", "Search fails"]),
        summary=st.sampled_from(["Checkout fails for 4 %", "Checkout fails for 5 %"]),
        severity=st.sampled_from([AlertSeverity.CRITICAL, AlertSeverity.WARNING]),
        labels=st.tuples(st.sampled_from("123"), st.sampled_from(["", "page", "ticket"])).map(labelled),
    )


def labelled(given: tuple[str, str]) -> dict[str, str]:
    """Return the labels of a pod; with a severity among them what differs in it alone is of one kin."""
    pod, severity = given
    return {"service": CHECKOUT, "pod": pod} | ({"severity": severity} if severity else {})


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
# What is on the first pod keeps quiet what is on the second; the third is silenced.
INHIBITING = replace(
    POLICY,
    declare=(DeclareRule(name="critical", min_severity=AlertSeverity.CRITICAL, min_firing=2, after=HOUR),),
    mute=MutePolicy(inhibitions=(Inhibition(source=matchers_of("pod=1"), target=matchers_of("pod=2")),)),
)
LAPSING = replace(INHIBITING, silent=SilencePolicy(senders={(SourceName("alertmanager"), "default"): HOUR}))
FIRST = ReportedAlert(
    source=SourceName("alertmanager"),
    fingerprint="1",
    status=AlertStatus.FIRING,
    starts_at=START - timedelta(minutes=5),
    title="Checkout fails",
    labels={"service": CHECKOUT},
)


async def one_by_one(world: World, told: Sequence[ReportedAlert]) -> None:
    for report in told:
        await world.do(ReportAlert(report=report))


async def together(world: World, told: Sequence[ReportedAlert]) -> None:
    async with world.database.transaction() as connection:
        await take_in(connection, [ReportAlert(report=one) for one in told], world.clock.now(), world.policy)


async def what_comes_of(
    told: Sequence[ReportedAlert], take: Take, *, before: Sequence[ReportedAlert] = (), policy: Policy = INHIBITING
) -> tuple[object, ...]:
    """Return all that is kept when these come to a company in which the first series belongs to an incident.

    `before`: what came a minute before, one by one.
    """
    with tempfile.TemporaryDirectory() as folder:
        world = await World(f"sqlite+aiosqlite:///{Path(folder)}/muster.db", policy=policy).open()
        silence = SilenceAlerts(matchers=matchers_of("pod=3"), lasts=HOUR, by=ANA, reason="known", origin="test")
        await world.do(silence)
        fired = await world.do(ReportAlert(report=FIRST))
        assert fired.alert
        await world.do(Declare(by=ANA, alert=fired.alert.id))
        await one_by_one(world, before)
        world.clock.move(MINUTE)
        await take(world, told)
        async with world.database.reading() as connection:
            kept = [tuple(row) for row in await connection.execute(select(alerts).order_by(alerts.c.id))]
            grouped = [tuple(row) for row in await connection.execute(select(groups).order_by(groups.c.id))]
            columns = select(effects.c.kind, effects.c.key, effects.c.lane, effects.c.urgency, effects.c.work)
            waiting = [tuple(row) for row in await connection.execute(columns.order_by(effects.c.id))]
        seen = kept, grouped, waiting, await world.incident(), await world.timeline()
        await world.close()
        return seen


@given(told=st.lists(reports(), min_size=1, max_size=10))
@settings(max_examples=30)
def test_reports_taken_in_together_end_as_if_each_had_come_by_itself(told: list[ReportedAlert]) -> None:
    assert asyncio.run(what_comes_of(told, together)) == asyncio.run(what_comes_of(told, one_by_one))


@given(
    known=st.lists(reports(), min_size=1, max_size=4),
    again=st.lists(st.integers(0, 3), min_size=1, max_size=4),
    policy=st.sampled_from([INHIBITING, LAPSING, replace(LAPSING, mute=MutePolicy())]),
)
@settings(max_examples=30)
def test_what_is_told_again_ends_as_if_each_had_come_by_itself(
    known: list[ReportedAlert], again: list[int], policy: Policy
) -> None:
    """What all of it changes nothing is not decided at all; where silence means something it is heard of anew."""
    told = [known[place % len(known)] for place in again]
    together_ = asyncio.run(what_comes_of(told, together, before=known, policy=policy))
    assert together_ == asyncio.run(what_comes_of(told, one_by_one, before=known, policy=policy))


async def test_of_what_is_told_again_nothing_but_the_alerts_is_looked_up(world: World) -> None:
    await one_by_one(world, [FIRST])
    asked: list[str] = []
    event.listen(
        world.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: asked.append(statement),
    )
    await together(world, [FIRST])
    assert not [one for one in asked if "groups" in one]
    await together(world, [FIRST, replace(FIRST, summary="It is worse")])
    assert [one for one in asked if "groups" in one]


async def test_reports_that_change_nothing_leave_nothing_to_do(world: World) -> None:
    await one_by_one(world, [FIRST])
    async with world.database.transaction() as connection:
        assert not await take_in(connection, [ReportAlert(report=FIRST)], world.clock.now(), world.policy)


async def test_a_word_for_a_severity_is_read_as_the_organisation_means_it(world: World) -> None:
    meant = AlertSeverities(words={"page": AlertSeverity.CRITICAL})
    report = replace(FIRST, severity=AlertSeverity.HIGH, labels={"service": CHECKOUT, "severity": "page"})
    async with world.database.transaction() as connection:
        policy = replace(world.policy, alert_severities=meant)
        await take_in(connection, [ReportAlert(report=report)], world.clock.now(), policy)
    async with world.database.reading() as connection:
        (kept,) = (await newest(connection, {identity(report)})).values()
    assert kept.report.severity is AlertSeverity.CRITICAL
