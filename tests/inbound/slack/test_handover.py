"""Handing a role over by command, by button and by form, through signed requests."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import AssignRole
from bot.domain.ids import IncidentId
from bot.domain.model import Status
from bot.domain.people_commands import AnswerHandover, TickDuties, WithdrawHandover
from bot.domain.roles_model import CustomRole, Duties, Handover, HandoverEnd, Role
from bot.views.actions import Action, Field, Form
from bot.views.forms import hand_over_form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO, POLICY, Front, an_incident, said

N = IncidentId(42)
EXPERT = CustomRole("Database Expert")


def front(*handovers: Handover, **changes: Any) -> Front:
    """Return a front with an incident that Ana commands and of which Bo is the Scribe."""
    made = Front()
    roles = {Role.COMMANDER: ANA, Role.SCRIBE: BO}
    made.desk.incidents[N] = an_incident(**{"roles": roles, "handovers": handovers, **changes})
    return made


def asked(n: int, role: Role, *, to: str, holder: str, end: HandoverEnd | None = None) -> Handover:
    return Handover(n=n, role=role, to=to, by=holder, holder=holder, at=START, end=end)  # type: ignore[arg-type] # ids


TO_ME = asked(1, Role.SCRIBE, to=ANA, holder=BO)
FROM_ME = asked(2, Role.COMMANDER, to=BO, holder=ANA)


async def test_who_is_asked_is_named_and_that_they_must_accept() -> None:
    there = front()
    told = said(await there.command("handover ic <@U0BO|bo>"))
    assert "was asked to be the Incident Commander of INC-42. Until they accept" in told
    assert "/incident handover withdraw" in told
    assert there.desk.incidents[N].commander == ANA


async def test_without_a_role_the_one_is_meant_that_the_person_holds() -> None:
    there = front()
    await there.command("handover <@U0BO|bo>")
    assert there.desk.taken == [AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA)]


@pytest.mark.parametrize(
    ("typed", "command", "told"),
    [
        ("accept", AnswerHandover(incident=N, n=1, accepts=True, by=ANA), "You are the Scribe of INC-42"),
        ("decline", AnswerHandover(incident=N, n=1, accepts=False, by=ANA), "stays where it is"),
        ("accept scribe", AnswerHandover(incident=N, n=1, accepts=True, by=ANA), "You are the Scribe of INC-42"),
        ("withdraw", WithdrawHandover(incident=N, n=2, by=ANA), "stays where it is"),
        ("withdraw ic", WithdrawHandover(incident=N, n=2, by=ANA), "stays where it is"),
    ],
)
async def test_an_offer_is_answered_and_taken_back_by_command(typed: str, command: object, told: str) -> None:
    there = front(TO_ME, FROM_ME)
    assert told in said(await there.command(f"handover {typed}"))
    assert there.desk.taken == [command]


async def test_what_waits_for_nobody_cannot_be_answered() -> None:
    over = replace(TO_ME, end=HandoverEnd.DECLINED)
    for there in (front(), front(over), front(FROM_ME)):
        assert "No role of INC-42 waits for that" in said(await there.command("handover accept"))
    many = front(TO_ME, asked(2, Role.PLANNING, to=ANA, holder=BO))
    assert "Say which role" in said(await many.command("handover accept"))


async def test_whoever_is_not_asked_is_told_who_is() -> None:
    there = front(FROM_ME)
    told = said(await there.command("handover accept ic"))
    assert "Only who was asked" in told
    assert "Turn to <@U0BO>" in told


async def test_bare_it_opens_the_form_when_somebody_holds_a_role() -> None:
    there = front()
    await there.command("handover")
    ((_, view),) = there.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])) == (Form.HAND_OVER, {"incident": 42})
    assert "Nobody holds a role yet" in said(await front(roles={}).command("handover"))
    assert "no longer changes" in said(await front(status=Status.RESOLVED).command("handover"))


async def test_the_form_asks_who_was_chosen_and_says_what_is_missing() -> None:
    there = front()
    view: Any = hand_over_form(there.desk.incidents[N], ANA)
    answer = await there.submit(view, {Field.ROLE: "ic", Field.PERSON: BO})
    assert json.loads(answer.body) == {"response_action": "clear"}
    assert there.desk.taken == [AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA)]
    missing = json.loads((await there.submit(view, {}, view_id="V2")).body)
    assert missing["errors"] == {"role": "Choose a role.", "person": "Choose who is asked."}


@pytest.mark.parametrize(
    ("action", "value", "command"),
    [
        (Action.ACCEPT_HANDOVER, "42 1", AnswerHandover(incident=N, n=1, accepts=True, by=ANA)),
        (Action.DECLINE_HANDOVER, "42 1", AnswerHandover(incident=N, n=1, accepts=False, by=ANA)),
        (Action.WITHDRAW_HANDOVER, "42 2", WithdrawHandover(incident=N, n=2, by=ANA)),
        (Action.TAKE_ROLE, "42 Database Expert", AssignRole(incident=N, role=EXPERT, user=ANA, by=ANA)),
    ],
)
async def test_buttons_answer_offers_and_take_roles(action: Action, value: str, command: object) -> None:
    there = front(TO_ME, FROM_ME)
    await there.click(action, value)
    await there.app.drain()
    assert (there.desk.taken, there.whispered) == ([command], [])


async def test_a_role_is_taken_from_the_menu_of_those_that_are_vacant() -> None:
    there = front()
    choice = {"type": "static_select", "action_id": Action.TAKE_ROLE, "selected_option": {"value": "42 ops"}}
    await there.click("", actions=[choice])
    assert there.desk.taken == [AssignRole(incident=N, role=Role.OPERATIONS, user=ANA, by=ANA)]


async def test_duties_are_ticked_and_unticked() -> None:
    there = front(duties={Role.COMMANDER: Duties(seq=3)})
    for ticked in (["0", "2"], []):
        boxes = {
            "type": "checkboxes",
            "action_id": f"{Action.TICK_DUTIES}:42:3:ic",
            "selected_options": [{"value": value} for value in ticked],
        }
        await there.click("", actions=[boxes])
    await there.app.drain()
    assert there.whispered == []
    ticks = [(0, 2), ()]
    assert there.desk.taken == [TickDuties(incident=N, role=Role.COMMANDER, seq=3, done=d, by=ANA) for d in ticks]


@pytest.mark.parametrize("value", ["", "x 1", "42", "42 x"])
async def test_a_button_that_says_nothing_useful_changes_nothing(value: str) -> None:
    there = front(TO_ME)
    await there.click(Action.ACCEPT_HANDOVER, value)
    await there.app.drain()
    assert there.desk.taken == []
    assert "do not know this incident" in there.whispered[0][1].text


async def test_roles_of_the_organisation_are_typed_with_dashes_or_between_quotes() -> None:
    there = Front(policy=replace(POLICY, roles={EXPERT: ()}))
    for typed in ("role database-expert", "role “Database Expert” me"):
        await there.command(typed)
    assert there.desk.taken == [AssignRole(incident=N, role=EXPERT, user=ANA, by=ANA)] * 2
    assert "Known: ic, ops, comms, planning, scribe, database-expert" in said(await there.command("role boss"))
