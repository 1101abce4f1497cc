"""Private incidents in the engine, on the real database: the channel, who finds them, what everybody else is told."""

from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import AssignRole, Declare, ReportAlert, Resolve, SendUpdate
from bot.domain.finding import wanted_of
from bot.domain.ids import IncidentId, ServiceName, UserId
from bot.domain.model import Severity
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn
from bot.domain.privacy import ANYBODY, MUSTER, Viewer, is_hidden, outside
from bot.domain.roles_model import Role
from bot.domain.subscriptions import Subscribe, of_incident
from bot.domain.task_commands import AddAction
from bot.outbound.page_event import trigger
from bot.store import incidents
from tests.domain.story import reported
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
TITLE = "A laptop was stolen"
REFUSED = "Slack: a workspace setting forbids it (conversations.create: restricted_action)"


async def declared(world: World, severity: Severity = Severity.SEV1) -> None:
    await world.do(Declare(title=TITLE, by=ANA, service=CHECKOUT, severity=severity, private=True))
    await world.settle()


async def test_its_channel_is_private_and_only_who_is_called_comes_in(world: World) -> None:
    await declared(world)
    incident = await world.incident()
    (channel,) = world.slack.channels_named("inc-1-private")
    assert (channel.private, incident.channel) == (True, channel.id)
    assert set(channel.members) - {world.slack.identity.user} == {ANA, CLEO}
    assert world.said_in("incidents") == []


async def test_a_channel_of_ours_is_found_again_after_a_lost_answer(world: World) -> None:
    world.slack.fail(Fault.LOST_AFTER, method="conversations.create")
    await declared(world)
    await world.advance(timedelta(minutes=1))
    assert len(world.slack.channels_named("inc-1")) == 1
    assert (await world.incident()).channel


async def test_a_public_channel_of_its_name_is_never_taken_for_it(world: World) -> None:
    await world.do(Declare(title=TITLE, by=ANA, severity=Severity.SEV4, private=True))
    incident = await world.incident()
    world.slack.add_channel(incident.channel_name, creator=world.slack.identity.user)
    await world.advance(timedelta(minutes=5))
    found = world.slack.channels_named("inc-1")
    assert [one.private for one in found] == [False, True]
    assert (await world.incident()).channel == found[1].id


async def test_without_a_private_channel_there_is_none_the_declarer_is_told_and_the_page_goes_out(world: World) -> None:
    world.slack.private_refused = REFUSED
    await declared(world)
    assert world.slack.channels_named("inc-1") == []
    (told,) = [one for one in world.said_in(ANA) if "make the incident's channel" in one]
    assert "I make no public one in its place" in told
    assert "groups:write" in told
    assert world.pager.accepted
    assert [one for one in world.said_in("incidents") if TITLE in one] == []
    assert [one for one in world.said_in("muster-admin") if TITLE in one] == []


async def test_who_may_see_it_finds_it_and_nobody_else_does(world: World) -> None:
    await declared(world)
    await world.do(Declare(title="Checkout is down", by=BO))
    channel = (await world.incident()).channel
    assert channel
    for viewer, found in ((Viewer(user=ANA), [1, 2]), (Viewer(user=BO), [2]), (ANYBODY, [2]), (MUSTER, [1, 2])):
        desk = world.desk.seen_by(viewer)
        assert [one.id for one in await desk.open_incidents()] == found
        sees = 1 in found
        assert bool(await desk.incident(N)) == bool(await desk.incident_in(channel)) == sees
        assert bool(await desk.incidents_saying(("laptop",))) == bool(await desk.timeline(N)) == sees
        assert (await desk.alerts_of(N)) == ()
        assert [one.id for one in (await desk.home()).incidents] == found
    assert await world.desk.seen_by(Viewer(user=BO, here=channel)).incident(N), "who types there is a member"


async def test_what_is_hidden_takes_nobody_elses_place_in_what_is_over(world: World) -> None:
    for number in range(1, 8):
        private = number % 2 == 0
        await world.do(Declare(title=f"Trouble {number}", by=ANA, private=private))
        await world.do(Resolve(incident=IncidentId(number), resolution="Rolled back", by=ANA))

    async def over(at_most: int) -> list[int]:
        async with world.database.reading() as connection:
            return [one.id for one in await incidents.ended(connection, at_most, lambda one: not one.private)]

    assert [await over(at_most) for at_most in (2, 3, 4, 9)] == [[7, 5], [7, 5, 3], [7, 5, 3, 1], [7, 5, 3, 1]]


