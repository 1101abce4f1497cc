"""Slack or the pager is away: one lane asks now and then for all, and all goes on at once when one is answered."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select
from structlog.testing import capture_logs

from bot.domain.commands import Declare, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.tracks import Track
from bot.domain.work import ConfirmSubscription, Effect
from bot.engine.audit import Auditor
from bot.engine.breaker import CATCHES_UP_WITHIN, LONGEST, PASSED_OVER
from bot.engine.jobs import Done, Job, Perform
from bot.errors import TryLater
from bot.store.tables import effects as effects_table
from tests.engine.invariants import Log, everything_holds
from tests.engine.world import ANA, CHECKOUT, World
from tests.fakes.records import Call
from tests.fakes.slack import Fault

AWHILE, MINUTE, SECOND = timedelta(minutes=10), timedelta(minutes=1), timedelta(seconds=1)
CHAT, PAGER = LONGEST[Track.CHAT], LONGEST[Track.PAGER]


async def declared(world: World, severity: Severity = Severity.SEV2, title: str = "Checkout is down") -> IncidentId:
    handled = await world.do(Declare(title=title, by=ANA, severity=severity, service=CHECKOUT))
    assert handled.incident
    return handled.incident.id


async def many(world: World, incidents: int = 10) -> None:
    for number in range(incidents):
        await declared(world, title=f"Checkout is down {number}")


def is_away(world: World, track: Track = Track.CHAT) -> bool:
    return world.dispatcher.is_away(track)


def holds_back(world: World) -> bool:
    return Track.CHAT in world.dispatcher.held_back()


def pauses(calls: Sequence[Call]) -> list[float]:
    return [after.start - before.start for before, after in pairwise(calls)]


async def test_while_slack_is_away_one_lane_asks_for_all_and_those_that_were_not_tried_stay_as_they_were(
    world: World,
) -> None:
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.settle()
    assert is_away(world)
    begun = len(world.slack.calls)
    await world.advance(AWHILE)
    probes = world.slack.calls[begun:]
    assert len(probes) <= AWHILE / CHAT + 5, "one every 20 s, and some more at first"
    assert max(pauses(probes)) <= CHAT.total_seconds()
    query = select(effects_table.c.attempts).where(effects_table.c.kind.startswith("slack."))
    async with world.database.reading() as connection:
        tries = (await connection.execute(query)).scalars().all()
    assert sum(tries) == len(world.slack.calls), "what was not called was not tried"
    assert tries.count(0) >= len(tries) / 2


async def test_when_slack_is_back_everything_goes_on_at_once_the_gravest_first(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.advance(AWHILE)
    grave = await declared(world, Severity.SEV1, "Everything is down")
    world.slack.heal()
    begun = len(world.slack.calls)
    await world.advance(CHAT)
    assert not is_away(world)
    assert await world.waiting() == []
    opened = [call.channel for call in world.slack.calls[begun:] if call.method == "conversations.create"]
    assert len(opened) == 11
    rooms = [room.name for room in world.slack.channels_named("inc-")]
    assert rooms[0].startswith(f"inc-{grave}-") or rooms[1].startswith(f"inc-{grave}-"), rooms
    await everything_holds(world, Log(declared=[IncidentId(n) for n in range(1, 12)]))


async def test_what_may_have_been_sent_settles_and_is_looked_for_after_an_outage_too(world: World) -> None:
    await many(world, 4)
    await world.settle()
    world.slack.down = Fault.LOST_AFTER  # everything is done, and no answer comes
    for number in range(1, 5):
        await world.do(SetStatus(incident=IncidentId(number), status=Status.IDENTIFIED, by=ANA))
    await world.advance(AWHILE)
    assert is_away(world)
    world.slack.heal()
    await world.advance(5 * MINUTE)
    assert await world.waiting() == []
    await everything_holds(world, Log(declared=[IncidentId(n) for n in range(1, 5)]))


async def test_one_lane_that_fails_again_and_again_holds_nobody_up(world: World) -> None:
    def faulty(kind: str, perform: Perform) -> Perform:
        async def times_out(job: Job) -> Done:
            if job.key == "topic:1":
                raise TryLater("the line broke", away=True)
            return await perform(job)

        return times_out if kind == "slack.topic" else perform

    world.wrap = faulty
    world.start()
    await many(world, 3)
    await world.advance(MINUTE)
    assert not is_away(world)
    assert await world.waiting() == ["slack.topic"]


async def test_probes_go_to_other_lanes_when_those_that_were_tried_have_a_fault_of_their_own(world: World) -> None:
    def faulty(kind: str, perform: Perform) -> Perform:
        async def times_out(job: Job) -> Done:
            if world.clock.monotonic() <= 60 or job.key in {f"channel:{n}" for n in range(1, PASSED_OVER)}:
                raise TryLater("the line broke", away=True)
            return await perform(job)

        return times_out if kind.startswith("slack.") else perform

    world.wrap = faulty
    world.start()
    for number in range(PASSED_OVER - 1):
        await declared(world, Severity.SEV1, f"Grave {number}")
    await declared(world, Severity.SEV4, "A blemish")
    await world.advance(MINUTE)
    assert is_away(world)
    await world.advance(5 * MINUTE)
    assert (await world.incident(PASSED_OVER)).channel


async def test_a_refusal_for_haste_is_no_outage(world: World) -> None:
    world.slack.retry_after = timedelta(seconds=30)
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.advance(MINUTE)
    assert not is_away(world)


async def test_a_probe_that_learned_nothing_is_followed_by_another_soon(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.advance(AWHILE)
    world.slack.retry_after = timedelta(seconds=30)
    begun = len(world.slack.calls)
    await world.advance(CHAT + 5 * SECOND)
    assert min(pauses(world.slack.calls[begun:])) == 1
    world.slack.heal()
    await world.advance(MINUTE)
    assert await world.waiting() == []


async def test_the_pager_is_probed_more_often_and_pages_do_not_wait_for_slack(world: World) -> None:
    world.slack.down, world.pager.down = Fault.REFUSED, True
    asked = list[float]()

    def counted(kind: str, perform: Perform) -> Perform:
        async def page(job: Job) -> Done:
            asked.append(world.clock.monotonic())
            return await perform(job)

        return page if kind == "pager.page" else perform

    world.wrap = counted
    world.start()
    await many(world)
    await world.advance(AWHILE)
    assert is_away(world, Track.PAGER)
    assert max(b - a for a, b in pairwise(asked)) <= PAGER.total_seconds()
    assert len(asked) <= AWHILE / PAGER + 30
    world.pager.down = False
    await world.advance(PAGER)
    assert len(world.pager.accepted) == 10
    assert is_away(world), "Slack still is"


async def test_what_is_asked_of_others_does_not_wait_for_slack(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.settle()
    topic = ConfirmSubscription(topic="arn:aws:sns:eu-west-1:1:alerts", url="https://sns.example/")
    await world.engine.put(Effect(work=topic, due=world.clock.now()))
    await world.settle()
    assert world.confirmed == [topic.topic]


async def test_an_outage_is_logged_once_when_it_begins_and_once_when_it_ends(world: World) -> None:
    world.slack.down = Fault.REFUSED
    with capture_logs() as told:
        await many(world)
        await world.advance(AWHILE)
        world.slack.heal()
        await world.advance(MINUTE)
    lines = [line for line in told if line["event"].startswith("far_side")]
    assert [line["event"] for line in lines] == ["far_side_away", "far_side_back"]
    assert lines[1]["after"] >= AWHILE.total_seconds()


async def test_what_the_breaker_holds_back_is_not_overdue_as_long_as_it_goes_on_probing(world: World) -> None:
    auditor = Auditor(world.engine, world.clock, (), world.dispatcher.held_back)
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.advance(AWHILE)
    done = await auditor.round()
    assert done.work_gets_done
    world.slack.heal()
    world.clock.move(CHAT + CATCHES_UP_WITHIN + MINUTE)  # nobody works
    assert not holds_back(world)
    assert not (await auditor.round()).work_gets_done
    await world.settle()
    assert not is_away(world)
    assert holds_back(world), "what waited has a minute to be taken up"
    world.clock.move(CATCHES_UP_WITHIN + SECOND)
    assert not holds_back(world)


async def test_a_probe_of_which_nobody_hears_any_more_is_followed_by_another(world: World) -> None:
    world.slack.down = Fault.REFUSED
    await many(world)
    await world.advance(AWHILE)
    world.clock.move(CHAT)
    assert len(await world.claim(world.dispatcher)) == 1, "and the probe is never made"
    world.slack.heal()
    assert await world.claim(world.dispatcher) == []
    await world.advance(MINUTE)
    assert await world.waiting() == []
