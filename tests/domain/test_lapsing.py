"""What is not heard of for long counts as over, is never said to be resolved, and fires again when it is told again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.absence import UNNOTICED
from bot.domain.alert_events import AlertEnded
from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import Declare, ReviewGroup
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.group_work import RecheckMutes
from bot.domain.groups_model import News
from bot.domain.ids import GroupId, SourceName
from bot.domain.matchers import matchers_of
from bot.domain.muting import Inhibition, MutePolicy
from bot.domain.result_commands import ConfirmNews
from bot.domain.routing import Route
from bot.domain.silent import NEVER, SOON, SilencePolicy, Silent
from tests.domain.company import REVIEW, SHOW, TELL, Company
from tests.domain.story import ANA, POLICY, START, reported

HOUR = 3600
LASTS = timedelta(hours=4)
SENDER = (SourceName("alertmanager"), "default")
RULES = SilencePolicy(senders={SENDER: LASTS})
QUIET = replace(POLICY, silent=RULES)


def silent(company: Company | None = None) -> Company:
    """Return a group of two, one told at 0 and again after an hour, the other at 0 alone."""
    company = company or Company(QUIET)
    company.tell("a", at=0)
    company.tell("b", at=0)
    company.tell("a", at=HOUR, began=0)
    return company


def lapses(company: Company, name: str) -> datetime | None:
    return company.alerts[name].lapses_at


def test_one_that_is_not_told_again_counts_as_over_and_says_for_how_long_nothing_was_heard() -> None:
    company = silent()
    assert company.group.next_moment == START + LASTS
    company.review(at=4 * HOUR)
    b = company.alerts["b"]
    assert (b.status, b.ended_at, b.unheard_for, b.lapses_at) == (AlertStatus.RESOLVED, company.now, LASTS, None)
    assert b.report.status is AlertStatus.FIRING, "its source has said nothing"
    assert (company.group.firing, company.group.unheard, company.group.news) == (1, 1, News(unheard=1))
    assert (SHOW, 4 * HOUR) in company.work()
    assert (REVIEW, 4 * HOUR + 10) in company.work()
    company.review(at=4 * HOUR + 10)
    assert (TELL, 4 * HOUR + 10) in company.work()
    company.do(ConfirmNews(group=company.group.id, n=1, news=News(unheard=1)), at=4 * HOUR + 11)
    assert company.group.news == News()
    company.review(at=5 * HOUR)
    assert (company.group.is_closed, company.group.unheard, company.group.lapses_at) == (True, 2, None)


def test_telling_again_is_heard_though_it_says_nothing_new_and_costs_no_other_work() -> None:
    company = silent()
    company.tell("a", at=2 * HOUR, began=0)
    assert company.last.effects == ()
    assert (company.alerts["a"].heard_at, company.alerts["a"].lapses_at) == (company.now, company.now + LASTS)


def test_without_a_word_about_it_silence_means_nothing() -> None:
    company = silent(Company())
    assert (company.alerts["a"].heard_at, company.alerts["a"].lapses_at, company.group.next_moment) == (
        None,
        None,
        None,
    )


def test_one_that_is_told_again_afterwards_fires_again_in_the_same_message() -> None:
    company = silent()
    company.review(at=4 * HOUR)
    company.review(at=5 * HOUR)
    group = company.group.id
    company.tell("b", at=5 * HOUR + 60, began=0)
    b = company.alerts["b"]
    assert (b.status, b.report.starts_at, b.unheard_for) == (AlertStatus.FIRING, company.now, None)
    assert (company.group.id, company.group.firing, company.group.total, company.group.unheard) == (group, 1, 2, 1)
    assert company.group.news.again
    company.tell("b", at=5 * HOUR + 60, began=0)
    assert company.alerts["b"].id == b.id
    company.tell("b", at=5 * HOUR + 90, over=True)
    assert company.alerts["b"].status is AlertStatus.RESOLVED


def test_an_end_that_its_source_tells_afterwards_changes_nothing_and_a_new_episode_is_one() -> None:
    company = silent()
    company.review(at=4 * HOUR)
    company.tell("b", at=4 * HOUR + 60, over=True)
    assert company.last.alert is None
    company.tell("b", at=4 * HOUR + 120)
    assert (company.alerts["b"].report.starts_at, company.group.unheard) == (company.now, 0)


def test_an_alert_whose_start_lies_ahead_of_our_clock_ends_no_earlier_than_it_begins() -> None:
    company = Company(QUIET)
    company.tell("a", at=0, began=6 * HOUR)
    company.review(at=4 * HOUR)
    assert company.alerts["a"].ended_at == START + timedelta(hours=6)
    company.tell("a", at=5 * HOUR, began=6 * HOUR)
    assert company.alerts["a"].report.starts_at > START + timedelta(hours=6)


@pytest.mark.parametrize(
    ("known", "looks_again"),
    [
        (Silent(back=START + timedelta(hours=2)), timedelta(hours=6)),
        (Silent(unread=frozenset([SENDER])), LASTS + SOON),
        (Silent(at_work=START + LASTS - UNNOTICED), LASTS + SOON),
    ],
    ids=["we came back later", "something is not read yet", "we are only just back"],
)
def test_the_time_in_which_nobody_could_hear_it_does_not_count(known: Silent, looks_again: timedelta) -> None:
    company = Company(QUIET)
    company.tell("a", at=0)
    company.silent = known
    company.review(at=4 * HOUR)
    assert company.alerts["a"].lapses_at == START + looks_again
    assert company.group.next_moment == START + looks_again
    assert (REVIEW, looks_again.total_seconds()) in company.work()
    company.silent = replace(Silent(), at_work=START + timedelta(hours=7))
    company.review(at=7 * HOUR)
    assert company.group.is_closed


def test_what_is_configured_otherwise_meanwhile_counts() -> None:
    company = silent()
    company.policy = replace(POLICY, silent=SilencePolicy(senders={SENDER: timedelta(hours=6)}))
    company.review(at=4 * HOUR)
    assert lapses(company, "b") == START + timedelta(hours=6)
    company.policy = POLICY
    company.review(at=6 * HOUR)
    assert lapses(company, "b") is None
    assert company.group.firing == 2


def test_an_incident_is_told_that_nothing_was_heard_and_not_that_it_is_resolved() -> None:
    company = Company(QUIET)
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=1)
    company.review(at=4 * HOUR)
    (event,) = company.last.events
    assert isinstance(event, AlertEnded)
    assert (event.unheard_for, event.all_of) == (LASTS, 1)


def test_what_it_kept_quiet_is_looked_at_when_it_counts_as_over() -> None:
    mute = MutePolicy(inhibitions=(Inhibition(source=matchers_of("pod=a"), target=matchers_of("pod=b")),))
    company = Company(replace(QUIET, mute=mute))
    company.tell("a", at=0)
    company.review(at=4 * HOUR)
    assert any(isinstance(one.work, RecheckMutes) for one in company.last.effects)


def test_a_group_that_nobody_knows_has_nobody_who_is_silent() -> None:
    state = State(silent=Silent())
    assert decide(state, ReviewGroup(group=GroupId("gone")), START, QUIET).alerts == ()


def test_how_long_is_said_by_the_route_else_by_the_sender_and_whoever_has_a_list_is_believed() -> None:
    hour, report = timedelta(hours=1), reported()
    by_route = replace(RULES, by_route=True)
    for rules, route, expected in (
        (RULES, (), LASTS),
        (SilencePolicy(), (), None),
        (by_route, (Route(resolve_after=hour),), hour),
        (by_route, (Route(resolve_after=NEVER),), None),
        (by_route, (Route(resolve_after=hour, routes=(Route(channel="x"),)),), hour),
        (by_route, (Route(channel="x"),), LASTS),
        (replace(by_route, listed=frozenset([SENDER])), (Route(resolve_after=hour),), None),
    ):
        assert replace(POLICY, silent=rules, routes=route).resolve_after(report) == expected
