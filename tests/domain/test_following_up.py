"""Action items: given, moved, done, dropped, reopened; asked about on the morning of the day, then weekly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.action_items import ActionItem, ActionReminded, ActionState, AwaitAction, RemindAction, ShowAction
from bot.domain.commands import Command, Resolve
from bot.domain.course_commands import Close
from bot.domain.events import Event
from bot.domain.evolve import fold
from bot.domain.following_up import MOST, due_first
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Status
from bot.domain.task_commands import ActionDue, AddAction, ChangeAction, EndAction, ReopenAction
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, START, Story

N = IncidentId(42)
# Story's start is Saturday 21 November 2026, 03:00 UTC.
FRIDAY = date(2026, 11, 27)
ADD = AddAction(incident=N, text="alert on the queue", by=ANA, owner=BO, due=FRIDAY, zone="America/Sao_Paulo")
MORNING = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def begun(*commands: Command) -> Story:
    story = Story().declared().opened()
    for command in commands or (ADD,):
        story.do(command)
    return story


def due_of(story: Story) -> datetime | None:
    return next((one.due for one in story.last.effects if isinstance(one.work, AwaitAction)), None)


def asked(story: Story) -> list[RemindAction]:
    return [work for work in story.work() if isinstance(work, RemindAction)]


def test_one_is_written_down_said_shown_and_given_to_its_owner() -> None:
    story = begun()
    (one,) = story.incident.actions
    assert (one.n, one.text, one.owner, one.due, one.asked) == (1, "alert on the queue", BO, FRIDAY, BO)
    assert story.kinds() == ["slack.say", "slack.card", "slack.action", "timer.action"]
    assert ShowAction(incident=N, n=1, given=1, user=BO) in story.work()
    assert due_of(story) == MORNING, "nine in the morning where Bo lives"


@pytest.mark.parametrize("owner", [None, ANA])
def test_who_takes_it_themselves_is_not_told_and_what_has_no_day_has_no_timer(owner: UserId | None) -> None:
    story = begun(replace(ADD, owner=owner, due=None))
    assert story.kinds() == ["slack.say", "slack.card"]
    assert story.incident.actions[0].asked == ANA


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (replace(ADD, text="  "), "Say what is to be done"),
        (replace(ADD, due=date(2026, 11, 19)), "2026-11-19 is over"),
        (EndAction(incident=N, n=2, by=ANA), "has no action item 2"),
        (EndAction(incident=N, n=0, by=ANA), "has no action item 0"),
        (ReopenAction(incident=N, n=1, by=ANA), "Action item 1 of INC-42 is open"),
        (ChangeAction(incident=N, n=1, moves=True, due=date(2026, 11, 19), by=ANA), "is over"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(command: Command, why: str) -> None:
    with pytest.raises(Refused, match=why):
        begun().do(command)


def test_today_is_no_day_of_the_past_though_it_is_yesterday_in_utc() -> None:
    story = begun(replace(ADD, due=date(2026, 11, 20), zone="America/Los_Angeles"))
    assert due_of(story) == datetime(2026, 11, 27, 17, tzinfo=UTC), "its morning was over: in a week"


def test_there_is_an_end_to_how_many_there_may_be() -> None:
    story = begun(*[replace(ADD, due=None)] * MOST)
    with pytest.raises(Refused, match="has 100 action items already"):
        story.do(ADD)


def test_another_owner_is_told_and_the_one_before_reads_that_it_is_not_theirs() -> None:
    story = begun()
    story.do(ChangeAction(incident=N, n=1, user=CLEO, by=ANA, zone="Europe/Berlin"))
    assert (story.incident.actions[0].owner, story.happened()) == (CLEO, ["action_assigned"])
    shown = [work for work in story.work() if isinstance(work, ShowAction)]
    assert shown == [
        ShowAction(incident=N, n=1, given=1, user=BO),
        ShowAction(incident=N, n=1, given=2, user=CLEO),
    ]
    assert due_of(story) == datetime(2026, 11, 27, 8, tzinfo=UTC)
    story.do(ChangeAction(incident=N, n=1, user=CLEO, by=ANA))
    assert story.last.events == (), "it is hers already"
    story.do(ChangeAction(incident=N, n=1, user=BO, by=BO))
    assert [work.given for work in story.work() if isinstance(work, ShowAction)] == [2], "who takes it needs no message"


def test_another_day_moves_the_reminder_and_no_day_ends_it() -> None:
    story = begun()
    story.do(ChangeAction(incident=N, n=1, moves=True, due=FRIDAY + DAY, by=ANA))
    assert due_of(story) == MORNING + DAY
    story.do(ChangeAction(incident=N, n=1, moves=True, due=FRIDAY + DAY, by=ANA))
    assert story.last.events == ()
    story.do(ChangeAction(incident=N, n=1, moves=True, due=None, by=ANA))
    assert due_of(story) is None
    story.do(ActionDue(incident=N, n=1), at=MORNING - START)
    assert (story.last.events, story.work()) == ((), [])


def test_who_owns_it_is_asked_on_the_morning_and_then_each_week() -> None:
    story = begun()
    story.do(ActionDue(incident=N, n=1), at=MORNING - START)
    assert asked(story) == [RemindAction(incident=N, n=1, count=1, user=BO)]
    assert due_of(story) == MORNING + 7 * DAY
    story.do(ActionDue(incident=N, n=1), at=MORNING - START + 7 * DAY)
    assert asked(story) == [RemindAction(incident=N, n=1, count=2, user=BO)]
    assert story.incident.actions[0].reminded == 2


def test_after_a_long_absence_it_is_asked_once_and_goes_on_with_the_weeks() -> None:
    story = begun()
    story.do(ActionDue(incident=N, n=1), at=MORNING - START + 23 * DAY)
    assert [event for event in story.last.events if isinstance(event, ActionReminded)] == list(story.last.events)
    assert len(asked(story)) == 1
    assert due_of(story) == MORNING + 28 * DAY


def test_a_timer_of_an_earlier_plan_asks_nothing_before_the_day() -> None:
    story = begun()
    story.do(ActionDue(incident=N, n=1), at=MORNING - START - DAY)
    assert (story.last.events, due_of(story)) == ((), MORNING)


@pytest.mark.parametrize("dropped", [True, False])
def test_what_is_done_or_dropped_is_asked_about_no_more_until_it_is_reopened(dropped: bool) -> None:
    story = begun()
    story.do(EndAction(incident=N, n=1, by=CLEO, dropped=dropped))
    (one,) = story.incident.actions
    assert one.state is (ActionState.DROPPED if dropped else ActionState.DONE)
    assert (one.ended_by, one.is_overdue(MORNING + DAY)) == (CLEO, False)
    assert story.incident.open_actions == ()
    story.do(ActionDue(incident=N, n=1), at=MORNING - START)
    assert story.work() == []
    with pytest.raises(Refused, match=f"is {one.state.value} already"):
        story.do(EndAction(incident=N, n=1, by=CLEO))
    story.do(ReopenAction(incident=N, n=1, by=BO))
    assert story.incident.actions[0] == replace(one, state=ActionState.OPEN, ended_by=None, ended_at=None)
    assert due_of(story) == MORNING + 7 * DAY


def test_they_outlive_the_incident_which_asks_before_it_is_closed() -> None:
    story = begun()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    with pytest.raises(Refused, match="1 action item is open"):
        story.do(Close(incident=N, by=ANA))
    story.do(replace(ADD, text="raise the limit", due=None))
    with pytest.raises(Refused, match="2 action items are open"):
        story.do(Close(incident=N, by=ANA))
    story.do(Close(incident=N, by=ANA, anyway=True))
    assert story.incident.status is Status.CLOSED
    story.do(ActionDue(incident=N, n=1), at=MORNING - START)
    assert len(asked(story)) == 1
    story.do(EndAction(incident=N, n=1, by=BO))
    assert len(story.incident.open_actions) == 1


def test_what_was_merged_takes_no_new_ones_and_those_it_has_are_still_done() -> None:
    story = begun()
    story.current = replace(story.incident, status=Status.MERGED)
    with pytest.raises(Refused):
        story.do(ADD)
    story.do(EndAction(incident=N, n=1, by=BO))
    assert story.incident.open_actions == ()


def test_what_is_due_first_stands_first_and_an_unknown_zone_counts_as_utc() -> None:
    story = begun(replace(ADD, due=None), ADD, replace(ADD, due=FRIDAY - DAY, owner=CLEO))
    assert [one.n for _, one in due_first([story.incident])] == [3, 2, 1]
    assert [one.n for _, one in due_first([story.incident], BO)] == [2, 1]
    odd = ActionItem(n=1, text="x", by=ANA, at=START, due=FRIDAY, zone="Mars/Olympus")
    assert odd.next_reminder(START) == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert odd.is_overdue(MORNING + DAY)


def test_an_incident_is_the_fold_of_its_action_items() -> None:
    story, events = Story(), list[Event]()
    events += story.declared().last.events
    for command in (
        ADD,
        ChangeAction(incident=N, n=1, user=CLEO, by=ANA),
        ChangeAction(incident=N, n=1, moves=True, due=None, by=ANA),
        ChangeAction(incident=N, n=1, moves=True, due=date(2026, 11, 22), by=ANA),
        EndAction(incident=N, n=1, by=BO),
        ReopenAction(incident=N, n=1, by=BO),
        EndAction(incident=N, n=1, by=BO, dropped=True),
        ReopenAction(incident=N, n=1, by=BO),
    ):
        events += story.do(command).events
    events += story.do(ActionDue(incident=N, n=1), at=2 * DAY).events
    assert fold(events) == story.incident


def test_of_a_private_incident_only_its_people_are_given_anything() -> None:
    story = begun()
    story.current = replace(story.incident, private=True)
    with pytest.raises(Refused, match="none of its people"):
        story.do(replace(ADD, owner=UserId("U0DITA")))
    with pytest.raises(Refused, match="none of its people"):
        story.do(ChangeAction(incident=N, n=1, user=UserId("U0DITA"), by=ANA))
    story.do(replace(ADD, owner=ANA))
    assert len(story.incident.actions) == 2
