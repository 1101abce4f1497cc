"""`/incident timeline edit`, through signed requests: the list, the form of a row, and what is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.events import TimelineRow
from bot.domain.ids import IncidentId
from bot.domain.keeping_commands import EditRow
from bot.domain.model import Status
from bot.domain.note_events import NoteTaken
from bot.views.actions import Action, Field
from bot.views.rows import row_form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO, Front, an_incident, said

N = IncidentId(42)
NOTED = NoteTaken(at=START, by=BO, text="traffic moved", happened_at=START)
ROW = TimelineRow(incident=N, seq=2, event=NOTED, hash="")


def front() -> Front:
    made = Front()
    made.desk.incidents[N] = an_incident(status=Status.RESOLVED)
    made.desk.rows = (ROW,)
    return made


@pytest.mark.parametrize("typed", ["timeline edit", "timeline INC-42 edit", "timeline edit INC-42", "timeline 42 Edit"])
async def test_the_list_is_shown_of_an_incident_that_is_over_too(typed: str) -> None:
    told = said(await front().command(typed))
    assert "Edit the timeline of INC-42" in told
    assert "traffic moved" in told


async def test_without_edit_it_is_the_timeline() -> None:
    assert "Timeline of INC-42" in said(await front().command("timeline"))


async def test_the_button_opens_the_rows_form_and_the_form_asks_for_what_changed() -> None:
    there = front()
    await there.click(Action.EDIT_ROW, "42 2")
    ((_, view),) = there.opened
    at = int((START - timedelta(minutes=7)).timestamp())
    filled: dict[str, str] = {Field.TEXT: "traffic moved to eu-west-2", Field.WHEN: str(at), Field.LEFT_OUT: "out"}
    await there.submit(view, filled)
    assert there.desk.taken == [
        EditRow(
            incident=N,
            row=2,
            by=ANA,
            left_out=True,
            text="traffic moved to eu-west-2",
            happened_at=START - timedelta(minutes=7),
        )
    ]


async def test_a_form_without_words_leaves_them_as_they_are() -> None:
    there = front()
    view = row_form(there.desk.incidents[N], ROW, left_out=False)
    blocks: Any = view["blocks"]
    await there.submit({**view, "blocks": [one for one in blocks if one.get("block_id") in {None, Field.LEFT_OUT}]}, {})
    assert there.desk.taken == [EditRow(incident=N, row=2, by=ANA, left_out=False)]


@pytest.mark.parametrize("value", ["42 9", "42 x", "42"])
async def test_a_row_that_is_not_there_is_refused(value: str) -> None:
    there = front()
    await there.click(Action.EDIT_ROW, value)
    await there.app.drain()
    ((_, message),) = there.whispered
    assert "I do not know this row any more" in message.text
    assert there.opened == []


async def test_a_refusal_stays_at_the_form() -> None:
    there = front()
    view = row_form(there.desk.incidents[N], ROW, left_out=False)
    answer = json.loads((await there.submit(view, {Field.TEXT: " ", Field.WHEN: "1"})).body)
    assert "Say what it should say" in str(answer["errors"])
    lost = json.loads((await there.submit({**view, "private_metadata": '{"incident": 42}'}, {})).body)
    assert "I do not know this row" in str(lost["errors"])