async def test_an_alert_that_everybody_sees_says_no_more_than_that_there_is_one(world: World) -> None:
    alert = await world.do(ReportAlert(report=reported()))
    assert alert.group
    await world.do(Declare(title=TITLE, by=ANA, alert=alert.group.id, private=True))
    await world.settle()
    (message,) = world.slack.said("alerts")
    shown = str(message.blocks)
    assert "In a private incident" in shown
    assert (TITLE in shown, "INC-1" in shown, "Declare Incident" in shown) == (False, False, False)
    (found,) = (await world.desk.seen_by(ANYBODY).firing(wanted_of("all"), BO)).shown
    assert found.incident
    assert is_hidden(found.incident)
    known = await world.desk.seen_by(ANYBODY).explained(alert.group.id)
    assert known
    assert known.incident
    assert is_hidden(known.incident)
    seen = await world.desk.seen_by(Viewer(user=ANA)).explained(alert.group.id)
    assert seen
    assert seen.incident == await world.incident()
    assert await world.desk.seen_by(Viewer(user=ANA)).alerts_of(N)
    await world.do(ReportAlert(report=reported(status=AlertStatus.RESOLVED, ends_at=world.clock.now())))
    await world.advance(timedelta(minutes=1))
    (message,) = world.slack.said("alerts")
    assert "In a private incident" in str(message.blocks)
    assert "INC-1" not in str(message.blocks)


async def test_no_alert_joins_one_by_a_rule(world: World) -> None:
    await declared(world)
    async with world.database.transaction() as connection:
        assert await incidents.open_of(connection, CHECKOUT) is None
    await world.do(Declare(title="Checkout is down", by=BO, service=CHECKOUT))
    async with world.database.transaction() as connection:
        found = await incidents.open_of(connection, CHECKOUT)
    assert found
    assert found.id == 2


async def test_that_a_holder_pauses_notifications_is_said_in_its_channel_alone(world: World) -> None:
    await declared(world)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=ANA))
    await world.settle()
    now = world.clock.now()
    await world.do(NoticePause(incident=N, user=CLEO, begins=now, ends=now + timedelta(hours=6)))
    await world.settle()
    told = {room.name: world.said_in(room.name) for room in world.slack.channels.values()}
    there = [name for name, texts in told.items() if any("notifications paused" in text for text in texts)]
    assert there == [(await world.incident()).channel_name]
    must_hold(await of_world(world), at_rest=True)


async def test_an_alert_joins_what_affects_its_service_beside_another(world: World) -> None:
    await world.do(Declare(title="Both are down", by=BO, service=ServiceName("search"), also=(CHECKOUT,)))
    async with world.database.transaction() as connection:
        found = await incidents.open_of(connection, CHECKOUT)
    assert found
    assert found.also == (CHECKOUT,)


async def test_the_pager_is_told_its_number_and_how_grave_it_is(world: World) -> None:
    await declared(world)
    event = trigger(outside(await world.incident()), [], POLICY, why="the laptop of the founder")
    assert event["payload"]["summary"] == "[SEV-1] INC-1 private incident"
    assert event["payload"]["source"] == "muster"
    assert "links" not in event


async def test_when_the_pager_is_silent_only_its_people_are_called(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.do(NoticeGone(incident=N, user=CLEO, how="left"))
    await world.advance(timedelta(minutes=2))
    assert not [one for one in world.said_in(CLEO) if "pager" in one]


async def test_who_left_while_slack_was_away_is_told_nothing_that_waited_for_it(world: World) -> None:
    await declared(world)
    await world.do(Subscribe(topic=of_incident(N), by=CLEO))
    world.slack.down = Fault.REFUSED
    await world.do(SendUpdate(incident=N, text="We look for it", by=ANA))
    await world.do(AddAction(incident=N, text="Lock it", by=ANA, owner=CLEO))
    await world.do(NoticeGone(incident=N, user=CLEO, how="left"))
    await world.advance(timedelta(minutes=10))
    world.slack.heal()
    await world.advance(timedelta(minutes=10))
    await world.do(NoticeReturn(incident=N, user=CLEO))
    await world.advance(timedelta(minutes=10))
    told = [(one.marker or "").partition(":")[0] for one in world.slack.said(CLEO)]
    assert {"subscribed", "action"}.isdisjoint(told)
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("user", [BO, UserId("U0DEE")])
async def test_who_came_and_left_does_not_find_it_any_more(world: World, user: UserId) -> None:
    await declared(world)
    desk = world.desk.seen_by(Viewer(user=user))
    await world.do(NoticeReturn(incident=N, user=user))
    assert await desk.incident(N)
    await world.do(NoticeGone(incident=N, user=user, how="left"))
    assert await desk.incident(N) is None
    await world.do(NoticeReturn(incident=N, user=user))
    assert await desk.incident(N)


async def test_who_left_before_slack_was_back_is_told_what_they_came_too_late_for_once_they_come_again(
    world: World,
) -> None:
    await declared(world)
    world.slack.down = Fault.REFUSED
    await world.do(NoticeReturn(incident=N, user=BO))
    await world.advance(timedelta(minutes=1))
    await world.do(NoticeGone(incident=N, user=BO, how="left"))
    world.slack.heal()
    await world.advance(timedelta(minutes=5))
    assert summaries(world) == 0
    must_hold(await of_world(world), at_rest=True)
    for _ in range(2):
        await world.do(NoticeReturn(incident=N, user=BO))
        await world.settle()
        await world.do(NoticeGone(incident=N, user=BO, how="left"))
    assert summaries(world) == 1
    must_hold(await of_world(world), at_rest=True)


def summaries(world: World) -> int:
    return len([one for one in world.slack.said(BO) if (one.marker or "").startswith("summary:")])
