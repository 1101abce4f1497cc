"""What people do with a group besides taking it up: they join its incident, give it to somebody, judge it."""

from dataclasses import replace

import pytest

from bot.domain.commands import AcknowledgeAlert, Declare, Resolve
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.group_work import TellAssignee
from bot.domain.groups_model import Verdict
from bot.domain.ids import ChannelId, GroupId, IncidentId, UserId
from bot.domain.result_commands import OpenedChannel
from bot.domain.work import InvitePeople
from bot.errors import Refused
from tests.domain.company import SHOW, Company
from tests.domain.story import ANA, BO, POLICY, START

CLEO = UserId("U0CLEO")
NUMBER = IncidentId(42)


def firing() -> Company:
    company = Company()
    company.tell("a", at=0)
    return company


def declared() -> Company:
    company = firing()
    company.do(Declare(by=ANA, alert=company.group.id), at=60)
    return company


def told(company: Company) -> list[object]:
    return [effect.work for effect in company.last.effects if isinstance(effect.work, TellAssignee | InvitePeople)]


def test_who_joins_is_brought_into_the_incidents_channel() -> None:
    company = declared()
    company.do(OpenedChannel(incident=NUMBER, channel=ChannelId("C1"), name="inc-42"), at=61)
    company.do(JoinIncident(alert=company.group.id, by=CLEO), at=62)
    assert told(company) == [InvitePeople(incident=NUMBER, users=(CLEO,))]
    assert company.last.events == ()


def test_who_joins_before_there_is_a_channel_is_told_to_press_again() -> None:
    company = declared()
    with pytest.raises(Refused, match="Press again in a moment"):
        company.do(JoinIncident(alert=company.group.id, by=CLEO), at=62)


def test_nobody_joins_what_is_over_or_was_never_declared() -> None:
    company = firing()
    with pytest.raises(Refused, match="no open incident"):
        company.do(JoinIncident(alert=company.group.id, by=CLEO), at=1)
    company = declared()
    company.do(Resolve(incident=NUMBER, resolution="Rolled back", by=ANA), at=70)
    with pytest.raises(Refused, match="no open incident"):
        company.do(JoinIncident(alert=company.group.id, by=CLEO), at=71)


def test_who_is_given_a_group_is_shown_and_told_once() -> None:
    company = firing()
    company.do(AssignAlert(alert=company.group.id, user=BO, by=ANA), at=20)
    assert company.group.assigned
    assert (company.group.assigned.user, company.group.assigned.by) == (BO, ANA)
    assert (SHOW, 20) in company.work()
    assert told(company) == [TellAssignee(group=company.group.id, user=BO, by=ANA, n=1)]
    company.do(AssignAlert(alert=company.group.id, user=BO, by=CLEO), at=21)
    assert company.last.effects == ()


def test_a_group_that_comes_back_to_somebody_is_told_to_them_again() -> None:
    company = firing()
    for at, user in enumerate((BO, CLEO, BO), start=20):
        company.do(AssignAlert(alert=company.group.id, user=user, by=ANA), at=at)
    assert told(company) == [TellAssignee(group=company.group.id, user=BO, by=ANA, n=3)]


def test_who_takes_a_group_themselves_needs_no_message() -> None:
    company = firing()
    company.do(AssignAlert(alert=company.group.id, user=ANA, by=ANA), at=20)
    assert company.group.assigned
    assert told(company) == []


def test_what_is_over_is_given_to_nobody_and_what_fires_again_belongs_to_nobody() -> None:
    company = firing()
    company.do(AssignAlert(alert=company.group.id, user=BO, by=ANA), at=20)
    company.tell("a", at=30, over=True)
    with pytest.raises(Refused, match="resolved already"):
        company.do(AssignAlert(alert=company.group.id, user=CLEO, by=ANA), at=31)
    company.tell("a", at=40)
    assert company.group.assigned is None


def test_the_last_word_on_a_group_counts() -> None:
    company = firing()
    company.tell("a", at=30, over=True)
    for at, (verdict, by) in enumerate(((Verdict.NOISE, ANA), (Verdict.USEFUL, BO)), start=40):
        company.do(JudgeAlert(alert=company.group.id, verdict=verdict, by=by), at=at)
        assert company.group.judged
        assert (company.group.judged.verdict, company.group.judged.by) == (verdict, by)
        assert (SHOW, at) in company.work()
    company.do(JudgeAlert(alert=company.group.id, verdict=Verdict.USEFUL, by=BO), at=50)
    assert company.last.effects == ()


def test_an_alert_from_before_there_were_groups_can_be_judged_too() -> None:
    company = firing()
    old = replace(company.alerts["a"], group=None)
    decision = decide(State(alert=old), JudgeAlert(alert=old.id, verdict=Verdict.NOISE, by=ANA), START, POLICY)
    assert decision.group
    assert decision.alert
    assert (decision.group.id, decision.alert.group) == (GroupId(old.id), GroupId(old.id))


def test_what_is_not_known_any_more_is_refused() -> None:
    for command in (
        AcknowledgeAlert(alert=GroupId("gone"), by=ANA),
        AssignAlert(alert=GroupId("gone"), user=BO, by=ANA),
        JudgeAlert(alert=GroupId("gone"), verdict=Verdict.USEFUL, by=ANA),
    ):
        with pytest.raises(Refused, match="do not know this alert"):
            decide(State(), command, START, POLICY)
