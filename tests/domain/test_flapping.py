"""Flapping: what goes on and off again and again is shown calmly, told nobody, and is over when it has been steady."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert_events import AlertFlapping
from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import AcknowledgeAlert, Declare, Resolve
from bot.domain.flapping import Flapping, FlapRule, Turns
from bot.domain.group_commands import AssignAlert
from bot.domain.groups_model import News
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.result_commands import ConfirmNews, OpenedChannel
from bot.domain.routing import Route
from bot.domain.silence_commands import SilenceGroup
from bot.domain.work import Effect, Page, Place, Say
from bot.errors import Refused
from tests.domain.company import REVIEW, SHOW, TELL, Company
from tests.domain.story import ANA, BO, POLICY, START

MINUTE = 60
WITHIN = timedelta(minutes=30)
NEVER = FlapRule(enabled=False)


def flapping(company: Company | None = None, *, other: bool = False) -> Company:
    """Return a group that fires at 0, and began to flap at minute 4, when it fired for the third time."""
    company = company or Company()
    company.tell("a", at=0)
    if other:
        company.tell("b", at=0)
        company.tell("b", at=1, over=True)
    for minute in (1, 2, 3, 4):
        if company.group.review_at:
            company.review(at=(company.group.review_at - START).total_seconds())
        company.tell("a", at=minute * MINUTE, over=minute % 2 == 1)
    return company


def flaps(company: Company) -> bool:
    return company.group.flapping is not None


def said(company: Company) -> list[Say]:
    return [one.work for one in company.last.effects if isinstance(one.work, Say)]


def test_the_fourth_turn_within_half_an_hour_is_shown_at_once_as_flapping() -> None:
    company = flapping()
    known = Flapping(since=START + timedelta(minutes=1), turns=4, last=company.now, within=WITHIN)
    assert company.group.flapping == known
    assert company.group.news == News()
    assert (SHOW, 4 * MINUTE) in company.work()
    assert company.group.next_moment == START + timedelta(minutes=34)


def test_the_first_alert_of_a_group_is_no_turn_and_turns_that_are_far_apart_are_none_together() -> None:
    company = Company()
    for turn in range(6):
        company.tell("a", at=turn * 11 * MINUTE, over=turn % 2 == 1)
    assert company.group.flapping is None
    assert len(company.group.turns.recent) == 3


def test_what_flaps_is_edited_every_few_minutes_at_most_and_tells_its_thread_nothing() -> None:
    company = flapping(other=True)
    company.tell("a", at=270, over=True)
    company.tell("b", at=275)
    company.tell("b", at=280, over=True)
    assert (SHOW, 280) not in company.work()
    assert (company.group.is_over, company.group.is_closed, company.group.news) == (True, False, News())
    assert company.group.planned == START + timedelta(minutes=9)
    company.review(at=9 * MINUTE)
    assert (SHOW, 9 * MINUTE) in company.work()
    assert TELL not in dict(company.work())


def test_a_review_that_comes_too_early_does_nothing_but_wait_for_the_next_moment() -> None:
    company = flapping()
    company.review(at=5 * MINUTE)
    assert company.work() == [(REVIEW, 34 * MINUTE)]


def test_while_it_flaps_it_keeps_who_took_it_up_though_it_comes_and_goes() -> None:
    company = flapping()
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=5 * MINUTE)
    company.tell("a", at=6 * MINUTE, over=True)
    company.do(AssignAlert(alert=company.group.id, user=ANA, by=BO), at=6 * MINUTE)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=BO), at=6 * MINUTE)
    company.tell("a", at=7 * MINUTE)
    group = company.group
    assert group.acknowledged
    assert group.assigned
    assert group.hushed


def test_what_flaps_may_be_acknowledged_while_it_is_off_and_no_more_when_that_has_ended() -> None:
    company = flapping()
    company.tell("a", at=5 * MINUTE, over=True)
    company.review(at=35 * MINUTE)
    assert company.group.is_closed
    for command in (
        AcknowledgeAlert(alert=company.group.id, by=BO),
        AssignAlert(alert=company.group.id, user=ANA, by=BO),
        SilenceGroup(group=company.group.id, lasts=None, by=BO),
    ):
        with pytest.raises(Refused, match="resolved already"):
            company.do(command, at=36 * MINUTE)


@pytest.mark.parametrize("over", [True, False])
def test_when_nothing_has_changed_for_the_window_it_is_shown_as_steady(*, over: bool) -> None:
    company = flapping()
    if over:
        company.tell("a", at=5 * MINUTE, over=True)
    company.review(at=9 * MINUTE)
    ends = 35 if over else 34
    company.review(at=(ends - 1) * MINUTE)
    assert flaps(company)
    company.review(at=ends * MINUTE)
    assert (flaps(company), company.group.is_closed) == (False, over)
    assert company.group.turns.flapped
    assert company.group.turns.flapped.turns == (5 if over else 4)
    assert company.work() == [(SHOW, ends * MINUTE)]
    assert company.group.next_moment is None


def test_what_fires_again_while_a_group_flaps_stays_in_its_message_however_long_it_was_off() -> None:
    rule = FlapRule(within=timedelta(hours=2))
    company = flapping(Company(replace(POLICY, flapping=rule)))
    first = company.group.id
    company.tell("a", at=5 * MINUTE, over=True)
    company.tell("a", at=100 * MINUTE)
    assert company.group.id == first


def test_a_longer_window_lets_what_is_over_come_back_in_the_same_message_for_as_long() -> None:
    for rule, stays in ((FlapRule(within=timedelta(hours=2)), True), (FlapRule(), False), (NEVER, False)):
        company = Company(replace(POLICY, flapping=rule))
        company.tell("a", at=0)
        first = company.group.id
        company.tell("a", at=MINUTE, over=True)
        company.tell("a", at=100 * MINUTE)
        assert (company.group.id == first) is stays


def test_what_is_told_not_to_flap_never_does_whether_by_route_or_for_all() -> None:
    for policy in (replace(POLICY, flapping=NEVER), replace(POLICY, routes=(Route(flapping=NEVER),))):
        assert flapping(Company(policy)).group.flapping is None


def test_what_is_quiet_from_its_beginning_flaps_unseen() -> None:
    company = flapping()
    company.newest = replace(company.group, hidden=True)
    company.tell("a", at=5 * MINUTE, over=True)
    assert SHOW not in dict(company.work())
    company.review(at=35 * MINUTE)
    assert (company.group.flapping, company.work()) == (None, [])


def test_an_incident_is_told_once_that_its_alert_flaps_and_once_that_it_does_no_more_and_nobody_is_paged_again() -> (
    None
):
    company = Company()
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=1)
    company.do(OpenedChannel(incident=IncidentId(42), channel=ChannelId("C1"), name="inc-42"), at=2)
    effects: list[Effect] = []
    for minute in (1, 2, 3, 4, 5):
        company.tell("a", at=minute * MINUTE, over=minute % 2 == 1)
        effects += company.last.effects
        if minute == 4:
            (begins,) = said(company)
            assert begins.event == AlertFlapping(
                at=company.now,
                alert=company.group.lead,
                title="a fails",
                since=START + timedelta(minutes=1),
                turns=4,
            )
    assert said(company) == []
    assert not [one for one in effects if isinstance(one.work, Page)]
    company.review(at=35 * MINUTE)
    (ends,) = said(company)
    assert isinstance(ends.event, AlertFlapping)
    assert (ends.place, ends.event.turns, ends.event.steady) == (Place.CHANNEL, 5, AlertStatus.RESOLVED)


def test_an_incident_that_is_over_hears_nothing_of_flapping() -> None:
    company = Company(replace(POLICY, reopen_within=timedelta()))
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=1)
    company.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA), at=2)
    flapping(company)
    assert said(company) == []


def test_an_incident_may_be_declared_from_what_flaps_while_it_is_off() -> None:
    company = flapping()
    company.tell("a", at=5 * MINUTE, over=True)
    company.do(Declare(by=ANA, alert=company.group.id), at=6 * MINUTE)
    assert company.group.incident == 42
    assert (SHOW, 6 * MINUTE) in company.work()


def test_news_that_a_note_told_while_the_group_began_to_flap_are_not_owed() -> None:
    company = flapping()
    company.do(ConfirmNews(group=company.group.id, n=1, news=News(fired=2, resolved=1)), at=5 * MINUTE)
    assert (company.group.told, company.group.news) == (1, News())


@given(gaps=st.lists(st.integers(1, 40), max_size=30), transitions=st.integers(2, 6))
def test_a_group_flaps_just_when_so_many_turns_lie_within_the_window_and_none_is_older(
    gaps: list[int], transitions: int
) -> None:
    rule = FlapRule(transitions=transitions, within=WITHIN)
    turns, moments, now = Turns(), list[int](), 0
    begun: int | None = None
    for gap in gaps:
        now += gap
        at = START + timedelta(minutes=now)
        turns = turns.steadied(at)
        if begun is not None and gap >= 30:
            begun, moments = None, []
        moments.append(now)
        if begun is None and len([one for one in moments if one > now - 30]) >= transitions:
            begun = len(moments) - transitions
        turns = turns.turned(at, rule)
        assert (turns.flapping is not None) == (begun is not None)
        if turns.flapping and begun is not None:
            assert turns.flapping.turns == len(moments) - begun
            assert turns.flapping.since == START + timedelta(minutes=moments[begun])
        assert len(turns.recent) <= transitions
