"""A small storm; and that the suite sees what it is there to see."""

from pathlib import Path

import pytest

from bot.store.database import Database
from tests.torture.storm import Wanted, is_kept, is_read_once, storm_on
from tests.torture.webhooks import Webhook, webhooks

pytestmark = pytest.mark.timeout(240)
SMALL = Wanted(alerts=400, groups=10, deaths=(0.5,))


async def test_a_small_storm_and_a_death_in_it_lose_nothing_and_read_everything_once(tmp_path: Path) -> None:
    seen = await storm_on(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", 1, SMALL)
    assert seen.sent > 10
    assert set(seen.statuses) <= {"202", "503", "broken"}


def test_a_storm_has_every_alert_once_and_beside_them_duplicates_and_what_is_malformed() -> None:
    made = webhooks(3, alerts=20_000, groups=500)
    distinct = {one.body: one for one in made}
    assert sorted(f for one in distinct.values() for f in one.alerts) == [f"{n:016x}" for n in range(1, 20_001)]
    assert 0.03 < 1 - len(distinct) / len(made) < 0.07
    assert 0.01 < sum(one.malformed for one in made) / len(made) < 0.03
    assert made == webhooks(3, alerts=20_000, groups=500)


async def test_what_was_accepted_and_is_not_kept_or_not_read_is_seen(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}")
    await database.create_tables()
    accepted = [Webhook(body=b"{}", alerts=("00000000000000a1",))]
    with pytest.raises(AssertionError, match="I1: 1 of 1 deliveries were accepted and are not kept"):
        await is_kept(database, accepted)
    with pytest.raises(AssertionError, match="I1: 1 of 1 alerts were never read"):
        await is_read_once(database, accepted)
    await database.close()
