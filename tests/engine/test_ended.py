"""What is over, and what was said of any, is looked up newest first, on the real database."""

from sqlalchemy import event

from bot.domain.commands import Declare, Resolve, SendUpdate
from bot.domain.course_commands import Reopen
from bot.domain.ids import IncidentId, ServiceName
from bot.engine.desk import EngineDesk
from bot.store import incidents
from tests.engine.world import ANA, BO, CHECKOUT, World


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


async def test_what_affects_any_of_the_services_is_found_with_words_or_without(world: World) -> None:
    mail, search = ServiceName("mail"), ServiceName("search")
    for title, also in (
        ("Disk is full", (mail,)),
        ("Disk is slow", ()),
        ("Mail is late", (ServiceName("Mail"), search)),
    ):
        await world.do(Declare(title=title, by=ANA, service=CHECKOUT, also=also))
    desk = EngineDesk(world.engine)
    asked = [((), (mail,)), (("disk",), (mail, search)), (("disk",), (search,)), ((), (CHECKOUT,)), (("disk",), ())]
    found = [[one.id for one in await desk.incidents_saying(words, of)] for words, of in asked]
    assert found == [[3, 1], [1], [], [3, 2, 1], [2, 1]]


async def found_beyond(world: World, *words: str, at_most: int = 10, theirs: bool = True) -> list[int]:
    """Look among all but the very newest by the index of words; what is not `theirs` is left out."""
    async with world.database.reading() as connection:
        there = await incidents.saying(
            connection, words, lambda one: theirs or not one.private, among=1, at_most=at_most
        )
    return [one.id for one in there]


async def test_what_is_too_old_to_be_looked_at_one_by_one_is_found_by_its_words(world: World) -> None:
    for title in ("Überlast 100% on “auth”", 'The "auth" path is down', "検索障害が続く", "nothing"):
        await world.do(Declare(title=title, by=ANA))
    assert await found_beyond(world, "auth") == [2, 1]
    assert await found_beyond(world, "übe", "auth") == [1]
    assert await found_beyond(world, '"auth"') == [2]
    assert await found_beyond(world, "100%") == [1], "signs stand for themselves"
    assert await found_beyond(world, "障害") == [3], "a word may begin anywhere where none is parted"
    assert await found_beyond(world, "last") == [], "beyond the newest a word is found by its beginning"
    assert await found_beyond(world, "%") == await found_beyond(world, "unheard") == []
    assert await found_beyond(world, "nothing") == [4], "the newest is looked at"


async def test_its_words_follow_what_is_said_of_it(world: World) -> None:
    await world.do(Declare(title="Checkout fails", by=ANA))
    await world.do(Declare(title="Another", by=ANA))
    n = IncidentId(1)
    await world.do(SendUpdate(incident=n, text="The certificate ran out", by=ANA))
    assert await found_beyond(world, "certif", "checkout") == [1]
    await world.do(SendUpdate(incident=n, text="A new one is there", by=ANA))
    assert await found_beyond(world, "certificate") == []
    await world.do(Resolve(incident=n, resolution="Renewed by hand", by=ANA))
    assert await found_beyond(world, "renewed", "there") == [1]
    await world.do(Reopen(incident=n, reason="It is back", by=ANA))
    assert await found_beyond(world, "renewed") == []


async def test_old_ones_that_are_hidden_are_passed_over_however_many_they_are(world: World) -> None:
    await world.do(Declare(title="A laptop was stolen", by=BO))
    for _ in range(incidents.LOOKED_AT + 1):
        await world.do(Declare(title="A laptop was stolen", by=BO, private=True))
    await world.do(Declare(title="Another", by=ANA))
    asked: list[str] = []
    event.listen(world.database.engine.sync_engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert await found_beyond(world, "laptop", theirs=False) == [1]
    assert len([one for one in asked if "incident_words" in one]) == 1, "each question costs all that have the words"
    assert await found_beyond(world, "laptop", at_most=2) == [52, 51]
