"""The update clock and the empty chair."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.commands import AssignRole, Resolve, SendUpdate, SetSeverity, TimerFired
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.policy import DEFAULT_SEVERITIES
from bot.domain.reminders import is_owed, next_on_the_grid
from bot.domain.result_commands import ConfirmReminder, ReportFailure
from bot.domain.roles_model import Role
from bot.domain.work import Remind, Reminder, Timer, Work
from tests.domain.story import ANA, POLICY, START, Story

N = IncidentId(42)
UPDATE, COMMAND = TimerFired(incident=N, about=Reminder.UPDATE), TimerFired(incident=N, about=Reminder.COMMAND)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def test_an_overdue_update_is_reminded_of_again_and_again() -> None:
    story = Story().declared()
    for n in (1, 2, 3):
        story.do(UPDATE, at=minutes(30 * n))
        assert Remind(incident=N, about=Reminder.UPDATE, n=n) in story.work()
        assert story.last.effects[0].due == START + minutes(30 * (n + 1))
        story.do(ConfirmReminder(incident=N, about=Reminder.UPDATE, n=n))


def test_a_reminder_that_has_not_reached_the_channel_is_not_followed_by_another() -> None:
    story = Story().declared()
    story.do(UPDATE, at=minutes(30))
    for n in range(2, 20):
        story.do(UPDATE, at=minutes(30 * n))
        assert story.kinds() == ["timer"]
    story.do(ConfirmReminder(incident=N, about=Reminder.UPDATE, n=1))
    story.do(UPDATE, at=minutes(600))
    assert Remind(incident=N, about=Reminder.UPDATE, n=2) in story.work()


def test_a_reminder_that_came_late_is_not_followed_by_another_at_once() -> None:
    story = Story().declared()
    story.do(UPDATE, at=minutes(30))
    story.do(ConfirmReminder(incident=N, about=Reminder.UPDATE, n=1), at=minutes(58))
    story.do(UPDATE, at=minutes(60))
    assert story.kinds() == ["timer"]
    story.do(UPDATE, at=minutes(90))
    assert Remind(incident=N, about=Reminder.UPDATE, n=2) in story.work()


def test_a_reminder_is_owed_until_what_it_asks_for_has_come() -> None:
    story = Story().declared()
    assert not is_owed(story.incident, Reminder.UPDATE, START + minutes(29))
    assert is_owed(story.incident, Reminder.UPDATE, START + minutes(30))
    assert is_owed(story.incident, Reminder.COMMAND, START)
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    assert not is_owed(story.incident, Reminder.COMMAND, START)


def test_a_timer_set_before_an_update_only_sets_the_next() -> None:
    story = Story().declared()
    story.do(SendUpdate(incident=N, text="Rolling back", by=ANA), at=minutes(29))
    story.do(UPDATE, at=minutes(30))
    assert [(effect.work, effect.due) for effect in story.last.effects] == [
        (Timer(incident=N, about=Reminder.UPDATE), START + minutes(59))
    ]


def test_a_late_timer_does_not_shift_the_grid() -> None:
    story = Story().declared()
    story.do(UPDATE, at=minutes(47))
    assert story.last.effects[0].due == START + minutes(60)


@pytest.mark.parametrize(("now", "expected"), [(0, 10), (9, 10), (10, 20), (19, 20), (20, 30), (95, 100)])
def test_the_grid(now: int, expected: int) -> None:
    assert next_on_the_grid(START + minutes(10), minutes(10), START + minutes(now)) == START + minutes(expected)


def test_an_empty_chair_is_pointed_at_every_five_minutes_until_somebody_sits() -> None:
    story = Story().declared()
    story.do(COMMAND, at=minutes(4))
    assert story.kinds() == ["timer"]
    story.do(COMMAND, at=minutes(5))
    assert Remind(incident=N, about=Reminder.COMMAND, n=1) in story.work()
    story.do(COMMAND, at=minutes(10))
    assert story.kinds() == ["timer"]
    story.do(ConfirmReminder(incident=N, about=Reminder.COMMAND, n=1))
    story.do(COMMAND, at=minutes(15))
    assert Remind(incident=N, about=Reminder.COMMAND, n=2) in story.work()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(COMMAND, at=minutes(20))
    assert story.work() == []


@pytest.mark.parametrize(("seen", "following"), [(5, 10), (7, 10), (8, 15), (9, 15), (572, 575), (574, 580)])
def test_a_word_about_an_empty_chair_that_came_late_is_not_followed_by_another_at_once(
    seen: int, following: int
) -> None:
    story = Story().declared()
    story.do(COMMAND, at=minutes(5))
    story.do(ConfirmReminder(incident=N, about=Reminder.COMMAND, n=1), at=minutes(seen))
    assert [(effect.work, effect.due) for effect in story.last.effects] == [
        (Timer(incident=N, about=Reminder.COMMAND), START + minutes(following))
    ]


def test_a_word_about_a_chair_that_is_empty_no_more_sets_no_timer() -> None:
    taken, over = Story().declared(), Story().declared()
    taken.do(COMMAND, at=minutes(5))
    taken.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    over.do(COMMAND, at=minutes(5))
    over.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    for story in (taken, over):
        story.do(ConfirmReminder(incident=N, about=Reminder.COMMAND, n=1))
        assert story.work() == []


def test_where_no_update_is_owed_none_is_asked_for() -> None:
    story = Story().declared()
    story.current = replace(story.incident, update_due=None)
    story.do(UPDATE, at=minutes(90))
    assert (story.happened(), story.work()) == ([], [])


def test_nothing_is_reminded_of_after_the_end() -> None:
    story = Story().declared()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    for timer in (UPDATE, COMMAND):
        story.do(timer, at=minutes(90))
        assert story.work() == []


@pytest.mark.parametrize(("timer", "about"), [(UPDATE, Reminder.UPDATE), (COMMAND, Reminder.COMMAND)])
def test_a_reminder_that_cannot_be_told_is_followed_by_others_and_somebody_hears_of_the_first(
    timer: TimerFired, about: Reminder
) -> None:
    story = Story().declared()
    for n, told in ((1, True), (2, False), (3, False)):
        story.do(timer, at=minutes(30 * n))
        assert Remind(incident=N, about=about, n=n) in story.work()
        story.do(ReportFailure(incident=N, work=Remind(incident=N, about=about, n=n), reason="is_archived"))
        assert ("slack.failure" in story.kinds()) is told
    story.do(timer, at=minutes(120))
    story.do(ConfirmReminder(incident=N, about=about, n=4))
    assert story.incident.reminder_failed_at is None


def test_a_severity_may_want_somebody_in_command_sooner_and_what_becomes_as_grave_is_reminded_of_then() -> None:
    severities = dict(DEFAULT_SEVERITIES)
    severities[Severity.SEV1] = replace(severities[Severity.SEV1], vacant_after=minutes(2))
    policy = replace(POLICY, severities=severities)
    grave = Story(policy).declared(severity=Severity.SEV1)
    assert (Timer(incident=N, about=Reminder.COMMAND), START + minutes(2)) in dues(grave)
    grave.do(COMMAND, at=minutes(2))
    assert Remind(incident=N, about=Reminder.COMMAND, n=1) in grave.work()
    story = Story(policy).declared(severity=Severity.SEV3)
    assert (Timer(incident=N, about=Reminder.COMMAND), START + minutes(5)) in dues(story)
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=ANA), at=minutes(1))
    assert Timer(incident=N, about=Reminder.COMMAND) not in story.work()
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), at=minutes(1))
    assert (Timer(incident=N, about=Reminder.COMMAND), START + minutes(2)) in dues(story)
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(SetSeverity(incident=N, severity=Severity.SEV3, by=ANA))
    assert Timer(incident=N, about=Reminder.COMMAND) not in story.work()


def dues(story: Story) -> list[tuple[Work, datetime]]:
    return [(effect.work, effect.due) for effect in story.last.effects]
