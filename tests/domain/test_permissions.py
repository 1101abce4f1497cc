"""Who may do what, as a table: each kind of person against each kind of rule; and every command has its act."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.domain.commands import AssignRole, Command, Declare, SetSeverity
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.people_commands import AnswerHandover
from bot.domain.permissions import WORDS, Account, Act, Permissions, Rule, act_of, denied, denied_to_scripts, rule_of
from bot.domain.roles_model import CustomRole, Role
from bot.domain.task_commands import UndoChange
from tests.domain.story import ANA, BO, CLEO, Story

N = IncidentId(42)
EXPERT = CustomRole("Database Expert")
MEMBER, GUEST, STRANGER, BOT, GONE = (
    Account(),
    Account(guest=True),
    Account(stranger=True),
    Account(bot=True),
    Account(gone=True),
)
RULES: dict[str, Rule] = {
    "everybody": Rule(),
    "people": Rule(people=frozenset({ANA})),
    "group": Rule(groups=("S0LEADS",)),
    "role": Rule(roles=(Role.COMMANDER,)),
    "guests too": Rule(guests=True),
    "guests of a group": Rule(guests=True, groups=("S0LEADS",)),
    "strangers too": Rule(strangers=True),
    "bots too": Rule(bots=True),
}
# Who is asked about: their account, whether they are Ana, in the group, in command.
PEOPLE: dict[str, tuple[Account | None, bool, bool | None, bool]] = {
    "member": (MEMBER, False, False, False),
    "named": (MEMBER, True, False, False),
    "in the group": (MEMBER, False, True, False),
    "commander": (MEMBER, False, False, True),
    "guest": (GUEST, False, False, False),
    "guest in the group": (GUEST, False, True, False),
    "guest in command": (GUEST, False, False, True),
    "stranger": (STRANGER, False, False, False),
    "bot": (BOT, False, False, False),
    "deactivated": (GONE, True, True, True),
    "nobody could look them up": (None, False, None, False),
}
MAY: dict[str, set[str]] = {
    "everybody": {"member", "named", "in the group", "commander", "nobody could look them up"},
    "people": {"named"},
    "group": {"in the group"},
    "role": {"commander"},
    "guests too": {
        *("member", "named", "in the group", "commander", "nobody could look them up"),
        *("guest", "guest in the group", "guest in command"),
    },
    "guests of a group": {"in the group", "guest in the group"},
    "strangers too": {"member", "named", "in the group", "commander", "nobody could look them up", "stranger"},
    "bots too": {"member", "named", "in the group", "commander", "nobody could look them up", "bot"},
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("rule", list(RULES))
def test_the_matrix_of_permissions(act: Act, rule: str) -> None:
    led = Story().declared()
    led.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    may = set()
    for name, (account, named, in_group, commands) in PEOPLE.items():
        user = ANA if named else CLEO if commands else BO
        if denied(act, RULES[rule], user, account, {"S0LEADS": in_group}, led.incident) is None:
            may.add(name)
    assert may == MAY[rule]


def test_who_is_refused_reads_what_it_is_about_and_who_may() -> None:
    led = Story().declared()
    led.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    rule = Rule(people=frozenset({ANA}), groups=("S0LEADS",), roles=(Role.COMMANDER, EXPERT))
    denial = denied(Act.SEVERITY, rule, BO, MEMBER, {"S0LEADS": False}, led.incident)
    assert denial
    assert denial.text == (
        "You may not change the severity. The Incident Commander, the Database Expert, members of a user group that is "
        "named for it and the people who are named for it may."
    )
    assert denial.who == (CLEO, ANA)
    only = denied(Act.PAGE, Rule(roles=(Role.COMMANDER,)), BO, MEMBER, {}, None)
    assert only
    assert (only.text, only.who) == ("You may not page people. The Incident Commander may.", ())


@pytest.mark.parametrize(
    ("account", "says"),
    [
        (GUEST, "Guests may not declare an incident here. Ask a member of this workspace."),
        (STRANGER, "People of another organisation may not declare an incident here. Ask a member of this workspace."),
        (BOT, "Bots may not declare an incident here. Ask a member of this workspace."),
        (GONE, "This account is deactivated."),
    ],
)
def test_who_is_no_member_reads_why(account: Account, says: str) -> None:
    denial = denied(Act.DECLARE, Rule(), BO, account, {}, None)
    assert denial
    assert denial.text == says


def test_when_nobody_can_tell_who_is_in_a_group_it_is_not_guessed() -> None:
    denial = denied(Act.RESOLVE, Rule(groups=("S0LEADS",)), BO, None, {"S0LEADS": None}, None)
    assert denial
    assert "could not ask Slack" in denial.text


def test_every_act_of_a_person_is_one_that_can_be_kept_for_some() -> None:
    """A new command that a person gives belongs into the table; what only records what was said or heard does not."""
    by_people = {one for one in _flat(Command) if "by" in one.__annotations__}
    recorded = {one for one in by_people if one.__name__.startswith(("Record", "Hear"))}
    recorded.add(UndoChange)  # is the act of what it takes back: test_undoing.py
    assert {one.__name__ for one in by_people - recorded if act_of(_blank(one)) is None} == set()
    assert set(WORDS) == set(Act)


def test_what_is_asked_of_one_person_is_not_kept_from_them() -> None:
    permissions = Permissions(rules={Act.ROLE: Rule(roles=(Role.COMMANDER,), guests=True)})
    answer = AnswerHandover(incident=N, n=1, accepts=True, by=BO)
    assert rule_of(answer, Act.ROLE, permissions) == Rule(guests=True)
    given = AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO)
    assert rule_of(given, Act.ROLE, permissions) == permissions.rule(Act.ROLE)
    assert permissions.rule(Act.PAGE) == Rule()
    assert not permissions.let_strangers
    assert replace(permissions, rules={Act.NOTE: Rule(strangers=True)}).let_strangers


def _flat(union: object) -> list[type]:
    return [one for part in get_args(union) for one in (_flat(part) if get_args(part) else [part])]


def _blank(kind: type) -> Command:
    made: Command = object.__new__(kind)
    return made


def test_declaring_and_grading_are_acts_of_their_own() -> None:
    assert act_of(Declare(title="x", by=ANA)) is Act.DECLARE
    assert act_of(SetSeverity(incident=N, severity=Severity.SEV1, by=UserId("U1"))) is Act.SEVERITY


@pytest.mark.parametrize(
    ("rule", "may"),
    [
        (Rule(), True),
        (Rule(guests=True), True),
        (Rule(api=True), True),
        (Rule(api=False), False),
        (Rule(people=frozenset({ANA})), False),
        (Rule(groups=("S0LEADS",)), False),
        (Rule(roles=(Role.COMMANDER,)), False),
        (Rule(people=frozenset({ANA}), api=True), True),
        (Rule(people=frozenset({ANA}), api=False), False),
    ],
)
def test_scripts_may_what_every_member_may_unless_the_rule_says_otherwise(rule: Rule, may: bool) -> None:
    denial = denied_to_scripts(Act.SILENCE, rule)
    assert (denial is None) == may
    if denial:
        assert denial.text.startswith("Scripts may not silence alerts here.")
        assert "`permissions: {silence: {api: true}}` in muster.yaml lets them" in denial.text
        assert denial.who == tuple(rule.people)
        assert ("may, in Slack" in denial.text) == rule.is_for_some
