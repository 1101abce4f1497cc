"""Updates in parts, and what they promise of the next one."""

from datetime import timedelta

import pytest

from bot.domain.commands import SendUpdate
from bot.domain.events import UpdateSent
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Update
from bot.domain.work import Reminder, Timer
from bot.errors import Refused
from tests.domain.story import ANA, BO, START, Story

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
TOLD = SendUpdate(incident=N, text="Cards fail", impact="Nobody can pay", doing="Rolling back", by=BO)


def running() -> Story:
    return Story().declared(Severity.SEV2).opened()


def test_an_update_keeps_its_parts_without_their_secrets() -> None:
    story = running()
    story.do(
        SendUpdate(
            incident=N,
            text=" Cards fail ",
            impact="token=ghp_0123456789012345678901234567890123ab",
            doing=" x ",
            by=ANA,
        )
    )
    told = story.incident.last_update
    assert told
    assert (told.text, told.doing) == ("Cards fail", "x")
    assert "ghp_" not in told.impact
    story.do(TOLD)
    assert story.incident.last_update == Update(
        text="Cards fail", impact="Nobody can pay", doing="Rolling back", by=BO, at=story.now
    )


@pytest.mark.parametrize(
    ("promised", "due"), [(None, 30 * MINUTE), (10 * MINUTE, 10 * MINUTE), (30 * MINUTE, 30 * MINUTE)]
)
def test_the_next_update_is_owed_when_it_was_promised(promised: timedelta | None, due: timedelta) -> None:
    story = running()
    decision = story.do(SendUpdate(incident=N, text="x", by=BO, next_in=promised))
    assert story.incident.update_due == START + due
    assert [event.update_every for event in decision.events if isinstance(event, UpdateSent)] == [due]
    (timer,) = [one for one in decision.effects if one.work == Timer(incident=N, about=Reminder.UPDATE)]
    assert timer.due == START + due


@pytest.mark.parametrize("promised", [timedelta(0), 31 * MINUTE, timedelta(days=400)])
def test_later_than_the_severity_wants_it_is_a_snooze_with_a_reason(promised: timedelta) -> None:
    story = running()
    with pytest.raises(Refused, match="comes within 30m"):
        story.do(SendUpdate(incident=N, text="x", by=BO, next_in=promised))
