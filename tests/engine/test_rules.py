"""Rules on the real database: one incident, whoever comes at once and wherever it dies."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertAttached
from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.digests_model import Digest
from bot.domain.group_commands import AutomateGroup
from bot.domain.group_work import AutomateGroup as Look
from bot.domain.ids import GroupId
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.routing import Route
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.domain.tracks import Track
from tests.engine.ruling import MINUTE, RULED, SEARCH, N, asked, fails, fire, labels, over
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.clock import START
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world


@pytest.fixture
async def ruled(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, RULED).open()
    yield world
    await world.close()


async def test_a_rule_declares_pages_and_calls_who_is_on_call(ruled: World) -> None:
    await fire(ruled, fails("Errors"))
    await ruled.settle()
    incident = await ruled.incident()
    assert (incident.declared_by, incident.rule, incident.severity) == (None, "checkout-critical", Severity.SEV1)
    assert (incident.title, incident.service, incident.responders) == ("Errors on 1", CHECKOUT, (CLEO,))
    assert ruled.pager.accepted == [(N, "trigger")]
    assert "by rule *checkout-critical*" in str(ruled.slack.said("incidents")[0].blocks)
    must_hold(await of_world(ruled), at_rest=True)


async def test_what_waits_for_a_digest_is_declared_all_the_same(world_url: str) -> None:
    routes = (Route(matchers=matchers_of("service=checkout"), digest=Digest(every=60 * MINUTE)),)
    world = await World(world_url, replace(RULED, routes=routes)).open()
    await fire(world, fails("Errors", severity=AlertSeverity.HIGH))
    await world.advance(MINUTE)
    assert await labels(world) == ["INC-1 SEV-2"]
    assert world.said_in("alerts") == []
    await fire(world, over(fails("Errors", severity=AlertSeverity.HIGH), MINUTE))
    await world.advance(10 * MINUTE)
    assert len(asked(world)) == 1
    must_hold(await of_world(world), at_rest=True)
    await world.close()


async def test_where_nobody_is_on_call_the_owners_are_called(ruled: World) -> None:
    await fire(ruled, fails("Slow", severity=AlertSeverity.WARNING, labels={"service": SEARCH}))
    await ruled.settle()
    assert (await ruled.incident()).responders == (BO,)
    must_hold(await of_world(ruled), at_rest=True)


async def test_so_many_must_fire_for_so_long(ruled: World) -> None:
    pods = [fails("Errors", pod, labels={"team": "many", "pod": str(pod)}) for pod in range(1, 5)]
    await fire(ruled, *pods[:2])
    await ruled.advance(6 * MINUTE)
    await fire(ruled, pods[2])
    await ruled.advance(4 * MINUTE)
    await fire(ruled, over(pods[0], 10 * MINUTE), pods[3])
    await ruled.advance(4 * MINUTE)
    assert await labels(ruled) == []
    await ruled.advance(1 * MINUTE)
    assert await labels(ruled) == ["INC-1 SEV-3"]
    assert len((await ruled.incident()).alerts) == 3
    must_hold(await of_world(ruled), at_rest=True)


async def test_groups_of_one_service_that_hold_at_once_are_one_incident(ruled: World) -> None:
    names = [f"Errors {number}" for number in range(6)]
    await fire(ruled, *(fails(name) for name in names))
    twins = [ruled.dispatcher, ruled.another(), ruled.another()]
    claimed = [(twin, claim) for twin in twins for claim in await twin.claim(Track.CLOCK, 2)]
    assert len(claimed) == 6
    await asyncio.gather(*(twin.work_off(claim) for twin, claim in claimed))
    await ruled.settle()
    assert await labels(ruled) == ["INC-1 SEV-1"]
    incident = await ruled.incident()
    assert (len(incident.groups), len(incident.alerts)) == (6, 6)
    said = [one for one in ruled.said_in(incident.channel_name) if "attached" in one]
    assert sorted(one.partition("attached ")[2] for one in said) == [
        f"an alert: {name} on 1" for name in names if incident.title != f"{name} on 1"
    ]
    assert ruled.pager.accepted == [(N, "trigger")]
    must_hold(await of_world(ruled), at_rest=True)


async def test_a_group_that_joins_raises_the_severity_and_pages_when_it_is_graver(ruled: World) -> None:
    await ruled.do(Declare(title="Checkout is odd", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await ruled.do(Declare(title="Search is odd", by=ANA, severity=Severity.SEV1, service=SEARCH))
    await ruled.settle()
    await fire(ruled, fails("Errors", 1), fails("Errors", 2))
    await ruled.settle()
    assert await labels(ruled) == ["INC-1 SEV-1", "INC-2 SEV-1"]
    incident = await ruled.incident()
    attached = [row.event for row in await ruled.timeline() if isinstance(row.event, AlertAttached)]
    assert [(one.rule, one.all_of) for one in attached] == [("checkout-critical", 2), (None, 0)]
    said = ruled.said_in(incident.channel_name)
    assert "INC-1: Rule checkout-critical attached 2 alerts, the first: Errors on 1" in said
    assert "INC-1: Muster raised the severity from SEV-4 to SEV-1" in said
    assert (N, "trigger") in ruled.pager.accepted
    must_hold(await of_world(ruled), at_rest=True)


async def test_a_rule_and_a_person_who_declare_at_once_make_one_incident(ruled: World) -> None:
    await fire(ruled, fails("Errors"))
    ((claimed, job),) = await ruled.claim(ruled.dispatcher, Track.CLOCK)
    assert isinstance(job.work, Look)
    press = ruled.do(Declare(by=ANA, alert=job.work.group))
    await asyncio.gather(press, ruled.dispatcher.work_off((claimed, job)), return_exceptions=True)
    await ruled.settle()
    assert len(await labels(ruled)) == 1
    must_hold(await of_world(ruled), at_rest=True)


@pytest.mark.parametrize("after", [False, True])
async def test_a_death_while_a_rule_is_asked_ends_in_one_incident(ruled: World, *, after: bool) -> None:
    ruled.dies_once("group.automate", before=not after)
    await fire(ruled, fails("Errors"))
    await ruled.advance(MINUTE)
    assert (ruled.deaths, await labels(ruled)) == (1, ["INC-1 SEV-1"])
    assert ruled.pager.accepted == [(N, "trigger")]
    must_hold(await of_world(ruled), at_rest=True)


async def test_a_group_is_declared_once_reopens_its_incident_and_the_next_is_declared_anew(ruled: World) -> None:
    await fire(ruled, fails("Errors"))
    await ruled.advance(MINUTE)
    await ruled.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await fire(ruled, fails("Errors", 2))
    await ruled.advance(MINUTE)
    await fire(ruled, over(fails("Errors", 1), MINUTE), over(fails("Errors", 2), MINUTE))
    await ruled.advance(20 * MINUTE)
    await fire(ruled, fails("Errors", 1, starts_at=ruled.clock.now()))
    await ruled.advance(MINUTE)
    assert await labels(ruled) == ["INC-1 SEV-1"]
    await ruled.do(Resolve(incident=N, resolution="Rolled back again", by=ANA))
    await fire(ruled, over(fails("Errors", 1, starts_at=START + 20 * MINUTE), 22 * MINUTE))
    await ruled.advance(40 * MINUTE)
    await fire(ruled, fails("Errors", 1, starts_at=ruled.clock.now()))
    await ruled.advance(MINUTE)
    assert await labels(ruled) == ["INC-2 SEV-1"]
    must_hold(await of_world(ruled), at_rest=True)


async def test_what_is_silenced_or_acknowledged_declares_nothing_until_it_is_heard_again(ruled: World) -> None:
    quiet = SilenceAlerts(
        matchers=matchers_of("pod=1"), lasts=timedelta(hours=1), by=ANA, reason="known", origin="test"
    )
    await ruled.do(quiet)
    await fire(ruled, fails("Errors", 1))
    await ruled.advance(MINUTE)
    taken = await ruled.do(ReportAlert(report=fails("Others", 2, severity=AlertSeverity.WARNING)))
    assert taken.group
    await ruled.do(AcknowledgeAlert(alert=taken.group.id, by=BO))
    await fire(ruled, fails("Others", 2))
    await ruled.advance(MINUTE)
    assert await labels(ruled) == []
    await ruled.do(EndSilence(silence=1, by=ANA))
    await ruled.advance(MINUTE)
    assert await labels(ruled) == ["INC-1 SEV-1"]
    assert (await ruled.incident()).title == "Errors on 1"
    must_hold(await of_world(ruled), at_rest=True)


async def test_a_group_that_nobody_knows_or_nobody_watches_is_left_alone(ruled: World) -> None:
    await ruled.do(AutomateGroup(group=GroupId("gone")))
    taken = await ruled.do(ReportAlert(report=fails("Slow", labels={"team": "few"})))
    assert taken.group
    await ruled.do(AutomateGroup(group=taken.group.id))
    assert await labels(ruled) == []
