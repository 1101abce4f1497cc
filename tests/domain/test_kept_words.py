"""What people write is kept without its secrets, whichever command brings it; a new command belongs into the table."""

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import Command, Declare, Resolve, SendUpdate, SnoozeUpdate
from bot.domain.course_commands import Decline, Reopen
from bot.domain.ids import IncidentId
from bot.domain.keeping_commands import EditRow
from bot.domain.matchers import matchers_of
from bot.domain.model import Milestone, Severity
from bot.domain.people_commands import CallPeople, Escalate
from bot.domain.quoted import Quoted
from bot.domain.record_commands import SetMilestone, TakeNote
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.task_commands import AddAction
from tests.domain.story import ANA, BO, POLICY, START, Story

N = IncidentId(42)
HALF = timedelta(minutes=30)
# Put together here, so that nobody's scanner takes this file for a leak.
SECRET = "AKIA" + "IOSFODNN7EXAMPL3"
SAID = f"it works with\n{SECRET} again"
A_PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
SEV2 = replace(POLICY.severities[Severity.SEV2], escalation=((A_PERSON,),))
ESCALATING = replace(POLICY, severities={**POLICY.severities, Severity.SEV2: SEV2})

COMMANDS: tuple[Command, ...] = (
    Declare(title=SAID, by=ANA, quoted=Quoted(by=None, said_at=START, text=SAID, link="")),
    SendUpdate(incident=N, text=SAID, impact=SAID, doing=SAID, by=ANA),
    AddAction(incident=N, text=SAID, by=ANA),
    SnoozeUpdate(incident=N, lasts=HALF, reason=SAID, by=ANA),
    Resolve(incident=N, resolution=SAID, by=ANA),
    Reopen(incident=N, reason=SAID, by=ANA),
    Decline(incident=N, reason=SAID, by=ANA),
    CallPeople(incident=N, callees=(A_PERSON,), why=SAID, by=ANA),
    Escalate(incident=N, why=SAID, by=ANA),
    TakeNote(incident=N, text=SAID, by=ANA),
    SetMilestone(incident=N, milestone=Milestone.DETECTED, happened_at=START, text=SAID, by=ANA),
    SilenceAlerts(matchers=matchers_of("service=checkout"), lasts=HALF, by=ANA, reason=SAID, origin="command"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda one: type(one).__name__)
def test_a_secret_in_what_somebody_writes_is_not_kept(command: Command) -> None:
    told = Story(ESCALATING)
    if isinstance(command, Decline):
        told.do(Declare(title="Checkout is slow", by=ANA, triage=True))
    elif not isinstance(command, Declare):
        told.declared()
    if isinstance(command, Reopen):
        told.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    kept = repr(told.do(command))
    assert SECRET not in kept
    assert "[redacted: AWS key]" in kept


def test_every_command_that_brings_what_somebody_writes_is_looked_at() -> None:
    """What was written in a channel is redacted where it comes in; a corrected row is tried in test_correcting.py."""
    words = {"title", "text", "reason", "why", "resolution"}
    bring = {one for one in _flat(Command) if words & set(one.__annotations__) and "by" in one.__annotations__}
    elsewhere = {one for one in bring if one.__name__.startswith(("Record", "Hear"))} | {EditRow}
    assert bring - elsewhere == set(map(type, COMMANDS))


def _flat(union: object) -> list[type]:
    return [one for part in get_args(union) for one in (_flat(part) if get_args(part) else [part])]
