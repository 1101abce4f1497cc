"""Subscribers on the real database: told once each, together when it goes on, through a lost answer of Slack's."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import Declare, ReportAlert, Resolve, SendUpdate
from bot.domain.course_commands import Decline, Merge, Reopen
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Severity
from bot.domain.subscriptions import ALL, Subscribe, of_incident, of_service
from tests.engine.ruling import MINUTE, N
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

DAN, EVE = UserId("U0DAN"), UserId("U0EVE")


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url).open()
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    for user, topic in ((BO, of_incident(N)), (CLEO, of_service(CHECKOUT)), (DAN, ALL), (EVE, of_service(CHECKOUT))):
        await world.do(Subscribe(topic=topic, by=user))
    await world.do(Subscribe(topic=ALL, wanted=False, by=EVE))
    await world.do(Subscribe(topic=of_incident(N), wanted=False, by=DAN))
    await world.advance(MINUTE)
    yield world
    await world.close()


def of_updates(world: World, user: UserId) -> list[str]:
    return [one.text for one in world.slack.said(user) if (one.marker or "").startswith("subscribed:1:")]


async def test_each_subscriber_is_told_once_and_what_follows_soon_together(world: World) -> None:
    for text in ("Cards fail", "It is the cache", "It is the network"):
        await world.do(SendUpdate(incident=N, text=text, by=ANA))
        await world.advance(MINUTE)
    await world.advance(10 * MINUTE)
    assert of_updates(world, BO) == of_updates(world, CLEO)
    assert [text.partition(": ")[2] for text in of_updates(world, BO)] == ["Cards fail", "It is the network"]
    assert of_updates(world, DAN) == of_updates(world, EVE) == of_updates(world, ANA) == []
    await world.do(Resolve(incident=N, resolution="A new cable", by=ANA))
    await world.advance(MINUTE)
    assert of_updates(world, CLEO)[2:] == ["INC-1 Checkout is down: resolved: A new cable"]
    must_hold(await of_world(world), at_rest=True)


async def test_who_hears_of_a_service_hears_of_what_affects_it_beside_others_once(world: World) -> None:
    mail = ServiceName("mail")
    for topic in (of_service(ServiceName("Mail")), of_service(ServiceName("search"))):
        await world.do(Subscribe(topic=topic, by=EVE))
    also = (mail, ServiceName("search"))
    done = await world.do(Declare(title="It is slow", by=ANA, severity=Severity.SEV2, service=CHECKOUT, also=also))
    assert done.incident
    await world.do(SendUpdate(incident=done.incident.id, text="It is the cache", by=ANA))
    await world.advance(10 * MINUTE)
    markers = [one.marker or "" for one in world.slack.said(EVE)]
    assert len([one for one in markers if one.startswith(f"subscribed:{done.incident.id}:")]) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_that_it_was_not_over_and_that_it_goes_on_elsewhere_is_told_once_each(world: World) -> None:
    await world.do(Resolve(incident=N, resolution="A new cable", by=ANA))
    await world.advance(10 * MINUTE)
    await world.do(Reopen(incident=N, reason="It is back", by=ANA))
    await world.advance(10 * MINUTE)
    other = await world.do(Declare(title="All is down", by=ANA, severity=Severity.SEV1))
    assert other.incident
    await world.do(Merge(incident=N, into=other.incident.id, by=ANA))
    await world.advance(10 * MINUTE)
    words = ["resolved: A new cable", "reopened: It is back", "merged into INC-2: All is down"]
    for user in (BO, CLEO):
        assert [text.partition("is down: ")[2] for text in of_updates(world, user)] == words
    assert "Subscribe to INC-2" in str([one.blocks for one in world.slack.said(BO)])
    must_hold(await of_world(world), at_rest=True)


async def test_an_alert_that_fires_again_reopens_it_and_its_subscribers_hear_of_it(world: World) -> None:
    fired = await world.do(ReportAlert(report=FIRST))
    assert fired.alert
    declared = await world.do(Declare(by=ANA, severity=Severity.SEV3, alert=fired.alert.id))
    assert declared.incident
    number = declared.incident.id
    await world.do(Subscribe(topic=of_incident(number), by=BO))
    await world.do(Resolve(incident=number, resolution="A new cable", by=ANA))
    await world.advance(6 * MINUTE)
    over = replace(FIRST, status=AlertStatus.RESOLVED, ends_at=world.clock.now())
    await world.do(ReportAlert(report=over))
    await world.do(ReportAlert(report=replace(FIRST, starts_at=world.clock.now() + MINUTE)))
    await world.advance(MINUTE)
    told = [one.text for one in world.slack.said(BO) if (one.marker or "").startswith(f"subscribed:{number}:")]
    assert [text.partition(": ")[2].partition(":")[0] for text in told] == ["resolved", "reopened"]
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_declined_in_triage_is_told_to_who_asked_for_it_and_to_nobody_else(world: World) -> None:
    done = await world.do(Declare(title="Is it slow?", by=ANA, severity=Severity.SEV2, service=CHECKOUT, triage=True))
    assert done.incident
    number = done.incident.id
    await world.do(Subscribe(topic=of_incident(number), by=BO))
    await world.do(Decline(incident=number, reason="A load test", by=ANA))
    await world.advance(MINUTE)
    told = {
        user: [one.text for one in world.slack.said(user) if (one.marker or "").startswith(f"subscribed:{number}:")]
        for user in (BO, CLEO)
    }
    assert told == {BO: ["INC-2 Is it slow?: no incident: A load test"], CLEO: []}
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_whatever_becomes_of_an_answer_each_is_told_once(world: World, fault: Fault) -> None:
    world.slack.fail(fault, method="chat.postMessage", times=3)
    await world.do(SendUpdate(incident=N, text="Cards fail", by=ANA))
    await world.advance(10 * MINUTE)
    assert len(of_updates(world, BO)) == len(of_updates(world, CLEO)) == 1
    must_hold(await of_world(world), at_rest=True)
