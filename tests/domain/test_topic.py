"""The topic is written anew when what it says has changed, and at nothing else: Slack tells the channel of each."""

from datetime import timedelta

import pytest

from bot.domain.commands import (
    AssignRole,
    Command,
    Resolve,
    SendUpdate,
    SetSeverity,
    SetStatus,
    SnoozeUpdate,
    TimerFired,
)
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.record_commands import TakeNote
from bot.domain.result_commands import ConfirmReminder, ReportFailure
from bot.domain.roles_model import Role
from bot.domain.work import Reminder, SetTopic
from tests.domain.quiet import Quiet
from tests.domain.story import ANA, BO, Story

N = IncidentId(42)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
UPDATE = SendUpdate(incident=N, text="We are rolling back", by=BO)
RINGS = TimerFired(incident=N, about=Reminder.UPDATE)


def is_written(story: Story) -> bool:
    return SetTopic(incident=N) in story.work()


@pytest.mark.parametrize(
    "weighty",
    [
        AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO),
        SetStatus(incident=N, status=Status.IDENTIFIED, by=BO),
        SetSeverity(incident=N, severity=Severity.SEV3, by=BO),
        Resolve(incident=N, resolution="Rolled back", by=BO),
    ],
)
def test_what_weighs_is_written(weighty: Command) -> None:
    story = Story().declared().opened()
    story.do(weighty)
    assert is_written(story)


@pytest.mark.parametrize(
    "light",
    [
        UPDATE,
        AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO),
        SnoozeUpdate(incident=N, lasts=20 * MINUTE, reason="We wait", by=BO),
        TakeNote(incident=N, text="Traffic moved", by=ANA),
    ],
)
def test_nothing_else_is(light: Command) -> None:
    story = Story().declared().opened()
    story.do(light)
    assert story.last.events
    assert not is_written(story)


def test_an_overdue_update_is_told_there_once_and_taken_back_when_it_comes() -> None:
    story = Story().declared().opened()
    story.do(RINGS, at=30 * MINUTE)
    assert is_written(story)
    story.do(ConfirmReminder(incident=N, about=Reminder.UPDATE, n=1))
    story.do(RINGS, at=60 * MINUTE)
    assert not is_written(story)
    story.do(UPDATE, at=61 * MINUTE)
    assert is_written(story)
    story.do(UPDATE, at=62 * MINUTE)
    assert not is_written(story)


def test_one_that_was_refused_is_told_once_and_tried_again_ever_more_rarely_without_a_word() -> None:
    story = Story().declared().opened()
    story.do(ReportFailure(incident=N, work=SetTopic(incident=N), reason="missing_scope"))
    assert [event.kind for event in story.last.events] == ["delivery_failed"]
    waits = []
    while retries := [effect for effect in story.last.effects if isinstance(effect.work, SetTopic)]:
        waits.append((retries[0].due - story.now) / HOUR)
        story.now = retries[0].due
        story.do(ReportFailure(incident=N, work=retries[0].work, reason="missing_scope"))
        assert (story.last.events, set(story.kinds()) <= {"slack.topic"}) == ((), True)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128]


def test_in_a_channel_that_was_archived_meanwhile_it_is_not_tried_again() -> None:
    quiet = Quiet().archived()
    quiet.on(15, ReportFailure(incident=N, work=SetTopic(incident=N, tries=3), reason="is_archived"))
    assert quiet.kinds() == []
