"""Death at a few of the named points. All of them: `make torture`."""

from pathlib import Path

import pytest

from tests.torture.crashpoints import name, read
from tests.torture.forked import Death, own_port, zygote
from tests.torture.tale import tell

pytestmark = pytest.mark.timeout(240)


@pytest.mark.parametrize(
    "deaths",
    [
        "before commit of Declare #1",
        "after chat.postMessage for slack.card #1 then before conversations.history for slack.card #1",
    ],
)
async def test_whoever_dies_there_goes_on_where_it_was(deaths: str, tmp_path: Path) -> None:
    async with zygote() as mother:
        lives = await tell(mother, tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", own_port(0), read(deaths))
    assert len(lives) == len(read(deaths)) + 1


def test_a_death_is_read_as_it_is_named() -> None:
    deaths = (Death("after auth.test"), Death("before commit of the result of slack.say", 3))
    assert read(name(deaths)) == deaths
    assert read("after auth.test") == deaths[:1]
