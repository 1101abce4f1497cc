"""Whoever froze and wakes up late makes no call at all, also not one that may be repeated: it would say what was."""

from datetime import timedelta

from bot.domain.commands import Declare, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.engine.dispatch import LEASE
from tests.engine.world import ANA, CHECKOUT, World

N = IncidentId(1)


async def test_a_worker_that_froze_writes_no_old_topic_when_it_wakes_up(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.settle()
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    twin = world.another()
    (stale,) = [claim for claim in await world.claim(twin) if claim[0].work.kind == "slack.topic"]
    await world.advance(LEASE + timedelta(minutes=1))
    await world.do(SetStatus(incident=N, status=Status.MONITORING, by=ANA))
    await world.settle()
    await twin.work_off(stale)
    assert "monitoring" in world.slack.channel((await world.incident()).channel_name).topic.lower()
