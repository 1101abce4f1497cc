"""Private incidents, through signed requests: to whoever is none of their people they do not exist."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import Declare, SendUpdate
from bot.domain.grouping import alone
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, ChannelId, IncidentId
from bot.domain.model import Severity, Status
from bot.domain.permissions import Act, Permissions, Rule
from bot.domain.roles_model import Role
from bot.errors import TryLater
from bot.views.actions import Action, Field
from bot.views.declare_form import Filled, declare_form
from bot.views.forms import merge_form, update_form
from tests.inbound.slack.front import (
    ANA,
    BO,
    GENERAL,
    OTHER_CHANNEL,
    POLICY,
    WORKSPACE,
    Front,
    an_alert,
    an_incident,
    said,
)

N = IncidentId(42)
SECRET = "A laptop was stolen"
VERBS = (
    "accept", "decline no", "ic", "comms", "role scribe", "page <@U0CLEO> come", "invite <@U0CLEO>", "escalate",
    "status monitoring", "severity sev1", "update it works", "snooze 30m wait", "resolve found", "reopen again",
    "close", "note seen", "at 14:05 detected", "summary", "timeline", "handover <@U0CLEO> ic",
)  # fmt: skip


def front(rule: Rule | None = None, **changes: Any) -> Front:
    permissions = Permissions(rules={Act.SEE_PRIVATE: rule} if rule else {})
    made = Front(policy=replace(POLICY, permissions=permissions))
    made.desk.incidents[N] = an_incident(title=SECRET, private=True, declared_by=BO, **changes)
    return made


@pytest.mark.parametrize("verb", VERBS)
async def test_one_that_is_not_theirs_cannot_be_told_from_one_that_never_was(verb: str) -> None:
    there = front()
    word, _, rest = verb.partition(" ")
    told = said(await there.command(f"{word} INC-42 {rest}", channel=GENERAL))
    del there.desk.incidents[N]
    never = said(await there.command(f"{word} INC-42 {rest}", channel=GENERAL))
    assert told == never
    assert "There is no INC-42" in told
    assert SECRET not in told
    assert there.desk.taken == []


@pytest.mark.parametrize(
    "typed", ["list", "list all", "history", "find laptop", "help", "note", "merge INC-42", "frobnicate"]
)
async def test_it_is_in_no_list_and_in_nothing_that_is_found(typed: str) -> None:
    for status in (Status.INVESTIGATING, Status.RESOLVED):
        there = front(status=status)
        told = said(await there.command(typed, channel=OTHER_CHANNEL))
        assert SECRET not in told
        assert "INC-42 (" not in told
        assert "C0INC42" not in told


async def test_its_people_see_it_in_lists_and_by_its_number() -> None:
    there = front(responders=(ANA,))
    assert SECRET in said(await there.command("list", channel=GENERAL))
    assert SECRET in said(await there.command("find laptop", channel=GENERAL))
    assert SECRET in said(await there.command("summary INC-42", channel=GENERAL))


async def test_who_types_in_its_channel_is_one_of_its_people() -> None:
    there = front()
    assert SECRET in said(await there.command("summary"))
    await there.command("update it was found")
    assert there.desk.taken == [SendUpdate(incident=N, text="it was found", by=ANA)]


@pytest.mark.parametrize("rule", [Rule(people=frozenset({ANA})), Rule(groups=("S0LEGAL", "S0SECURITY"))])
async def test_whom_the_policy_names_sees_it_from_anywhere(rule: Rule) -> None:
    there = front(rule)
    there.groups = {"S0SECURITY": [ANA]}
    assert SECRET in said(await there.command("list", channel=GENERAL))
    await there.command("update INC-42 we call the police", channel=GENERAL)
    assert len(there.desk.taken) == 1


async def test_while_slack_does_not_say_who_is_in_a_group_nobody_sees_it_for_that() -> None:
    there = front(Rule(groups=("S0SECURITY",)))
    there.groups = {"S0SECURITY": [ANA]}
    there.slack_fails = TryLater("Slack is away")
    assert SECRET not in said(await there.command("list", channel=GENERAL))


async def test_a_form_that_stayed_open_is_of_no_use_to_who_has_left() -> None:
    there = front(responders=(ANA,))
    form = update_form(there.desk.incidents[N], POLICY)
    there.desk.incidents[N] = replace(there.desk.incidents[N], left=(ANA,))
    told = said(await there.submit(form, {Field.TEXT: "We roll back"}))
    assert "There is no such incident." in told
    assert there.desk.taken == []
    ((_, why, surface),) = there.desk.refusals
    assert (why, surface) == ("There is no such incident.", "form")


@pytest.mark.parametrize("action", [Action.TAKE_COMMAND, Action.CLOSE, Action.WRITE_UPDATE, Action.KEEP_OPEN])
async def test_a_button_that_names_it_does_nothing_for_others(action: Action) -> None:
    there = front()
    await there.click(action, "42")
    await there.app.drain()
    ((_, message),) = there.whispered
    assert SECRET not in str(message)
    assert (there.desk.taken, there.opened) == ([], [])


async def test_a_button_in_its_channel_works_for_whoever_is_there() -> None:
    there = front()
    where = {"type": "message", "message_ts": "1.2", "channel_id": "C0INC42"}
    await there.click(Action.TAKE_COMMAND, "42", container=where)
    assert there.desk.incidents[N].roles == {Role.COMMANDER: ANA}


async def test_nothing_is_merged_into_one_that_the_merger_does_not_see() -> None:
    there = front()
    told = said(await there.command("merge INC-42", channel=OTHER_CHANNEL))
    assert "There is no INC-42" in told
    there = front(responders=(ANA,))
    assert "One of them is private" in said(await there.command("merge INC-42", channel=OTHER_CHANNEL))
    assert there.desk.refusals == []


async def test_a_merge_by_form_into_one_that_was_seen_before_is_refused_as_if_it_were_not() -> None:
    there = front()
    form = merge_form(there.desk.incidents[IncidentId(43)], [there.desk.incidents[N]])
    assert "There is no INC-42." in said(await there.submit(form, {Field.INTO: "42"}))
    assert there.desk.taken == []


@pytest.mark.parametrize(
    "typed",
    ["private sev2 A laptop was stolen", "sev2 private A laptop was stolen", "private A laptop was stolen sev2"],
)
async def test_private_is_said_before_the_title_in_any_order(typed: str) -> None:
    there = Front()
    told = said(await there.command(f"declare {typed}", channel=GENERAL))
    assert there.desk.taken == [Declare(title=SECRET, by=ANA, severity=Severity.SEV2, private=True)]
    assert "a-laptop" not in told


async def test_the_form_keeps_what_was_typed_and_takes_the_tick() -> None:
    there = Front()
    await there.command("declare private sev2", channel=GENERAL)
    ((_, form),) = there.opened
    assert form == declare_form(POLICY, Filled(severity=Severity.SEV2, private=True))
    chosen = {"type": "checkboxes", "selected_options": [{"value": "private"}]}
    state = {Field.TITLE: {Field.TITLE: {"value": SECRET}}, Field.PRIVATE: {Field.PRIVATE: chosen}}
    sent = {"type": "view_submission", "user": {"id": ANA}, "team": {"id": WORKSPACE}, "trigger_id": "9.s"}
    await there.interaction({**sent, "view": {**form, "id": "V9", "hash": "1.x", "state": {"values": state}}})
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert command.private


async def test_declaring_in_private_can_be_kept_for_some() -> None:
    there = Front(policy=replace(POLICY, permissions=Permissions(rules={Act.PRIVATE: Rule(people=frozenset({BO}))})))
    assert "You may not declare a private incident" in said(await there.command("declare private x", channel=GENERAL))
    assert there.desk.taken == []
    await there.command("declare x is down", channel=GENERAL)
    assert len(there.desk.taken) == 1


async def test_why_tells_outsiders_that_there_is_one_and_no_more() -> None:
    there = front()
    alert = replace(an_alert(), incident=N)
    there.desk.alerts[AlertId("a1")] = alert
    group: Group = replace(alone(alert, POLICY), incident=N)
    there.desk.groups["a1"] = group
    told = said(await there.command("why checkout", channel=ChannelId("C0X")))
    assert SECRET not in told
    assert "INC-42" not in told


async def test_nothing_is_linked_to_one_that_the_linker_does_not_see() -> None:
    there = front()
    assert "There is no INC-42" in said(await there.command("link INC-42", channel=OTHER_CHANNEL))
    assert there.desk.taken == []
