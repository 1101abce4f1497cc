"""Groups: what belongs together is one message, edited no more often than it may be, and its thread tells the news."""

from dataclasses import replace

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert, ReviewGroup
from bot.domain.group_work import TellGroup
from bot.domain.groups_model import News
from bot.domain.ids import GroupId
from bot.domain.opening import key_of
from bot.domain.result_commands import ConfirmNews
from bot.domain.routed import Routed
from bot.domain.routing import group_labels
from bot.domain.tracks import Urgency
from tests.domain.company import REVIEW, SECOND, SHOW, TELL, Company, Waits
from tests.domain.story import BO, START, reported


def _worst(company: Company) -> AlertSeverity:
    return company.group.severity


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


def test_labels_that_are_missing_are_empty_and_the_title_stands_for_a_rules_name() -> None:
    routed = Routed(channel="alerts", group_by=("alertname", "region", "zone"))
    assert group_labels(routed, reported(labels={"region": "eu"})) == {
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
