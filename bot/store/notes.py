"""Small things worth remembering: where our messages stand, who is on call, what people are called."""

from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId, MessageTs, ServiceName, UserId
from bot.store import upsert
from bot.store.bodies import dump, read, users_body
from bot.store.tables import people, posts, roster


async def posts_of(connection: AsyncConnection, keys: Collection[str]) -> dict[str, tuple[ChannelId, MessageTs]]:
    """Return where the messages of keys stand in Slack, those that stand there."""
    rows = await connection.execute(_POSTS, {"keys": list(keys)})
    return {row.key: (ChannelId(row.channel), MessageTs(row.ts)) for row in rows}


_POSTS = select(posts).where(posts.c.key.in_(bindparam("keys", expanding=True)))


async def key_at(connection: AsyncConnection, channel: ChannelId, ts: MessageTs) -> str | None:
    """Return what a message of ours is, by where it stands."""
    return (await connection.execute(_KEY_AT, {"channel": channel, "ts": ts})).scalar()


_KEY_AT = select(posts.c.key).where(posts.c.channel == bindparam("channel"), posts.c.ts == bindparam("ts"))


async def remember_post(connection: AsyncConnection, key: str, channel: ChannelId, ts: MessageTs) -> None:
    """Remember where the message of a key stands."""
    await connection.execute(_remember_post(connection.dialect.name), {"key": key, "channel": channel, "ts": ts})


@cache
def _remember_post(dialect: str) -> Insert:
    row = upsert.insert_into(dialect, posts)
    where = {"channel": row.excluded.channel, "ts": row.excluded.ts}
    return row.on_conflict_do_update(index_elements=["key"], set_=where)


async def on_call(connection: AsyncConnection) -> dict[ServiceName, tuple[UserId, ...]]:
    """Return the roster as last heard."""
    rows = await connection.execute(_ROSTER)
    return {ServiceName(row.service): read(users_body, row.users) for row in rows}


_ROSTER = select(roster)


async def remember_on_call(connection: AsyncConnection, heard: Mapping[ServiceName, tuple[UserId, ...]]) -> None:
    """Replace the roster."""
    await connection.execute(delete(roster))
    if heard:
        rows = [{"service": name, "users": dump(users_body, users)} for name, users in heard.items()]
        await connection.execute(insert(roster), rows)


async def names(connection: AsyncConnection) -> dict[UserId, str]:
    """Return what people are called, as far as we have heard."""
    return {UserId(row.user): row.name for row in await connection.execute(select(people))}


async def remember_names(connection: AsyncConnection, heard: Mapping[UserId, str]) -> None:
    """Remember what people are called."""
    for user, name in heard.items():
        row = upsert.insert_into(connection.dialect.name, people).values(user=user, name=name[:200])
        await connection.execute(row.on_conflict_do_update(index_elements=["user"], set_={"name": name[:200]}))
