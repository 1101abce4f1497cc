"""Which messages are kept, and which of them somebody marked."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.commands import AssignRole, Command
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.deploys import Deploy, DeployNoticed, NoticeDeploys
from bot.domain.entries import entries_of
from bot.domain.events import Event, RoleAssigned, TimelineRow
from bot.domain.heard import heard
from bot.domain.ids import ChannelId, IncidentId, MessageTs, UserId
from bot.domain.keeping_commands import KeepMessage, MarkMessage, UnmarkMessage
from bot.domain.keeping_events import How, MessageMarked, MessageUnmarked
from bot.domain.kept import Kept
from bot.domain.message_events import MemberMoved, MessagePosted
from bot.domain.model import Status
from bot.domain.read_back import FetchMessage, ReadBack
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordHistory, RecordMessage, RecordMove, SeenMark
from bot.domain.roles_model import Role
from bot.domain.undone import Change, ChangeUndone
from bot.domain.work import ShowCard
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, POLICY, START, Story

N, C, TS = IncidentId(42), ChannelId("C1"), MessageTs("1763694000.000100")
FETCH = FetchMessage(incident=N, ts=TS)
SAID = RecordMessage(channel=C, ts=TS, by=ANA, said_at=START, text="Errors since 02:58", permalink="https://x.example")


class Record:
    """An incident's timeline, as commands about what people say make it."""

    def __init__(self, kept: Kept = Kept.ALL) -> None:
        self.policy = replace(POLICY, messages_kept=kept)
        self.incident = Story(self.policy).declared().incident
        self.events: list[Event] = []
        self.now = START

    def do(self, command: Command, minutes: int = 0) -> Decision:
        self.now = START + timedelta(minutes=minutes)
        given = tuple(event for event in self.events if isinstance(event, RoleAssigned | ChangeUndone))
        state = State(incident=self.incident, heard=heard(self.events), given=given)
        decision = decide(state, command, self.now, self.policy)
        assert decision.incident
        self.incident = decision.incident
        self.events += decision.events
        return decision

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def shown(self) -> list[tuple[str, tuple[UserId, ...]]]:
        """Return what the postmortem's timeline shows of what was said, and who marked it."""
        rows = [TimelineRow(incident=N, seq=seq, event=event, hash="") for seq, event in enumerate(self.events, 2)]
        return [(one.event.text, one.marked_by) for one in entries_of(rows) if isinstance(one.event, MessagePosted)]


def mark(by: UserId = BO, how: How = "reaction", minutes: int = 1) -> MarkMessage:
    return MarkMessage(incident=N, ts=TS, how=how, by=by, at=START + timedelta(minutes=minutes))


def unmark(by: UserId = BO, how: How = "reaction", minutes: int = 5) -> UnmarkMessage:
    return UnmarkMessage(incident=N, ts=TS, how=how, by=by, at=START + timedelta(minutes=minutes))


def read(*messages: RecordMessage, at: datetime = START + timedelta(minutes=30)) -> RecordHistory:
    return RecordHistory(work=ReadBack(incident=N), messages=messages, read_at=at)


def read_moves(*moves: RecordMove) -> RecordHistory:
    return RecordHistory(work=ReadBack(incident=N), messages=moves, read_at=START + timedelta(minutes=30))


def test_a_mark_on_what_is_kept_is_recorded_once_a_person_and_the_message_shows_who() -> None:
    record = Record()
    record.do(SAID)
    for command in (mark(), mark(minutes=2), mark(CLEO), mark(CLEO, "shortcut")):
        assert record.do(command).effects == ()
    assert record.kinds() == ["message_posted", *["message_marked"] * 3]
    assert record.shown() == [(SAID.text, (BO, CLEO))]


def test_a_message_stays_marked_until_the_last_mark_is_off_and_stays_in_the_record() -> None:
    record = Record()
    record.do(SAID)
    for command in (mark(), mark(CLEO, "pin"), unmark()):
        record.do(command)
    assert record.shown() == [(SAID.text, (CLEO,))]
    record.do(unmark(ANA, "pin"))  # a pin is the message's, whoever takes it off
    assert record.shown() == [(SAID.text, ())]
    assert record.do(unmark(ANA)).events == (), "nobody takes off what is not there"


