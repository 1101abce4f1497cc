"""What fires now, looked up on the real database: in order, with incidents and messages, and nothing that is over."""

from datetime import timedelta

from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.finding import Finding, wanted_of
from bot.domain.model import AlertSeverity, AlertStatus, IncidentId, ReportedAlert
from bot.domain.silence_commands import SilenceGroup
from bot.engine import finding
from tests.domain.story import reported
from tests.engine.world import ANA, BO, World
from tests.fakes.clock import START

HOUR = timedelta(hours=1)


def alert(name: str, service: str = "checkout", **changes: object) -> ReportedAlert:
    labels = {"service": service, "pod": f"{name}-1"}
    told = {"title": name, "summary": f"{name} is ill", "starts_at": START, "labels": labels}
    return reported(fingerprint=name, **(told | changes))


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
