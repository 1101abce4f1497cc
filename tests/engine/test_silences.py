"""Silences, maintenance and inhibition through the engine: what is quiet is not said, and heard again in time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import Declare, ReportAlert
from bot.domain.matchers import matchers_of
from bot.domain.muting import Inhibition, Maintenance, MutePolicy, Silence
from bot.domain.silence_commands import EndSilence, SilenceAlerts, SilenceGroup, UnsilenceGroup
from bot.domain.windows import Weekly
from bot.engine.timers import first_look
from bot.errors import Refused
from bot.store import silences
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, BO, POLICY, World

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULE = Inhibition(
    source=matchers_of("alertname=ClusterDown"), target=matchers_of("severity=warning"), equal=("service",)
)
WARNING = replace(FIRST, severity=AlertSeverity.WARNING)
DOWN = replace(FIRST, fingerprint="down", title="ClusterDown", summary="The cluster is down")


@pytest.fixture
async def inhibiting(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, policy=replace(POLICY, mute=MutePolicy(inhibitions=(RULE,)))).open()
    yield world
    await world.close()


async def silenced(world: World, lasts: timedelta = HOUR, matchers: str = "service=checkout") -> Silence:
    told = SilenceAlerts(matchers=matchers_of(matchers), lasts=lasts, by=ANA, reason="known", origin="command")
    made = (await world.do(told)).silence
    assert made
    await world.settle()
    return made


async def told(world: World, report: ReportedAlert = FIRST, *, over: bool = False) -> None:
    changes = {"status": AlertStatus.RESOLVED, "ends_at": world.clock.now()} if over else {}
    await world.do(ReportAlert(report=replace(report, **changes)))  # type: ignore[arg-type] # real fields
    await world.settle()


def shown(world: World) -> list[str]:
    return [f"{said.text} {said.blocks}" for said in world.slack.said() if said.marker and said.thread is None]


async def test_what_is_silenced_is_shown_when_the_silence_ends_if_it_still_fires(world: World) -> None:
    await silenced(world)
    await told(world)
    await world.advance(59 * MINUTE)
    assert shown(world) == []
    await world.advance(2 * MINUTE)
    (message,) = shown(world)
    assert "Checkout fails" in message
    assert "Silenced" not in message


async def test_what_is_over_before_its_silence_is_never_shown(world: World) -> None:
    await silenced(world)
    await told(world)
    await told(world, over=True)
    await world.advance(2 * HOUR)
    assert shown(world) == []


async def test_an_incident_from_what_is_silenced_shows_no_message_of_it_until_it_is_heard(world: World) -> None:
    await silenced(world)
    fired = await world.do(ReportAlert(report=FIRST))
    assert fired.group
    await world.do(Declare(by=BO, alert=fired.group.id))
    await world.settle()
    assert world.said_in("alerts") == []
    await world.advance(HOUR)
    (message,) = world.said_in("alerts")
    assert "Checkout fails" in message


async def test_a_silence_that_is_ended_lets_alerts_be_heard_at_once(world: World) -> None:
    made = await silenced(world)
    await told(world)
    await world.do(EndSilence(silence=made.id, by=BO))
    await world.settle()
    assert len(shown(world)) == 1
    assert await world.desk.silences() == ()
    async with world.database.reading() as connection:
        ended = await silences.load(connection, made.id)
    assert ended
    assert (ended.by, ended.ended_at, ended.ended_by) == (ANA, world.clock.now(), BO)
    with pytest.raises(Refused, match="over already"):
        await world.do(EndSilence(silence=made.id, by=BO))


async def test_a_message_that_is_there_says_by_whom_it_is_silenced_and_why(world: World) -> None:
    await told(world)
    await silenced(world)
    (message,) = shown(world)
    assert "Silenced until" in message
    assert all(part in message for part in (f"by <@{ANA}>", "known", "S-1"))
    await world.advance(HOUR)
    (message,) = shown(world)
    assert "Silenced" not in message


async def test_a_group_is_silenced_from_its_own_button(world: World) -> None:
    fired = await world.do(ReportAlert(report=FIRST))
    assert fired.group
    made = (await world.do(SilenceGroup(group=fired.group.id, lasts=HOUR, by=BO))).silence
    await world.do(SilenceGroup(group=fired.group.id, lasts=None, by=BO))
    await world.settle()
    (message,) = shown(world)
    assert "Silenced until it is resolved" in message
    assert await world.desk.silences() == (made,)
    await world.do(UnsilenceGroup(group=fired.group.id, by=BO))
    await world.settle()
    (message,) = shown(world)
    assert "Silenced until it is resolved" not in message


async def test_silences_are_kept_as_they_were_made_and_those_that_end_first_are_told_first(world: World) -> None:
    later = await silenced(world, 2 * HOUR, 'service=~"search|checkout", team!="a \\"b\\""')
    first = await silenced(world, HOUR)
    assert await world.desk.silences() == (first, later)
    assert (later.label, first.label) == ("S-1", "S-2")


async def test_a_graver_alert_keeps_others_quiet_and_its_end_lets_them_be_heard(inhibiting: World) -> None:
    await told(inhibiting, DOWN)
    await told(inhibiting, WARNING)
    assert [text for text in shown(inhibiting) if "Checkout fails" in text] == []
    await told(inhibiting, DOWN, over=True)
    assert len([text for text in shown(inhibiting) if "Checkout fails" in text]) == 1


async def test_what_is_shown_already_says_which_alert_keeps_it_quiet(inhibiting: World) -> None:
    await told(inhibiting, WARNING)
    await told(inhibiting, DOWN)
    assert any("Quiet while this fires: The cluster is down" in text for text in shown(inhibiting))


async def test_maintenance_that_is_new_in_the_file_counts_from_the_start_of_the_bot_until_its_end(world: World) -> None:
    await told(world)
    hour = world.clock.now().hour
    hours = Weekly(days=frozenset(range(7)), begins=time(hour), ends=time((hour + 2) % 24), zone=ZoneInfo("UTC"))
    work = Maintenance(name="patches", matchers=matchers_of("service=checkout"), windows=(hours,))
    world.engine.policy = replace(POLICY, mute=MutePolicy(maintenance=(work,)))
    await world.engine.put(first_look(world.clock.now()))
    await world.settle()
    (message,) = shown(world)
    assert "Maintenance until" in message
    assert ": patches" in message
    await world.advance(2 * HOUR)
    (message,) = shown(world)
    assert "Maintenance" not in message
