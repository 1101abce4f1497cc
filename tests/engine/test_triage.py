"""Triage on the real database: what is suspected, accepted and declined, at once and through deaths."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import Declare
from bot.domain.course_commands import Accept, Decline, Reopen
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity, Status
from bot.domain.rules import DeclareRule
from bot.errors import Refused
from tests.engine.ruling import MINUTE, RULED, N, fails, fire, labels
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

SUSPECTS = DeclareRule(name="suspects", matchers=matchers_of("service=checkout"), triage=True)
SURE = DeclareRule(name="sure", matchers=matchers_of("service=checkout"), min_severity=AlertSeverity.CRITICAL)
SUSPECTED = Declare(title="Is it slow?", by=ANA, severity=Severity.SEV1, service=CHECKOUT, triage=True)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, replace(RULED, declare=(SURE, SUSPECTS))).open()
    yield world
    await world.close()


async def test_what_is_suspected_has_a_channel_and_is_neither_announced_nor_reminded_of(world: World) -> None:
    await world.do(SUSPECTED)
    await world.advance(14 * MINUTE)
    incident = await world.incident()
    assert incident.channel
    room = world.slack.channels[incident.channel]
    said = world.said_in(incident.channel_name)
    assert said == ["INC-1 Is it slow?: SEV-1, triage. Nobody is in command."]
    assert (world.said_in("incidents"), world.pager.accepted, CLEO in room.members) == ([], [], False)
    must_hold(await of_world(world), at_rest=True)
    await world.do(Accept(incident=N, by=BO))
    await world.advance(11 * MINUTE)
    assert (world.pager.accepted, {BO, CLEO} <= set(room.members)) == ([(N, "trigger")], True)
    assert len([one for one in world.said_in("incidents") if one.startswith("INC-1 ")]) == 1
    assert any("an update is due" in one for one in world.said_in(incident.channel_name))
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_forgotten_in_triage_is_asked_about_then_every_hour_and_once_after_an_outage(
    world: World,
) -> None:
    await world.do(SUSPECTED)
    await world.advance(16 * MINUTE)
    name = (await world.incident()).channel_name
    assert sum("still in triage" in one for one in world.said_in(name)) == 1
    world.slack.down = Fault.REFUSED
    await world.advance(150 * MINUTE)
    world.slack.heal()
    await world.advance(5 * MINUTE)
    assert sum("still in triage" in one for one in world.said_in(name)) == 2
    must_hold(await of_world(world), at_rest=True)
    await world.do(Accept(incident=N, by=BO))
    await world.advance(120 * MINUTE)
    assert sum("still in triage" in one for one in world.said_in(name)) == 2


async def test_what_is_declined_was_never_announced_until_it_is_reopened(world: World) -> None:
    await world.do(SUSPECTED)
    await world.advance(MINUTE)
    await world.do(Decline(incident=N, reason="A load test", by=BO))
    await world.advance(20 * MINUTE)
    assert (await labels(world), world.said_in("incidents")) == ([], [])
    must_hold(await of_world(world), at_rest=True)
    await world.do(Reopen(incident=N, reason="It is slow without it", by=ANA))
    await world.advance(MINUTE)
    assert (await labels(world), len(world.said_in("incidents"))) == (["INC-1 SEV-1"], 1)
    assert world.pager.asked == [(N, 1, "trigger")]
    must_hold(await of_world(world), at_rest=True)


async def test_who_accepts_and_who_declines_at_once_end_with_one_of_both(world: World) -> None:
    await world.do(SUSPECTED)
    await world.advance(MINUTE)
    answers = await asyncio.gather(
        world.do(Accept(incident=N, by=BO)),
        world.do(Decline(incident=N, reason="A load test", by=ANA)),
        return_exceptions=True,
    )
    await world.advance(MINUTE)
    assert [isinstance(one, Refused) for one in answers].count(True) == 1
    accepted = (await world.incident()).status is Status.INVESTIGATING
    assert bool(world.pager.accepted) is accepted
    must_hold(await of_world(world), at_rest=True)


async def test_a_rule_suspects_and_one_that_is_sure_accepts_it(world: World) -> None:
    await fire(world, fails("Slow", severity=AlertSeverity.WARNING))
    await world.advance(MINUTE)
    incident = await world.incident()
    assert (incident.status, incident.rule, world.pager.accepted) == (Status.TRIAGE, "suspects", [])
    await fire(world, fails("Down", severity=AlertSeverity.CRITICAL))
    await world.advance(MINUTE)
    assert await labels(world) == ["INC-1 SEV-1"]
    incident = await world.incident()
    assert (incident.status, len(incident.groups)) == (Status.INVESTIGATING, 2)
    assert world.pager.accepted == [(N, "trigger")]
    assert "INC-1: Rule sure holds: it is an incident" in world.said_in(incident.channel_name)
    must_hold(await of_world(world), at_rest=True)


async def test_a_running_incident_of_the_service_is_joined_before_one_in_triage(world: World) -> None:
    await world.do(SUSPECTED)
    await world.do(Declare(title="It is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await fire(world, fails("Down", severity=AlertSeverity.CRITICAL))
    await world.advance(MINUTE)
    assert [len((await world.incident(n)).groups) for n in (1, 2)] == [0, 1]
    must_hold(await of_world(world), at_rest=True)


async def test_accepted_while_slack_is_away_and_the_process_dies_it_is_told_once(world: World) -> None:
    await world.do(SUSPECTED)
    await world.advance(MINUTE)
    world.slack.down = Fault.REFUSED
    await world.do(Accept(incident=N, by=BO))
    await world.die()
    await world.advance(MINUTE)
    assert world.pager.accepted == [(N, "trigger")]
    world.slack.down = None
    await world.advance(10 * MINUTE)
    incident = await world.incident()
    told = [one for one in world.said_in(incident.channel_name) if "accepted it as an incident" in one]
    announced = [one for one in world.said_in("incidents") if one.startswith("INC-1 ")]
    assert (len(told), len(announced)) == (1, 1)
    must_hold(await of_world(world), at_rest=True)
