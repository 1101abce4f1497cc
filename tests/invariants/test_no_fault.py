"""What looks like a fault and is none: stories in which all is right, and the checker says so."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alert_events import AlertAttached
from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import Declare, ReportAlert, Resolve
from bot.domain.course_commands import Merge, Reopen
from bot.domain.ids import IncidentId
from bot.domain.matchers import matchers_of
from bot.domain.silence_commands import SilenceAlerts
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, World
from tests.invariants.check import found_wrong
from tests.invariants.from_fake import of_world

MINUTE = timedelta(minutes=1)
N = IncidentId(1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World(f"sqlite+aiosqlite:///{tmp_path}/muster.db").open()
    yield world
    await world.close()


async def found(world: World) -> list[str]:
    return [str(one) for one in found_wrong(await of_world(world), at_rest=True)]


@pytest.mark.parametrize("set_back", [timedelta(), 5 * MINUTE], ids=["in one moment", "by a clock that is set back"])
async def test_what_was_told_before_somebody_silenced_it_was_not_quiet_from_the_first(
    world: World, set_back: timedelta
) -> None:
    """Of one moment the record does not say what was first, nor of two when the clock was set back in between."""
    await world.do(ReportAlert(report=FIRST))
    await world.settle()
    world.clock.jump(-set_back)
    matchers = matchers_of("service=checkout")
    await world.do(SilenceAlerts(matchers=matchers, lasts=120 * MINUTE, by=ANA, reason="It is known", origin="test"))
    await world.advance(20 * MINUTE)
    over = replace(FIRST, status=AlertStatus.RESOLVED, ends_at=world.clock.now())
    await world.do(ReportAlert(report=over))
    await world.advance(20 * MINUTE)
    assert await found(world) == []


async def test_an_alert_that_became_anothers_comes_back_when_the_two_are_merged(world: World) -> None:
    """It is attached a second time, and nothing was told twice."""
    alert = (await world.do(ReportAlert(report=FIRST))).alert
    assert alert is not None
    await world.do(Declare(title="Checkout is down", by=ANA, alert=alert.id))
    await world.settle()
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.do(Declare(title="It is down again", by=ANA, alert=alert.id))
    await world.do(Reopen(incident=N, reason="It is the same", by=ANA))
    await world.do(Merge(incident=IncidentId(2), into=N, by=ANA))
    await world.settle()
    attached = [row.event.kind for row in await world.timeline() if isinstance(row.event, AlertAttached)]
    assert len(attached) == 2
    assert await found(world) == []