def test_marks_that_come_in_another_order_end_as_they_were_made() -> None:
    record = Record()
    record.do(SAID)
    record.do(mark(minutes=1))
    record.do(unmark(minutes=3))
    assert record.do(mark(minutes=2)).events == ()
    assert record.do(mark(minutes=4)).events != ()


def test_what_is_marked_and_is_not_in_the_record_is_looked_up_once_and_kept_with_its_own_time() -> None:
    record = Record(Kept.MARKED)
    assert record.do(SAID).events == ()
    assert [one.work for one in record.do(mark(), 9).effects] == [FETCH]
    (posted,) = record.do(KeepMessage(work=FETCH, message=SAID), 10).events
    assert posted == MessagePosted(at=START, by=ANA, ts=TS, text=SAID.text, permalink=SAID.permalink, only_marked=True)
    assert record.do(KeepMessage(work=FETCH, message=SAID), 11).events == ()
    assert record.do(mark(CLEO), 12).effects == ()
    assert record.shown() == [(SAID.text, (BO, CLEO))]


def test_what_was_kept_for_a_mark_alone_is_not_shown_without_it_and_stays_for_the_audit() -> None:
    record = Record(Kept.MARKED)
    record.do(mark())
    record.do(KeepMessage(work=FETCH, message=SAID))
    record.do(unmark())
    assert record.shown() == []
    assert record.kinds() == ["message_marked", "message_posted", "message_unmarked"]
    record.do(mark(minutes=7))
    assert record.shown() == [(SAID.text, (BO,))]


def test_a_mark_that_is_off_again_before_the_message_was_looked_up_keeps_nothing() -> None:
    record = Record(Kept.MARKED)
    record.do(mark())
    record.do(unmark())
    assert record.do(KeepMessage(work=FETCH, message=SAID)).events == ()


@pytest.mark.parametrize("message", [None, SAID])
def test_what_no_person_wrote_or_was_deleted_meanwhile_is_not_kept(message: RecordMessage | None) -> None:
    record = Record()
    record.do(mark())
    if message:
        record.do(RecordDeletion(channel=C, ts=TS))
        assert record.do(mark(CLEO)).events == ()
    assert record.do(KeepMessage(work=FETCH, message=message)).events == ()


def test_a_message_whose_mark_came_before_its_own_event_is_kept_by_the_event() -> None:
    record = Record(Kept.MARKED)
    record.do(mark())
    record.do(SAID)
    assert record.shown() == [(SAID.text, (BO,))]


def test_edits_and_deletions_are_followed_of_what_is_kept_and_of_nothing_else() -> None:
    edit = RecordEdit(channel=C, ts=TS, by=ANA, text="since 02:57", permalink="https://x.example")
    record = Record(Kept.MARKED)
    for command in (SAID, edit, RecordDeletion(channel=C, ts=TS)):
        assert record.do(command).events == ()
    record.do(mark())
    record.do(KeepMessage(work=FETCH, message=SAID))
    record.do(edit)
    assert record.shown() == [("since 02:57", (BO,))]
    record.do(RecordDeletion(channel=C, ts=TS))
    assert record.shown() == []


def test_of_leads_it_keeps_what_they_wrote_while_they_held_a_role() -> None:
    record = Record(Kept.LEADS)
    assert record.do(SAID).events == (), "she holds none yet"
    record.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA), 1)
    late = replace(SAID, ts=MessageTs("1763694600.000100"), said_at=START + timedelta(minutes=2), text="Rolling back")
    record.do(late, 3)
    record.do(replace(late, by=BO, ts=MessageTs("1763694600.000200"), text="Why?"), 3)
    assert record.shown() == [("Rolling back", ())]


@pytest.mark.parametrize(("before", "kept"), [(None, []), (ANA, [ANA])])
def test_who_held_a_role_until_that_was_undone_holds_it_no_more(before: UserId | None, kept: list[UserId]) -> None:
    record = Record(Kept.LEADS)
    given = RoleAssigned(at=START, by=BO, role=Role.COMMANDER, user=BO, previous=before)
    undone = ChangeUndone(at=START, by=ANA, of=2, what=Change.ROLE, role=Role.COMMANDER, user=before, previous=BO)
    record.events += [given, undone]
    for number, user in enumerate((ANA, BO)):
        record.do(replace(SAID, by=user, ts=MessageTs(f"1763694600.00010{number}")), 1)
    assert [event.by for event in record.events if isinstance(event, MessagePosted)] == kept


