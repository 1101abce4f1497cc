"""What differs in the severity alone is one thing: shown as graver or less so, and counted once."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts_model import AlertSeverity, AlertStatus
from bot.domain.commands import AcknowledgeAlert
from bot.domain.groups_model import Change, News
from bot.domain.kin import faces, kin_of, one_of_each
from bot.domain.matchers import matchers_of
from bot.domain.muting import Quiet, Silence
from bot.domain.policy import AlertSeverities
from bot.domain.result_commands import ConfirmNews
from bot.domain.rules import DeclareRule
from bot.domain.silence_commands import ReviewMutes
from tests.domain.company import SHOW, Company
from tests.domain.story import BO, START, reported
from tests.domain.test_lapsing import LASTS, QUIET

WARNING, CRITICAL, INFO = AlertSeverity.WARNING, AlertSeverity.CRITICAL, AlertSeverity.INFO
MINUTE = 60
TITLE = "Disk is filling"
WORSE = Change(title=TITLE, was=WARNING, now=CRITICAL)
BETTER = Change(title=TITLE, was=CRITICAL, now=WARNING)


class Kin(Company):
    """A disk that fills, with a series for each severity, and another one in the same group."""

    def say(self, severity: AlertSeverity, *, at: float, over: bool = False, began: float | None = None) -> None:
        labels = {"service": "checkout", "disk": "a", "severity": severity.value}
        given = {"labels": labels, "severity": severity, "summary": TITLE}
        self.tell(f"disk {severity}", at=at, over=over, began=began, **given)

    def counts(self) -> tuple[int, int]:
        return self.group.firing, self.group.total


def warned() -> Kin:
    """Return a group with a warning and, until a minute ago, another alert."""
    company = Kin()
    company.say(WARNING, at=0)
    return company


def test_what_fires_twice_is_counted_once_by_the_graver_and_said_to_have_escalated() -> None:
    company = warned()
    company.say(CRITICAL, at=5 * MINUTE)
    assert company.counts() == (1, 1)
    assert dict(company.group.severities) == {CRITICAL: 1}
    assert company.group.news == News(changes=(WORSE,))
    assert company.alerts["disk critical"].was is WARNING
    assert (SHOW, 5 * MINUTE) in company.work()


def test_a_warning_beside_what_is_critical_already_is_no_news() -> None:
    company = Kin()
    company.say(CRITICAL, at=0)
    company.say(WARNING, at=5 * MINUTE)
    assert (company.counts(), company.group.severity, company.group.news) == ((1, 1), CRITICAL, News())
    company.say(WARNING, at=6 * MINUTE, over=True)
    assert (company.counts(), company.group.severity, company.group.news) == ((1, 1), CRITICAL, News())


def test_when_the_graver_ends_and_the_other_goes_on_it_has_eased() -> None:
    company = warned()
    company.say(CRITICAL, at=5 * MINUTE)
    company.say(CRITICAL, at=6 * MINUTE, over=True)
    assert (company.counts(), company.group.severity) == ((1, 1), WARNING)
    assert company.group.news.changes == (WORSE, BETTER)
    company.say(WARNING, at=7 * MINUTE, over=True)
    assert company.group.is_closed


def test_a_warning_that_ends_as_the_critical_one_fires_has_gone_over_into_it() -> None:
    company = warned()
    company.tell("other", at=0)
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=MINUTE)
    company.tell("other", at=2 * MINUTE, over=True)
    company.say(WARNING, at=5 * MINUTE, over=True)
    assert company.group.news.resolved == 2
    company.say(CRITICAL, at=5 * MINUTE)
    group = company.group
    assert (company.counts(), group.severity, group.is_over) == ((1, 2), CRITICAL, False)
    assert group.news == News(resolved=1, changes=(WORSE,)), "what went over has not been resolved"
    assert group.acknowledged, "it goes on"
    assert group.turns.recent == ()


def test_what_goes_over_though_nothing_else_fires_is_no_turn_of_a_group_that_flaps() -> None:
    company = warned()
    company.newest = replace(company.group, turns=replace(company.group.turns, recent=()))
    for at in range(1, 4):
        company.say(WARNING, at=at * MINUTE, over=True)
        company.say(WARNING, at=at * MINUTE + 20)
    turns = company.group.turns
    assert turns.flapping
    company.say(WARNING, at=5 * MINUTE, over=True)
    company.say(CRITICAL, at=5 * MINUTE)
    assert company.group.turns.flapping
    assert company.group.turns.flapping.turns == turns.flapping.turns


def test_one_that_fires_long_after_its_kin_has_ended_fires_again() -> None:
    company = warned()
    company.say(WARNING, at=MINUTE, over=True)
    company.say(CRITICAL, at=15 * MINUTE)
    assert company.counts() == (1, 1)
    assert company.group.news == News(fired=1, again=True, titles=(TITLE,))
    assert company.alerts["disk critical"].was is None


def test_one_that_fires_minutes_later_was_resolved_in_between() -> None:
    company = warned()
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=1)
    company.say(WARNING, at=MINUTE, over=True)
    company.say(CRITICAL, at=4 * MINUTE)
    assert company.group.news == News(changes=(WORSE,))
    assert company.group.acknowledged is None
    assert len(company.group.turns.recent) == 2


def test_a_series_that_says_itself_that_it_got_worse_is_shown_so_as_well() -> None:
    company = Company()
    company.tell("a", at=0, severity=WARNING)
    company.tell("a", at=5 * MINUTE, began=0, severity=CRITICAL)
    assert company.group.news == News(changes=(replace(WORSE, title="a fails"),))
    assert company.alerts["a"].was is WARNING
    assert (SHOW, 5 * MINUTE) in company.work()
    company.do(ConfirmNews(group=company.group.id, n=1, news=company.group.news), at=6 * MINUTE)
    assert company.group.news == News()
    company.tell("a", at=7 * MINUTE, began=0, severity=CRITICAL, description="Worse")
    assert (company.alerts["a"].was, company.group.news) == (WARNING, News())
    company.tell("a", at=8 * MINUTE, began=0, severity=WARNING)
    assert company.group.news == News(changes=(replace(BETTER, title="a fails"),))


def test_what_is_quiet_of_a_kin_is_what_stands_for_it() -> None:
    company = warned()
    company.say(CRITICAL, at=1)
    silence = Silence(
        id=7,
        matchers=matchers_of("severity=critical"),
        by=BO,
        reason="known",
        created_at=START,
        starts_at=START,
        ends_at=START + timedelta(hours=1),
    )
    company.quiet = Quiet(silences=(silence,))
    company.do(ReviewMutes(group=company.group.id), at=2)
    assert (company.group.muted, company.group.is_mute) == (1, True)
    assert dict(company.group.severities) == {CRITICAL: 1}
    company.say(CRITICAL, at=3, over=True)
    assert (company.group.muted, company.group.severity) == (0, WARNING)


def test_a_rule_counts_a_kin_once_and_from_its_first_on() -> None:
    company = warned()
    company.say(CRITICAL, at=5 * MINUTE)
    after = timedelta(minutes=10)
    assert DeclareRule(name="two", min_firing=2).holds_from(company.alerts.values()) is None
    assert DeclareRule(name="one", after=after).holds_from(company.alerts.values()) == START + after
    grave = DeclareRule(name="grave", min_severity=CRITICAL)
    assert grave.holds_from(company.alerts.values()) == START + timedelta(minutes=5)


def test_a_kin_counts_as_over_when_nothing_is_heard_of_any_of_it() -> None:
    company = Kin(QUIET)
    company.say(WARNING, at=0)
    company.say(CRITICAL, at=0)
    company.review(at=LASTS.total_seconds())
    assert (company.group.is_closed, company.group.unheard, company.group.total) == (True, 1, 1)


def test_a_kin_that_was_not_heard_of_and_fires_graver_is_heard_of_again() -> None:
    company = Kin(QUIET)
    company.say(WARNING, at=0)
    company.tell("other", at=0)
    company.tell("other", at=60 * MINUTE, began=0)
    company.review(at=LASTS.total_seconds())
    assert (company.group.firing, company.group.unheard, company.group.news) == (1, 1, News(unheard=1))
    company.say(CRITICAL, at=LASTS.total_seconds() + 1)
    assert (company.group.firing, company.group.unheard) == (2, 0)
    assert company.group.news == News(changes=(WORSE,)), "what nobody was told of yet is not told"


def test_one_of_a_kin_that_is_heard_of_again_beside_another_was_not_counted_as_unheard_of() -> None:
    company = Kin(QUIET)
    company.say(WARNING, at=0)
    company.say(CRITICAL, at=0)
    company.tell("other", at=0)
    company.say(CRITICAL, at=60 * MINUTE, began=0)
    company.review(at=LASTS.total_seconds())
    assert (company.group.firing, company.group.unheard) == (1, 1), "the other one; of the kin one still fires"
    company.say(WARNING, at=LASTS.total_seconds() + 1, began=0)
    assert (company.group.firing, company.group.unheard) == (1, 1)


def test_kin_share_all_labels_but_the_severity_and_what_has_none_has_no_kin() -> None:
    page = AlertSeverities(label="priority").label
    one = reported(labels={"severity": "critical", "disk": "a"})
    same = reported(fingerprint="b", labels={"severity": "warning", "disk": "a"})
    assert kin_of(one, "severity") == kin_of(same, "severity") != ""
    others = [
        replace(one, labels={"severity": "x", "disk": "b"}),
        replace(one, title="Other"),
        replace(one, integration="eu"),
    ]
    assert len({kin_of(other, "severity") for other in (one, *others)}) == 4
    assert kin_of(reported(labels={"disk": "a"}), "severity") == ""
    assert kin_of(reported(labels={"disk": "a", "priority": "1"}), page) == kin_of(
        reported(labels={"disk": "a"} | {"priority": "2"}), page
    )


def test_a_kin_is_one_thing_that_still_fires_as_its_gravest_or_is_over_since_its_last() -> None:
    company = Kin()
    company.say(WARNING, at=0)
    company.say(CRITICAL, at=5)
    company.tell("other", at=6)
    told = list(company.alerts.values())
    assert [one.report.severity for one in one_of_each(told)] == [CRITICAL, AlertSeverity.CRITICAL]
    company.say(CRITICAL, at=10, over=True)
    assert one_of_each(company.alerts.values())[0].report.severity is WARNING
    company.say(WARNING, at=20, over=True)
    first, _ = one_of_each(company.alerts.values())
    assert (first.report.severity, first.status) == (WARNING, AlertStatus.RESOLVED)
    unseen = replace(first, report=replace(first.report, status=AlertStatus.RESOLVED))
    assert one_of_each([unseen]) == (unseen,)


STEPS = [(severity, over) for severity in (INFO, WARNING, CRITICAL) for over in (False, True)]


@given(steps=st.lists(st.sampled_from(STEPS), max_size=12), gap=st.sampled_from([1, 30, 400]))
def test_a_group_counts_a_kin_once_whatever_comes_in_which_order(
    steps: list[tuple[AlertSeverity, bool]], gap: int
) -> None:
    company = Kin()
    company.say(WARNING, at=0)
    for number, (severity, over) in enumerate(steps, start=1):
        company.say(severity, at=number * gap, over=over)
        members = [one for one in company.alerts.values() if one.group == company.group.id]
        stand = faces(one for one in members if one.status is AlertStatus.FIRING).values()
        assert [one.report.severity for one in stand] == list(company.group.severities)
        assert company.group.total == 1
        assert company.group.is_over == (not stand)
