"""What fires now, looked up on the real database: in order, with incidents and messages, and nothing that is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import Clock
from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.finding import Finding, name_of, wanted_of
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, IncidentId, UserId
from bot.domain.silence_commands import SilenceGroup
from bot.engine import finding
from bot.engine.firing import acknowledged, listed
from bot.errors import Refused
from bot.store import alerts
from bot.store.database import Database
from tests.domain.story import reported
from tests.engine.world import ANA, BO, World
from tests.fakes.clock import START

HOUR = timedelta(hours=1)


def alert(name: str, service: str = "checkout", **changes: object) -> ReportedAlert:
    labels = {"service": service, "pod": f"{name}-1"}
    told = {"title": name, "summary": f"{name} is ill", "starts_at": START, "labels": labels}
    return reported(**({"fingerprint": name} | told | changes))


async def fire(world: World, *reports: ReportedAlert) -> None:
    for one in reports:
        await world.do(ReportAlert(report=one))
    await world.settle()


async def found(world: World, typed: str = "") -> Finding:
    return await world.desk.firing(wanted_of(typed), ANA)


def titles(told: Finding) -> list[str]:
    return [one.group.title.removesuffix(" is ill") for one in told.shown]


async def test_what_fires_is_found_the_gravest_first_and_what_is_over_is_not(world: World) -> None:
    await fire(
        world,
        alert("disk", severity=AlertSeverity.WARNING),
        alert("web", "search", severity=AlertSeverity.HIGH),
        alert("api", severity=AlertSeverity.CRITICAL),
        alert("gone"),
        alert("gone", status=AlertStatus.RESOLVED, ends_at=START + HOUR),
    )
    assert titles(await found(world)) == ["api", "disk", "web"]
    assert titles(await found(world, "severity=~high|warning")) == ["web", "disk"]
    assert titles(await found(world, "pod=web-1")) == ["web"]
    assert titles(await found(world, "checkout ill")) == ["api", "disk"]
    assert (await found(world, "nothing")).total == 0


async def test_incident_and_message_stand_beside_it(world: World) -> None:
    await fire(world, alert("api"))
    (row,) = (await found(world)).shown
    assert row.message is not None
    assert world.slack.channels[row.message[0]].name == "alerts"
    assert row.incident is None
    await world.do(Declare(alert=row.group.id, by=ANA))
    (row,) = (await found(world)).shown
    assert row.incident
    assert row.incident.id == IncidentId(1)


async def test_what_is_quiet_is_counted_and_ones_own_is_found(world: World) -> None:
    await fire(world, alert("api"), alert("web", starts_at=START + HOUR))
    api, web = (await found(world)).shown
    await world.do(SilenceGroup(group=api.group.id, lasts=None, by=BO))
    await world.do(AcknowledgeAlert(alert=web.group.id, by=ANA))
    told = await found(world)
    assert (titles(told), told.total, told.quiet) == (["web"], 1, 1)
    assert titles(await found(world, "mine")) == ["web"]
    assert titles(await found(world, "all")) == ["api", "web"]


async def test_of_many_only_as_many_are_looked_up_as_can_be_shown(world: World) -> None:
    await fire(world, *(alert(f"api{number}") for number in range(finding.SHOWN + 3)))
    told = await found(world)
    assert (len(told.shown), told.total) == (finding.SHOWN, finding.SHOWN + 3)


async def test_an_alert_from_before_there_were_groups_is_in_nobodys_way(world: World) -> None:
    await fire(world, alert("api"))
    (row,) = (await found(world)).shown
    async with world.database.transaction() as connection:
        lead = await alerts.load(connection, row.group.lead)
        assert lead
        await alerts.save(connection, new=[replace(lead, id=AlertId("0ld"), group=None)], changed=[])
    assert titles(await found(world, "pod=api-1")) == ["api"]


async def meant(world: World, typed: str) -> Group:
    async with world.database.reading() as connection:
        return await finding.meant(connection, typed)


async def test_one_alert_is_meant_by_what_it_is_called_even_when_it_is_over(world: World) -> None:
    await fire(world, alert("api"), alert("web", status=AlertStatus.FIRING))
    api, web = (one.group for one in (await found(world)).shown)
    await fire(world, alert("api", status=AlertStatus.RESOLVED, ends_at=START + HOUR))
    assert (await meant(world, name_of(api))).id == api.id
    assert (await meant(world, f" #{web.id.upper()} ")).id == web.id


async def test_one_alert_is_meant_by_words_of_what_fires_also_when_it_is_quiet(world: World) -> None:
    await fire(world, alert("api"), alert("dead"))
    (dead,) = (one.group for one in (await found(world, "dead")).shown)
    await world.do(SilenceGroup(group=dead.id, lasts=None, by=BO))
    assert (await meant(world, "dead")).title == "dead is ill"
    assert (await meant(world, "pod=api-1")).title == "api is ill"


async def test_what_is_not_clear_is_refused_with_what_could_be_meant(world: World) -> None:
    await fire(world, *(alert(f"api{number}") for number in range(7)))
    with pytest.raises(Refused, match="No alert is called “web”"):
        await meant(world, "web")
    with pytest.raises(Refused, match=r"7 alerts could be meant: `[0-9a-f]{7}` api. is ill; .*; and 2 more\. Name one"):
        await meant(world, "ill")
    with pytest.raises(Refused, match=r"2 alerts could be meant: .* api[12] is ill\. Name one"):
        await meant(world, "pod=~api[12]-1")
    with pytest.raises(Refused, match="I cannot read which alert you mean"):
        await meant(world, "pod=~(")


async def test_beside_a_running_bot_alerts_are_listed_and_taken_up_once(world: World, world_url: str) -> None:
    await fire(world, alert("api"))
    told = await listed(world_url, wanted_of(""), ANA, 1)
    assert titles(told) == ["api"]

    async def ours(database: Database, own: Clock) -> Clock:
        return own

    taken = await acknowledged(world_url, "api", UserId("ops"), world.clock, world.chance, ours)
    assert taken.acknowledged
    await world.settle()
    (said,) = world.slack.said("alerts")
    assert "Acknowledged by ops" in str(said.blocks)
    with pytest.raises(Refused, match="already acknowledged"):
        await acknowledged(world_url, name_of(taken), ANA, world.clock, world.chance, ours)
