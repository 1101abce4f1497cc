"""Who comes late, on the real database: told once, though Slack tells of them twice and the process is killed."""

from datetime import timedelta

from bot.domain.commands import AssignRole, Declare
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.people_commands import NoticeReturn
from bot.domain.record_commands import TakeNote
from bot.domain.roles_model import Role
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)


def told(world: World) -> list[Said]:
    return [one for one in world.slack.said(BO) if (one.marker or "").startswith("summary:1:")]


async def test_a_latecomer_is_told_once_what_was_tried_whatever_becomes_of_the_answer(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.settle()
    await world.do(TakeNote(incident=N, text="drained eu-west-1", by=ANA))
    world.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
    for _ in range(2):
        await world.do(NoticeReturn(incident=N, user=BO))
    await world.advance(timedelta(minutes=1))
    (summary,) = told(world)
    assert "drained eu-west-1" in str(summary.blocks)
    must_hold(await of_world(world), at_rest=True)


async def test_those_who_were_there_when_it_began_are_not_told(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=BO, severity=Severity.SEV2, service=CHECKOUT))
    await world.settle()
    await world.do(NoticeReturn(incident=N, user=BO))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=ANA))
    await world.settle()
    assert told(world) == []
    must_hold(await of_world(world), at_rest=True)
