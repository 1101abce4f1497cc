"""The update clock: whom an overdue update is asked of, and how it is put off with a reason."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, SendUpdate, SnoozeUpdate, TimerFired
from bot.domain.events import UpdateOverdue
from bot.domain.ids import IncidentId, UserId
from bot.domain.result_commands import ConfirmReminder
from bot.domain.roles_model import Role
from bot.domain.snoozing import Snooze
from bot.domain.work import InvitePeople, Reminder, SetTopic, Timer
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
DITA = UserId("U0DITA")
MANAGED = replace(POLICY, managers=(DITA,))


def overdue(story: Story, minutes: int) -> tuple[UserId, ...]:
    """Let the clock run out, the reminder be posted, and return whom it called."""
    story.do(TimerFired(incident=N, about=Reminder.UPDATE), at=minutes * MINUTE)
    (event,) = story.last.events
    assert isinstance(event, UpdateOverdue)
    last = story.last
    story.do(ConfirmReminder(incident=N, about=Reminder.UPDATE, n=event.n))
    story.last = last
    return event.called


def led() -> Story:
    story = Story(MANAGED).declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.do(AssignRole(incident=N, role=Role.COMMUNICATIONS, user=CLEO, by=CLEO))
    return story


def test_what_stays_overdue_is_asked_of_more_and_more_people_until_an_update_comes() -> None:
    story = led()
    assert overdue(story, 30) == (CLEO,)
    assert any(isinstance(work, SetTopic) for work in story.work()), "the topic says so, once"
    assert overdue(story, 60) == (CLEO, BO)
    assert not any(isinstance(work, SetTopic | InvitePeople) for work in story.work())
    assert overdue(story, 90) == (CLEO, BO, DITA)
    assert InvitePeople(incident=N, users=(DITA,)) in story.work()
    assert DITA in story.incident.responders
    story.do(SendUpdate(incident=N, text="Rolling back", by=BO), at=91 * MINUTE)
    assert (story.incident.overdue, story.incident.reminding) == (0, ())
    assert overdue(story, 121) == (CLEO,)


def test_while_nobody_has_a_role_who_declared_it_is_asked() -> None:
    story = Story(MANAGED).declared().opened()
    assert [overdue(story, minutes) for minutes in (30, 60, 90)] == [(ANA,), (ANA,), (ANA, DITA)]


def test_an_update_is_put_off_with_a_reason_that_is_said_and_the_clock_rings_then() -> None:
    story = led()
    overdue(story, 30)
    story.do(SnoozeUpdate(incident=N, lasts=20 * MINUTE, reason="We wait", by=BO), at=31 * MINUTE)
    assert story.happened() == ["update_snoozed"]
    assert story.kinds() == ["slack.say", "slack.card", "slack.announce", "slack.topic", "timer"]
    assert story.incident.snooze == Snooze(reason="We wait", by=BO)
    due = [one.due for one in story.last.effects if isinstance(one.work, Timer)]
    assert due == [START + 51 * MINUTE] == [story.incident.update_due]
    assert overdue(story, 51) == (CLEO,), "it begins anew"
    story.do(SendUpdate(incident=N, text="Rolling back", by=BO))
    assert story.incident.snooze is None


@pytest.mark.parametrize(
    ("lasts", "reason", "says"),
    [
        (20 * MINUTE, " \u202e ", "Say why"),
        (timedelta(seconds=59), "We wait", "between 1 minute and 4 hours"),
        (timedelta(hours=4, seconds=1), "We wait", "between 1 minute and 4 hours"),
    ],
)
def test_it_is_not_put_off_for_ever_nor_without_a_word(lasts: timedelta, reason: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        led().do(SnoozeUpdate(incident=N, lasts=lasts, reason=reason, by=BO))
