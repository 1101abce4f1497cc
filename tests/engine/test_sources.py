"""Every source, from the bytes that it sends to the message that people see."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.ids import SourceName
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.inbound.alerts import SOURCES
from tests.engine.world import World

FIXTURES = Path(__file__).parents[1] / "inbound" / "alerts"
AFTER_THE_FIXTURES = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", SOURCES)
async def test_an_episode_of_any_source_is_one_message_that_shows_how_it_ended(world: World, name: SourceName) -> None:
    world.clock.move(AFTER_THE_FIXTURES - world.clock.now())
    bodies = [path.read_bytes() for path in sorted((FIXTURES / name).glob("episode-*"))]
    for body in [*bodies, bodies[-1]]:  # the last once more: a repetition changes nothing
        await keep(world.engine, [Delivery(source=name, received_at=world.clock.now(), body=body)], world.clock)
        await world.settle()
        await world.advance(timedelta(minutes=1))
    (last,) = SOURCES[name].parse(bodies[-1])
    (message,) = [said for said in world.slack.said() if said.marker and said.thread is None]
    assert ("resolved" in message.text.lower()) is (last.status is AlertStatus.RESOLVED)
