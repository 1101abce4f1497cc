"""A topic that Slack refuses: told once, tried again without a word, and right when Slack takes it."""

from datetime import timedelta

import pytest

from bot.domain.commands import Declare
from bot.domain.model import Severity
from bot.engine.jobs import Done, Job, Perform
from bot.errors import Undeliverable
from bot.views.topic import topic
from tests.engine.world import ANA, CHECKOUT, World
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

AN_HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("refusals", "right_after"), [(1, AN_HOUR), (2, 3 * AN_HOUR)])
async def test_one_that_slack_takes_later_is_right_then(world_url: str, refusals: int, right_after: timedelta) -> None:
    world = await World(world_url).open()
    refused = iter(range(refusals))

    def refusing(kind: str, perform: Perform) -> Perform:
        async def act(job: Job) -> Done:
            if next(refused, None) is not None:
                raise Undeliverable("Slack: the app lacks a scope")
            return await perform(job)

        return act if kind == "slack.topic" else perform

    world.wrap = refusing
    world.start()
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.advance(right_after - timedelta(minutes=1))
    incident = await world.incident()
    (channel,) = [room for room in world.slack.channels.values() if room.id == incident.channel]
    assert channel.topic == ""
    await world.advance(timedelta(minutes=2))
    assert channel.topic == topic(incident)
    told = [said for said in world.slack.said() if (said.marker or "").startswith("failure:")]
    assert len(told) == 1
    must_hold(await of_world(world), at_rest=True)
    await world.close()
