"""Compact mode on the real database: answers in the card's thread, once each, whatever the line does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Declare, Resolve, SendUpdate
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from tests.engine.ruling import N
from tests.engine.world import ANA, BO, CHECKOUT, POLICY, World
from tests.fakes.records import Said
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

COMPACT = {name: replace(one, compact=True) for name, one in POLICY.severities.items()}
UPDATE = SendUpdate(incident=N, text="We are rolling back", by=BO)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, replace(POLICY, severities=COMPACT)).open()
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT, severity=Severity.SEV2))
    await world.settle()
    yield world
    await world.close()


async def posts(world: World) -> tuple[Said, list[Said]]:
    """Return the card, and what else stands in the channel."""
    ours = [one for one in world.slack.said((await world.incident()).channel_name) if one.marker]
    (card,) = [one for one in ours if (one.marker or "").startswith("card:")]
    return card, [one for one in ours if one is not card]


async def test_what_happens_is_answered_to_the_card_and_the_end_is_said_to_all(world: World) -> None:
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    await world.do(UPDATE)
    await world.settle()
    card, others = await posts(world)
    assert len(others) == 2
    assert {one.thread for one in others} == {card.ts}
    await world.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    await world.settle()
    _, others = await posts(world)
    assert [one.thread for one in others if "is resolved" in one.text] == [None]
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("fault", list(Fault))
async def test_whatever_becomes_of_the_call_it_is_said_once(world: World, fault: Fault) -> None:
    for _ in range(2):  # one for the channel, one for the announcement
        world.slack.fail(fault, method="chat.postMessage")
    await world.do(UPDATE)
    await world.settle()
    await world.advance(timedelta(minutes=3))
    card, others = await posts(world)
    assert [one.thread for one in others if (one.marker or "").startswith("said:")] == [card.ts]
    must_hold(await of_world(world), at_rest=True)


async def test_where_somebody_deleted_the_card_it_is_said_in_the_channel(world: World) -> None:
    card, _ = await posts(world)
    world.slack.delete(card)
    await world.do(UPDATE)
    await world.settle()
    _, others = await posts(world)
    assert [one.thread for one in others if (one.marker or "").startswith("said:")] == [None]
