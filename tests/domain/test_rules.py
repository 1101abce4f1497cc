"""Rules: which alerts they count, when they are asked, and that nothing is asked for nothing."""

from dataclasses import replace

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert, Declare, Resolve
from bot.domain.ids import IncidentId
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.rules import DeclareRule, first_to_hold, is_at_least
from bot.domain.silence_commands import ReviewMutes, SilenceAlerts, SilenceGroup, UnsilenceGroup
from tests.domain.company import Company
from tests.domain.ruling import ANY, MINUTE, look, looks, propose, ruled
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, POLICY, START


@pytest.mark.parametrize(
    ("severity", "wanted", "is_so"),
    [
        (AlertSeverity.CRITICAL, AlertSeverity.HIGH, True),
        (AlertSeverity.HIGH, AlertSeverity.HIGH, True),
        (AlertSeverity.WARNING, AlertSeverity.HIGH, False),
        (AlertSeverity.UNKNOWN, AlertSeverity.WARNING, True),
        (AlertSeverity.UNKNOWN, AlertSeverity.HIGH, False),
        (AlertSeverity.INFO, AlertSeverity.INFO, True),
        (AlertSeverity.INFO, AlertSeverity.WARNING, False),
    ],
)
def test_a_severity_that_is_not_given_counts_as_a_warning(
    severity: AlertSeverity, wanted: AlertSeverity, *, is_so: bool
) -> None:
    assert is_at_least(severity, wanted) is is_so


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (ANY, '{service="checkout"}'),
        (DeclareRule(name="a", min_severity=AlertSeverity.HIGH), "any alert at least high"),
        (replace(ANY, min_firing=3, after=5 * MINUTE), '{service="checkout"}, 3 firing, for 5m'),
    ],
)
def test_a_rule_says_whom_it_is_for(rule: DeclareRule, said: str) -> None:
    assert str(rule) == said


@pytest.mark.parametrize(
    ("rule", "seconds"),
    [
        (ANY, [0]),
        (replace(ANY, after=5 * MINUTE), [300]),
        (replace(ANY, min_firing=2), []),
        (replace(ANY, min_severity=AlertSeverity.HIGH), []),
        (DeclareRule(name="other", matchers=matchers_of("service=search")), []),
    ],
)
def test_a_look_is_planned_for_the_first_moment_at_which_the_rule_could_hold(
    rule: DeclareRule, seconds: list[float]
) -> None:
    company = ruled(rule)
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    assert looks(company) == seconds


def test_without_rules_nothing_is_looked_at() -> None:
    company = Company()
    company.tell("a", at=0)
    assert (looks(company), company.group.watched) == ([], None)


def test_an_earlier_look_takes_the_place_of_a_later_one_and_no_other_is_planned_beside_it() -> None:
    company = ruled(replace(ANY, after=5 * MINUTE), replace(ANY, min_severity=AlertSeverity.HIGH, after=MINUTE))
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    company.tell("b", at=10, severity=AlertSeverity.WARNING)
    assert looks(company) == []
    company.tell("c", at=20)
    assert looks(company) == [80]
    company.tell("a", at=30, severity=AlertSeverity.CRITICAL, began=0)
    assert looks(company) == [60]


def test_a_look_that_comes_too_early_plans_the_next() -> None:
    company = ruled(replace(ANY, min_firing=2, after=5 * MINUTE))
    company.tell("a", at=0)
    company.tell("b", at=60)
    assert looks(company) == [360]
    company.tell("a", at=100, over=True)
    company.tell("c", at=120)
    look(company, 360)
    assert (looks(company), company.incident) == ([420], None)
    look(company, 420)
    assert company.incident
    assert (company.incident.declared_by, company.incident.rule) == (None, "any")


def test_of_rules_that_hold_the_first_that_is_written_counts_and_says_the_severity() -> None:
    later, first = replace(ANY, after=MINUTE), replace(ANY, name="first", severity=Severity.SEV3)
    company = ruled(later, first, replace(ANY, name="second"))
    company.tell("a", at=0)
    look(company, 0)
    assert company.incident
    assert (company.incident.rule, company.incident.severity) == ("first", Severity.SEV3)


