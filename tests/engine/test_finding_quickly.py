"""What people look up is found by an index: it costs what there is now, not what has ever been."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, text

from bot.domain.ids import IncidentId
from bot.store import alerts, deploys, effects, groups, incidents, notes, silences, storms, words
from bot.store.database import Database
from bot.store.migrate import migrate
from tests.fakes.clock import START

LOOKED_UP: dict[str, tuple[Select[tuple[str]], dict[str, object]]] = {
    "ix_groups_status": (groups._FIRING, {}),
    "ix_groups_digest": (groups._OF_DIGEST, {"of": "C1 daily", "after": "g1", "most": 200}),
    "ix_groups_storm": (storms._GRAVEST, {"of": "storm1", "most": 8}),
    "sqlite_autoindex_groups_1": (groups._CALLED, {"name": "0a1b", "end": "0a1bg", "most": 6}),
    "ix_posts_comms": (incidents._TOLD_HERE, {"here": "C1"}),
    "ix_posts_channel_ts": (notes._KEY_AT, {"channel": "C1", "ts": "1.2"}),
    "ix_deploys_service_at": (deploys._RECENT, {"of": "checkout", "since": START}),
    "ix_silences_far_id": (silences._CALLED, {"origin": "api", "name": "0a1b"}),
    "ix_incidents_open_actions": (incidents._WITH_ACTIONS, {}),
    "sqlite_autoindex_effects_1": (effects._WAITING, {"kinds": ["slack.group"], "keys": ["group:1", "review:1"]}),
}


@pytest.mark.parametrize("index", LOOKED_UP)
async def test_an_index_finds_it(tmp_path: Path, index: str) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    plan = await plan_of(database, *LOOKED_UP[index])
    assert any(f"USING INDEX {index}" in step for step in plan), plan
    await database.close()


async def test_what_a_groups_message_shows_is_read_from_its_index_in_order(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await migrate(database)
    plan = await plan_of(database, alerts._SOME_OF, {"of": "group1", "most": 12})
    assert plan == ["SEARCH alerts USING INDEX ix_alerts_group_id_status_grade (group_id=?)"]
    await database.close()


async def test_silences_of_the_file_are_found_without_reading_all_that_ever_were(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    plan = await plan_of(database, silences._FROM_FILE, {"file": "file", "names": ["rebuild"], "now": START})
    assert not [step for step in plan if step.startswith("SCAN")]
    assert {"ix_silences_ends_at", "ix_silences_far_id"} <= set(" ".join(plan).split())
    await database.close()


async def test_the_newest_that_are_over_are_read_from_the_end_and_no_more_of_them(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    plan = await plan_of(database, incidents._ENDED, {"before": 500, "most": 100})
    assert plan == ["SEARCH incidents USING INTEGER PRIMARY KEY (rowid<?)"]
    await database.close()


async def test_incidents_are_found_by_their_words_without_reading_any_others(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    plan = await plan_of(database, words.query_of(["certificate", "che"], before=IncidentId(500), at_most=50), {})
    assert len([step for step in plan if step.startswith("SEARCH incident_words USING PRIMARY KEY (word>")]) == 2, plan
    assert not [step for step in plan if "SCAN incident_words" in step]
    await database.close()


async def plan_of(database: Database, query: Select[Any], values: dict[str, object]) -> list[str]:
    """Return how SQLite means to find it."""
    literal = query.params(values).compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True})
    async with database.reading() as connection:
        return [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {literal}"))]
