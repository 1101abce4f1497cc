"""Groups: what belongs together is one message, edited no more often than it may be, and its thread tells the news."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import (
    AcknowledgeAlert,
    Command,
    ConfirmNews,
    Declare,
    ReportAlert,
    Resolve,
    ReviewGroup,
)
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.grouping import alone, key_of, labels_of
from bot.domain.groups_model import Group, News
from bot.domain.model import (
    Alert,
    AlertSeverity,
    AlertStatus,
    GroupId,
    Incident,
    IncidentId,
    ReportedAlert,
)
from bot.domain.policy import Policy
from bot.domain.routed import Routed
from bot.domain.work import Effect, Say, ShowGroup, TellGroup, Urgency
from bot.domain.work import ReviewGroup as Review
from bot.errors import Refused
from tests.domain.story import ANA, BO, POLICY, START, reported

SECOND = timedelta(seconds=1)


class Waits(Policy):
    """The usual policy, but a group's message comes 30 seconds after its first alert."""

    def routed(self, report: ReportedAlert) -> Routed:
        return Routed(channel=self.channel_for(report), group_wait=30 * SECOND)


class Company:
    """Series of one group and what became of it; one incident at most."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy, self.now = policy, START
        self.alerts: dict[str, Alert] = {}
        self.newest: Group | None = None
        self.incident: Incident | None = None
        self.last = Decision()

    @property
    def group(self) -> Group:
        assert self.newest
        return self.newest

    def tell(self, name: str, *, at: float, over: bool = False, began: float | None = None, **changes: object) -> None:
        """Report a series at so many seconds after the start; it began then unless said otherwise."""
        moment = START + timedelta(seconds=at)
        known = self.alerts.get(name)
        starts_at = (
            known.report.starts_at if known and over else START + timedelta(seconds=at if began is None else began)
        )
        report = reported(
            fingerprint=name,
            summary=f"{name} fails",
            starts_at=starts_at,
            status=AlertStatus.RESOLVED if over else AlertStatus.FIRING,
            ends_at=moment if over else None,
            labels={"service": "checkout", "pod": name},
            **changes,
        )
        self.do(ReportAlert(report=report), at=at, alert=known)
        if self.last.alert:
            self.alerts[name] = self.last.alert

    def do(self, command: Command, *, at: float, alert: Alert | None = None) -> None:
        self.now = START + timedelta(seconds=at)
        firing = tuple(one for one in self.alerts.values() if one.status is AlertStatus.FIRING)
        declares = isinstance(command, Declare)
        state = State(
            alert=alert,
            group=self.newest,
            alerts=firing if declares else (),
            incident=None if declares else self.incident,
            earlier=self.incident if declares else None,
            number=IncidentId(42),
            suffix="7k3x",
            on_call={},
        )
        self.last = decide(state, command, self.now, self.policy)
        self.newest = self.last.group or self.newest
        self.incident = self.last.incident or self.incident
        for one in self.last.alerts:
            self.alerts[one.report.fingerprint] = one

    def review(self, *, at: float) -> None:
        self.do(ReviewGroup(group=self.group.id), at=at)

    def work(self) -> list[tuple[str, float]]:
        """Return what is to be done with the group, and after how many seconds from the start."""
        return [(one.work.kind, (one.due - START).total_seconds()) for one in self.last.effects if _of_group(one)]


def _worst(company: Company) -> AlertSeverity:
    return company.group.severity


def _of_group(effect: Effect) -> bool:
    return isinstance(effect.work, ShowGroup | TellGroup | Review)


SHOW, TELL, REVIEW = "slack.group", "slack.group_news", "group.review"


def test_alerts_of_one_rule_and_service_are_one_group_shown_at_once() -> None:
    company = Company()
    company.tell("a", at=0)
    assert company.work() == [(SHOW, 0)]
    company.tell("b", at=0)
    assert company.work() == [(SHOW, 0)]
    assert (company.group.firing, company.group.total) == (2, 2)
    assert {one.group for one in company.alerts.values()} == {company.group.id}
    assert company.group.labels == {"alertname": "CheckoutErrorBudgetBurn", "service": "checkout"}


def test_what_comes_soon_after_is_shown_together_when_the_interval_is_over() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=4)
    assert company.work() == [(REVIEW, 10)]
    company.tell("c", at=5)
    assert company.work() == []
    company.review(at=10)
    assert company.work() == [(SHOW, 10)]
    company.review(at=11)
    assert company.work() == []


def test_after_a_quiet_interval_a_change_is_shown_at_once_and_its_note_comes_an_interval_later() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=60)
    assert company.work() == [(SHOW, 60), (REVIEW, 70)]
    company.tell("c", at=65)
    assert company.work() == []
    company.review(at=70)
    assert company.work() == [(SHOW, 70), (TELL, 70)]
    assert company.group.news == News(fired=2, titles=("b fails", "c fails"))


def test_a_note_is_told_once_and_what_came_meanwhile_is_for_the_next() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=60)
    company.review(at=70)
    told = ConfirmNews(group=company.group.id, n=1, news=company.group.news)
    company.tell("b", at=71, over=True)
    assert company.work() == [(SHOW, 71), (REVIEW, 81)]
    company.do(told, at=72)
    assert (company.group.told, company.group.news) == (1, News(resolved=1))
    company.do(told, at=73)
    assert company.last.group is None
    company.review(at=81)
    assert company.last.effects[-1].work == TellGroup(group=company.group.id, n=2, channel="alerts")
    company.do(ConfirmNews(group=company.group.id, n=2, news=News(resolved=1)), at=82)
    assert (company.group.told, company.group.news, company.work()) == (2, News(), [])


def test_news_that_came_while_a_note_was_under_way_plan_the_next_one() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=60)
    company.review(at=70)
    company.newest = replace(company.group, news=replace(company.group.news, fired=3))
    company.do(ConfirmNews(group=company.group.id, n=1, news=News(fired=1, titles=("b fails",))), at=72)
    assert (company.group.news, company.work()) == (News(fired=2), [(REVIEW, 82)])


def test_a_group_that_is_gone_has_nothing_to_review_or_to_tell() -> None:
    company = Company()
    for command in (ReviewGroup(group=GroupId("gone")), ConfirmNews(group=GroupId("gone"), n=1, news=News())):
        company.do(command, at=0)
        assert (company.last.group, company.work()) == (None, [])


def test_the_end_of_all_is_shown_at_once() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=0)
    company.tell("a", at=60, over=True)
    company.tell("b", at=62, over=True)
    assert company.work() == [(SHOW, 62)]
    assert (company.group.is_over, company.group.firing, company.group.total) == (True, 0, 2)
    assert company.group.ended_at == START + 62 * SECOND
    assert company.group.news == News(resolved=2)


def test_a_group_counts_the_severities_and_shows_the_worst() -> None:
    company = Company()
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    company.tell("b", at=1, severity=AlertSeverity.CRITICAL)
    assert _worst(company) is AlertSeverity.CRITICAL
    company.tell("b", at=2, began=1, severity=AlertSeverity.WARNING)
    assert dict(company.group.severities) == {AlertSeverity.WARNING: 2}
    company.tell("a", at=3, over=True)
    company.tell("b", at=3, over=True)
    assert _worst(company) is AlertSeverity.WARNING, "the last that fired"


def test_what_fires_again_within_half_an_hour_is_shown_in_the_same_message_and_told() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=10)
    company.tell("a", at=60, over=True)
    first = company.group.id
    company.tell("a", at=120)
    assert (company.group.id, company.group.total, company.group.firing) == (first, 1, 1)
    assert (company.group.is_over, company.group.acknowledged) == (False, None)
    assert company.group.news == News(fired=1, again=True, titles=("a fails",))
    assert company.work() == [(SHOW, 120), (REVIEW, 130)]


def test_what_fires_again_later_is_a_new_group() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("a", at=60, over=True)
    first = company.group
    company.tell("a", at=60 + 31 * 60)
    assert (company.group.number, company.group.key) == (2, first.key)
    assert company.group.id != first.id
    assert company.work() == [(SHOW, 60 + 31 * 60)]


def test_an_end_that_overtook_its_firing_is_shown_in_the_group() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=20, over=True)
    assert (company.alerts["b"].group, company.work()) == (None, [])
    company.tell("b", at=21, began=20)
    assert (company.alerts["b"].group, company.group.total, company.group.firing) == (company.group.id, 2, 1)
    assert company.work() == [(SHOW, 21)]


def test_a_group_may_wait_before_its_first_showing() -> None:
    company = Company(Waits())
    company.tell("a", at=0)
    assert company.work() == [(REVIEW, 30)]
    company.tell("b", at=5)
    company.tell("b", at=6, over=True)
    company.tell("a", at=7, over=True)
    assert company.work() == []
    company.review(at=30)
    assert company.work() == [(SHOW, 30)]
    assert not company.group.news


def test_the_gravest_group_goes_first_and_notes_go_last() -> None:
    company = Company()
    company.tell("a", at=0, severity=AlertSeverity.CRITICAL)
    assert [one.urgency for one in company.last.effects] == [Urgency.ALERTS + 1]
    company.tell("b", at=60, severity=AlertSeverity.CRITICAL)
    company.review(at=70)
    assert company.last.effects[-1].urgency == Urgency.GROUP_NEWS + 1


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


def test_labels_that_are_missing_are_empty_and_the_title_stands_for_a_rules_name() -> None:
    routed = Routed(channel="alerts", group_by=("alertname", "region", "zone"))
    assert labels_of(reported(labels={"region": "eu"}), routed) == {
        "alertname": "CheckoutErrorBudgetBurn",
        "region": "eu",
        "zone": "",
    }


def test_keys_differ_by_channel_path_and_labels_and_not_by_their_order() -> None:
    report = reported()
    one = Routed(channel="alerts", path="a", group_by=("alertname", "region"))
    assert key_of(report, one) == key_of(report, replace(one, group_by=("region", "alertname")))
    others = [replace(one, channel="b"), replace(one, path="b"), replace(one, group_by=("region",))]
    assert len({key_of(report, other) for other in (one, *others)}) == 4
