"""Buttons, pressed through signed requests.

Kept before they are acknowledged, silent when all is well, and a refusal for the presser alone.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.archive_commands import KeepChannel
from bot.domain.archives import Archiving
from bot.domain.commands import AcknowledgeAlert, AssignRole, Command, Declare
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert, KeepOpen
from bot.domain.grouping import alone
from bot.domain.groups_model import Hush, Verdict
from bot.domain.ids import AlertId, GroupId, IncidentId
from bot.domain.model import Proposal, Status
from bot.domain.roles_model import Role
from bot.domain.silence_commands import EndSilence, SilenceGroup, UnsilenceGroup
from bot.errors import Overloaded, TryLater, Undeliverable
from bot.views.actions import Action, Form
from tests.inbound.slack.front import ANA, BO, POLICY, Front, an_alert, an_incident

KEPT: dict[Action, tuple[str, Command]] = {
    Action.END_SILENCE: ("g1 S-1", EndSilence(silence=1, by=ANA)),
    Action.ACKNOWLEDGE_ALERT: ("a1", AcknowledgeAlert(alert=AlertId("a1"), by=ANA)),
    Action.DECLARE_FROM_ALERT: ("a1", Declare(alert=AlertId("a1"), by=ANA)),
    Action.JUDGE_USEFUL: ("a1", JudgeAlert(alert=AlertId("a1"), verdict=Verdict.USEFUL, by=ANA)),
    Action.JUDGE_NOISE: ("a1", JudgeAlert(alert=AlertId("a1"), verdict=Verdict.NOISE, by=ANA)),
    Action.TAKE_COMMAND: ("42", AssignRole(incident=IncidentId(42), role=Role.COMMANDER, user=ANA, by=ANA)),
    Action.TAKE_ROLE: ("42 scribe", AssignRole(incident=IncidentId(42), role=Role.SCRIBE, user=ANA, by=ANA)),
}
# Menus and what needs an incident: pressed in tests of their own below.
OTHERS = {
    *(Action.JOIN_INCIDENT, Action.ASSIGN_ALERT, Action.ALERT_MENU),
    *(Action.EXPLAIN_ALERT, Action.OPEN_DECLARE, Action.KEEP_OPEN, Action.KEEP_CHANNEL),
    *(Action.SUBSCRIBE, Action.UNSUBSCRIBE),  # in test_subscribing.py
    Action.DECLARE_QUOTED,  # in test_quoting.py
    *(Action.DECLARE_ANYWAY, Action.JOIN_OPEN),  # in test_declaring.py
    *(Action.ACCEPT_HANDOVER, Action.DECLINE_HANDOVER, Action.WITHDRAW_HANDOVER, Action.TICK_DUTIES),
}
FORMS = {
    Action.WRITE_UPDATE: Form.UPDATE,
    Action.RESOLVE: Form.RESOLVE,
    Action.HAND_OVER: Form.HAND_OVER,
    Action.SNOOZE: Form.SNOOZE,
}
# Pressed when an incident is over, or in triage, in test_course.py.
TURNS = {Action.REOPEN, Action.CLOSE, Action.ACCEPT, Action.DECLINE, Action.MERGE, Action.INCIDENT_MENU}
# What these do stands in files of their own: test_action_items.py, test_links.py, test_rows.py, test_runbooks.py,
# test_comms.py.
ITEMS = {Action.ADD_ACTION, Action.END_ACTION, Action.REOPEN_ACTION, Action.UNLINK, Action.EDIT_ROW}
RUNBOOKS = {Action.OPEN_CHECKLIST, Action.TICK_STEP, Action.UNTICK_STEP, Action.OPEN_COMMS}
LINKS = {Action.OPEN_RUNBOOK, Action.OPEN_SOURCE, Action.OPEN_CHANNEL}


def test_every_button_has_a_test_here() -> None:
    assert {*KEPT, *OTHERS, *FORMS, *LINKS, *TURNS, *ITEMS, *RUNBOOKS, Action.UNDO, Action.SILENCE_ALERT} == set(Action)


@pytest.mark.parametrize("action", list(KEPT))
async def test_a_press_is_kept_and_acknowledged_without_a_word(action: Action) -> None:
    front = Front()
    value, command = KEPT[action]
    answer = await front.click(action, value)
    await front.app.drain()
    assert front.desk.taken == [command]
    assert (answer.status, answer.body, front.whispered) == (200, b"", [])


@pytest.mark.parametrize(("chosen", "lasts"), [("g1 1h", timedelta(hours=1)), ("g1 ", None)])
async def test_a_choice_of_how_long_to_silence_is_kept(chosen: str, lasts: timedelta | None) -> None:
    front = Front()
    front.desk.groups["g1"] = replace(alone(an_alert(), POLICY), id=GroupId("g1"), labels={"service": "checkout"})
    choice = {"type": "static_select", "action_id": Action.SILENCE_ALERT, "selected_option": {"value": chosen}}
    await front.click(Action.SILENCE_ALERT, actions=[choice])
    await front.app.drain()
    assert front.desk.taken == [SilenceGroup(group=GroupId("g1"), lasts=lasts, by=ANA)]
    assert front.whispered == []


async def test_the_silence_of_a_group_is_ended() -> None:
    front = Front()
    group = replace(alone(an_alert(), POLICY), id=GroupId("g1"), hushed=Hush(by=ANA, at=an_alert().first_seen_at))
    front.desk.groups["g1"] = group
    await front.click(Action.END_SILENCE, "g1")
    await front.app.drain()
    assert front.desk.taken == [UnsilenceGroup(group=GroupId("g1"), by=ANA)]
    assert front.whispered == []


async def test_an_incident_that_is_proposed_to_be_resolved_is_kept_open() -> None:
    front = Front()
    now = front.clock.now()
    front.desk.incidents[IncidentId(42)] = an_incident(proposal=Proposal(n=1, at=now, since=now))
    await front.click(Action.KEEP_OPEN, "42")
    await front.app.drain()
    assert front.desk.taken == [KeepOpen(incident=IncidentId(42), by=ANA)]
    assert front.whispered == []
    await front.click(Action.KEEP_OPEN, "42")
    await front.app.drain()
    assert "not proposed to be resolved any more" in front.whispered[0][1].text


async def test_a_channel_that_is_about_to_be_archived_is_kept() -> None:
    front = Front()
    now = front.clock.now()
    archiving = Archiving(n=1, at=now, since=now, notice=timedelta(hours=24))
    front.desk.incidents[IncidentId(42)] = an_incident(status=Status.CLOSED, archiving=archiving)
    await front.click(Action.KEEP_CHANNEL, "42")
    await front.app.drain()
    assert front.desk.taken == [KeepChannel(incident=IncidentId(42), by=ANA)]
    await front.click(Action.KEEP_CHANNEL, "42")
    await front.app.drain()
    assert "not about to be archived" in front.whispered[0][1].text


@pytest.mark.parametrize("action", list(FORMS))
async def test_a_press_that_wants_words_opens_a_form(action: Action) -> None:
    front = Front()
    front.desk.incidents[IncidentId(42)] = an_incident(roles={Role.SCRIBE: ANA})
    answer = await front.click(action, "42", trigger_id="t.1")
    ((trigger, view),) = front.opened
    assert (trigger, view["callback_id"]) == ("t.1", FORMS[action])
    assert json.loads(view["private_metadata"]) == {"incident": 42}
    assert (answer.status, answer.body, front.desk.taken) == (200, b"", [])


@pytest.mark.parametrize("action", sorted(LINKS))
async def test_a_link_is_only_acknowledged(action: Action) -> None:
    front = Front()
    answer = await front.click(action, "")
    await front.app.drain()
    assert (answer.status, front.desk.taken, front.opened, front.whispered) == (200, [], [], [])


async def test_whoever_presses_join_asks_for_the_channel_of_the_alerts_incident() -> None:
    front = Front()
    front.desk.alerts[AlertId("a1")] = replace(front.desk.alerts[AlertId("a1")], incident=IncidentId(42))
    await front.click(Action.JOIN_INCIDENT, "a1")
    await front.app.drain()
    assert (front.desk.taken, front.whispered) == ([JoinIncident(alert=AlertId("a1"), by=ANA)], [])


def chosen(action: str, **changes: object) -> list[dict[str, object]]:
    return [{"action_id": action, "block_id": "b", **changes}]


async def test_a_person_chosen_from_the_menu_is_given_the_alert() -> None:
    front = Front()
    for user in (BO, None):  # a menu that is emptied names nobody
        await front.click("", actions=chosen(f"{Action.ASSIGN_ALERT}:a1", type="users_select", selected_user=user))
    await front.app.drain()
    assert (front.desk.taken, front.whispered) == ([AssignAlert(alert=AlertId("a1"), user=BO, by=ANA)], [])


@pytest.mark.parametrize(("value", "kept"), [("noise a1", 1), ("fine a1", 0), ("", 0)])
async def test_a_verdict_chosen_from_the_menu_is_kept_when_there_is_such_a_verdict(value: str, kept: int) -> None:
    front = Front()
    option = {"text": {"type": "plain_text", "text": "Noise"}, "value": value}
    await front.click("", actions=chosen(Action.ALERT_MENU, type="overflow", selected_option=option))
    await front.app.drain()
    assert front.desk.taken == [JudgeAlert(alert=AlertId("a1"), verdict=Verdict.NOISE, by=ANA)] * kept
    assert len(front.whispered) == 1 - kept


async def test_a_double_click_declares_once() -> None:
    front = Front()
    await front.click(Action.DECLARE_FROM_ALERT, "a1", trigger_id="t.1")
    await front.click(Action.DECLARE_FROM_ALERT, "a1", trigger_id="t.1")
    await front.app.drain()
    assert (len(front.desk.taken), front.whispered) == (1, [])


async def test_the_second_person_to_declare_is_told_of_the_first_incident() -> None:
    front = Front()
    await front.click(Action.DECLARE_FROM_ALERT, "a1")
    answer = await front.click(Action.DECLARE_FROM_ALERT, "a1", response_url="https://hooks.slack.com/actions/second")
    await front.app.drain()
    ((url, message),) = front.whispered
    assert (answer.status, len(front.desk.taken)) == (200, 1)
    assert url == "https://hooks.slack.com/actions/second"
    assert "INC-44 was already declared" in message.text


@pytest.mark.parametrize(
    ("action", "value", "why"),
    [
        (Action.ACKNOWLEDGE_ALERT, "gone", "alert"),
        (Action.DECLARE_FROM_ALERT, "gone", "do not know this alert"),
        (Action.TAKE_COMMAND, "7", "no such incident"),
        (Action.KEEP_OPEN, "7", "do not know this incident"),
        (Action.TAKE_COMMAND, "", "do not know this incident"),
        (Action.WRITE_UPDATE, "x" * 2000, "do not know this incident"),
        (Action.RESOLVE, "\u0664\u0662", "do not know this incident"),
        ("button.of.tomorrow", "42", "do not know this button"),
    ],
)
async def test_a_press_that_comes_to_nothing_says_why(action: str, value: str, why: str) -> None:
    front = Front()
    answer = await front.click(action, value)
    await front.app.drain()
    assert (answer.status, answer.body, front.desk.taken) == (200, b"", [])
    assert [why in message.text for _, message in front.whispered] == [True]


@pytest.mark.parametrize("action", [Action.TAKE_COMMAND, Action.KEEP_OPEN, Action.WRITE_UPDATE, Action.RESOLVE])
async def test_a_button_of_a_resolved_incident_changes_nothing(action: Action) -> None:
    front = Front()
    front.desk.incidents[IncidentId(42)] = an_incident(status=Status.RESOLVED)
    await front.click(action, "42")
    await front.app.drain()
    assert (front.desk.taken, front.opened) == ([], [])
    assert "is resolved, so it no longer changes" in front.whispered[0][1].text


async def test_a_form_that_slack_does_not_open_leaves_the_way_by_command() -> None:
    front = Front()
    front.form_fails = TryLater("down")
    await front.click(Action.WRITE_UPDATE, "42")
    await front.app.drain()
    assert "/incident update INC-42 how it stands" in front.whispered[0][1].text


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Overloaded("full", after=timedelta(seconds=3)), "try again in 3 s"),
        (RuntimeError("x"), "Something went wrong"),
    ],
)
async def test_a_press_that_we_cannot_take_is_acknowledged_and_the_presser_told(error: Exception, why: str) -> None:
    front = Front()
    front.desk.fail = error
    answer = await front.click(Action.ACKNOWLEDGE_ALERT, "a1")
    await front.app.drain()
    assert (answer.status, why in front.whispered[0][1].text) == (200, True)


async def test_a_word_that_cannot_be_said_is_let_go() -> None:
    front = Front(slack_fails=Undeliverable("used up"))
    answer = await front.click(Action.TAKE_COMMAND, "7")
    await front.app.drain()
    assert (answer.status, front.whispered) == (200, [])


async def test_a_press_without_a_response_url_is_refused_in_silence() -> None:
    front = Front()
    answer = await front.click(Action.TAKE_COMMAND, "7", response_url="")
    await front.app.drain()
    assert (answer.status, front.whispered) == (200, [])


@pytest.mark.parametrize(
    ("enterprise", "team", "allowed"), [(None, "E0ACME", False), ("E0ACME", "E0ACME", True), ("E0ACME", "E0X", False)]
)
async def test_strangers_may_not_press_but_the_same_organisation_may(
    enterprise: str | None, team: str, allowed: bool
) -> None:
    front = Front()
    assert front.identity
    front.identity = type(front.identity)(
        team=front.identity.team, enterprise=enterprise, bot="B0", user=front.identity.user, url=front.identity.url
    )
    await front.click(
        Action.ACKNOWLEDGE_ALERT,
        "a1",
        user={"id": ANA, "team_id": "T0OTHER"},
        team={"id": "T0OTHER", "enterprise_id": team},
    )
    await front.app.drain()
    assert bool(front.desk.taken) is allowed
    assert [message.text.startswith("Only members") for _, message in front.whispered] == [True] * (not allowed)
