"""Marked messages on the real database: looked up once, whatever becomes of the call, and none of it while deciding."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Declare
from bot.domain.ids import IncidentId
from bot.domain.keeping_commands import MarkMessage
from bot.domain.kept import Kept
from bot.domain.message_events import MessagePosted
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from bot.domain.task_commands import UndoChange
from bot.domain.undone import Change
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.hearing import hear
from tests.fakes.slack import FakeChannel, Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)


@pytest.fixture
async def marking(world_url: str) -> AsyncIterator[World]:
    """A house that keeps no messages but those that somebody marks."""
    world = await World(world_url, replace(POLICY, messages_kept=Kept.MARKED)).open()
    yield world
    await world.close()


async def opened(world: World) -> FakeChannel:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.settle()
    return world.slack.channel((await world.incident()).channel_name)


async def mark(world: World, said: Said) -> None:
    await world.do(MarkMessage(incident=N, ts=said.ts, how="reaction", by=CLEO, at=world.clock.now()))


async def kept(world: World) -> list[tuple[str, str | None]]:
    events = [row.event for row in await world.timeline()]
    return [(event.text, event.thread) for event in events if isinstance(event, MessagePosted)]


@pytest.mark.parametrize("fault", [None, Fault.REFUSED, Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_a_marked_answer_is_looked_up_and_kept_once(marking: World, fault: Fault | None) -> None:
    channel = await opened(marking)
    root = marking.slack.write(channel.name, "Who knows the pool?", author=BO)
    answer = marking.slack.write(channel.name, "password=hunter2-22 did it", author=BO, thread=root.ts)
    for said in (root, answer):
        command = hear(said.raw(), channel.id)
        assert command
        await marking.do(command)
    if fault:
        marking.slack.fail(fault, method="conversations.replies")
    await mark(marking, answer)
    await mark(marking, answer)
    await marking.advance(timedelta(minutes=1))
    assert await kept(marking) == [("password=[redacted: password] did it", root.ts)]
    row = next(row.event for row in await marking.timeline() if isinstance(row.event, MessagePosted))
    assert abs(row.at.timestamp() - float(answer.ts)) < 0.001
    must_hold(await of_world(marking), at_rest=True)


async def test_of_a_message_that_is_gone_by_then_nothing_is_kept(marking: World) -> None:
    channel = await opened(marking)
    said = marking.slack.write(channel.name, "Never mind", author=BO)
    marking.slack.delete(said)
    await mark(marking, said)
    await marking.settle()
    assert await kept(marking) == []


async def test_marks_whose_events_were_lost_are_found_when_the_channel_is_read(marking: World) -> None:
    channel = await opened(marking)
    first, second = (marking.slack.write(channel.name, f"Try {n}", author=BO) for n in (1, 2))
    marking.slack.write(channel.name, "Lunch?", author=BO)
    first.reactions["pushpin"] = [CLEO]
    second.pinned = True
    await marking.advance(timedelta(minutes=10))
    assert await kept(marking) == [("Try 1", None), ("Try 2", None)]


async def test_of_leads_it_is_looked_up_who_held_a_role(world_url: str) -> None:
    world = await World(world_url, replace(POLICY, messages_kept=Kept.LEADS)).open()
    channel = await opened(world)
    world.clock.move(timedelta(minutes=1))
    for author, text in ((ANA, "Rolling back"), (BO, "Why?")):
        world.slack.write(channel.name, text, author=author)
    await world.advance(timedelta(minutes=10))
    assert await kept(world) == [("Rolling back", None)]
    await world.close()


async def test_of_leads_who_held_a_role_until_that_was_undone_holds_it_no_more(world_url: str) -> None:
    world = await World(world_url, replace(POLICY, messages_kept=Kept.LEADS)).open()
    channel = await opened(world)
    given = await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO))
    assert given.incident
    await world.do(UndoChange(incident=N, seq=given.incident.events, what=Change.ROLE, by=ANA))
    world.clock.move(timedelta(minutes=1))
    for author, text in ((ANA, "Rolling back"), (BO, "Why?")):
        world.slack.write(channel.name, text, author=author)
    await world.advance(timedelta(minutes=10))
    assert await kept(world) == [("Rolling back", None)]
    await world.close()
