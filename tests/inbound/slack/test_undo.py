"""Undo by command and by button, through signed requests: it asks first, and says why not."""

from dataclasses import replace

from bot.domain.events import IncidentResolved, StatusChanged, TimelineRow
from bot.domain.ids import IncidentId
from bot.domain.model import Status
from bot.domain.permissions import Account
from bot.domain.task_commands import UndoChange
from bot.domain.undone import Change
from bot.views.actions import Action
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, Front, an_incident, said

N = IncidentId(42)
ROW = TimelineRow(
    incident=N,
    seq=7,
    event=StatusChanged(at=START, by=ANA, status=Status.IDENTIFIED, previous=Status.INVESTIGATING),
    hash="",
)
UNDO = UndoChange(incident=N, seq=7, what=Change.STATUS, by=ANA)


def front(row: TimelineRow = ROW) -> Front:
    made = Front()
    made.desk.incidents[N] = an_incident(status=Status.IDENTIFIED)
    made.desk.rows = (row,)
    return made


async def test_it_asks_before_and_does_it_with_yes() -> None:
    there = front()
    asked = said(await there.command("undo"))
    assert "the status is Investigating again" in asked
    assert there.desk.taken == []
    assert "is as it was before" in said(await there.command("undo yes"))
    assert there.desk.taken == [UNDO]
    assert there.desk.incidents[N].status is Status.INVESTIGATING


async def test_the_button_does_it() -> None:
    there = front()
    await there.click(Action.UNDO, "42 7")
    await there.app.drain()
    assert (there.desk.taken, there.whispered) == ([UNDO], [])


async def test_what_was_changed_meanwhile_is_not_undone() -> None:
    there = front()
    for value in ("42 6", "42"):
        await there.click(Action.UNDO, value)
        await there.app.drain()
    assert (there.desk.taken, len(there.whispered)) == ([], 2)


async def test_what_cannot_be_undone_or_read_says_what_to_do() -> None:
    over = front(replace(ROW, event=IncidentResolved(at=START, by=ANA, resolution="x")))
    assert "/incident reopen INC-42" in said(await over.command("undo"))
    assert "takes no words but yes" in said(await front().command("undo that"))


async def test_who_may_not_do_it_may_not_take_it_back() -> None:
    there = front()
    there.accounts[ANA] = Account(guest=True)
    assert "Guests may not change where an incident stands" in said(await there.command("undo yes"))
    assert there.desk.taken == []
