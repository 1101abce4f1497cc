"""The Home tab through the engine: as all stands when it is published, whatever Slack's answers, ahead of alerts."""

from datetime import timedelta

from bot.domain.commands import AcknowledgeAlert, AssignRole, Declare, ReportAlert
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from bot.domain.tracks import Track
from bot.engine.dispatch import PLACES
from tests.engine.test_finding import alert, fire
from tests.engine.world import ANA, BO, POLICY, World
from tests.fakes.slack import Fault

N = IncidentId(1)


async def opened(world: World) -> str:
    await world.desk.show_home(ANA)
    await world.settle()
    return str(world.slack.homes[ANA])


async def test_it_shows_what_waits_what_is_open_and_what_fires(world: World) -> None:
    assert "Nothing waits for you." in await opened(world)
    await fire(world, alert("api"), alert("web"))
    taken = await world.desk.meant("web")
    await world.do(AcknowledgeAlert(alert=taken.id, by=ANA))
    await world.do(Declare(title="Checkout is down", by=BO))
    await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=BO))
    await world.settle()
    shown = await opened(world)
    assert "You are the Scribe" in shown
    assert shown.index("web is ill") < shown.index("Open incidents") < shown.index("api is ill")
    assert list(world.slack.homes) == [ANA]


async def test_graver_incidents_come_first(world: World) -> None:
    await world.do(Declare(title="Small", by=BO))
    await world.do(Declare(title="Large", by=BO, severity=Severity.SEV1))
    home = await world.desk.home_of(BO)
    assert [one.title for one in home.incidents] == ["Large", "Small"]
    assert [one.title for one, _ in home.waiting()] == ["Large", "Small"]


async def test_a_role_that_somebody_is_asked_to_take_waits_for_them_and_who_is_on_call_is_said(world: World) -> None:
    await world.do(Declare(title="Small", by=BO))
    await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO))
    await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=BO))
    home = await world.desk.home_of(ANA)
    assert [one.role for _, one in home.asked()] == [Role.SCRIBE]
    assert [*(await world.desk.home_of(BO)).asked()] == []
    assert home.on_call == {name: one.on_call for name, one in POLICY.services.items() if one.on_call}


async def test_a_lost_answer_and_a_slack_that_refuses_hurt_nobody(world: World) -> None:
    world.slack.fail(Fault.LOST_AFTER, method="views.publish")
    world.slack.fail(Fault.REFUSED, method="views.publish")
    await world.desk.show_home(ANA)
    await world.advance(timedelta(minutes=1))
    assert "Nothing waits for you." in str(world.slack.homes[ANA])
    assert len([call for call in world.slack.calls if call.method == "views.publish"]) == 3


async def test_opened_twice_while_it_waits_it_is_published_once(world: World) -> None:
    await world.desk.show_home(ANA)
    await opened(world)
    assert [call.method for call in world.slack.calls].count("views.publish") == 1


async def test_it_does_not_queue_behind_alerts(world: World) -> None:
    for number in range(40):
        await world.do(ReportAlert(report=alert(f"api{number}")))
    await opened(world)
    posts = [call.method for call in world.slack.calls if call.method in {"chat.postMessage", "views.publish"}]
    assert posts.index("views.publish") < PLACES[Track.CHAT]
    assert posts.count("chat.postMessage") > PLACES[Track.CHAT]
