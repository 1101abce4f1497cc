"""An incident from its alert to its postmortem draft, as the people in the channels see it."""

import json
from datetime import timedelta

import pytest

from bot.domain.commands import (
    AcknowledgeAlert,
    AssignRole,
    Declare,
    Resolve,
    SendUpdate,
    SetSeverity,
    SetStatus,
)
from bot.domain.ids import IncidentId, SourceName, UserId
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep as keep_all
from bot.errors import Refused
from bot.inbound.alerts import SOURCES
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.slack import Fault

N = IncidentId(1)
ALERTMANAGER = SourceName("alertmanager")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


async def deliver(world: World, status: str = "firing", service: str = "checkout") -> None:
    """Let a source deliver one alert and let it be read."""
    payload = json.loads(SOURCES[ALERTMANAGER].sample)
    alert = payload["alerts"][0]
    alert |= {"status": status, "startsAt": "2026-03-02T08:58:00Z", "endsAt": "0001-01-01T00:00:00Z"}
    if status == "resolved":
        alert["endsAt"] = world.clock.now().isoformat()
    alert["labels"]["service"] = service
    payload |= {"status": status, "alerts": [alert]}
    await keep(world, json.dumps(payload).encode())
    await world.settle()


async def keep(world: World, body: bytes, fault: str | None = None) -> None:
    delivery = Delivery(source=ALERTMANAGER, received_at=world.clock.now(), body=body, fault=fault)
    await keep_all(world.engine, [delivery], world.clock)


async def declared(world: World, severity: Severity = Severity.SEV2) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=severity, service=CHECKOUT))
    await world.settle()


async def test_from_an_alert_to_the_draft(world: World) -> None:
    await deliver(world)
    (message,) = world.slack.said("alerts")
    alert = (message.marker or "").removeprefix("group:")
    await world.do(AcknowledgeAlert(alert=alert, by=BO))  # type: ignore[arg-type] # as a button carries it
    await world.do(Declare(by=ANA, alert=alert))  # type: ignore[arg-type] # as a button carries it
    await world.settle()
    incident = await world.incident()
    channel = world.slack.channel(incident.channel_name)
    assert world.pager.accepted == [(N, "trigger")]
    assert set(channel.members) == {"U0MUSTER", ANA, BO, CLEO}
    assert channel.topic
    assert len(channel.bookmarks) == 1
    assert [said.marker for said in world.slack.said("incidents")] == ["announcement:1"]
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.do(SetSeverity(incident=N, severity=Severity.SEV2, by=ANA))
    said = world.message(channel.id, "1772442300.000100", by=BO, text="The new release leaks connections")
    await world.do(said)
    await deliver(world, "resolved")
    await world.do(Resolve(incident=N, resolution="Rolled back 4.2", by=ANA))
    await world.advance(minutes(1))
    assert world.pager.accepted == [(N, "trigger"), (N, "acknowledge"), (N, "resolve")]
    (file,) = world.slack.files.values()
    assert file.shared == 1
    draft = file.content.decode()
    assert "The new release leaks connections" in draft
    assert "Rolled back 4.2" in draft
    assert await world.waiting() == []


async def test_a_channel_is_ready_in_two_round_trips(world: World) -> None:
    await deliver(world)
    world.slack.latency = timedelta(milliseconds=140)
    before = len(world.slack.calls)
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.run_live()
    calls = world.slack.calls[before:]
    assert {call.method for call in calls} >= {
        "conversations.create",
        "conversations.invite",
        "chat.postMessage",
        "conversations.setTopic",
        "bookmarks.add",
    }
    assert world.slack.round_trips(calls) == 2


async def test_reminders_come_until_an_update_is_sent_and_then_start_anew(world: World) -> None:
    await declared(world)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.advance(minutes(95))
    assert await reminders(world) == [30, 60, 90]
    await world.do(SendUpdate(incident=N, text="Rolling back", by=ANA))
    await world.advance(minutes(50))
    assert await reminders(world) == [30, 60, 90, 125]
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(timedelta(hours=8))
    assert await reminders(world) == [30, 60, 90, 125]


async def test_an_empty_chair_is_pointed_at_until_somebody_sits(world: World) -> None:
    await declared(world)
    await world.advance(minutes(11))
    assert await reminders(world, "command") == [5, 10]
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.advance(minutes(15))
    assert await reminders(world, "command") == [5, 10]


async def test_after_a_night_without_slack_the_channel_sees_one_reminder(world: World) -> None:
    await declared(world, Severity.SEV1)
    world.slack.down = Fault.REFUSED
    world.slack.retry_after = timedelta(minutes=2)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.advance(timedelta(hours=9, minutes=28))
    world.slack.heal()
    await world.advance(minutes(4))
    assert len(await reminders(world)) == 1
    assert world.pager.accepted == [(N, "trigger"), (N, "acknowledge")]


async def test_a_reminder_that_an_update_overtook_is_not_posted(world: World) -> None:
    await declared(world)
    world.slack.down = Fault.REFUSED
    await world.advance(minutes(31))
    await world.do(SendUpdate(incident=N, text="Rolling back", by=ANA))
    world.slack.heal()
    await world.advance(minutes(2))
    assert await reminders(world) == []
    await world.advance(minutes(30))
    assert len(await reminders(world)) == 1


async def test_ten_changes_while_slack_is_away_are_one_card(world: World) -> None:
    await declared(world)
    world.slack.down = Fault.REFUSED
    for n in range(10):
        await world.do(AssignRole(incident=N, role=Role.SCRIBE, user=UserId(f"U{n}"), by=UserId(f"U{n}")))
    world.slack.heal()
    before = len(world.slack.calls)
    await world.advance(minutes(1))
    updates = [call for call in world.slack.calls[before:] if call.method == "chat.update"]
    assert len(updates) == 2, "one for the card, one for the announcement"


async def test_the_same_delivery_twice_changes_nothing(world: World) -> None:
    first = await world.do(Declare(title="Checkout is down", by=ANA), key="T1")
    again = await world.do(Declare(title="Checkout is down", by=ANA), key="T1")
    assert (first.repeated, again.repeated) == (False, True)
    assert len(await world.desk.open_incidents()) == 1


async def test_a_refusal_leaves_no_trace(world: World) -> None:
    with pytest.raises(Refused):
        await world.do(Declare(title="", by=ANA), key="T1")
    handled = await world.do(Declare(title="Checkout is down", by=ANA), key="T1")
    assert handled.incident
    assert handled.incident.id == 1


async def test_what_cannot_be_delivered_is_told_to_the_commander(world: World) -> None:
    await declared(world)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.settle()
    world.slack.channel((await world.incident()).channel_name).archived = True
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.advance(minutes(1))
    assert any(row.event.kind == "delivery_failed" for row in await world.timeline())
    assert any(said.marker and said.marker.startswith("failure:1:") for said in world.slack.said(BO))


async def reminders(world: World, about: str = "update") -> list[int]:
    """Return when the channel was reminded, in whole minutes since the declaration."""
    incident = await world.incident()
    start = incident.declared_at.timestamp()
    return [
        round((float(said.ts) - start) / 60)
        for said in world.slack.said(incident.channel_name)
        if said.marker and said.marker.startswith(f"reminder:1:{about}:")
    ]
