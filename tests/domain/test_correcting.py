"""Corrections of what people wrote into the timeline: what is shown changes, the record does not."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.correcting import corrected
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.entries import entries_of
from bot.domain.events import Event, StatusChanged, TimelineRow
from bot.domain.ids import IncidentId, MessageTs, UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.keeping_events import RowCorrected, RowLeftOut, RowPutBack
from bot.domain.message_events import MessagePosted
from bot.domain.model import Milestone, Status
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.errors import Refused
from tests.domain.story import ANA, BO, POLICY, START, Story

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
NOTE = NoteTaken(at=START, by=ANA, text="traffic moved", happened_at=START - 10 * MINUTE + timedelta(seconds=7))
SAID = MessagePosted(at=START, by=ANA, ts=MessageTs("1.1"), text="Lunch?", permalink="https://x.example")
REACHED = MilestoneSet(at=START, by=ANA, milestone=Milestone.DETECTED, happened_at=START)
MOVED = StatusChanged(at=START, by=ANA, status=Status.IDENTIFIED, previous=Status.INVESTIGATING)


class Timeline:
    """Rows from number 2 on, as corrections make them."""

    def __init__(self, *events: Event) -> None:
        self.incident = Story().declared().incident
        self.events = list(events)

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        return tuple(TimelineRow(incident=N, seq=seq, event=event, hash="") for seq, event in enumerate(self.events, 2))

    def edit(
        self,
        row: int = 2,
        *,
        by: UserId = BO,
        left_out: bool = False,
        text: str | None = None,
        happened_at: datetime | None = None,
    ) -> Decision:
        command = EditRow(incident=N, row=row, by=by, left_out=left_out, text=text, happened_at=happened_at)
        decision = decide(State(incident=self.incident, rows=self.rows), command, START + MINUTE, POLICY)
        self.events += decision.events
        return decision

    def shown(self) -> list[tuple[str, datetime, UserId | None]]:
        return [
            (one.event.text, one.at, one.edited_by)
            for one in entries_of(self.rows)
            if isinstance(one.event, NoteTaken | MessagePosted)
        ]


def test_a_note_is_corrected_in_what_it_says_and_of_when_and_what_it_said_stays_in_the_record() -> None:
    timeline = Timeline(NOTE)
    at = START - 5 * MINUTE
    timeline.edit(text="traffic moved to eu-west-2", happened_at=at)
    assert timeline.shown() == [("traffic moved to eu-west-2", at, BO)]
    assert timeline.events[0] == NOTE
    assert timeline.events[1] == RowCorrected(
        at=START + MINUTE, by=BO, row=2, text="traffic moved to eu-west-2", happened_at=at
    )
    timeline.edit(text="traffic moved back", by=ANA)
    assert timeline.shown() == [("traffic moved back", at, ANA)]


def test_what_stays_as_it_was_is_no_correction_and_a_form_that_asks_for_minutes_keeps_the_second() -> None:
    timeline = Timeline(NOTE)
    assert timeline.edit(text=" traffic moved ", happened_at=NOTE.happened_at.replace(second=0)).events == ()
    assert timeline.edit().events == ()


def test_a_row_is_left_out_and_put_back_once_each() -> None:
    timeline = Timeline(NOTE, SAID, REACHED)
    assert timeline.edit(3, left_out=True).events == (RowLeftOut(at=START + MINUTE, by=BO, row=3),)
    assert timeline.edit(3, left_out=True).events == ()
    assert [text for text, _, _ in timeline.shown()] == ["traffic moved"]
    assert corrected(timeline.rows).left_out == {3: BO}
    assert timeline.edit(3).events == (RowPutBack(at=START + MINUTE, by=BO, row=3),)
    assert [text for text, _, _ in timeline.shown()] == ["traffic moved", "Lunch?"]
    assert timeline.edit(4, left_out=True).events != ()


def test_a_message_says_what_its_author_wrote_whatever_a_form_says() -> None:
    timeline = Timeline(SAID)
    assert timeline.edit(text="Dinner?").events == ()


@pytest.mark.parametrize("row", [3, 9, 1])
def test_what_muster_saw_itself_is_not_changed(row: int) -> None:
    with pytest.raises(Refused, match="Only what people wrote"):
        Timeline(NOTE, MOVED).edit(row, left_out=True)


@pytest.mark.parametrize(
    ("text", "at", "why"),
    [(" ", None, "Say what it should say"), ("x", START + timedelta(hours=1), "still to come")],
)
def test_what_cannot_be_is_refused(text: str, at: datetime | None, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Timeline(NOTE).edit(text=text, happened_at=at)


def test_secrets_are_not_kept_by_a_correction() -> None:
    timeline = Timeline(NOTE)
    timeline.edit(text="password=hunter2-22")
    assert timeline.shown()[0][0] == "password=[redacted: password]"


def test_a_correction_of_what_is_no_note_changes_nothing_that_is_shown() -> None:
    edit = RowCorrected(at=START, by=BO, row=2, text="Dinner?", happened_at=START)
    assert [text for text, _, _ in Timeline(replace(SAID), edit).shown()] == ["Lunch?"]
