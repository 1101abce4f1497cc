"""What `muster.yaml` says of people: the roles of this organisation, and what is wrong with them, by its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.domain.model import Severity
from bot.domain.permissions import Act, Rule
from bot.domain.roles_model import CustomRole, Role
from bot.errors import ConfigError
from bot.settings import load, load_file
from tests.settings.files import faults_of, written


def test_roles_are_read_with_what_they_ask(tmp_path: Path) -> None:
    text = "handover_after: 3m\nroles:\n  Database Expert: [Check the replicas]\n  Customer Liaison:\n"
    policy = load_file(written(text, tmp_path)).policy
    assert policy.roles == {"Database Expert": ("Check the replicas",), "Customer Liaison": ()}
    assert policy.handover_after == timedelta(minutes=3)


def test_who_is_woken_after_whom_is_read(tmp_path: Path) -> None:
    text = "severities: {sev1: {escalation: [[checkout, U0BO], [S0LEADS]]}}\nservices: {checkout: {}}\n"
    levels = load_file(written(text, tmp_path)).policy.severities[Severity.SEV1].escalation
    kinds = [[(one.kind, one.name) for one in level] for level in levels]
    assert kinds == [[("service", "checkout"), ("person", "U0BO")], [("group", "S0LEADS")]]


def test_a_service_is_one_even_when_its_name_could_be_an_id(tmp_path: Path) -> None:
    text = 'severities: {sev1: {escalation: [[SEARCH, WEB, S0LEADS]]}}\nservices: {" SEARCH ": {}, WEB: {}}\n'
    ((*called,),) = load_file(written(text, tmp_path)).policy.severities[Severity.SEV1].escalation
    assert [one.kind for one in called] == ["service", "service", "group"]


def test_keys_of_their_own_come_from_the_environment(tmp_path: Path) -> None:
    text = "services: {checkout: {page_env: CHECKOUT_KEY}}\npeople: {U0BO: {page_env: BO_KEY}, U0ANA: }\n"
    path, slack = written(text, tmp_path), {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x" * 32}
    settings = load(path, {**slack, "CHECKOUT_KEY": "A" * 32, "BO_KEY": "B" * 32})
    assert settings.policy.own_pagers == {"service:checkout", "person:U0BO"}
    assert settings.pagerduty.own_keys["person:U0BO"].get_secret_value() == "B" * 32
    with pytest.raises(ConfigError) as wrong:
        load(path, {**slack, "BO_KEY": "short"})
    assert "environment CHECKOUT_KEY: is not set" in wrong.value.faults
    assert any("BO_KEY: must have 32 characters" in fault for fault in wrong.value.faults)


def test_who_may_do_what_is_read(tmp_path: Path) -> None:
    text = """\
roles: {Database Expert: []}
permissions:
  severity: {roles: [commander, database-expert], groups: [S0LEADS], people: [U0ANA]}
  declare: {guests: true, bots: true, strangers: true}
  silence: {api: false}
"""
    rules = load_file(written(text, tmp_path)).policy.permissions.rules
    assert rules == {
        Act.SEVERITY: Rule(
            roles=(Role.COMMANDER, CustomRole("Database Expert")),
            groups=("S0LEADS",),
            people=frozenset({UserId("U0ANA")}),
        ),
        Act.DECLARE: Rule(guests=True, bots=True, strangers=True),
        Act.SILENCE: Rule(api=False),
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("roles: {Scribe: []}", "a role that everybody has"),
        ("roles: {IC: []}", "a role that everybody has"),
        ("roles: {Commander: []}", "a role that everybody has"),
        ("roles: {Incident-Commander: []}", "a role that everybody has"),
        ("roles: {Expert: [], expert: []}", 'roles.expert: is typed as "Expert" is, expert; give one of them another'),
        ("roles: {'a:b': []}", "is no role"),
        (f"roles: {{{'x' * 41}: []}}", "is no role"),
        (f"roles: {{Expert: [{'x' * 151}]}}", "roles.Expert[0]: is too long"),
        ("permissions: {severity: {groups: [leads]}}", "is no id of a user group"),
        ("permissions: {sevrity: {}}", "permissions.sevrity"),
        (f"roles: {{Expert: [{', '.join('x' * 11)}]}}", "roles.Expert: are too many"),
    ],
)
def test_what_is_wrong_with_a_role_is_said_at_its_place(text: str, fault: str, tmp_path: Path) -> None:
    assert fault in "\n".join(faults_of(written(text, tmp_path)))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "services: {checkout: {}}\nseverities: {sev1: {escalation: [[U0BO], [chekout]]}}",
            (
                '2:43 severities.sev1.escalation[1][0]: "chekout" is no id of a person (U...) or a user group (S...) '
                'in Slack, nor a service, did you mean "checkout"?'
            ),
        ),
        (
            "services: {search: {}, payments: {}}\nseverities: {sev2: {escalation: [[U0BO, ana]]}}",
            (
                '2:41 severities.sev2.escalation[0][1]: "ana" is no id of a person (U...) or a user group (S...) '
                "in Slack, nor a service (known here: payments, search)"
            ),
        ),
        (
            "severities: {sev1: {escalation: [[checkout]]}}",
            (
                '1:35 severities.sev1.escalation[0][0]: "checkout" is no id of a person (U...) or a user group (S...) '
                "in Slack, nor a service; there is none under services"
            ),
        ),
        (
            "roles: {Database Expert: []}\npermissions: {severity: {roles: [ic, databse expert]}}",
            '2:38 permissions.severity.roles[1]: there is no role "databse expert", did you mean "Database Expert"?',
        ),
        (
            "permissions: {page: {roles: [leader]}}",
            '1:30 permissions.page.roles[0]: there is no role "leader" (known here: comms, ic, ops, planning, scribe)',
        ),
        ("permissions: {page: {people: [bo]}}", '1:31 permissions.page.people[0]: "bo" is no Slack user id; write one'),
    ],
)
def test_who_is_named_and_is_not_there_is_a_fault(text: str, fault: str, tmp_path: Path) -> None:
    (told,) = faults_of(written(text, tmp_path))
    assert told.startswith(f"muster.yaml:{fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("services: [checkout]\nseverities: {sev1: {escalation: [[checkout]]}}", "1:11 services: must be a mapping"),
        (
            "severities: {sev1: {escalation: checkout}}",
            "1:33 severities.sev1.escalation: must be a list of levels, each",
        ),
        ("severities: {sev1: {escalation: [[]]}}", "1:34 severities.sev1.escalation[0]: calls nobody; name whom it"),
        ("severities: {sev1: {escalation: [checkout]}}", "1:34 severities.sev1.escalation[0]: must be a list"),
        ("severities: {sev1: {escalation: [[5]]}}", "1:35 severities.sev1.escalation[0][0]: must be text"),
        ("roles: [Expert]\npermissions: {page: {roles: [Expert]}}", "1:8 roles: must be a mapping"),
        ("permissions: {page: {roles: ic}}", "1:29 permissions.page.roles: must be a list"),
        ("permissions: {page: {roles: [5]}}", "1:30 permissions.page.roles[0]: must be text"),
        ("permissions: {page: ic}", "1:21 permissions.page: must be a mapping"),
    ],
)
def test_what_only_follows_from_another_fault_is_not_told_beside_it(text: str, fault: str, tmp_path: Path) -> None:
    (told,) = faults_of(written(text, tmp_path))
    assert told.startswith(f"muster.yaml:{fault}")


def test_a_role_is_no_secret_whatever_it_is_called(tmp_path: Path) -> None:
    assert faults_of(written("roles: {Token: [Renew it]}", tmp_path)) == []
