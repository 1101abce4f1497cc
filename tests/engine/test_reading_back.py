"""Slack's events may never come: what people wrote is in the timeline and in the draft all the same, once."""

from datetime import timedelta

from bot.domain.commands import AssignRole, Command, Declare, Resolve
from bot.domain.ids import IncidentId
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Severity
from bot.domain.postmortem import compile_postmortem
from bot.domain.record_commands import RecordDeletion, RecordEdit
from bot.domain.roles_model import Role
from bot.engine.tidy import KEPT_FOR, tidy
from bot.store import timeline
from bot.views.timeline import timeline_message
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.hearing import hear
from tests.fakes.slack import FakeChannel, Fault, Said

N = IncidentId(1)
TEN_MINUTES = timedelta(minutes=10)


async def opened(world: World) -> FakeChannel:
    """Declare an incident and return its channel."""
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))  # so that nothing reminds
    await world.settle()
    return world.slack.channel((await world.incident()).channel_name)


def told(said: Said) -> Command:
    """Return what an event of a message, as it stands now, asks to record."""
    command = hear(said.raw(), said.channel)
    assert command
    return command


def edited(said: Said) -> Command:
    """Return what an event of a message's last edit asks to record."""
    return RecordEdit(channel=said.channel, ts=said.ts, by=said.author, text=said.text, permalink="https://x.example")


async def resolve(world: World) -> None:
    await world.do(Resolve(incident=N, resolution="Rolled back 4.2", by=ANA))


async def posted(world: World) -> list[str]:
    """Return what people said, in the order of the rows."""
    return [row.event.text for row in await world.timeline() if isinstance(row.event, MessagePosted)]


async def edits(world: World) -> list[str]:
    return [row.event.text for row in await world.timeline() if isinstance(row.event, MessageEdited)]


def draft(world: World) -> str:
    (file,) = world.slack.files.values()
    assert file.shared == 1
    return file.content.decode()


async def test_what_was_said_while_events_were_lost_is_there_ten_minutes_later(world: World) -> None:
    channel = await opened(world)
    first = world.slack.write(channel.name, "Errors since 02:58", author=BO)
    world.slack.write(channel.name, "It is the new release", author=BO)
    assert await posted(world) == []
    await world.advance(TEN_MINUTES)
    assert await posted(world) == ["Errors since 02:58", "It is the new release"]
    row = next(row.event for row in await world.timeline() if isinstance(row.event, MessagePosted))
    assert (row.by, row.ts, row.thread) == (BO, first.ts, None)
    assert abs(row.at.timestamp() - float(first.ts)) < 0.001
    assert row.permalink == f"https://northwind.slack.com/archives/{channel.id}/p{first.ts.replace('.', '')}"


async def test_what_was_said_at_the_last_moment_is_in_the_draft(world: World) -> None:
    channel = await opened(world)
    await world.advance(timedelta(minutes=15))
    world.slack.write(channel.name, "Pool exhausted: raise it to 200", author=BO)
    await resolve(world)
    await world.settle()
    assert "Pool exhausted: raise it to 200" in draft(world)
    assert await posted(world) == ["Pool exhausted: raise it to 200"]


async def test_an_outage_of_a_night_is_made_up_for(world: World) -> None:
    channel = await opened(world)
    for hour in range(17):
        world.slack.write(channel.name, f"hour {hour}", author=BO)
        world.clock.move(timedelta(hours=1))
    await world.settle()
    assert await posted(world) == [f"hour {hour}" for hour in range(17)]


async def test_while_slack_is_away_altogether_the_reading_and_the_draft_wait(world: World) -> None:
    channel = await opened(world)
    world.slack.write(channel.name, "Rolling back", author=BO)
    world.slack.down = Fault.REFUSED
    await resolve(world)
    await world.settle()
    world.clock.move(timedelta(hours=9))
    await world.settle()
    assert world.slack.files == {}
    world.slack.heal()
    await world.advance(timedelta(minutes=2))
    assert "Rolling back" in draft(world)