def test_who_comes_and_goes_is_recorded_once_by_event_or_by_reading_whatever_else_is_kept() -> None:
    record = Record(Kept.MARKED)
    move = RecordMove(channel=C, ts=MessageTs("7.1"), user=BO, moved_at=START, joined=True, brought_by=ANA)
    gone = replace(move, ts=MessageTs("7.2"), joined=False, brought_by=None)
    record.do(move)
    record.do(move)
    record.do(read_moves(move, gone))
    assert record.events == [
        MemberMoved(at=START, by=ANA, ts=MessageTs("7.1"), user=BO, joined=True),
        MemberMoved(at=START, ts=MessageTs("7.2"), user=BO, joined=False),
    ]
    rows = [TimelineRow(incident=N, seq=seq, event=event, hash="") for seq, event in enumerate(record.events, 2)]
    (entry,) = entries_of(rows)
    assert (entry.event, entry.also) == (record.events[0], (record.events[1],))
    assert decide(State(), move, START, POLICY).events == ()


def test_deploys_are_taken_into_the_story_once_while_it_is_open_and_show_on_the_card() -> None:
    story = Story().declared()
    deploy = Deploy(id=7, service=CHECKOUT, version="4.2.0", at=START - timedelta(minutes=12))
    state = State(incident=story.incident, deploys=(deploy,))
    first = decide(state, NoticeDeploys(incident=N), START, POLICY)
    assert first.events == (DeployNoticed(at=START, deploy=deploy),)
    assert [one.work for one in first.effects] == [ShowCard(incident=N)]
    assert first.incident
    assert first.incident.deploys == (deploy,)
    rows = [TimelineRow(incident=N, seq=2, event=first.events[0], hash="")]
    assert [one.at for one in entries_of(rows)] == [deploy.at]
    again = replace(state, incident=first.incident)
    assert decide(again, NoticeDeploys(incident=N), START, POLICY).events == ()
    over = replace(state, incident=replace(story.incident, status=Status.RESOLVED))
    assert decide(over, NoticeDeploys(incident=N), START, POLICY).events == ()


def test_a_reading_finds_marks_whose_events_were_lost_and_those_that_are_off() -> None:
    record = Record(Kept.MARKED)
    reacted, pinned = SeenMark(how="reaction", by=BO), SeenMark(how="pin", by=None)
    record.do(read(replace(SAID, marks=(reacted, pinned))), 30)
    assert record.shown() == [(SAID.text, (BO,))]
    assert record.do(read(replace(SAID, marks=(reacted, pinned))), 31).events == ()
    later = START + timedelta(hours=1)
    record.do(read(replace(SAID, marks=()), at=later), 61)
    assert record.shown() == []
    record.do(read(replace(SAID, marks=(pinned,)), at=later + timedelta(hours=1)), 122)
    assert record.shown() == [(SAID.text, ())], "pinned again; by whom Slack does not tell"


def test_what_was_heard_while_it_was_read_is_newer_than_the_reading() -> None:
    record = Record()
    record.do(SAID)
    record.do(mark(minutes=31))
    assert record.do(read(SAID), 32).events == ()
    record.do(unmark(minutes=33))
    assert record.do(read(replace(SAID, marks=(SeenMark(how="reaction", by=BO),))), 34).events == ()


def test_who_is_not_named_among_many_that_reacted_did_not_take_it_off_nor_did_who_used_the_menu() -> None:
    record = Record()
    record.do(SAID)
    record.do(mark())
    record.do(mark(CLEO, "shortcut"))
    many = replace(SAID, marks=(SeenMark(how="reaction", by=ANA),), names_all=False)
    assert record.do(read(many), 30).events == (MessageMarked(at=record.now, by=ANA, ts=TS, how="reaction"),)
    gone = (
        MessageUnmarked(at=START + timedelta(hours=2), by=BO, ts=TS, how="reaction"),
        MessageUnmarked(at=START + timedelta(hours=2), by=ANA, ts=TS, how="reaction"),
    )
    assert record.do(read(SAID, at=START + timedelta(hours=1)), 120).events == gone
    assert record.shown() == [(SAID.text, (CLEO,))]
