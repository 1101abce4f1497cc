"""Forms, filled in and sent off through signed requests.

The views are the real ones, so ids on both sides must agree.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.commands import Command, Declare, Resolve, SendUpdate, SnoozeUpdate
from bot.domain.ids import AlertId, IncidentId, ServiceName
from bot.domain.model import Severity, Status
from bot.errors import Overloaded
from bot.inbound.slack.response import Response
from bot.views.actions import Field
from bot.views.declare_form import Filled, declare_form
from bot.views.forms import resolve_form, snooze_form, update_form
from tests.inbound.slack.front import ANA, POLICY, Front, an_incident

DECLARE: Any = declare_form(POLICY)
FROM_ALERT: Any = declare_form(POLICY, Filled(title="Checkout fails", alert=AlertId("a1")))
UPDATE: Any = update_form(an_incident(), POLICY)
RESOLVE: Any = resolve_form(an_incident())
SNOOZE: Any = snooze_form(an_incident())

GOOD: list[tuple[Any, dict[str, str], Command]] = [
    (
        DECLARE,
        {Field.TITLE: " Checkout is down ", Field.SEVERITY: "sev1", Field.SERVICE: "checkout"},
        Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, service=ServiceName("checkout")),
    ),
    (DECLARE, {Field.TITLE: "x"}, Declare(title="x", by=ANA)),
    (DECLARE, {Field.TITLE: "a\x00b <!channel>"}, Declare(title="ab <!channel>", by=ANA)),
    (
        FROM_ALERT,
        {Field.TITLE: "Checkout fails", Field.SEVERITY: "sev2"},
        Declare(title="Checkout fails", by=ANA, severity=Severity.SEV2, alert=AlertId("a1")),
    ),
    (
        UPDATE,
        {Field.TEXT: "Cards fail", Field.IMPACT: "Nobody pays", Field.DOING: " We roll back ", Field.LASTS: "10m"},
        SendUpdate(
            incident=IncidentId(42),
            text="Cards fail",
            impact="Nobody pays",
            doing="We roll back",
            next_in=timedelta(minutes=10),
            by=ANA,
        ),
    ),
    (UPDATE, {Field.TEXT: "We roll back"}, SendUpdate(incident=IncidentId(42), text="We roll back", by=ANA)),
    (
        SNOOZE,
        {Field.LASTS: "30m", Field.TEXT: "We wait"},
        SnoozeUpdate(incident=IncidentId(42), lasts=timedelta(minutes=30), reason="We wait", by=ANA),
    ),
    (RESOLVE, {Field.TEXT: "Rolled back"}, Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA)),
]


def errors(response: Response) -> dict[str, str]:
    answer = json.loads(response.body)
    assert answer["response_action"] == "errors"
    found: dict[str, str] = answer["errors"]
    return found


@pytest.mark.parametrize(("view", "values", "command"), GOOD)
async def test_a_form_is_kept_before_it_closes(view: Any, values: dict[str, str], command: Command) -> None:
    front = Front()
    answer = await front.submit(view, values)
    assert (front.desk.taken, json.loads(answer.body)) == ([command], {"response_action": "clear"})


@pytest.mark.parametrize(
    ("view", "values", "faults"),
    [
        (DECLARE, {Field.TITLE: ""}, {"title": "what is broken"}),
        (DECLARE, {Field.TITLE: " \u200b "}, {"title": "what is broken"}),
        (DECLARE, {Field.TITLE: "x" * 151}, {"title": "At most 150 characters; these are 151"}),
        (
            DECLARE,
            {Field.TITLE: "", Field.SEVERITY: "sev9"},
            {"title": "what is broken", "severity": "no such severity"},
        ),
        (UPDATE, {}, {"text": "what is happening"}),
        (UPDATE, {Field.TEXT: "x" * 3001}, {"text": "At most 3,000"}),
        (RESOLVE, {Field.TEXT: "\n"}, {"text": "what fixed it"}),
    ],
)
async def test_everything_wrong_is_said_at_its_field_at_once(
    view: Any, values: dict[str, str], faults: dict[str, str]
) -> None:
    front = Front()
    told = errors(await front.submit(view, values))
    assert (set(told), front.desk.taken) == (set(faults), [])
    assert all(part in told[at] for at, part in faults.items())


async def test_a_form_sent_twice_is_taken_once() -> None:
    front = Front()
    for _ in range(2):
        answer = await front.submit(DECLARE, {Field.TITLE: "x"}, view_id="V7")
        assert json.loads(answer.body) == {"response_action": "clear"}
    assert len(front.desk.taken) == 1


async def test_a_form_that_was_refused_can_be_mended_and_sent_again() -> None:
    front = Front()
    front.desk.incidents[IncidentId(42)] = an_incident(status=Status.RESOLVED)
    assert "no longer changes" in errors(await front.submit(UPDATE, {Field.TEXT: "x"}))["lasts"]
    front.desk.incidents[IncidentId(42)] = an_incident()
    await front.submit(UPDATE, {Field.TEXT: "x"})
    assert len(front.desk.taken) == 1


@pytest.mark.parametrize(
    ("error", "why"),
    [(Overloaded("full", after=timedelta(seconds=3)), "try again in 3 s"), (RuntimeError("x"), "went wrong")],
)
async def test_when_we_cannot_take_it_the_form_stays_with_what_was_typed(error: Exception, why: str) -> None:
    front = Front()
    front.desk.fail = error
    assert why in errors(await front.submit(DECLARE, {Field.TITLE: "x"}))["private"]


@pytest.mark.parametrize(
    "metadata", ["", "{", "[]", "null", '{"incident": "x"}', '{"incident": -1}', '{"incident": true}']
)
async def test_a_form_that_forgot_what_it_is_for_says_so(metadata: str) -> None:
    told = errors(await Front().submit({**UPDATE, "private_metadata": metadata}, {Field.TEXT: "x"}))
    assert "which incident" in told["lasts"]


async def test_a_form_of_another_time_says_so() -> None:
    told = errors(await Front().submit({**UPDATE, "callback_id": "form.of.tomorrow"}, {Field.TEXT: "x"}))
    assert "do not know this form" in told["lasts"]


async def test_a_view_without_any_field_just_closes() -> None:
    front = Front()
    front.desk.fail = RuntimeError("x")
    answer = await front.submit({**UPDATE, "blocks": []}, {})
    assert json.loads(answer.body)["response_action"] in {"clear", "errors"}
