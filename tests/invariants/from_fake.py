"""Takes the picture of a world in memory: its database, its Slack, its pager."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.ids import IncidentId
from tests.engine.world import World
from tests.fakes.slack import BOT, Said
from tests.invariants.from_database import of_database
from tests.invariants.markup import markup_of
from tests.invariants.picture import Log, Message, Picture, Room


async def of_world(
    world: World, *, log: Log | None = None, late: timedelta | None = None, secrets: Sequence[str] = ()
) -> Picture:
    """Return what a world shows: the database first, then Slack, so that what happens meanwhile is no contradiction."""
    seen = await of_database(world.database, world.clock, secrets=secrets)
    said = world.slack.said()
    pages: dict[tuple[IncidentId, int], list[str]] = defaultdict(list)
    for number, reopened, action in world.pager.asked:
        pages[number, reopened].append(action)
    return replace(
        seen,
        bot=str(BOT),
        messages=tuple(_message(one) for one in said),
        rooms=tuple(
            Room(
                id=one.id,
                name=one.name,
                ours=one.creator == BOT,
                members=frozenset(one.members),
                topic=one.topic,
                bookmarks=len(one.bookmarks),
                private=one.private,
            )
            for one in world.slack.channels.values()
        ),
        posted=Counter(one.marker for one in said if one.marker and one.author == BOT),
        pages={page: tuple(asked) for page, asked in pages.items()},
        written={**seen.written, "slack": json.dumps([(one.text, one.blocks) for one in said], default=str)}
        if secrets
        else {},
        accepted=log,
        late=late,
        set_back=world.clock.set_back,
        prefix=f"{world.policy.channel_prefix}-",
        policy=world.engine.policy,
    )


def _message(one: Said) -> Message:
    return Message(
        channel=one.channel,
        ts=one.ts,
        ours=one.author == BOT and not one.subtype,  # what Slack itself says of us: set the topic
        markup=markup_of(one.text, [block if isinstance(block, dict) else block.to_dict() for block in one.blocks]),
        marker=one.marker if one.author == BOT else None,
        thread=one.thread,
        files=(one.filename,) if one.filename else (),
    )
