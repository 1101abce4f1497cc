"""Rules in the file: what is read of them, and what is wrong with them, by its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.matchers import Matcher, Operator, matchers_of
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.domain.rules import DeclareRule
from bot.settings import load_file, summarise
from tests.settings.files import faults_of, written

GOOD = """\
propose_resolve_after: 10m
reopen_within: 2h
declare:
  - name: checkout-critical
    match: {service: checkout|payments}
    matchers: ['team!="data"']
    min_severity: high
    min_firing: 3
    after: 5m
    severity: sev2
    propose_resolve_after: 1h
    open: triage
    page: true
  - {name: any critical, min_severity: critical}
"""


def test_rules_are_read(tmp_path: Path) -> None:
    policy = load_file(written(GOOD, tmp_path)).policy
    assert policy.propose_resolve_after == timedelta(minutes=10)
    assert policy.reopen_within == timedelta(hours=2)
    assert policy.declare == (
        DeclareRule(
            name="checkout-critical",
            matchers=(Matcher("service", Operator.MATCHES, "checkout|payments"), *matchers_of('team!="data"')),
            min_severity=AlertSeverity.HIGH,
            min_firing=3,
            after=timedelta(minutes=5),
            severity=Severity.SEV2,
            propose_resolve_after=timedelta(hours=1),
            triage=True,
            pages=True,
        ),
        DeclareRule(name="any critical", min_severity=AlertSeverity.CRITICAL),
    )


def test_without_a_word_nothing_is_declared_and_an_end_is_proposed_after_five_minutes(tmp_path: Path) -> None:
    policy = load_file(written("declare:\n", tmp_path)).policy
    assert (policy.declare, policy.propose_resolve_after) == ((), Policy().propose_resolve_after)


def test_the_summary_names_the_rules(tmp_path: Path) -> None:
    said = summarise(load_file(written(GOOD, tmp_path))).splitlines()
    assert "Incidents are declared by rules: checkout-critical, any critical" in said


def _rule(text: str) -> str:
    return f"declare:\n  - {{name: a, {text}}}\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("declare: {name: a}", "1:10 declare: must be a list of rules"),
        ("declare: [{min_severity: high}]", "1:11 declare[0].name: is missing"),
        (_rule("min_severity: info"), "2:5 declare[0]: means every alert; give it match, matchers or a higher min_"),
        (_rule("min_severity: unknown"), "2:29 declare[0].min_severity: must be critical, high, warning or info"),
        (_rule("min_severity: bad"), "2:29 declare[0].min_severity: must be critical, high, warning or info"),
        (_rule("match: {a: b}, severity: sev9"), "2:40 declare[0].severity: must be one of sev1, sev2, sev3 or sev4"),
        (_rule("match: {a: b}, min_firing: 0"), "2:42 declare[0].min_firing: must be how many alerts fire at least"),
        (_rule("match: {a: b}, min_firing: '3'"), "2:42 declare[0].min_firing: must be how many alerts fire at least"),
        (_rule("match: {a: b}, min_firing: true"), "2:42 declare[0].min_firing: must be how many alerts fire at least"),
        (_rule("match: {a: b}, after: soon"), '2:37 declare[0].after: "soon" is no duration; write it as "10m"'),
        (_rule("matchers: a=b"), ""),
        (_rule("matchers: ['a']"), "2:25 declare[0].matchers: after 'a' one of = != =~ !~ is missing"),
        (_rule("match: {severity: page}"), "2:33 declare[0].match.severity: no alert has it: severities are critical"),
        (_rule("match: {a: b}, open: later"), "2:36 declare[0].open: must be open, or triage when somebody"),
        (_rule("match: {a: b}, page: true"), "2:5 declare[0]: pages as its severity says; `page` is for rules with"),
        (_rule("match: {a: b}, count: 2"), "2:30 declare[0].count: unknown key"),
        (_rule("match: {a: b}, min_firin: 2"), '2:30 declare[0].min_firin: unknown key, did you mean "min_firing"?'),
        (
            "declare: [{name: a, match: {a: b}}, {name: a, match: {a: c}}]",
            '1:18 declare[0].name: 2 rules are called "a"',
        ),
        (
            f"services: {{checkout: {{}}}}\n{_rule('match: {service: chekout}')}",
            '3:32 declare[0].match.service: there is no service "chekout", did you mean "checkout"?',
        ),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_to_write(text: str, fault: str, tmp_path: Path) -> None:
    if not fault:
        assert load_file(written(text, tmp_path)).policy.declare
        return
    told = faults_of(written(text, tmp_path))
    assert told[0].startswith(f"muster.yaml:{fault}"), told
