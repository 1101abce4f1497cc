"""The course of an incident, typed, pressed, and asked for in forms, through signed requests.

What is in triage is accepted or declined, what is over reopened or closed.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.commands import Command, Declare, SetStatus
from bot.domain.course_commands import Accept, Close, CourseCommand, Decline, Merge, Reopen
from bot.domain.ids import IncidentId
from bot.domain.model import Status
from bot.views.actions import Action, Field, Form
from bot.views.declare_form import declare_form
from bot.views.forms import decline_form, merge_form, reopen_form
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, GENERAL, POLICY, Front, an_incident, said

N = IncidentId(42)
AT = START + timedelta(minutes=10)


def over(status: Status = Status.RESOLVED) -> Front:
    front = Front()
    front.desk.incidents[N] = an_incident(status=status, resolved_at=AT, resolution="Rolled back")
    return front


@pytest.mark.parametrize(
    ("typed", "command", "told"),
    [
        ("reopen 3 hosts fail again", Reopen(incident=N, reason="3 hosts fail again", by=ANA), "INC-42 is open again"),
        ("reopen INC-42 It is back", Reopen(incident=N, reason="It is back", by=ANA), "INC-42 is open again"),
        ("close", Close(incident=N, by=ANA), "INC-42 is closed"),
        ("status closed", Close(incident=N, by=ANA), "INC-42 is closed"),
    ],
)
async def test_what_is_over_is_reopened_or_closed_by_a_verb(typed: str, command: Command, told: str) -> None:
    front = over()
    answer = await front.command(typed)
    assert (front.desk.taken, told in said(answer)) == ([command], True)


@pytest.mark.parametrize("typed", ["reopen", "reopen INC-42", "status investigating", "status monitoring"])
@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
async def test_to_reopen_without_words_asks_for_them_in_a_form(typed: str, status: Status) -> None:
    front = over(status)
    await front.command(typed)
    ((_, view),) = front.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])) == (Form.REOPEN, {"incident": 42})
    assert front.desk.taken == []


async def test_status_resolved_asks_what_fixed_it_in_a_form() -> None:
    front = Front()
    await front.command("status resolved")
    ((_, view),) = front.opened
    assert (view["callback_id"], front.desk.taken) == (Form.RESOLVE, [])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("reopen It is back", "INC-42 is open: there is nothing to reopen"),
        ("reopen", "INC-42 is open: there is nothing to reopen"),
        ("close", "INC-42 is not resolved yet: `/incident resolve INC-42 what fixed it`"),
        ("close for good", "To close takes no words"),
    ],
)
async def test_what_is_open_is_neither_reopened_nor_closed(typed: str, why: str) -> None:
    front = Front()
    assert why in said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])


async def test_what_is_closed_says_how_it_is_reopened() -> None:
    told = said(await over(Status.CLOSED).command("update It works"))
    assert "INC-42 is closed, so it no longer changes" in told
    assert "`/incident reopen INC-42 what happened`" in told
    assert "INC-42 is closed already" in said(await over(Status.CLOSED).command("close"))


async def test_the_button_that_reopens_opens_the_form_and_the_form_is_kept() -> None:
    front = over()
    answer = await front.click(Action.REOPEN, "42", trigger_id="t.1")
    ((trigger, view),) = front.opened
    assert (answer.status, trigger, view["callback_id"], front.desk.taken) == (200, "t.1", Form.REOPEN, [])
    form: Any = reopen_form(an_incident())
    answer = await front.submit(form, {Field.TEXT: "Errors are back"})
    assert json.loads(answer.body) == {"response_action": "clear"}
    assert front.desk.taken == [Reopen(incident=N, reason="Errors are back", by=ANA)]
    assert front.desk.incidents[N].status is Status.INVESTIGATING


async def test_the_form_without_words_keeps_open_and_says_what_is_missing() -> None:
    front = over()
    form: Any = reopen_form(an_incident())
    answer = json.loads((await front.submit(form, {Field.TEXT: "  "})).body)
    assert answer == {"response_action": "errors", "errors": {"text": "Say what happened."}}


async def test_a_form_sent_off_after_somebody_else_reopened_it_is_refused_at_its_field() -> None:
    front = over()
    form: Any = reopen_form(an_incident())
    await front.submit(form, {Field.TEXT: "Errors are back"})
    answer = json.loads((await front.submit(form, {Field.TEXT: "It is back"}, view_id="V2")).body)
    assert "INC-42 is open: there is nothing to reopen" in answer["errors"]["text"]


async def test_the_button_that_closes_is_kept_and_on_an_old_message_says_why_not() -> None:
    front = over()
    await front.click(Action.CLOSE, "42")
    await front.app.drain()
    assert (front.desk.taken, front.whispered) == ([Close(incident=N, by=ANA)], [])
    open_again = Front()
    for action in (Action.CLOSE, Action.REOPEN):
        await open_again.click(action, "42")
    await open_again.app.drain()
    assert [message.text[:19] for _, message in open_again.whispered] == ["INC-42 is not resol", "INC-42 is open: the"]


async def test_an_open_status_is_set_as_ever() -> None:
    front = Front()
    await front.command("status monitoring")
    assert front.desk.taken == [SetStatus(incident=N, status=Status.MONITORING, by=ANA)]


def suspected() -> Front:
    front = Front()
    front.desk.incidents[N] = an_incident(status=Status.TRIAGE, update_due=None, unannounced=True)
    return front


@pytest.mark.parametrize(
    ("typed", "command", "told"),
    [
        ("accept", Accept(incident=N, by=ANA), "INC-42 is accepted"),
        ("accept INC-42", Accept(incident=N, by=ANA), "INC-42 is accepted"),
        ("status investigating", Accept(incident=N, by=ANA), "INC-42 is accepted"),
        ("decline A load test", Decline(incident=N, reason="A load test", by=ANA), "INC-42 is declined"),
        ("decline INC-42 A load test", Decline(incident=N, reason="A load test", by=ANA), "INC-42 is declined"),
    ],
)
async def test_what_is_in_triage_is_accepted_or_declined_by_a_verb(
    typed: str, command: CourseCommand, told: str
) -> None:
    front = suspected()
    answer = await front.command(typed)
    assert (front.desk.taken, told in said(answer)) == ([command], True)


@pytest.mark.parametrize("typed", ["decline", "decline INC-42", "status declined"])
async def test_to_decline_without_a_reason_asks_for_it_in_a_form(typed: str) -> None:
    front = suspected()
    await front.command(typed)
    ((_, view),) = front.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])) == (Form.DECLINE, {"incident": 42})
    assert front.desk.taken == []


@pytest.mark.parametrize("typed", ["update x", "update", "resolve", "resolve x", "snooze 30m x", "snooze"])
async def test_what_is_in_triage_says_how_it_is_accepted(typed: str) -> None:
    front = suspected()
    told = said(await front.command(typed))
    assert "INC-42 is in triage" in told
    assert "`/incident accept INC-42`" in told
    assert (front.desk.taken, front.opened) == ([], [])


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("accept", "INC-42 is an incident already: it is investigating"),
        ("decline", "INC-42 is an incident already"),
        ("accept it", "To accept takes no words"),
        ("status triage", "does not go back to triage"),
    ],
)
async def test_what_is_an_incident_is_neither_accepted_nor_declined(typed: str, why: str) -> None:
    front = Front()
    assert why in said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])


async def test_the_buttons_of_triage_accept_at_once_and_ask_why_it_is_declined() -> None:
    front = suspected()
    await front.click(Action.DECLINE, "42")
    ((_, view),) = front.opened
    assert view["callback_id"] == Form.DECLINE
    await front.click(Action.ACCEPT, "42")
    await front.click(Action.ACCEPT, "42")
    await front.app.drain()
    assert front.desk.taken == [Accept(incident=N, by=ANA)]
    assert ["INC-42 is an incident already" in told.text for _, told in front.whispered] == [True]


async def test_the_form_that_declines_is_kept_and_wants_a_reason() -> None:
    front = suspected()
    form: Any = decline_form(an_incident())
    answer = json.loads((await front.submit(form, {Field.TEXT: " "})).body)
    assert answer["errors"] == {"text": "Say why it is no incident."}
    await front.submit(form, {Field.TEXT: "A load test"}, view_id="V2")
    assert front.desk.taken == [Decline(incident=N, reason="A load test", by=ANA)]


async def test_the_form_that_declares_has_a_box_for_triage() -> None:
    front = Front()
    await front.command("declare triage sev1")
    ((_, view),) = front.opened
    (box,) = [block for block in view["blocks"] if block.get("block_id") == Field.TRIAGE]
    assert box["element"]["initial_options"] == box["element"]["options"]
    form: Any = declare_form(POLICY)
    chosen = {"type": "checkboxes", "selected_options": [{"value": "triage"}]}
    state = {Field.TITLE: {Field.TITLE: {"value": "Slow?"}}, Field.TRIAGE: {Field.TRIAGE: chosen}}
    payload = {
        "type": "view_submission",
        "user": {"id": ANA, "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "view": {**form, "id": "V1", "hash": "1.a", "state": {"values": state}},
    }
    await front.interaction(payload)
    assert front.desk.taken == [Declare(title="Slow?", by=ANA, triage=True)]


MERGED = Merge(incident=N, into=IncidentId(43), by=ANA)


@pytest.mark.parametrize("typed", ["merge INC-43", "merge 43", "merge into INC-43", "merge <#C0INC43|inc-43>"])
async def test_in_its_channel_the_other_is_named_behind_the_verb(typed: str) -> None:
    front = Front()
    answer = await front.command(typed)
    assert (front.desk.taken, "INC-42 is merged into INC-43" in said(answer)) == ([MERGED], True)


@pytest.mark.parametrize("typed", ["merge INC-42 INC-43", "merge 42 into 43"])
async def test_elsewhere_both_are_named(typed: str) -> None:
    front = Front()
    await front.command(typed, channel=GENERAL)
    assert front.desk.taken == [MERGED]
    here = Front()
    await here.command(typed)
    assert here.desk.taken == [MERGED]


@pytest.mark.parametrize("typed", ["merge", "merge INC-42", "status merged"])
async def test_to_merge_without_a_name_asks_for_it_in_a_form(typed: str) -> None:
    front = Front()
    await front.command(typed)
    ((_, view),) = front.opened
    assert (view["callback_id"], json.loads(view["private_metadata"])) == (Form.MERGE, {"incident": 42})
    assert "INC-43" in json.dumps(view["blocks"])
    assert front.desk.taken == []


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("merge INC-43 INC-44 INC-45", "Name the one incident that goes on"),
        ("merge checkout", "Name the one incident that goes on"),
        ("merge INC-99", "There is no INC-99"),
    ],
)
async def test_what_is_no_incident_is_not_merged_into(typed: str, why: str) -> None:
    front = Front()
    assert why in said(await front.command(typed))
    assert front.desk.taken == []


async def test_where_no_other_is_open_nothing_can_be_merged_and_what_is_over_neither() -> None:
    front = Front()
    del front.desk.incidents[IncidentId(43)]
    assert "No other incident is open" in said(await front.command("merge"))
    assert "INC-42 is resolved" in said(await over().command("merge"))
    front.desk.incidents[IncidentId(43)] = an_incident(43, status=Status.TRIAGE)
    assert "No other incident is open" in said(await front.command("merge"))
    front.desk.incidents[IncidentId(42)] = an_incident(42, private=True)
    assert "No other private incident is open" in said(await front.command("merge"))


async def test_the_button_that_merges_opens_the_form_and_the_form_is_kept() -> None:
    front = suspected()
    await front.click(Action.MERGE, "42")
    ((_, view),) = front.opened
    assert view["callback_id"] == Form.MERGE
    form: Any = merge_form(an_incident(), [an_incident(43)])
    answer = json.loads((await front.submit(form, {})).body)
    assert answer["errors"] == {"into": "Choose the incident that goes on."}
    await front.submit(form, {Field.INTO: "43"}, view_id="V2")
    assert front.desk.taken == [MERGED]


async def test_what_was_merged_is_not_reopened_by_an_old_button() -> None:
    front = Front()
    await front.command("merge INC-43")
    await front.click(Action.REOPEN, "42")
    await front.app.drain()
    assert ["INC-42 was merged into INC-43: go on there" in told.text for _, told in front.whispered] == [True]
