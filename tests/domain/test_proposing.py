"""Proposals to resolve: once a quiet spell, never before its time, taken back when an alert fires again."""

from dataclasses import replace

import pytest

from bot.domain.commands import Declare, Resolve
from bot.domain.group_commands import KeepOpen
from bot.domain.ids import IncidentId
from bot.domain.policy import Policy
from bot.domain.proposals import ProposeResolve as Ask
from bot.domain.proposals import ShowProposal
from bot.errors import Refused
from tests.domain.company import Company
from tests.domain.ruling import ANY, MINUTE, look, propose, ruled, works
from tests.domain.story import ANA, BO, POLICY, START


def asks(company: Company) -> list[float]:
    return [(one.due - START).total_seconds() for one in company.last.effects if isinstance(one.work, Ask)]


def _over(policy: Policy = POLICY) -> Company:
    """Return a company with an incident whose alert ended after a minute."""
    company = Company(policy)
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=0)
    company.tell("a", at=60, over=True)
    return company


def test_an_end_is_proposed_after_five_minutes_or_as_configured_or_as_the_rule_says() -> None:
    assert asks(_over()) == [360]
    assert asks(_over(replace(POLICY, propose_resolve_after=MINUTE))) == [120]
    company = ruled(replace(ANY, propose_resolve_after=2 * MINUTE))
    company.tell("a", at=0)
    look(company, 0)
    company.tell("a", at=60, over=True)
    assert asks(company) == [180]


def test_it_is_proposed_once_a_quiet_spell() -> None:
    company = _over()
    propose(company, 360)
    assert works(company, ShowProposal) == [ShowProposal(incident=IncidentId(42), n=1)]
    propose(company, 400)
    assert company.last.events == ()
    company.do(KeepOpen(incident=IncidentId(42), by=BO), at=410)
    propose(company, 420)
    assert company.last.events == ()
    assert company.incident
    assert company.incident.proposal
    assert company.incident.proposal.kept_by == BO


def test_a_look_from_before_the_last_end_plans_another() -> None:
    company = _over()
    company.tell("a", at=200)
    company.tell("a", at=210, over=True)
    propose(company, 360)
    assert (company.last.events, asks(company)) == ((), [510])


def test_nothing_is_proposed_while_an_alert_fires_or_once_it_is_resolved_or_without_alerts() -> None:
    company = _over()
    company.tell("a", at=200)
    propose(company, 360)
    assert company.last.effects == ()
    company = _over()
    company.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA), at=70)
    propose(company, 360)
    assert company.last.effects == ()
    company = Company()
    company.do(Declare(title="It is slow", by=ANA), at=0)
    propose(company, 360)
    assert company.last.effects == ()


def test_what_was_proposed_shows_what_became_of_it() -> None:
    company = _over()
    propose(company, 360)
    company.tell("a", at=400)
    assert [event.kind for event in company.last.events] == ["alert_attached", "proposal_ended"]
    assert works(company, ShowProposal) == [ShowProposal(incident=IncidentId(42), n=1)]
    company.tell("a", at=410, over=True)
    propose(company, 710)
    company.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA), at=720)
    assert works(company, ShowProposal) == [ShowProposal(incident=IncidentId(42), n=2)]


def test_what_is_not_proposed_cannot_be_kept_open() -> None:
    company = _over()
    with pytest.raises(Refused, match="INC-42 is not proposed"):
        company.do(KeepOpen(incident=IncidentId(42), by=BO), at=70)


def test_what_flaps_is_not_over_until_it_is_steady() -> None:
    company = _over()
    for at in (100, 200, 300):
        company.tell("a", at=at)
        company.tell("a", at=at + 50, over=True)
    assert company.group.flapping
    assert asks(company) == []
    propose(company, 700)
    assert company.last.events == ()
    company.review(at=350 + 1800)
    assert asks(company) == [2150]
    propose(company, 2150)
    assert works(company, ShowProposal) == [ShowProposal(incident=IncidentId(42), n=1)]


def test_what_flaps_and_goes_on_firing_asks_nothing() -> None:
    company = _over()
    for at in (100, 200, 300):
        company.tell("a", at=at)
        company.tell("a", at=at + 50, over=True)
    company.tell("a", at=400)
    company.review(at=400 + 1800)
    assert (company.group.flapping, asks(company)) == (None, [])
