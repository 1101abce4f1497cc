"""A page that nobody acknowledges in time is told once, and a level is called; whatever is away or dies meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole, Declare, Resolve
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.policy import DEFAULT_SEVERITIES
from bot.domain.roles_model import Role
from bot.domain.unacknowledged import AcknowledgementMissed
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.slack import Fault, Said

N = IncidentId(1)
TARGET, SECOND, NIGHT = timedelta(minutes=2), timedelta(seconds=1), timedelta(hours=9)
ON_CALL = Callee(kind=CalleeKind.SERVICE, name="checkout")
SEV1 = replace(DEFAULT_SEVERITIES[Severity.SEV1], escalation=((ON_CALL,),))
ESCALATING = replace(POLICY, severities={**DEFAULT_SEVERITIES, Severity.SEV1: SEV1})


@pytest.fixture
def escalating(world: World) -> World:
    """A world in which the first level of SEV-1 is who is on call."""
    world.policy = ESCALATING
    world.start()
    return world


async def declared(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, service=CHECKOUT))


async def told(world: World) -> list[Said]:
    return [one for one in world.slack.said() if "Nobody has acknowledged INC-1" in one.text]


async def missed(world: World) -> list[AcknowledgementMissed]:
    return [row.event for row in await world.timeline() if isinstance(row.event, AcknowledgementMissed)]


async def test_it_is_told_in_the_channel_and_under_the_announcement_when_the_target_passes(world: World) -> None:
    await declared(world)
    await world.advance(TARGET - SECOND)
    assert await told(world) == []
    await world.advance(2 * SECOND)
    channel = (await world.incident()).channel
    announcement = next(one for one in world.slack.said("incidents") if one.marker == "announcement:1")
    assert {(one.channel, one.thread) for one in await told(world)} == {
        (channel, None),
        (announcement.channel, announcement.ts),
    }
    await world.advance(timedelta(hours=1))
    assert (len(await told(world)), len(await missed(world))) == (2, 1)


async def test_who_takes_command_in_time_hears_nothing_of_it(world: World) -> None:
    await declared(world)
    await world.advance(TARGET - SECOND)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    await world.advance(timedelta(hours=1))
    assert (await told(world), await missed(world)) == ([], [])


async def test_after_a_night_without_slack_and_a_death_it_is_told_once_and_the_level_was_called_at_once(
    escalating: World,
) -> None:
    world = escalating
    world.slack.down = Fault.REFUSED
    world.dies_once("timer.acknowledge")
    await declared(world)
    await world.advance(TARGET + SECOND)
    assert world.deaths == 1
    assert world.pager.called == [(N, 1, "trigger")]
    await world.advance(NIGHT)
    world.slack.heal()
    await world.advance(timedelta(minutes=5))
    assert (len(await told(world)), len(await missed(world))) == (2, 1)
    (call,) = (await world.incident()).calls
    assert (call.callee, (await world.incident()).level) == (ON_CALL, 1)
    (said,) = [one for one in world.slack.said(CLEO) if (one.marker or "").startswith("called:")]
    assert "nobody has acknowledged it within 2m" in said.text


async def test_after_a_night_without_muster_it_is_told_once(world: World) -> None:
    await declared(world)
    await world.settle()
    world.clock.move(NIGHT)
    await world.die()
    await world.advance(timedelta(minutes=5))
    assert (len(await told(world)), len(await missed(world))) == (2, 1)


@pytest.mark.parametrize("ends", [True, False])
async def test_what_waited_for_slack_is_not_told_when_it_is_over_or_somebody_commands_it(
    world: World, *, ends: bool
) -> None:
    await declared(world)
    await world.settle()
    world.slack.down = Fault.REFUSED
    await world.advance(TARGET + SECOND)
    take = AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA) if ends else take)
    world.slack.heal()
    await world.advance(timedelta(minutes=10))
    assert (await told(world), len(await missed(world))) == ([], 1)
