"""A warning and a critical alert of one thing, on the real database: one line, counted once, said to have escalated."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.matchers import matchers_of
from bot.domain.routing import Route
from bot.domain.silent import SilencePolicy
from bot.engine.audit import Auditor, Watched
from bot.engine.reports import take_in
from bot.store.bodies import group_body, read
from bot.store.tables import groups
from tests.engine.test_groups import fire, pod, the_group
from tests.engine.test_lapsing import QUIET
from tests.engine.world import CHECKOUT, World
from tests.fakes.clock import START
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
WARNING, CRITICAL = AlertSeverity.WARNING, AlertSeverity.CRITICAL


def disk(severity: AlertSeverity, at: timedelta = timedelta(), **changes: object) -> ReportedAlert:
    """Return what is reported of a disk that fills."""
    labels = {"service": CHECKOUT, "disk": "a", "severity": severity.value}
    report = pod(0, labels=labels, severity=severity, summary="Disk a is filling", starts_at=START + at)
    return replace(report, fingerprint=f"disk {severity}", **changes)  # type: ignore[arg-type] # real fields


def over(severity: AlertSeverity, at: timedelta) -> ReportedAlert:
    return disk(severity, status=AlertStatus.RESOLVED, ends_at=START + at)


async def test_what_gets_worse_is_one_line_counted_once_and_its_thread_says_that_it_escalated(world: World) -> None:
    await fire(world, 1, 2)
    await world.do(ReportAlert(report=disk(WARNING)))
    await world.advance(5 * MINUTE)
    await world.do(ReportAlert(report=disk(CRITICAL, 5 * MINUTE)))
    await world.advance(MINUTE)
    message, *_, note = world.slack.said("alerts")
    assert message.text.endswith("3 of 3 firing.")
    shown = json.dumps(message.blocks, ensure_ascii=False)
    assert shown.count("Disk a is filling") == 1
    assert "warning → critical" in shown
    assert note.text.startswith("Escalated warning → critical: ")
    assert (await the_group(world)).firing == 3
    must_hold(await of_world(world), at_rest=True)
    found = await Auditor(world.engine, world.clock, []).round()
    assert Watched.GROUP_COUNTS not in {one.what for one in found.findings}


async def test_one_that_ends_as_the_other_fires_goes_on_in_one_delivery_or_in_two(world: World) -> None:
    await world.do(ReportAlert(report=disk(WARNING)))
    await world.advance(5 * MINUTE)
    told = [over(WARNING, 5 * MINUTE), disk(CRITICAL, 5 * MINUTE)]
    async with world.database.transaction() as connection:
        await take_in(connection, [ReportAlert(report=one) for one in told], world.clock.now(), world.policy)
    await world.advance(MINUTE)
    message, *_ = world.slack.said("alerts")
    assert "Resolved" not in " ".join(message.revisions)
    assert "Critical (was warning)" in json.dumps(message.blocks)
    must_hold(await of_world(world), at_rest=True)
    await world.do(ReportAlert(report=over(CRITICAL, 7 * MINUTE)))
    await world.do(ReportAlert(report=disk(WARNING, 7 * MINUTE)))
    await world.advance(MINUTE)
    assert (await the_group(world)).severity is WARNING
    assert (await the_group(world)).total == 1
    must_hold(await of_world(world), at_rest=True)


async def test_both_may_fall_silent_at_once_and_are_over_together(world: World) -> None:
    world.policy = replace(QUIET, silent=SilencePolicy(senders=QUIET.silent.senders))
    world.start()
    for severity in (WARNING, CRITICAL):
        await world.do(ReportAlert(report=disk(severity)))
    await world.advance(timedelta(hours=4) + MINUTE)
    group = await the_group(world)
    assert (group.is_closed, group.unheard, group.total) == (True, 1, 1)
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("together", [False, True], ids=["one after another", "in one delivery"])
@pytest.mark.parametrize("last", ["c06c", "its kin"])
async def test_what_was_graver_for_a_while_and_so_in_another_group_is_counted_once_in_its_first(
    world: World, *, together: bool, last: str
) -> None:
    grave = Route(matchers=matchers_of('severity="critical"'), channel="incidents")
    world.policy = replace(world.policy, routes=(grave,))
    world.start()
    told = [disk(WARNING), over(WARNING, MINUTE), disk(CRITICAL, 2 * MINUTE), over(CRITICAL, 3 * MINUTE)]
    told = [replace(one, fingerprint="c06c") for one in told] + [replace(disk(WARNING, 4 * MINUTE), fingerprint=last)]
    for some in [told] if together else [[one] for one in told]:
        async with world.database.transaction() as connection:
            await take_in(connection, [ReportAlert(report=one) for one in some], world.clock.now(), world.policy)
        await world.advance(MINUTE)
    async with world.database.reading() as connection:
        found = [read(group_body, body) for body in (await connection.execute(select(groups.c.body))).scalars()]
    assert [(one.channel, one.firing, one.total) for one in sorted(found, key=lambda one: one.channel)] == [
        ("alerts", 1, 1),
        ("incidents", 0, 1),
    ]
    must_hold(await of_world(world), at_rest=True)
