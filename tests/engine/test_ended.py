"""What is over is looked up newest first, on the real database."""

from bot.domain.commands import Declare, Resolve
from bot.domain.ids import IncidentId
from bot.engine.desk import EngineDesk
from tests.engine.world import ANA, World


async def test_what_is_over_is_listed_newest_first_without_what_is_open(world: World) -> None:
    for number in (1, 2, 3):
        await world.do(Declare(title=f"Trouble {number}", by=ANA))
    for number in (1, 3):
        await world.do(Resolve(incident=IncidentId(number), resolution="Rolled back", by=ANA))
    found = await EngineDesk(world.engine).ended_incidents()
    assert [one.id for one in found] == [3, 1]
