"""Calling people on the real database: the pager asked once whoever dies, in its own time, and quiet in the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import Declare, Resolve
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.people_commands import CallPeople, Invite
from bot.errors import Refused
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
MINUTE = timedelta(minutes=1)
PAGE = CallPeople(
    incident=N,
    callees=(Callee(kind=CalleeKind.SERVICE, name=CHECKOUT), Callee(kind=CalleeKind.PERSON, name=BO)),
    why="Nobody here knows it",
    by=ANA,
)


async def declared(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV3, service=CHECKOUT))
    await world.settle()


async def test_who_is_called_is_paged_told_and_brought_in_and_all_is_quiet_in_the_end(world: World) -> None:
    await declared(world)
    await world.do(PAGE, key="typed")
    assert (await world.do(PAGE, key="typed")).repeated
    with pytest.raises(Refused, match="less than 5 minutes ago"):
        await world.do(PAGE, key="typed again")
    await world.settle()
    assert world.pager.called == [(N, 1, "trigger")]
    for user in (BO, CLEO):
        (told,) = [one for one in world.slack.said(user) if (one.marker or "").startswith("called:1:")]
        assert "You are called to INC-1" in told.text
    assert BO in world.slack.channel((await world.incident()).channel_name).members
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.settle()
    assert world.pager.called == [(N, 1, "trigger"), (N, 1, "resolve")]
    must_hold(await of_world(world), at_rest=True)


async def test_the_pager_does_not_wait_for_slack(world: World) -> None:
    await declared(world)
    world.slack.down = Fault.REFUSED
    await world.do(PAGE)
    await world.settle()
    assert world.pager.called == [(N, 1, "trigger")]
    world.slack.heal()
    await world.advance(3 * MINUTE)
    must_hold(await of_world(world), at_rest=True)


async def test_while_the_pager_is_away_the_order_of_a_call_is_kept(world: World) -> None:
    await declared(world)
    world.pager.down = True
    await world.do(PAGE)
    await world.advance(MINUTE)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    world.pager.down = False
    await world.advance(3 * MINUTE)
    assert world.pager.called == [(N, 1, "trigger"), (N, 1, "resolve")]
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("before", [True, False])
async def test_a_death_during_a_call_wakes_nobody_twice_under_another_name(world: World, before: bool) -> None:
    await declared(world)
    world.dies_once("pager.call", before=before)
    await world.do(PAGE)
    await world.advance(MINUTE)
    assert world.deaths == 1
    assert set(world.pager.called) == {(N, 1, "trigger")}, "a repeated trigger has the same key"
    assert [one.event.kind for one in await world.timeline()].count("call_accepted") == 1
    must_hold(await of_world(world), at_rest=True)


async def test_the_members_of_a_user_group_are_brought_in(world: World) -> None:
    await declared(world)
    world.slack.groups["S0LEADS"] = (BO, CLEO)
    group = Callee(kind=CalleeKind.GROUP, name="S0LEADS", label="@leads")
    await world.do(Invite(incident=N, users=(), groups=(group,), by=ANA))
    await world.do(Invite(incident=N, users=(), groups=(Callee(kind=CalleeKind.GROUP, name="S0NONE"),), by=ANA))
    await world.settle()
    assert {BO, CLEO} <= set(world.slack.channel((await world.incident()).channel_name).members)
    must_hold(await of_world(world), at_rest=True)


async def test_whom_a_severity_wants_is_in_the_channel(world: World) -> None:
    world.slack.groups["S0LEADS"] = (BO,)
    wanted = (Callee(kind=CalleeKind.PERSON, name=CLEO), Callee(kind=CalleeKind.GROUP, name="S0LEADS"))
    sev4 = replace(POLICY.severities[Severity.SEV4], invite=wanted)
    world.policy = replace(POLICY, severities={**POLICY.severities, Severity.SEV4: sev4})
    world.start()
    await world.do(Declare(title="It is slow", by=ANA, severity=Severity.SEV4))
    await world.settle()
    name = (await world.incident()).channel_name
    assert {BO, CLEO} <= set(world.slack.channel(name).members)
    first = next(one for one in world.slack.said(name) if one.marker)
    assert first.marker == "card:1"
    must_hold(await of_world(world), at_rest=True)
