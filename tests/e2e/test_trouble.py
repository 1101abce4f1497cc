"""What a real process does with what should not be, and with two things at once."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.ids import IncidentId
from bot.domain.message_events import MessagePosted
from bot.sandbox.texts import words_of
from tests.e2e.house import House, Webhook, house
from tests.e2e.plot import messages
from tests.peers.until import until

pytestmark = pytest.mark.timeout(180)


def webhook(opened: House) -> Webhook:
    assert isinstance(opened.monitoring, Webhook)
    return opened.monitoring


async def test_two_alerts_at_once_become_two_incidents(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url) as opened:
        monitoring = webhook(opened)
        answers = await asyncio.gather(*(monitoring.send("firing", number=number) for number in (2, 3)))
        assert answers == [202, 202]
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        second = await opened.people.wait_for("Alert number 2", "alerts")
        third = await opened.people.wait_for("Alert number 3", "alerts")
        await asyncio.gather(
            ana.clicks("Declare Incident", channel="alerts", ts=second["ts"]),
            bo.clicks("Declare Incident", channel="alerts", ts=third["ts"]),
        )
        first_room = await opened.people.wait_for_channel("inc-1-alert-number-")
        second_room = await opened.people.wait_for_channel("inc-2-alert-number-")
        for room in (first_room, second_room):
            await opened.people.wait_for("SEV-1", room["id"])
        incidents = [await opened.desk.incident(IncidentId(number)) for number in (1, 2)]
        assert {one.title for one in incidents if one} == {"Alert number 2", "Alert number 3"}
        assert len(opened.pagerduty.alerts) == 2


async def test_the_same_button_pressed_by_two_declares_one_incident(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url) as opened:
        await webhook(opened).fire()
        shown = await opened.people.wait_for("Checkout fails", "alerts")
        presses = [
            opened.people.person(name).clicks("Declare Incident", channel="alerts", ts=shown["ts"])
            for name in ("ana", "bo", "cleo")
        ]
        answers = await asyncio.gather(*presses)
        assert [answer.get("error") for answer in answers] == [None] * 3
        await opened.people.wait_for("INC-1", "alerts")
        assert [one.id for one in await opened.desk.open_incidents()] == [1]


async def test_a_wrong_token_leaves_no_trace(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        assert await webhook(opened).send("firing", token="guessed") == 401
        assert await webhook(opened).send("firing", token="") == 401
        assert await webhook(opened).send("firing", number=2) == 202
        await opened.people.wait_for("Alert number 2", "alerts")
        assert len(await messages(opened, "alerts")) == 1
        assert (await opened.desk.backlog())["deliveries_quarantined"] == 0


async def test_what_cannot_be_read_is_kept_and_the_administrators_are_told(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        assert await webhook(opened).post({"alerts": [{"labels": {"alertname": "<!channel> Half"}}]}) == 202
        notice = await opened.people.wait_for("quarantine", "muster-admin")
        assert "startsAt is missing" in words_of(notice)
        assert "<!channel>" not in words_of(notice)
        assert (await opened.desk.backlog())["deliveries_quarantined"] == 1
        assert await messages(opened, "alerts") == []


async def test_what_people_wrote_is_in_the_draft_though_slack_never_told_us_of_it(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        ana, bo, cleo = (opened.people.person(name) for name in ("ana", "bo", "cleo"))
        await ana.command("/incident declare sev3 checkout is down", channel="alerts")
        channel = (await opened.people.wait_for_channel("inc-1-checkout-is-down"))["id"]
        await opened.people.wait_for("INC-1", channel)
        await opened.people.faults({"when": "dropped", "method": "message"})
        await asyncio.gather(bo.joins(channel), cleo.joins(channel))
        root = await bo.says("Release 4.2.0 leaks <connections>", channel=channel)
        await cleo.says("I am rolling it back", channel=channel, thread=root)
        answer = await ana.command("/incident resolve rolled back", channel=channel)
        assert not answer.get("error"), answer
        await until(lambda: _has_a_file(opened), what="the draft")
        said = [event for event in await opened.events() if isinstance(event, MessagePosted)]
        assert [(event.by, event.text, event.thread) for event in said] == [
            ("U0BO", "Release 4.2.0 leaks <connections>", None),
            ("U0CLEO", "I am rolling it back", root),
        ]
        (draft,) = opened.sandbox.workspace.files.values()
        assert b"I am rolling it back" in (draft.content or b"")


async def _has_a_file(opened: House) -> bool:
    return any(one.get("files") for one in await messages(opened, "incident"))


async def test_slack_away_for_a_while_loses_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        await opened.people.faults({"when": "down", "method": "*"})
        await webhook(opened).fire()
        await until(lambda: len(opened.sandbox.journal.calls("chat.postMessage")) > 0, what="a try")
        opened.sandbox.faults.clear()
        await opened.people.wait_for("Checkout fails", "alerts")
        assert len(await messages(opened, "alerts")) == 1