def test_the_gravest_alert_that_counts_proposes_the_severity() -> None:
    company = ruled(DeclareRule(name="b", matchers=matchers_of("pod=~b|c")))
    company.tell("a", at=0, severity=AlertSeverity.CRITICAL)
    company.tell("b", at=0, severity=AlertSeverity.WARNING)
    company.tell("c", at=0, severity=AlertSeverity.HIGH)
    look(company, 0)
    assert company.incident
    assert company.incident.severity is Severity.SEV2
    assert len(company.incident.alerts) == 3


def test_what_ended_before_the_look_declares_nothing() -> None:
    company = ruled(replace(ANY, after=MINUTE))
    company.tell("a", at=0)
    company.tell("a", at=30, over=True)
    look(company, 60)
    assert (company.incident, company.group.watched, looks(company)) == (None, None, [])
    look(company, 70)
    assert company.last.effects == ()


def test_who_has_taken_it_up_is_left_to_it() -> None:
    company = ruled(replace(ANY, after=MINUTE))
    company.tell("a", at=0)
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=30)
    look(company, 60)
    company.tell("b", at=70)
    assert (company.incident, looks(company)) == (None, [])


def test_a_group_that_a_person_declared_from_is_not_declared_again() -> None:
    company = ruled(replace(ANY, after=MINUTE))
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=10)
    company.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA), at=20)
    look(company, 60)
    company.tell("b", at=70)
    assert (company.last.events, looks(company)) == ((), [])


def test_what_is_quiet_counts_when_it_is_heard_again() -> None:
    company = ruled(ANY)
    company.do(
        SilenceAlerts(matchers=matchers_of("service=checkout"), lasts=MINUTE, by=ANA, reason="known", origin="test"),
        at=0,
    )
    company.tell("a", at=1)
    assert looks(company) == []
    company.do(ReviewMutes(group=company.group.id), at=60)
    assert looks(company) == [60]


def test_a_group_that_was_silenced_by_hand_counts_when_that_is_over() -> None:
    company = ruled(ANY)
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=ANA), at=0)
    look(company, 0)
    assert company.incident is None
    company.do(UnsilenceGroup(group=company.group.id, by=ANA), at=10)
    assert looks(company) == [10]


def test_nobody_looks_for_a_rule_that_cannot_hold_when_a_group_is_heard_again() -> None:
    company = ruled(replace(ANY, min_firing=2))
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=ANA), at=0)
    company.do(UnsilenceGroup(group=company.group.id, by=ANA), at=10)
    assert looks(company) == []


def test_the_objection_names_what_is_otherwise() -> None:
    company = ruled(ANY)
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    report = company.alerts["a"].report
    assert ANY.objection(report) is None
    assert replace(ANY, matchers=matchers_of("team=x")).objection(report) == 'team is not given, wanted is team="x"'
    objection = replace(ANY, min_severity=AlertSeverity.HIGH).objection(report)
    assert objection == 'severity is "warning", wanted is at least high'
    assert first_to_hold([ANY], replace(company.group, acknowledged=None), [], START) is None


def test_a_group_joins_the_open_incident_of_its_service_and_takes_back_that_it_is_over() -> None:
    company = ruled(ANY)
    company.tell("a", at=0)
    look(company, 0)
    company.tell("a", at=60, over=True)
    propose(company, 360)
    first = company.incident
    assert first
    assert first.proposal
    company.newest, company.alerts = None, {}
    company.joins = first
    company.tell("b", at=400)
    look(company, 400)
    assert [event.kind for event in company.last.events] == ["alert_attached", "proposal_ended"]
    assert company.group.incident == first.id
    assert company.alerts["b"].incident == first.id


def test_without_a_person_the_owners_of_the_service_are_called_and_nobody_where_there_are_none() -> None:
    assert POLICY.services[CHECKOUT].on_call == (CLEO,)
    owned = replace(POLICY.services[CHECKOUT], on_call=(), owners=(BO,))
    for services, called in (({CHECKOUT: owned}, (BO,)), ({}, ())):
        company = ruled(ANY, services=services)
        company.tell("a", at=0)
        look(company, 0)
        assert company.incident
        assert (company.incident.responders, company.incident.caller) == (called, called[0] if called else None)
