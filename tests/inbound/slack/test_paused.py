"""Who is asked while their notifications are paused: said to who asked, by command and by form, never in the way."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.people_commands import CallPeople, Escalate
from bot.domain.roles_model import Role
from bot.errors import TryLater, Undeliverable
from bot.inbound.slack.paused import written_to
from bot.views.actions import Field
from bot.views.forms import hand_over_form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO, INCIDENT_CHANNEL, POLICY, Front, an_incident, said

N = IncidentId(42)
MORNING = START + timedelta(hours=6)
PAUSED = "<@U0BO> has notifications paused until"


def front(**changes: Any) -> Front:
    made = Front()
    made.desk.incidents[N] = an_incident(**changes)
    made.paused = {BO: MORNING}
    return made


@pytest.mark.parametrize(
    "typed", ["role ops <@U0BO|bo>", "ic <@U0BO|bo>", "page <@U0BO|bo> it leaks", "handover scribe <@U0BO|bo>"]
)
async def test_who_asks_somebody_that_hears_nothing_is_told_until_when_and_what_to_do(typed: str) -> None:
    told = said(await front().command(typed))
    assert PAUSED in told
    assert "Phone them, or wake others: `/incident page &lt;service&gt; why`" in told
    assert f"<!date^{int(MORNING.timestamp())}^" in told


async def test_who_has_a_pager_can_be_woken_by_it() -> None:
    there = front()
    there.policy = there.desk.policy = replace(POLICY, own_pagers=frozenset({"person:U0BO"}))
    there.build()
    assert "To wake them: `/incident page @person why`" in said(await there.command("role ops <@U0BO|bo>"))
    assert PAUSED not in said(await there.command("page <@U0BO|bo> it leaks")), "their phone rings"


async def test_who_takes_a_role_is_awake_and_who_is_not_paused_is_not_spoken_of() -> None:
    there = front()
    there.paused[ANA] = MORNING
    assert "paused" not in said(await there.command("role ops"))
    there.paused = {}
    assert "paused" not in said(await there.command("role scribe <@U0BO|bo>"))


@pytest.mark.parametrize("fails", [TryLater("away", away=True), Undeliverable("missing_scope")])
async def test_while_slack_does_not_tell_it_is_done_and_nothing_is_said_of_it(fails: Exception) -> None:
    there = front()
    there.slack_fails = fails
    told = said(await there.command("role ops <@U0BO|bo>"))
    assert "<@U0BO> is the Operations Lead of INC-42" in told
    assert "paused" not in told
    await hands_over(there)
    assert there.offered == []


async def test_who_asks_by_a_form_is_told_in_the_channel_and_nobody_else() -> None:
    there = front(roles={Role.COMMANDER: ANA})
    await hands_over(there)
    ((channel, user, message),) = there.offered
    assert (channel, user) == (INCIDENT_CHANNEL, ANA)
    assert PAUSED in str(message.blocks)
    assert "may not see it" in message.text
    there.paused = {}
    await hands_over(there)
    assert len(there.offered) == 1


async def hands_over(there: Front) -> None:
    """Ask Bo by the form to take over."""
    incident = replace(there.desk.incidents[N], roles={Role.COMMANDER: ANA})
    there.desk.incidents[N] = incident
    await there.submit(hand_over_form(incident, ANA), {Field.ROLE: "ic", Field.PERSON: BO})
    await there.app.drain()


async def test_of_several_who_are_called_those_are_asked_about_whom_a_message_alone_reaches() -> None:
    there = front(severity=Severity.SEV2)
    there.paused = {}
    await there.command("page <@U0CLEO|cleo> <@U0BO|bo> it leaks")
    incident = there.desk.incidents[N]
    callees = tuple(Callee(kind=CalleeKind.PERSON, name=name) for name in ("U0CLEO", "U0BO"))
    assert written_to(CallPeople(incident=N, callees=callees, why="", by=ANA), incident) == ("U0CLEO", "U0BO")
    assert written_to(Escalate(incident=N, why="", by=BO), incident) == ("U0CLEO",), "who calls is awake"
    assert written_to(Escalate(incident=N, why="", by=BO), an_incident()) == ()
    assert written_to(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO), incident) == ()
