"""What was read in a channel goes into the record once, whatever the timeline knows already."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import Command, Resolve
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import Event
from bot.domain.heard import Heard, heard
from bot.domain.ids import ChannelId, IncidentId, MessageTs
from bot.domain.message_events import MessageEdited, MessagePosted
from bot.domain.places import place
from bot.domain.read_back import ReadBack, Reading
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordHistory, RecordMessage
from tests.domain.story import ANA, BO, POLICY, START, Story

N, C = IncidentId(42), ChannelId("C1")
A_MINUTE = timedelta(minutes=1)
SAID = RecordMessage(
    channel=C,
    ts=MessageTs("1763694000.000100"),
    by=ANA,
    said_at=START,
    text="since 02:58",
    permalink="https://x.example",
)
EDIT = RecordEdit(channel=C, ts=SAID.ts, by=ANA, text="since 02:57", permalink=SAID.permalink)
TAKEN_BACK = RecordDeletion(channel=C, ts=SAID.ts)


def read(*messages: RecordMessage, rest: ReadBack | None = None, final: bool = False) -> RecordHistory:
    """Return what a reading found that was asked for a minute after the start."""
    return RecordHistory(work=ReadBack(incident=N, final=final), messages=messages, read_at=START + A_MINUTE, rest=rest)


class Record:
    """An incident in whose channel people talk."""

    def __init__(self) -> None:
        self.story = Story().declared().opened()
        self.events: list[Event] = []
        self.works: list[tuple[object, timedelta]] = []

    def do(self, command: Command, *, at: timedelta = timedelta()) -> list[str]:
        """Hand in a command, `at` counted from the start; return what happened."""
        state = State(incident=self.story.incident, heard=heard(self.events))
        decision = decide(state, command, START + at, POLICY)
        self.events += decision.events
        self.story.current = decision.incident
        self.works = [(effect.work, effect.due - START) for effect in decision.effects]
        return [event.kind for event in decision.events]


def test_a_message_is_recorded_as_its_event_would_have_told_it() -> None:
    by_event, by_reading = Record(), Record()
    by_event.do(SAID)
    by_reading.do(read(SAID), at=timedelta(minutes=2))
    assert by_reading.events == by_event.events != []


def test_whichever_tells_it_first_the_other_changes_nothing() -> None:
    record = Record()
    assert record.do(SAID) == ["message_posted"]
    assert record.do(read(SAID)) == []
    assert record.do(SAID) == []
    other = Record()
    assert other.do(read(SAID)) == ["message_posted"]
    assert other.do(SAID) == []
    assert other.do(read(SAID)) == []


def test_a_text_that_has_changed_is_an_edit_by_its_author_once() -> None:
    record = Record()
    record.do(SAID)
    changed = replace(SAID, text="since 02:57")
    assert record.do(read(changed), at=timedelta(minutes=2)) == ["message_edited"]
    edit = record.events[-1]
    assert isinstance(edit, MessageEdited)
    assert (edit.by, edit.text, edit.at) == (ANA, "since 02:57", START + timedelta(minutes=2))
    assert record.do(read(changed)) == []
    assert record.do(EDIT) == [], "the event of the same edit comes late"


def test_an_edit_that_came_while_the_channel_was_being_read_is_newer_than_what_was_read() -> None:
    record = Record()
    record.do(SAID)
    record.do(EDIT, at=A_MINUTE)
    assert record.do(read(SAID), at=timedelta(minutes=2)) == []


def test_a_message_of_which_only_an_edit_is_known_is_recorded_and_the_edit_stays() -> None:
    record = Record()
    record.do(EDIT)
    assert record.do(read(replace(SAID, text=EDIT.text)), at=timedelta(minutes=2)) == ["message_posted"]
    assert heard(record.events)[SAID.ts] == Heard(posted=True, text=EDIT.text, edited_at=START)
    assert record.do(SAID) == [], "its own event comes last"


def test_a_message_that_was_edited_again_since_the_edit_that_we_know_of_says_what_it_says_now() -> None:
    record = Record()
    record.do(EDIT)
    assert record.do(read(replace(SAID, text="02:56"))) == ["message_posted", "message_edited"]
    assert heard(record.events)[SAID.ts].text == "02:56"


def test_what_was_taken_back_is_neither_recorded_nor_edited_nor_taken_back_again() -> None:
    record = Record()
    record.do(TAKEN_BACK)
    assert record.do(read(SAID)) == []
    assert record.do(TAKEN_BACK) == []


def test_a_message_that_is_missing_from_a_reading_stays_in_the_record() -> None:
    record = Record()
    record.do(SAID)
    assert record.do(read()) == []


def test_an_edit_back_to_the_first_words_is_an_edit() -> None:
    record = Record()
    record.do(SAID)
    record.do(EDIT)
    assert record.do(replace(EDIT, text=SAID.text)) == ["message_edited"]


def test_the_channel_is_read_again_ten_minutes_later_from_where_this_reading_began() -> None:
    record = Record()
    record.do(read(SAID), at=timedelta(minutes=2))
    again = ReadBack(incident=N, since=START + A_MINUTE)
    assert record.works == [(again, timedelta(minutes=12))]
    reading = Reading(began=START, before=None)
    turn = replace(read(), work=ReadBack(incident=N, reading=reading))
    record.do(turn, at=timedelta(minutes=3))
    assert record.works == [(ReadBack(incident=N, since=START), timedelta(minutes=13))]


def test_what_is_left_of_a_reading_goes_on_at_once_in_its_own_place() -> None:
    for final in (False, True):
        record = Record()
        rest = ReadBack(incident=N, final=final, reading=Reading(began=START, before=SAID.ts))
        record.do(read(SAID, rest=rest, final=final))
        assert record.works == [(rest, timedelta())]
        assert place(rest) == place(ReadBack(incident=N, final=final))


def test_nothing_reads_again_when_all_is_over() -> None:
    record = Record()
    record.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    assert record.do(read(SAID)) == ["message_posted"]
    assert record.works == []
    record.do(read(final=True))
    assert record.works == []


def test_messages_keep_the_order_in_which_they_were_read() -> None:
    record = Record()
    later = replace(SAID, ts=MessageTs("1763694001.000100"), said_at=START + timedelta(seconds=1), text="and the pool")
    record.do(read(SAID, later))
    assert [event.text for event in record.events if isinstance(event, MessagePosted)] == [
        "since 02:58",
        "and the pool",
    ]
