"""`muster timeline show` and `verify`: what they print, and that no change of the record goes unseen."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Update, delete, text, update

from bot.clock import SeededChance, SystemClock
from bot.domain.commands import Declare, SendUpdate
from bot.domain.ids import IncidentId, UserId
from bot.domain.policy import Policy
from bot.domain.record_commands import TakeNote
from bot.engine.handle import Engine
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.tables import timeline
from tests.test_command_line import folder, muster  # noqa: F401 - a fixture

ANA = UserId("U0ANA")
SECOND = (timeline.c.incident == 1) & (timeline.c.seq == 2)


@pytest.fixture
async def url(folder: Path) -> str:  # noqa: F811
    """The URL of a database with two incidents, of four rows and of one."""
    found = f"sqlite+aiosqlite:///{folder}/muster.db"
    database = Database(found)
    await migrate(database)
    clock = SystemClock()
    engine = Engine(database, clock, SeededChance(1), Policy())
    for title in ("Checkout is down", "Search is slow"):
        await engine.handle(Declare(title=title, by=ANA))
    first = IncidentId(1)
    for words in ("we look at it", "rolling \x1b[31mback"):
        await engine.handle(SendUpdate(incident=first, text=words, by=ANA))
    await engine.handle(TakeNote(incident=first, text="first 500s", by=ANA, happened_at=clock.now().replace(year=2025)))
    await database.close()
    return found


def asked(url: str, *arguments: str) -> tuple[int, list[str], str]:
    said = muster("timeline", *arguments, MUSTER_DATABASE_URL=url)
    return said.exit_code, said.stdout.splitlines(), said.stderr


async def spoil(url: str, *statements: object) -> None:
    database = Database(url)
    async with database.transaction() as connection:
        for statement in statements:
            await connection.execute(statement)  # type: ignore[call-overload] # any statement
    await database.close()


def changed(**values: object) -> Update:
    return update(timeline).where(SECOND).values(**values)


def test_it_shows_what_happened_in_the_order_in_which_it_happened(url: str) -> None:
    code, rows, _ = asked(url, "show", "inc-1")
    assert code == 0
    assert [row.split(None, 3)[2:] for row in rows] == [
        ["4", "U0ANA noted: first 500s"],
        ["1", "U0ANA declared INC-1 as SEV-3: Checkout is down"],
        ["2", "U0ANA sent an update: we look at it"],
        ["3", "U0ANA sent an update: rolling [31mback"],
    ]


def test_what_is_whole_is_said_to_be_with_the_hash_that_stands_for_it(url: str) -> None:
    assert asked(url, "verify") == (0, ["2 timelines, 5 rows: all unbroken"], "")
    code, (line,), _ = asked(url, "verify", "INC-1")
    said, _, ends_in = line.rpartition(" ")
    assert (code, said, len(ends_in)) == (0, "INC-1: 4 rows, unbroken, ending in", 64)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (changed(body=text("replace(body, 'look', 'looked')")), "row 2 does not follow"),
        (changed(hash="0" * 64), "row 2 does not follow"),
        (delete(timeline).where(SECOND), "row 2 does not follow"),
        (
            delete(timeline).where((timeline.c.incident == 1) & (timeline.c.seq == 4)),
            "3 rows, and the incident counts 4",
        ),
    ],
)
def test_what_was_changed_taken_out_or_cut_off_shows(url: str, damage: object, fault: str) -> None:
    asyncio.run(spoil(url, damage))
    code, said, complained = asked(url, "verify")
    assert (code, said) == (1, [said[0]])
    assert said[0].endswith("1 broken")
    assert "INC-1: " in complained
    assert fault in complained
    assert asked(url, "verify", "2")[0] == 0


def test_an_incident_that_is_not_there_and_one_that_is_no_number_are_said(url: str) -> None:
    assert [asked(url, verb, "7")[::2] for verb in ("show", "verify")] == [(1, "There is no INC-7.\n")] * 2
    assert asked(url, "show", "seven")[0] == 2


async def test_what_is_private_is_shown_to_who_asks_for_it(url: str, folder: Path) -> None:  # noqa: F811
    database = Database(url)
    await Engine(database, SystemClock(), SeededChance(2), Policy()).handle(
        Declare(title="A laptop was stolen", by=ANA, private=True)
    )
    await database.close()
    config = folder / "muster.yaml"
    config.write_text("channels: {alerts: alerts, announcements: incidents}\n")
    for command in (["timeline", "show", "3"], ["postmortem", "3", "--config", str(config)]):
        refused = await asyncio.to_thread(muster, *command, MUSTER_DATABASE_URL=url)
        assert refused.exit_code == 1
        assert "INC-3 is private. With --private it is shown." in refused.stderr
        assert "laptop" not in refused.stderr + refused.stdout
        shown = await asyncio.to_thread(muster, *command, "--private", MUSTER_DATABASE_URL=url)
        assert "laptop" in shown.stdout
    unknown = await asyncio.to_thread(muster, "postmortem", "9", "--config", str(config), MUSTER_DATABASE_URL=url)
    assert "INC-3 (private)" in unknown.stderr
