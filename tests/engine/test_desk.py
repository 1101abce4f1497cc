"""What is looked up: at the desk from inside, as a draft from outside Slack, in the roster when an incident begins."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.commands import Declare, ReportAlert, Resolve
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.work import Effect, RefreshOnCall
from bot.engine.report import postmortem_draft
from bot.errors import Refused
from tests.domain.story import reported
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World

N = IncidentId(1)


async def declared(world: World, title: str = "Checkout is down") -> None:
    await world.do(Declare(title=title, by=ANA, service=CHECKOUT))
    await world.settle()


async def test_an_incident_is_found_by_its_channel_and_no_other_channel_leads_to_it(world: World) -> None:
    await declared(world)
    incident = await world.incident()
    assert incident.channel
    assert await world.desk.incident_in(incident.channel) == incident
    assert await world.desk.incident_in(ChannelId("C0OTHER")) is None


async def test_an_alert_is_found_by_the_name_that_its_button_carries(world: World) -> None:
    handled = await world.do(ReportAlert(report=reported()))
    assert handled.alert
    assert await world.desk.alert(handled.alert.id) == handled.alert


async def test_the_alerts_of_an_incident_are_found(world: World) -> None:
    handled = await world.do(ReportAlert(report=reported()))
    assert handled.alert
    assert handled.group
    await world.do(Declare(alert=handled.group.id, by=ANA))
    assert [one.id for one in await world.desk.alerts_of(N)] == [handled.alert.id]


async def test_whoever_the_pager_named_last_is_invited(world: World) -> None:
    world.pager.roster = {CHECKOUT: (BO,)}
    await world.engine.put(Effect(work=RefreshOnCall(), due=world.clock.now()))
    await world.settle()
    await declared(world)
    assert (await world.incident()).responders == (ANA, BO)
    world.pager.roster = {CHECKOUT: (UserId("U0DEE"),)}
    await world.advance(timedelta(minutes=5))
    await declared(world, "Checkout is down again")
    assert (await world.incident(2)).responders == (ANA, UserId("U0DEE"))


async def test_where_the_pager_names_nobody_the_configured_ones_are_invited(world: World) -> None:
    await world.engine.put(Effect(work=RefreshOnCall(), due=world.clock.now()))
    await world.settle()
    await declared(world)
    assert (await world.incident()).responders == (ANA, CLEO)


async def test_the_draft_is_read_off_the_database_as_it_stands_in_the_channel(world: World, world_url: str) -> None:
    await declared(world)
    await world.do(Resolve(incident=N, resolution="Rolled back 4.2", by=ANA))
    await world.settle()
    (file,) = world.slack.files.values()
    assert await postmortem_draft(world_url, N, world.policy) == file.content.decode()


async def test_who_asks_for_an_unknown_draft_is_told_which_there_are(world: World, world_url: str) -> None:
    with pytest.raises(Refused, match=r"There is no INC-9\. No incident was ever declared here\."):
        await postmortem_draft(world_url, IncidentId(9), world.policy)
    await declared(world)
    with pytest.raises(Refused, match=r"There is no INC-9\. These are the newest:\n  INC-1 Checkout is down"):
        await postmortem_draft(world_url, IncidentId(9), world.policy)


async def test_asking_for_a_draft_makes_no_database(world: World, tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with pytest.raises(Refused, match="There is no database at"):
        await postmortem_draft(f"sqlite+aiosqlite:///{file}", N, world.policy)
    assert not file.exists()
