"""Groups and people: acknowledged and declared as one; alerts from before there were groups."""

from dataclasses import replace

import pytest

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.commands import (
    AcknowledgeAlert,
    Declare,
    ReportAlert,
    Resolve,
)
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.group_work import ShowGroup
from bot.domain.grouping import alone
from bot.domain.ids import GroupId, IncidentId
from bot.domain.work import Say
from bot.errors import Refused
from tests.domain.company import SECOND, SHOW, Company
from tests.domain.story import ANA, BO, POLICY, START


def test_an_incident_takes_all_that_fires_and_what_joins_later() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=0)
    company.tell("c", at=0)
    company.tell("c", at=1, over=True)
    company.do(Declare(by=ANA, alert=company.group.id), at=60)
    assert company.incident
    assert sum(isinstance(event, AlertAttached) for event in company.last.events) == 2
    assert (company.group.incident, company.incident.groups) == (42, (company.group.id,))
    assert company.work() == [(SHOW, 60)]
    company.tell("d", at=61)
    assert [type(event) for event in company.last.events] == [AlertAttached]
    assert (company.alerts["d"].incident, len(company.incident.alerts)) == (42, 3)
    assert not any(isinstance(effect.work, Say) for effect in company.last.effects)


def test_only_the_last_end_is_said_in_the_incident() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=60)
    company.tell("a", at=70, over=True)
    assert [type(event) for event in company.last.events] == [AlertEnded]
    assert not any(isinstance(effect.work, Say) for effect in company.last.effects)
    company.tell("b", at=80, over=True)
    (said,) = [effect.work for effect in company.last.effects if isinstance(effect.work, Say)]
    assert isinstance(said.event, AlertEnded)
    assert said.event.all_of == 2


def test_what_joins_after_the_incidents_end_does_not_belong_to_it() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=60)
    company.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA), at=70)
    assert (SHOW, 70) in company.work()
    company.tell("b", at=80)
    assert (company.alerts["b"].incident, company.last.events) == (None, ())
    company.tell("b", at=81, over=True)
    assert company.last.events == ()


def test_a_group_is_acknowledged_as_one_and_the_incident_hears_of_it_once() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=60)
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=61)
    assert [type(event) for event in company.last.events] == [AlertAcknowledged]
    assert company.work() == [(SHOW, 61)]
    with pytest.raises(Refused, match="already acknowledged"):
        company.do(AcknowledgeAlert(alert=company.group.id, by=ANA), at=62)


def old_alert() -> Alert:
    """Return an alert from before there were groups."""
    company = Company()
    company.tell("old", at=0)
    return replace(company.alerts["old"], group=None)


def test_an_alert_from_before_there_were_groups_is_a_group_of_its_own_under_its_id() -> None:
    old = old_alert()
    for command in (ReportAlert(report=old.report), AcknowledgeAlert(alert=old.id, by=BO)):
        decision = decide(State(alert=old), command, START + SECOND, POLICY)
        assert decision.alert
        assert decision.group
        own = GroupId(old.id)
        assert (decision.alert.group, decision.group.id, decision.group.firing) == (own, own, 1)
        assert [effect.work for effect in decision.effects] == [ShowGroup(group=GroupId(old.id), channel=old.channel)]
    over = replace(old.report, status=AlertStatus.RESOLVED, ends_at=START + SECOND)
    decision = decide(State(alert=old), ReportAlert(report=over), START + SECOND, POLICY)
    assert decision.group
    assert decision.group.is_over


def test_declaring_from_an_alert_from_before_there_were_groups_makes_its_group() -> None:
    old = old_alert()
    state = State(alert=old, alerts=(old,), number=IncidentId(42), suffix="7k3x")
    decision = decide(state, Declare(by=ANA, alert=old.id), START + SECOND, POLICY)
    assert decision.group
    (attached,) = decision.alerts
    number = IncidentId(42)
    assert (attached.group, attached.incident, decision.group.incident) == (GroupId(old.id), number, number)


def test_an_old_alert_that_is_over_is_over_as_a_group() -> None:
    over = replace(old_alert(), status=AlertStatus.RESOLVED)
    assert (alone(over, POLICY).is_over, alone(over, POLICY).firing) == (True, 0)