async def test_an_event_that_comes_late_changes_nothing(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "Rolling back", author=BO)
    await world.advance(TEN_MINUTES)
    before = await world.timeline()
    await world.do(told(said), key="Ev1")
    await world.do(told(said), key="Ev2")
    assert await world.timeline() == before


async def test_an_event_that_came_in_time_is_not_recorded_again(world: World) -> None:
    channel = await opened(world)
    await world.do(told(world.slack.write(channel.name, "Rolling back", author=BO)), key="Ev1")
    before = await world.timeline()
    await world.advance(timedelta(minutes=25))
    assert [row.event for row in await world.timeline() if isinstance(row.event, MessagePosted)] == [before[-1].event]


async def test_an_event_is_known_again_when_its_receipt_was_forgotten_long_ago(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "Rolling back", author=BO)
    await world.do(told(said), key="Ev1")
    world.clock.move(KEPT_FOR + timedelta(days=1))
    assert await tidy(world.database, world.clock.now()) > 0
    await world.do(told(said), key="Ev1")
    assert await posted(world) == ["Rolling back"]


async def test_an_event_that_comes_while_the_channel_is_being_read_is_recorded_once(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "Rolling back", author=BO)

    async def meanwhile(method: str) -> None:
        if method == "conversations.history":
            world.slack.meanwhile = None
            await world.do(told(said), key="Ev1")

    world.slack.meanwhile = meanwhile
    await world.advance(timedelta(minutes=25))
    assert await posted(world) == ["Rolling back"]


async def test_a_lost_edit_is_found_and_its_late_event_changes_nothing(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "Since 02:58", author=BO)
    await world.do(told(said), key="Ev1")
    await world.advance(timedelta(minutes=12))
    world.slack.edit(said, "Since 02:57")
    await world.advance(TEN_MINUTES)
    assert (await posted(world), await edits(world)) == (["Since 02:58"], ["Since 02:57"])
    await world.do(edited(said), key="Ev2")
    await world.advance(TEN_MINUTES)
    assert await edits(world) == ["Since 02:57"]


async def test_an_edit_that_comes_while_the_channel_is_being_read_is_not_taken_back(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "Since 02:58", author=BO)
    await world.do(told(said), key="Ev1")
    world.clock.move(TEN_MINUTES)
    twin = world.another()
    (claim,) = [claim for claim in await world.claim(twin) if claim[0].work.kind == "slack.read_back"]
    stale = await twin.performers["slack.read_back"](claim[1])
    world.clock.move(timedelta(seconds=1))
    world.slack.edit(said, "Since 02:57")
    await world.do(edited(said), key="Ev2")
    assert stale.command
    async with world.database.transaction() as connection:
        await world.engine.apply(connection, stale.command)
    assert await edits(world) == ["Since 02:57"]


async def test_what_was_taken_back_is_not_recorded_again(world: World) -> None:
    channel = await opened(world)
    said = world.slack.write(channel.name, "The password is hunter2", author=BO)
    await world.do(RecordDeletion(channel=channel.id, ts=said.ts), key="Ev1")  # Slack still shows it for a moment
    await world.advance(TEN_MINUTES)
    assert await posted(world) == []
    assert sum(isinstance(row.event, MessageDeleted) for row in await world.timeline()) == 1


async def test_answers_in_threads_are_read_however_long_ago_they_began(world: World) -> None:
    channel = await opened(world)
    root = world.slack.write(channel.name, "Who can look at the pool?", author=ANA)
    await world.do(told(root), key="Ev1")
    world.clock.move(timedelta(hours=20))
    world.slack.write(channel.name, "I can", author=BO, thread=root.ts)
    await world.advance(TEN_MINUTES)
    assert await posted(world) == ["Who can look at the pool?", "I can"]
    answer = [row.event for row in await world.timeline() if isinstance(row.event, MessagePosted)][-1]
    assert answer.thread == root.ts
    world.clock.move(timedelta(days=2))
    world.slack.write(channel.name, "It was the pool", author=BO, thread=root.ts)
    await resolve(world)
    await world.settle()
    assert "It was the pool" in draft(world)


