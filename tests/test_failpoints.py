"""Named places: nothing happens there, unless a test of crashes wants to know."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import failpoints
from bot.store.database import Database


@pytest.fixture
def told() -> Iterator[list[str]]:
    reached: list[str] = []
    with failpoints.told(reached.append):
        yield reached


async def test_a_commit_has_a_place_before_it_and_one_after_it(told: list[str], tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}")
    async with database.transaction(what="a test"):
        told.append("in it")
    await database.close()
    assert told == ["in it", "before commit of a test", "after commit of a test"]


async def test_reading_and_what_is_rolled_back_have_none(told: list[str], tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}")
    async with database.reading():
        pass
    with pytest.raises(KeyError):
        async with database.transaction(what="a test"):
            raise KeyError
    await database.close()
    assert told == []


def test_without_a_hook_nothing_happens() -> None:
    assert failpoints.HOOKS == []
    failpoints.reached("before commit of", "anything")
