"""Declaring from a message over the sandbox: 🚨 offers it to who reacted, the menu opens the form at once."""

from pathlib import Path

import pytest

from bot.domain.ids import IncidentId
from bot.domain.note_events import NoteTaken
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import Delivery, house

pytestmark = pytest.mark.timeout(120)


async def test_a_message_is_the_first_row_of_what_is_declared_from_it(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url, Delivery.SOCKET_MODE) as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        ts = await bo.says("Cards fail for everybody", channel="alerts")
        await ana.reacts("rotating_light", channel="alerts", ts=ts)
        await opened.people.wait_for("Is this an incident?", "alerts", as_="ana")
        await ana.clicks("Declare Incident", channel="alerts")
        await ana.modal()
        assert await ana.submits({}) == {}
        await opened.people.wait_for_channel("inc-1-cards-fail")
        await bo.uses_message_shortcut("incident.declare_from", channel="alerts", ts=ts)
        await bo.modal()
        assert await bo.submits({"What is broken": "Again"}) == {}
        await opened.people.wait_for_channel("inc-2-again")
        for number in (1, 2):
            rows = await opened.desk.timeline(IncidentId(number))
            (note,) = [row.event for row in rows if isinstance(row.event, NoteTaken)]
            assert (note.by, note.text.partition("\n")[0], rows[1].event) == ("U0BO", "Cards fail for everybody", note)
        await until_at_rest(opened)
