"""What `muster.yaml` says of people: the roles of this organisation, and what is wrong with them, by its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.domain.model import CustomRole, Role, Severity
from bot.domain.permissions import Act, Rule
from bot.errors import ConfigError
from bot.settings import load, load_file
from tests.settings.files import faults_of, written


def test_roles_are_read_with_what_they_ask(tmp_path: Path) -> None:
    text = "handover_after: 3m\nroles:\n  Database Expert: [Check the replicas]\n  Customer Liaison: []\n"
    policy = load_file(written(text, tmp_path)).policy
    assert policy.roles == {"Database Expert": ("Check the replicas",), "Customer Liaison": ()}
    assert policy.handover_after == timedelta(minutes=3)


def test_who_is_woken_after_whom_is_read(tmp_path: Path) -> None:
    text = "severities: {sev1: {escalation: [[checkout, U0BO], [S0LEADS]]}}\nservices: {checkout: {}}\n"
    levels = load_file(written(text, tmp_path)).policy.severities[Severity.SEV1].escalation
    kinds = [[(one.kind, one.name) for one in level] for level in levels]
    assert kinds == [[("service", "checkout"), ("person", "U0BO")], [("group", "S0LEADS")]]


def test_keys_of_their_own_come_from_the_environment(tmp_path: Path) -> None:
    text = "services: {checkout: {page_env: CHECKOUT_KEY}}\npeople: {U0BO: {page_env: BO_KEY}, U0ANA: {}}\n"
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
  severity: {roles: [ic, database expert], groups: [S0LEADS], people: [U0ANA]}
  declare: {guests: true, bots: true, strangers: true}
"""
    rules = load_file(written(text, tmp_path)).policy.permissions.rules
    assert rules == {
        Act.SEVERITY: Rule(
            roles=(Role.COMMANDER, CustomRole("Database Expert")),
            groups=("S0LEADS",),
            people=frozenset({UserId("U0ANA")}),
        ),
        Act.DECLARE: Rule(guests=True, bots=True, strangers=True),
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("roles: {Scribe: []}", "a role that everybody has"),
        ("roles: {IC: []}", "a role that everybody has"),
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
