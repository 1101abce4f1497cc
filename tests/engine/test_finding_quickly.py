"""What people look up is found by an index: it costs what there is now, not what has ever been."""

from pathlib import Path

import pytest
from sqlalchemy import Select, text

from bot.store import effects, groups, notes, storms
from bot.store.database import Database

LOOKED_UP: dict[str, tuple[Select[tuple[str]], dict[str, object]]] = {
    "ix_groups_status": (groups._FIRING, {}),
    "ix_groups_digest": (groups._OF_DIGEST, {"of": "C1 daily", "after": "g1", "most": 200}),
    "ix_groups_storm": (storms._GRAVEST, {"of": "storm1", "most": 8}),
    "sqlite_autoindex_groups_1": (groups._CALLED, {"name": "0a1b", "end": "0a1bg", "most": 6}),
    "ix_posts_channel_ts": (notes._KEY_AT, {"channel": "C1", "ts": "1.2"}),
    "sqlite_autoindex_effects_1": (effects._WAITING, {"kinds": ["slack.group"], "keys": ["group:1", "review:1"]}),
}


@pytest.mark.parametrize("index", LOOKED_UP)
async def test_an_index_finds_it(tmp_path: Path, index: str) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/muster.db")
    await database.create_tables()
    query, values = LOOKED_UP[index]
    literal = query.params(values).compile(database.engine.sync_engine, compile_kwargs={"literal_binds": True})
    async with database.reading() as connection:
        plan = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {literal}"))]
    assert any(f"USING INDEX {index}" in step for step in plan), plan
    await database.close()
