"""Marks on messages, through signed requests: 📌, pins, and "Add to Timeline" in a message's menu."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.ids import IncidentId, MessageTs, UserId
from bot.domain.keeping_commands import MarkMessage, UnmarkMessage
from bot.domain.permissions import Account, Act, Permissions, Rule
from bot.inbound.slack.events import said
from tests.inbound.slack.front import ANA, BO, GENERAL, INCIDENT_CHANNEL, POLICY, US, WORKSPACE, Front, an_incident

N, TS = IncidentId(42), MessageTs("1596183880.004200")
AT = datetime(2020, 7, 31, 8, 30, tzinfo=UTC)
MESSAGE: dict[str, object] = {"type": "message", "user": BO, "text": "Rolling back", "ts": TS}


def front(**changes: object) -> Front:
    made = Front(**changes)  # type: ignore[arg-type] # the test names real fields
    made.desk.incidents[N] = an_incident()
    return made


def reaction(kind: str = "reaction_added", **changes: object) -> dict[str, object]:
    item = {"type": "message", "channel": INCIDENT_CHANNEL, "ts": TS}
    told = {"type": kind, "user": BO, "reaction": "pushpin", "item_user": ANA, "item": item}
    return {**told, "event_ts": "1596184200.000000", **changes}


def pin(kind: str = "pin_added", **changes: object) -> dict[str, object]:
    item = {"type": "message", "channel": INCIDENT_CHANNEL, "message": MESSAGE, "created_by": BO}
    told = {"type": kind, "user": BO, "channel_id": INCIDENT_CHANNEL, "item": item, "pin_count": 1}
    return {**told, "event_ts": "1596184200.000000", **changes}


@pytest.mark.parametrize(
    ("event", "command"),
    [
        (reaction(), MarkMessage(incident=N, ts=TS, how="reaction", by=BO, at=AT)),
        (reaction("reaction_removed"), UnmarkMessage(incident=N, ts=TS, how="reaction", by=BO, at=AT)),
        (pin(), MarkMessage(incident=N, ts=TS, how="pin", by=BO, at=AT)),
        (pin("pin_removed"), UnmarkMessage(incident=N, ts=TS, how="pin", by=BO, at=AT)),
    ],
)
async def test_a_mark_is_kept_before_slack_is_answered(event: dict[str, object], command: object) -> None:
    there = front()
    assert (await there.event(event, event_id="Ev7")).status == 200
    assert there.desk.taken == [command]
    assert [one.surface for one in there.desk.receipts] == [event["type"].split("_")[0]]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "event",
    [
        reaction(reaction="eyes"),
        reaction(user=US.user),
        reaction(user=""),
        reaction(item={"type": "message", "channel": GENERAL, "ts": TS}),
        reaction(item={"type": "file", "file": "F1"}),
        reaction(item={"type": "message", "channel": INCIDENT_CHANNEL, "ts": "soon"}),
        reaction(item=None),
        pin(item={"type": "file"}),
        pin(user=US.user),
    ],
)
async def test_other_reactions_and_other_channels_are_none_of_its_business(event: dict[str, object]) -> None:
    there = front()
    assert (await there.event(event)).status == 200
    assert there.desk.taken == []


async def test_a_mark_without_a_time_of_its_own_is_of_now() -> None:
    there = front()
    await there.event(reaction(event_ts=None))
    (taken,) = there.desk.taken
    assert isinstance(taken, MarkMessage)
    assert taken.at == there.clock.now()


async def test_who_may_not_write_into_the_timeline_marks_nothing_and_the_audit_log_says_so() -> None:
    policy = replace(POLICY, permissions=Permissions(rules={Act.NOTE: Rule(people=frozenset({ANA}))}))
    there = front(policy=policy)
    assert (await there.event(reaction())).status == 200
    assert there.desk.taken == []
    assert [surface for _, _, surface in there.desk.refusals] == ["reaction"]


def shortcut(**changes: object) -> dict[str, object]:
    return {
        "type": "message_action",
        "callback_id": "timeline.add",
        "user": {"id": ANA, "username": "ana", "team_id": WORKSPACE},
        "team": {"id": WORKSPACE, "domain": "acme"},
        "channel": {"id": INCIDENT_CHANNEL, "name": "inc-42"},
        "message_ts": TS,
        "message": MESSAGE,
        "trigger_id": "77.shortcut",
        "response_url": "https://hooks.slack.com/app/1",
        **changes,
    }


async def told(there: Front) -> str:
    await there.app.drain()
    ((_, message),) = there.whispered
    return message.text


async def test_a_message_is_added_from_its_menu_and_whoever_did_reads_so() -> None:
    there = front()
    assert (await there.interaction(shortcut())).status == 200
    assert there.desk.taken == [MarkMessage(incident=N, ts=TS, how="shortcut", by=ANA, at=there.clock.now())]
    assert [one.surface for one in there.desk.receipts] == ["shortcut"]
    assert "marked in the timeline of INC-42" in await told(there)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"channel": {"id": GENERAL}}, "belongs to no incident"),
        ({"message": {**MESSAGE, "bot_id": "B0OTHER"}}, "Only what people wrote"),
        ({"message": None}, "Only what people wrote"),
        ({"callback_id": "who.knows"}, "I do not know this shortcut"),
        ({"user": {"id": ANA, "team_id": "T0OTHER"}}, "Only members of this workspace"),
    ],
)
async def test_what_cannot_be_added_is_said_to_whoever_tried(changes: dict[str, object], why: str) -> None:
    there = front()
    assert (await there.interaction(shortcut(**changes))).status == 200
    assert there.desk.taken == []
    assert why in await told(there)


async def test_a_guest_is_told_that_guests_may_not() -> None:
    there = front()
    there.accounts[UserId(ANA)] = Account(guest=True)
    await there.interaction(shortcut())
    assert "Guests may not write into the timeline here" in await told(there)


def test_a_message_that_is_read_later_tells_that_it_was_edited() -> None:
    read = {**MESSAGE, "channel": INCIDENT_CHANNEL}
    assert not said(read, US).edited  # type: ignore[union-attr]
    assert said({**read, "edited": {"user": BO, "ts": TS}}, US).edited  # type: ignore[union-attr]


def test_a_message_that_is_read_later_tells_of_its_marks() -> None:
    named = {"name": "pushpin", "users": [ANA, 7, BO], "count": 9}
    read = {**MESSAGE, "channel": INCIDENT_CHANNEL, "reactions": [{"name": "eyes", "users": [ANA], "count": 1}, named]}
    found = said({**read, "pinned_to": [INCIDENT_CHANNEL]}, US)
    assert [(one.how, one.by) for one in found.marks] == [("reaction", ANA), ("reaction", BO), ("pin", None)]  # type: ignore[union-attr]
    assert not found.names_all  # type: ignore[union-attr]
    other = said({**read, "reactions": [{**named, "count": 2, "users": [ANA, BO]}], "pinned_to": [GENERAL]}, US)
    assert other.names_all  # type: ignore[union-attr]
    assert len(other.marks) == 2  # type: ignore[union-attr]
    assert said({**read, "reactions": [{"name": "pushpin", "count": 2}]}, US).marks == ()  # type: ignore[union-attr]
