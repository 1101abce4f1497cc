"""Reopening on the real database: by people and by alerts, whatever is away, comes at once or dies meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertAttached
from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.commands import Declare, ReportAlert, Resolve
from bot.domain.course_commands import Close, Merge, Reopen
from bot.domain.course_events import IncidentReopened
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.tracks import Track
from bot.errors import Refused
from tests.engine.ruling import MINUTE, RULED, N, fails, fire, labels
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

RESOLVED = Resolve(incident=N, resolution="Rolled back", by=ANA)
BACK = Reopen(incident=N, reason="Errors are back", by=BO)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, RULED).open()
    yield world
    await world.close()


async def declared(world: World, severity: Severity = Severity.SEV1) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=severity, service=CHECKOUT))
    await world.advance(MINUTE)


def again(world: World, report: ReportedAlert) -> ReportedAlert:
    return replace(report, starts_at=world.clock.now())


def ended(world: World, report: ReportedAlert) -> ReportedAlert:
    return replace(report, status=AlertStatus.RESOLVED, ends_at=world.clock.now())


def drafts(world: World) -> list[str | None]:
    return [said.filename for said in world.slack.said() if said.filename]


async def reopenings(world: World) -> list[IncidentReopened]:
    return [row.event for row in await world.timeline() if isinstance(row.event, IncidentReopened)]


async def test_what_is_reopened_is_told_paged_and_reminded_of_as_when_it_was_declared(world: World) -> None:
    await declared(world)
    await world.do(RESOLVED)
    await world.advance(5 * MINUTE)
    await world.do(BACK)
    await world.advance(MINUTE)
    incident = await world.incident()
    told = "INC-1 is open again: Errors are back"
    assert (world.said_in(incident.channel_name).count(told), world.said_in("incidents").count(told)) == (1, 1)
    assert world.pager.asked == [(N, 0, "trigger"), (N, 0, "resolve"), (N, 1, "trigger")]
    await world.advance(30 * MINUTE)
    said = world.said_in(incident.channel_name)
    assert any("an update is due" in one for one in said)
    assert any("nobody is in command" in one for one in said)
    must_hold(await of_world(world), at_rest=True)


async def test_the_draft_is_written_anew_at_the_next_end_and_each_is_there_once(world: World) -> None:
    await declared(world)
    await world.do(RESOLVED)
    await world.advance(MINUTE)
    await world.do(BACK)
    await world.advance(MINUTE)
    assert len(drafts(world)) == 1
    await world.do(RESOLVED)
    await world.advance(MINUTE)
    assert len(set(drafts(world))) == len(drafts(world)) == 2
    must_hold(await of_world(world), at_rest=True)


async def test_an_end_that_was_taken_back_while_slack_was_away_has_no_draft(world: World) -> None:
    await declared(world)
    world.slack.down = Fault.REFUSED
    for command in (RESOLVED, BACK, RESOLVED):
        await world.do(command)
        await world.advance(MINUTE)
    world.slack.down = None
    await world.advance(10 * MINUTE)
    assert len(drafts(world)) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_a_pager_that_was_away_all_the_time_ends_the_old_page_and_not_the_new_one(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.do(RESOLVED)
    await world.do(BACK)
    await world.advance(2 * MINUTE)
    assert (await world.incident()).pager_silent_at
    world.pager.down = False
    await world.advance(10 * MINUTE)
    assert world.pager.asked == [(N, 0, "trigger"), (N, 0, "resolve"), (N, 1, "trigger")]
    assert (await world.incident()).page_missing_since is None
    must_hold(await of_world(world), at_rest=True)


async def test_who_is_on_call_is_called_in_slack_anew_for_the_new_page(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.advance(2 * MINUTE)
    await world.do(RESOLVED)
    await world.do(BACK)
    await world.advance(2 * MINUTE)
    calls = [said.marker for said in world.slack.said() if (said.marker or "").startswith("call:")]
    assert calls == ["call:1:U0CLEO", "call:1:U0CLEO:1"]
    world.pager.down = False
    await world.advance(10 * MINUTE)
    must_hold(await of_world(world), at_rest=True)


async def test_an_alert_that_fires_again_reopens_its_incident_and_no_rule_declares_a_second(world: World) -> None:
    errors = fails("Errors")
    await fire(world, errors)
    await world.advance(MINUTE)
    await fire(world, ended(world, errors))
    await world.do(RESOLVED)
    await world.do(Close(incident=N, by=ANA))
    await world.advance(29 * MINUTE)
    assert await labels(world) == []
    await fire(world, again(world, errors))
    await world.advance(2 * MINUTE)
    assert await labels(world) == ["INC-1 SEV-1"]
    (event,) = await reopenings(world)
    assert (event.by, event.reason) == (None, "Errors on 1")
    incident = await world.incident()
    assert (incident.status, len(incident.alerts)) == (Status.INVESTIGATING, 2)
    told = "INC-1 is open again: Errors on 1"
    assert (world.said_in(incident.channel_name).count(told), world.said_in("incidents").count(told)) == (1, 1)
    assert world.pager.asked[-1] == (N, 1, "trigger")
    must_hold(await of_world(world), at_rest=True)


async def test_what_fires_again_later_is_declared_anew_by_its_rule(world: World) -> None:
    errors = fails("Errors")
    await fire(world, errors)
    await world.advance(MINUTE)
    await fire(world, ended(world, errors))
    await world.do(RESOLVED)
    await world.advance(31 * MINUTE)
    await fire(world, again(world, errors))
    await world.advance(2 * MINUTE)
    assert await labels(world) == ["INC-2 SEV-1"]
    must_hold(await of_world(world), at_rest=True)


async def test_an_alert_that_fires_again_while_somebody_resolves_leaves_one_incident(world: World) -> None:
    errors = fails("Errors")
    await fire(world, errors)
    await world.advance(MINUTE)
    await fire(world, ended(world, errors))
    await world.advance(MINUTE)
    await asyncio.gather(world.do(RESOLVED), world.do(ReportAlert(report=again(world, errors))))
    await world.advance(2 * MINUTE)
    incident = await world.incident()
    assert (len(incident.alerts), len(await reopenings(world)) == 1) == (2, incident.status.is_open)
    must_hold(await of_world(world), at_rest=True)


async def test_two_who_reopen_and_an_alert_at_once_reopen_it_once(world: World) -> None:
    errors = fails("Errors")
    await fire(world, errors)
    await world.advance(MINUTE)
    await fire(world, ended(world, errors))
    await world.do(RESOLVED)
    await world.advance(MINUTE)
    asked = (world.do(BACK), world.do(replace(BACK, by=ANA)), world.do(ReportAlert(report=again(world, errors))))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    await world.advance(2 * MINUTE)
    refused = [one for one in answers if isinstance(one, BaseException)]
    assert refused
    assert all(isinstance(one, Refused) for one in refused)
    assert [event.n for event in await reopenings(world)] == [1]
    assert [asked for asked in world.pager.asked if asked[2] == "trigger"] == [(N, 0, "trigger"), (N, 1, "trigger")]
    must_hold(await of_world(world), at_rest=True)


async def what_came_while_over(world: World) -> None:
    """Let a rule declare, people resolve, and another alert join the group, which fires on."""
    await fire(world, fails("Errors"))
    await world.advance(MINUTE)
    await world.do(RESOLVED)
    await world.advance(MINUTE)
    await fire(world, fails("Errors", 2))
    await world.advance(MINUTE)


async def test_what_came_while_it_was_over_belongs_to_it_and_stands_on_its_card(world: World) -> None:
    await what_came_while_over(world)
    await world.do(BACK)
    await world.advance(MINUTE)
    incident = await world.incident()
    assert (len(incident.alerts), len(incident.groups)) == (2, 1)
    said = world.said_in(incident.channel_name)
    assert [one for one in said if "Errors on 2" in one] == []
    ends = (ended(world, fails("Errors", pod)) for pod in (1, 2))
    await fire(world, *ends)
    await world.advance(MINUTE)
    assert any(one.startswith("INC-1: All 2 alerts") for one in world.said_in(incident.channel_name)[-2:])
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("after", [False, True])
async def test_a_death_while_what_came_is_looked_up_attaches_it_once(world: World, *, after: bool) -> None:
    world.dies_once("group.attach", before=not after)
    await what_came_while_over(world)
    await world.do(BACK)
    await world.advance(MINUTE)
    assert (world.deaths, len((await world.incident()).alerts)) == (1, 2)
    must_hold(await of_world(world), at_rest=True)


async def test_what_came_follows_into_another_if_it_is_merged_before_it_was_looked_up(world: World) -> None:
    await what_came_while_over(world)
    await world.do(Declare(title="It is down", by=ANA, severity=Severity.SEV1))
    await world.do(BACK)
    await world.do(Merge(incident=N, into=IncidentId(2), by=BO))
    await world.advance(MINUTE)
    assert len((await world.incident(2)).alerts) == 2
    must_hold(await of_world(world), at_rest=True)


async def test_what_ends_or_joins_just_then_is_attached_at_most_once(world: World) -> None:
    await what_came_while_over(world)
    await world.do(BACK)
    taken = await world.claim(world.dispatcher, Track.CLOCK)
    assert "group.attach" in [claimed.work.kind for claimed, _ in taken]
    meanwhile = fire(world, fails("Errors", 3), ended(world, fails("Errors", 2)))
    await asyncio.gather(meanwhile, *map(world.dispatcher.work_off, taken))
    await world.advance(MINUTE)
    attached = [row.event.alert for row in await world.timeline() if isinstance(row.event, AlertAttached)]
    assert len(attached) == len(set(attached)) >= 2
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("lost", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
async def test_a_death_while_it_is_told_that_it_is_open_again_says_it_once(world: World, lost: Fault) -> None:
    await declared(world)
    await world.do(RESOLVED)
    await world.advance(MINUTE)
    await world.do(BACK)
    world.slack.fail(lost, times=2)
    await world.die()
    await world.advance(10 * MINUTE)
    incident = await world.incident()
    assert world.said_in(incident.channel_name).count("INC-1 is open again: Errors are back") == 1
    must_hold(await of_world(world), at_rest=True)


async def test_it_can_be_reopened_after_a_week(world: World) -> None:
    await declared(world, Severity.SEV4)
    await world.do(RESOLVED)
    await world.do(Close(incident=N, by=ANA))
    await world.advance(timedelta(days=7))
    await world.do(BACK)
    await world.advance(6 * MINUTE)
    assert await labels(world) == ["INC-1 SEV-4"]
    must_hold(await of_world(world), at_rest=True)


async def test_reopened_before_it_has_a_channel_it_is_read_once_it_has_one(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT))
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.do(Reopen(incident=N, reason="Errors are back", by=ANA))
    world.clock.move(timedelta(hours=2))
    await world.advance(timedelta(minutes=20))
    assert "delivery_failed" not in [row.event.kind for row in await world.timeline()]
    must_hold(await of_world(world), at_rest=True)
