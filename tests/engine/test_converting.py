"""A channel that was there before becomes an incident's, on the real database: its last words are in the timeline."""

from datetime import timedelta

import pytest

from bot.domain.commands import Declare, Resolve
from bot.domain.converting import TAKEN
from bot.domain.entries import moment_of
from bot.domain.existing import Existing
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.message_events import MessagePosted
from bot.domain.privacy import ANYBODY, Viewer
from bot.errors import Refused
from tests.engine.world import ANA, BO, CLEO, World
from tests.fakes.records import FakeChannel
from tests.fakes.slack import BOT, Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
NAME = "checkout-talk"


def talked(world: World, messages: int, *, private: bool = False, with_bot: bool = True) -> FakeChannel:
    room = world.slack.add_channel(NAME, with_bot=with_bot)
    room.private = private
    for at in range(messages):
        world.slack.write(NAME, f"word {at}", author=BO)
    return room


def existing(room: FakeChannel) -> Existing:
    return Existing(channel=room.id, name=room.name, private=room.private)


async def convert(world: World, room: FakeChannel) -> None:
    world.clock.move(timedelta(seconds=1))
    await world.do(Declare(title="Checkout is down", by=ANA, existing=existing(room)))
    await world.advance(timedelta(minutes=1))


async def words(world: World) -> list[str]:
    return [row.event.text for row in await world.timeline() if isinstance(row.event, MessagePosted)]


async def test_its_last_messages_are_rows_with_their_own_times_and_links(world: World) -> None:
    room = talked(world, 3)
    first = next(iter(room.messages.values()))
    world.slack.write(NAME, "an answer", author=CLEO, thread=first.ts)
    world.clock.move(timedelta(hours=5))
    await convert(world, room)
    assert sorted(await words(world)) == ["an answer", "word 0", "word 1", "word 2"]
    rows = [row.event for row in await world.timeline() if isinstance(row.event, MessagePosted)]
    declared_at = (await world.incident()).declared_at
    assert all(moment_of(one) < declared_at for one in rows)
    assert all(one.permalink for one in rows)
    assert (room.name, (await world.incident()).channel) == (NAME, room.id)
    must_hold(await of_world(world), at_rest=False)


async def test_what_is_read_later_brings_no_more_of_what_was_said_before_than_was_taken(world: World) -> None:
    room = talked(world, TAKEN + 20)
    oldest = next(iter(room.messages.values()))
    await convert(world, room)
    await world.advance(timedelta(minutes=12))
    assert len(await words(world)) == TAKEN
    oldest.reactions["pushpin"] = [BO]
    await world.advance(timedelta(minutes=12))
    assert (await words(world))[TAKEN:] == ["word 0"]
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(timedelta(minutes=1))
    assert len(await words(world)) == TAKEN + 1


async def test_what_was_said_since_is_in_the_record_though_slack_was_away_for_more_than_a_day(world: World) -> None:
    room = talked(world, 1)
    world.clock.move(timedelta(seconds=1))
    await world.do(Declare(title="Checkout is down", by=ANA, existing=existing(room)))
    world.slack.down = Fault.REFUSED
    world.clock.move(timedelta(hours=1))
    world.slack.write(NAME, "said meanwhile", author=BO)
    world.clock.move(timedelta(hours=26))
    world.slack.heal()
    await world.advance(timedelta(minutes=20))
    assert await words(world) == ["word 0", "said meanwhile"]


async def test_of_a_long_history_the_newest_are_taken_and_the_end_does_not_take_the_rest(world: World) -> None:
    room = talked(world, TAKEN * 3 + 50)
    world.clock.move(timedelta(days=5))
    await convert(world, room)
    expected = [f"word {at}" for at in range(TAKEN * 2 + 50, TAKEN * 3 + 50)]
    assert await words(world) == expected
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(timedelta(minutes=1))
    assert await words(world) == expected


async def test_it_comes_into_a_public_channel_by_itself_and_a_lost_answer_does_no_harm(world: World) -> None:
    room = talked(world, 1, with_bot=False)
    for method in ("conversations.join", "conversations.info"):
        world.slack.fail(Fault.LOST_AFTER, method=method)
    await convert(world, room)
    await world.advance(timedelta(minutes=1))
    assert BOT in room.members
    assert await words(world) == ["word 0"]


async def test_a_private_channel_makes_an_incident_that_its_members_see_and_nobody_else(world: World) -> None:
    room = talked(world, 1, private=True)
    room.members.append(CLEO)
    await convert(world, room)
    assert world.said_in("incidents") == []
    assert await world.desk.seen_by(Viewer(user=CLEO)).incident(N)
    assert await world.desk.seen_by(ANYBODY).incident(N) is None


async def test_a_channel_that_was_made_private_meanwhile_is_not_taken(world: World) -> None:
    room = talked(world, 1)
    await world.do(Declare(title="Checkout is down", by=ANA, existing=existing(room)))
    room.private = True
    await world.advance(timedelta(minutes=1))
    assert (await world.incident()).channel is None
    assert [one for one in world.said_in(ANA) if "made private meanwhile" in one]


async def test_a_private_channel_that_was_made_public_meanwhile_is_not_taken(world: World) -> None:
    room = talked(world, 1, private=True)
    await world.do(Declare(title="Salaries leaked", by=ANA, existing=existing(room)))
    room.private = False
    await world.advance(timedelta(minutes=1))
    assert (await world.incident()).channel is None
    assert [one for one in world.said_in(ANA) if "made public meanwhile" in one]
    assert not [one for one in world.said_in(NAME) if "Salaries" in one]


async def test_two_cannot_take_one_channel_even_before_it_is_taken(world: World) -> None:
    room = talked(world, 1)
    await world.do(Declare(title="Checkout is down", by=ANA, existing=existing(room)))
    with pytest.raises(Refused, match="INC-1's already"):
        await world.do(Declare(title="Search is down", by=BO, existing=existing(room)))
    assert await world.desk.incident_in(ChannelId(room.id))
