"""What is over, and what was said of any, is looked up newest first, on the real database."""

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


async def test_words_are_found_whatever_their_case_and_signs_stand_for_themselves(world: World) -> None:
    for title in ("Überlast 100% on “auth”", 'The "auth" path is down', "nothing"):
        await world.do(Declare(title=title, by=ANA))
    desk = EngineDesk(world.engine)
    found = {
        words: [one.id for one in await desk.incidents_saying(words)]
        for words in [("auth",), ("überlast", "auth"), ("100%",), ('"auth"',), ("1_0",), ("title",)]
    }
    assert list(found.values()) == [[2, 1], [1], [1], [2], [], []]
