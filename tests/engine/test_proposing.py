"""Proposals to resolve on the real database: asked once a quiet spell, taken back when an alert fires again."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import Resolve
from bot.domain.group_commands import KeepOpen
from bot.engine.jobs import Done, Job
from bot.errors import Refused, TryLater
from bot.views.blocks import utc
from tests.engine.ruling import MINUTE, RULED, N, asked, fails, fire, over
from tests.engine.world import ANA, BO, World
from tests.fakes.clock import START
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

QUESTION = "INC-1: all alerts are over since {}. Resolve it, or keep it open."


@pytest.fixture
async def ruled(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, RULED).open()
    yield world
    await world.close()


async def declared(world: World) -> None:
    await fire(world, fails("Errors", 1), fails("Errors", 2), fails("Others"))
    await world.advance(MINUTE)


async def test_when_all_is_over_for_five_minutes_the_channel_is_asked_once(ruled: World) -> None:
    await declared(ruled)
    await fire(ruled, over(fails("Errors", 1), MINUTE), over(fails("Errors", 2), MINUTE))
    await ruled.advance(6 * MINUTE)
    assert asked(ruled) == []
    await fire(ruled, over(fails("Others"), 7 * MINUTE))
    await ruled.advance(4 * MINUTE)
    assert asked(ruled) == []
    await ruled.advance(2 * MINUTE)
    assert asked(ruled) == [QUESTION.format(utc(START + 7 * MINUTE))]
    must_hold(await of_world(ruled), at_rest=True)
    await ruled.do(KeepOpen(incident=N, by=BO))
    await ruled.advance(60 * MINUTE)
    assert asked(ruled) == ["INC-1 stays open."]
    with pytest.raises(Refused, match="not proposed"):
        await ruled.do(KeepOpen(incident=N, by=ANA))
    must_hold(await of_world(ruled), at_rest=True)


async def test_the_question_is_taken_back_when_an_alert_fires_again_and_asked_anew(ruled: World) -> None:
    await declared(ruled)
    for report in (fails("Errors", 1), fails("Errors", 2), fails("Others")):
        await fire(ruled, over(report, MINUTE))
    await ruled.advance(6 * MINUTE)
    again = fails("Errors", 1, starts_at=ruled.clock.now())
    await fire(ruled, again)
    await ruled.advance(MINUTE)
    assert asked(ruled) == ["INC-1: an alert fired again, it is not over."]
    await fire(ruled, replace(again, status=AlertStatus.RESOLVED, ends_at=ruled.clock.now()))
    await ruled.advance(6 * MINUTE)
    assert [one[:18] for one in asked(ruled)] == ["INC-1: an alert fi", "INC-1: all alerts "]
    await ruled.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await ruled.advance(MINUTE)
    assert asked(ruled) == ["INC-1: an alert fired again, it is not over.", "INC-1 is resolved."]
    must_hold(await of_world(ruled), at_rest=True)


async def test_a_question_that_was_taken_back_before_slack_came_back_is_never_asked(ruled: World) -> None:
    await declared(ruled)
    for report in (fails("Errors", 1), fails("Errors", 2), fails("Others")):
        await fire(ruled, over(report, MINUTE))
    await ruled.advance(MINUTE)
    real = ruled.wrap
    ruled.wrap = lambda kind, perform: _away if kind == "slack.proposal" else real(kind, perform)
    ruled.dispatcher = ruled.another()
    await ruled.advance(6 * MINUTE)
    await fire(ruled, fails("Errors", 1, starts_at=ruled.clock.now()))
    await ruled.advance(MINUTE)
    ruled.wrap = real
    ruled.dispatcher = ruled.another()
    await ruled.advance(5 * MINUTE)
    assert asked(ruled) == []
    assert [row.event.kind for row in await ruled.timeline()].count("proposal_ended") == 1
    must_hold(await of_world(ruled), at_rest=True)


async def _away(_job: Job) -> Done:
    message = "Slack is away"
    raise TryLater(message)
