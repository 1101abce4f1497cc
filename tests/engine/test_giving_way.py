"""An edit of what stands that has to wait lets what is said behind it go on; what is new keeps its order."""

from datetime import timedelta

import pytest

from bot.domain.commands import Declare, SetSeverity, SetStatus
from bot.domain.model import Severity, Status
from bot.domain.task_commands import AddAction
from bot.engine.jobs import Done, Job, Perform
from bot.errors import DeliveryError, NoSlot, TryLater
from bot.outbound.slack.line import LEAVES_SOME
from tests.engine.quiet import A_DAY, ARCHIVES, over, room
from tests.engine.ruling import N
from tests.engine.test_groups import fire
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.slack import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

HALF_A_MINUTE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


class UsedUp:
    """Cards find no slot until half a minute from now: those that stand already, or `new` ones as well."""

    def __init__(self, world: World, *, new: bool = False, limited: bool = False) -> None:
        """`limited`: Slack itself asked for the pause."""
        self.world, self.new, self.limited, self.asked = world, new, limited, 0
        self.free_at = world.clock.now() + HALF_A_MINUTE
        world.wrap = self.wrap
        world.dispatcher = world.another()

    def wrap(self, kind: str, perform: Perform) -> Perform:
        async def used_up(job: Job) -> Done:
            wait = self.free_at - self.world.clock.now()
            if wait > timedelta() and (self.new or job.posted):
                self.asked += 1
                raise self._said(wait)
            return await perform(job)

        return used_up if kind == "slack.card" else perform

    def _said(self, wait: timedelta) -> DeliveryError:
        return (
            TryLater("Slack asked us to slow down", after=wait) if self.limited else NoSlot("-", after=wait, opens=wait)
        )


async def declared(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))


def card(world: World, channel: str) -> Said:
    """Return the only card in a channel."""
    (found,) = [one for one in world.slack.said(channel) if one.marker == "card:1"]
    return found


def spoken(world: World, channel: str) -> list[str]:
    return [one.text for one in world.slack.said(channel) if (one.marker or "").startswith("said:")]


@pytest.mark.parametrize("limited", [False, True], ids=["by us", "by Slack"])
async def test_what_is_said_does_not_wait_until_the_card_may_be_edited_again(world: World, *, limited: bool) -> None:
    await declared(world)
    await world.settle()
    channel = (await room(world)).name
    UsedUp(world, limited=limited)
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.settle()
    assert "Identified" in spoken(world, channel)[-1]
    assert "identified" not in card(world, channel).text
    await world.do(SetSeverity(incident=N, severity=Severity.SEV3, by=BO))
    await world.advance(SECOND)
    assert "SEV-3" in spoken(world, channel)[-1], "who speaks while it waits does not wait either"
    must_hold(await of_world(world), at_rest=False)
    await world.advance(HALF_A_MINUTE)
    assert "SEV-3, identified" in card(world, channel).text
    assert len(card(world, channel).revisions) == 1, "one edit shows all that was decided meanwhile"
    must_hold(await of_world(world), at_rest=True)


async def test_the_edit_that_waits_outlives_the_process_and_is_decided_anew_while_it_is_made(world: World) -> None:
    await declared(world)
    await world.settle()
    channel = (await room(world)).name
    UsedUp(world)
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.settle()
    await world.die()

    async def meanwhile(_method: str) -> None:
        world.slack.meanwhile = None
        await world.do(SetSeverity(incident=N, severity=Severity.SEV3, by=BO))

    world.clock.move(HALF_A_MINUTE)
    world.slack.meanwhile = meanwhile
    await world.advance(SECOND)
    assert "SEV-3, identified" in card(world, channel).text
    must_hold(await of_world(world), at_rest=True)


async def test_a_card_that_does_not_stand_yet_keeps_its_place_before_all_that_is_said(world: World) -> None:
    UsedUp(world, new=True)
    await declared(world)
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.advance(SECOND)
    channel = (await room(world)).name
    assert spoken(world, channel) == []
    await world.advance(HALF_A_MINUTE)
    first, *_ = [one for one in world.slack.said(channel) if one.marker]
    assert first.marker == "card:1"


async def test_while_slack_is_away_the_lanes_stay_as_they_are(world: World) -> None:
    await declared(world)
    await world.settle()
    channel = (await room(world)).name
    world.slack.down = Fault.REFUSED
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.advance(HALF_A_MINUTE)
    world.slack.down = None
    await world.advance(2 * HALF_A_MINUTE)
    assert "identified" in card(world, channel).text
    assert "Identified" in spoken(world, channel)[-1]
    must_hold(await of_world(world), at_rest=True)


async def test_when_all_is_over_the_channel_is_archived_after_the_last_edit_of_its_card(world: World) -> None:
    world.policy = ARCHIVES
    world.start()
    channel = await over(world)
    await world.advance(14 * A_DAY - HALF_A_MINUTE)
    used_up = UsedUp(world)
    used_up.free_at += HALF_A_MINUTE
    await world.do(AddAction(incident=N, text="Raise the limit", by=ANA))
    await world.advance(HALF_A_MINUTE + SECOND)
    assert (channel.archived, used_up.asked) == (False, 1)
    await world.advance(HALF_A_MINUTE)
    assert channel.archived
    must_hold(await of_world(world), at_rest=True)


async def test_of_scarce_slots_the_messages_of_alerts_leave_some_to_those_of_incidents(world: World) -> None:
    leaving = set[bool]()

    async def meanwhile(method: str) -> None:
        if method.startswith("chat."):
            leaving.add(LEAVES_SOME.get())

    world.slack.meanwhile = meanwhile
    await fire(world, 1, 2)
    await world.advance(HALF_A_MINUTE)
    assert leaving == {True}
    leaving.clear()
    await declared(world)
    await world.settle()
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.settle()
    assert leaving == {False}