async def test_a_channel_of_450_messages_and_ten_threads_is_read_in_turns_of_a_few_pages(world: World) -> None:
    channel = await opened(world)
    wanted = []
    for number in range(450):
        said = world.slack.write(channel.name, f"message {number}", author=BO)
        wanted.append(said.text)
        if number % 45 == 0:
            wanted.append(world.slack.write(channel.name, f"answer {number}", author=ANA, thread=said.ts).text)
    await resolve(world)
    pages = [call for call in world.slack.calls if call.method in {"conversations.history", "conversations.replies"}]
    assert pages == []
    await world.settle()
    assert sorted(await posted(world)) == sorted(wanted)
    assert all(text in draft(world) for text in wanted)
    pages = [call for call in world.slack.calls if call.method in {"conversations.history", "conversations.replies"}]
    assert len(pages) == 3 + 10
    async with world.database.reading() as connection:
        assert (await timeline.walk(connection, N)).broken_at is None


async def test_a_reading_goes_on_where_it_was_when_the_process_dies_and_slack_stumbles(world: World) -> None:
    channel = await opened(world)
    wanted = [world.slack.write(channel.name, f"message {number}", author=BO).text for number in range(1100)]
    world.slack.fail(Fault.KILLED_AFTER, method="conversations.history")
    await resolve(world)
    await world.settle()
    world.slack.fail(Fault.REFUSED, method="conversations.history", times=3)
    await world.advance(timedelta(minutes=1))
    assert world.deaths == 1
    assert await posted(world) != []
    assert sorted(await posted(world)) == sorted(wanted)
    assert len(world.slack.files) == 1


async def test_a_channel_that_cannot_be_read_does_not_hold_up_the_draft(world: World) -> None:
    channel = await opened(world)
    await world.advance(timedelta(minutes=1))
    gone = world.slack.channels.pop(channel.id)
    await world.advance(TEN_MINUTES)
    failures = [row.event for row in await world.timeline() if row.event.kind == "delivery_failed"]
    assert [getattr(event, "what", "") for event in failures].count("slack.read_back") == 1
    await resolve(world)
    world.slack.channels[channel.id] = gone
    await world.advance(timedelta(minutes=1))
    assert len(world.slack.files) == 1


async def test_after_the_end_the_channel_is_read_once_more_and_then_no_more(world: World) -> None:
    channel = await opened(world)
    await resolve(world)
    await world.settle()
    world.slack.write(channel.name, "Thanks, everybody", author=BO)
    await world.advance(TEN_MINUTES)
    assert await posted(world) == ["Thanks, everybody"]
    calls = len(world.slack.calls)
    await world.advance(timedelta(hours=1))
    assert len(world.slack.calls) == calls


async def test_where_people_read_it_the_timeline_is_in_the_order_in_which_it_was_said(world: World) -> None:
    channel = await opened(world)
    world.clock.move(timedelta(minutes=1))
    lost = world.slack.write(channel.name, "said first", author=BO)
    world.clock.move(timedelta(minutes=1))
    heard = world.slack.write(channel.name, "said second", author=BO)
    await world.do(told(heard), key="Ev1")
    await world.advance(TEN_MINUTES)
    rows, incident = await world.timeline(), await world.incident()
    assert await posted(world) == ["said second", "said first"], "rows are appended as we learn of them"
    entries = [entry.event for entry in compile_postmortem(incident, rows, (), world.policy).timeline]
    assert [entry.ts for entry in entries if isinstance(entry, MessagePosted)] == [lost.ts, heard.ts]
    shown = str(timeline_message(incident, rows).blocks)
    assert 0 < shown.index("said first") < shown.index("said second")


async def test_what_is_said_in_a_channel_of_no_incident_is_none_of_our_business(world: World) -> None:
    room = await opened(world)
    before = await world.timeline()
    elsewhere = world.slack.channel("incidents").id
    await world.do(world.message(elsewhere, "1772000000.000001", by=BO))
    assert await world.timeline() == before
    await world.do(world.message(room.id, "1772000000.000001", by=BO))
    assert len(await world.timeline()) == len(before) + 1
