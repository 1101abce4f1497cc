"""Declaring beside what is open on the same service already: it is shown once, with a way in, and never in the way."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import Declare
from bot.domain.course_commands import Merge
from bot.domain.ids import ChannelId, IncidentId, ServiceName
from bot.domain.impact import Answer, Question
from bot.domain.model import Incident, Severity
from bot.domain.people_commands import Invite
from bot.domain.policy import Service
from bot.errors import TryLater
from bot.views.actions import Action, Field
from bot.views.declare_form import Filled, declare_form, field_of
from tests.inbound.slack.front import ANA, GENERAL, POLICY, Front, an_incident, said
from tests.views.limits import check_form

CHECKOUT = ServiceName("checkout")
N = IncidentId(42)
ASKED = replace(
    POLICY,
    impact=(Question(asks="Who is affected?", answers={"Most": Severity.SEV1, "Some": Severity.SEV2}),),
    services={**POLICY.services, CHECKOUT: Service(name=CHECKOUT, channel="#shop")},
)
TYPED = "declare sev2 service:checkout Checkout is down"
OPEN = an_incident(42, service="Checkout")


def front(*incidents: Incident) -> Front:
    there = Front(policy=ASKED)
    there.desk.incidents = {one.id: one for one in incidents or (OPEN,)}
    return there


def button(message: Any, action: Action) -> Any:
    """Return a button by its action, of what somebody alone was told."""
    blocks = json.loads(message)["blocks"]
    (found,) = [
        one for block in blocks if block["type"] == "actions" for one in block["elements"] if one["action_id"] == action
    ]
    return found


async def test_what_is_open_on_the_service_is_shown_before_a_second_one_is_declared() -> None:
    there = front()
    answer = await there.command(TYPED, channel=GENERAL)
    told = said(answer)
    assert "INC-42 is open on Checkout. Join, or declare anyway" in told
    assert f"`/incident {TYPED}`" in told
    assert there.desk.taken == []
    anyway = button(answer.body, Action.DECLARE_ANYWAY)["value"]
    for _ in range(2):
        await there.click(Action.DECLARE_ANYWAY, anyway)
        await there.app.drain()
    declared = Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT)
    assert there.desk.taken == [declared], "pressed twice it declares one"
    assert there.replaced[0][1].text.startswith("Declaring INC-43 as SEV-2")


async def test_of_several_services_any_overlap_is_shown_and_going_on_keeps_all_of_them() -> None:
    there = front(replace(OPEN, service=ServiceName("payments"), also=(ServiceName("Auth"), ServiceName("mail"))))
    answer = await there.command("declare service:checkout service:auth Nobody can pay", channel=GENERAL)
    assert "INC-42 is open on Auth. Join" in said(answer), "of what both have in common"
    assert there.desk.taken == []
    await there.click(Action.DECLARE_ANYWAY, button(answer.body, Action.DECLARE_ANYWAY)["value"])
    assert there.desk.taken == [Declare(title="Nobody can pay", by=ANA, service=CHECKOUT, also=(ServiceName("auth"),))]


async def test_what_does_not_fit_on_a_button_is_declared_at_once() -> None:
    there = Front(policy=replace(ASKED, services={}))
    there.desk.incidents = {N: OPEN}
    names = ",".join(f"{n}{'x' * 300}" for n in range(9))
    told = said(await there.command(f"declare service:checkout,{names} It is down", channel=GENERAL))
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert (command.service, len(command.also)) == (CHECKOUT, 9)
    assert "Open on the same service already" in told


async def test_more_services_than_an_incident_names_are_refused() -> None:
    there = Front(policy=replace(ASKED, services={}))
    told = said(await there.command(f"declare service:{','.join('abcdefghijk')} x", channel=GENERAL))
    assert "You named 11 services; name 10 at most." in told
    assert there.desk.taken == []


async def test_nothing_that_was_typed_is_lost_however_long() -> None:
    there = front()
    answer = await there.command(f"declare triage service:checkout {'x' * 400}", channel=GENERAL)
    await there.click(Action.DECLARE_ANYWAY, button(answer.body, Action.DECLARE_ANYWAY)["value"])
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert (len(command.title), command.triage, command.severity) == (150, True, None)


@pytest.mark.parametrize("typed", ["declare sev1 service:checkout It is down", "declare service:auth x", "declare x"])
async def test_the_gravest_and_what_has_no_kin_are_declared_at_once(typed: str) -> None:
    there = front()
    told = said(await there.command(typed, channel=GENERAL))
    assert len(there.desk.taken) == 1
    assert ("INC-42" in told) == ("sev1" in typed), "of SEV-1 it is said afterwards what else is open"


async def test_what_is_offered_for_the_same_thing_merges_the_new_one_where_it_was_declared() -> None:
    there = front()
    told = said(await there.command("declare sev1 service:checkout It is down", channel=GENERAL))
    offered = re.search(r"/incident (merge [A-Z0-9 -]+[0-9])", told)
    assert offered
    new = max(there.desk.incidents)
    await there.command(offered[1], channel=GENERAL)
    assert there.desk.taken[1:] == [Merge(incident=new, into=IncidentId(42), by=ANA)]


async def test_a_value_that_nobody_made_declares_nothing() -> None:
    there = front()
    for value in ("", "[" * 9000, "{}", '{"severity": 7}'):
        await there.click(Action.DECLARE_ANYWAY, value)
    await there.app.drain()
    assert there.desk.taken == []
    assert len(there.whispered) == 4


async def test_who_joins_is_asked_into_the_channel_once() -> None:
    there = front()
    for _ in range(2):
        await there.click(f"{Action.JOIN_OPEN}:42")
    assert there.desk.taken == [Invite(incident=N, users=(ANA,), groups=(), by=ANA)]


async def test_the_bare_form_knows_the_service_by_the_channel_and_shows_what_is_open_on_it() -> None:
    there = front()
    await there.command("declare", channel=ChannelId("C0SHOP"), channel_name="shop")
    view: Any = there.opened[0][1]
    check_form(view)
    assert json.loads(view["private_metadata"])["seen"] == [42]
    assert (view["submit"]["text"], "Join INC-42" in str(view)) == ("Declare Anyway", True)
    answer = await there.submit(view, {Field.TITLE: "Again", Field.SERVICE: "checkout", Field.SEVERITY: "sev3"})
    assert json.loads(answer.body) == {"response_action": "clear"}
    assert len(there.desk.taken) == 1


async def test_a_form_that_has_not_shown_what_is_open_shows_it_once_with_all_that_was_filled_in() -> None:
    there = front()
    view: Any = declare_form(ASKED)
    values = {Field.TITLE: "Again", Field.SERVICE: "checkout", field_of(0): "Some"}
    answer = json.loads((await there.submit(view, values)).body)
    assert (answer["response_action"], there.desk.taken) == ("update", [])
    check_form(answer["view"])
    assert "Already open on Checkout" in str(answer["view"])
    assert "By its impact it is SEV-2" in str(answer["view"])
    await there.submit(answer["view"], values, view_id="V2")
    (command,) = there.desk.taken
    asked = Answer(asked="Who is affected?", said="Some")
    assert command == Declare(title="Again", by=ANA, service=CHECKOUT, impact=(asked,))


async def test_the_form_takes_several_services_and_the_first_that_was_chosen_leads() -> None:
    there = front()
    values: dict[str, str] = {Field.TITLE: "Nobody can pay", Field.SERVICE: "auth checkout"}
    answer = json.loads((await there.submit(declare_form(ASKED), values)).body)
    assert "Already open on Checkout" in str(answer["view"])
    (services,) = [one["element"] for one in answer["view"]["blocks"] if one.get("block_id", "") == Field.SERVICE]
    assert [one["value"] for one in services["initial_options"]] == ["auth", "checkout"]
    await there.submit(answer["view"], values, view_id="V2")
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert (command.service, command.also) == ("auth", ("checkout",))


async def test_by_its_impact_the_gravest_is_not_held_up_in_the_form_either() -> None:
    there = front()
    values = {Field.TITLE: "Again", Field.SERVICE: "checkout", field_of(0): "Most"}
    await there.submit(declare_form(ASKED), values)
    assert len(there.desk.taken) == 1


async def test_an_answer_writes_the_form_anew_and_a_slack_that_fails_leaves_it_as_it_is() -> None:
    there = front()
    view: Any = {**declare_form(ASKED, Filled(title="x")), "id": "V7", "hash": "1.a"}
    chosen = {"type": "multi_static_select", "selected_options": [{"value": "auth"}, {"value": "checkout"}]}
    state = {Field.SERVICE: {Field.SERVICE: chosen}}
    for fails in (None, TryLater("down")):
        there.form_fails = fails
        await there.click(Field.SERVICE, view={**view, "state": {"values": state}})
    ((view_id, anew, revision),) = there.updated
    assert (view_id, revision) == ("V7", "1.a")
    assert "Join INC-42" in str(anew)
    assert there.whispered == []
    await there.click(f"{Action.JOIN_OPEN}:42", view={**view, "state": {"values": state}})
    assert len(there.desk.taken) == 1, "a button in the form is a button"
