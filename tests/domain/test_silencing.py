"""Silences: who makes and ends them, and how groups follow what keeps their members quiet."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.commands import AcknowledgeAlert, Command
from bot.domain.group_work import RecheckMutes as Recheck
from bot.domain.group_work import ReviewMutes as Look
from bot.domain.groups_model import News
from bot.domain.ids import GroupId
from bot.domain.matchers import matchers_of, text_of
from bot.domain.mutes import MuteKind
from bot.domain.muting import Inhibition, Maintenance, MutePolicy
from bot.domain.silence_commands import (
    EndSilence,
    ReviewMutes,
    SilenceAlerts,
    SilenceGroup,
    UnsilenceGroup,
)
from bot.domain.silencing import inhibitor, inhibits
from bot.domain.windows import Weekly
from bot.errors import Refused
from tests.domain.company import REVIEW, SHOW, TELL, Company, Waits
from tests.domain.story import ANA, BO, POLICY, START

HOUR = timedelta(hours=1)


def _told(matchers: str = "service=checkout", lasts: timedelta = HOUR, reason: str = "known") -> SilenceAlerts:
    return SilenceAlerts(matchers=matchers_of(matchers), lasts=lasts, by=ANA, reason=reason, origin="command")


def _look(company: Company, at: float) -> None:
    company.do(ReviewMutes(group=company.group.id), at=at)


def _silenced(matchers: str = "service=checkout", lasts: timedelta = HOUR) -> Company:
    company = Company()
    company.do(_told(matchers, lasts), at=0)
    return company


def _works(company: Company) -> list[tuple[object, float]]:
    return [(one.work, (one.due - START).total_seconds()) for one in company.last.effects]


def test_a_silence_is_looked_at_when_it_begins_and_when_it_ends() -> None:
    company = _silenced()
    assert company.silence
    assert (company.silence.label, company.silence.by, company.silence.reason) == ("S-7", ANA, "known")
    assert _works(company) == [(Recheck(about="S-7"), 0), (Recheck(about="S-7", n=1), 3600)]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (_told(lasts=timedelta(seconds=59)), "lasts for 1m to 90d"),
        (_told(lasts=timedelta(days=91)), "lasts for 1m to 90d"),
        (_told(reason=" \n"), "Say why"),
        (_told("severity=~.*"), "mean every alert"),
        (_told("team!=search"), "mean every alert"),
        (EndSilence(silence=3, by=ANA), "There is no silence S-3"),
        (SilenceGroup(group=GroupId("gone"), lasts=None, by=ANA), "resolved already"),
    ],
)
def test_what_cannot_be_silenced_is_refused_with_the_reason(told: Command, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Company().do(told, at=0)


def test_a_silence_is_ended_once() -> None:
    company = _silenced()
    company.do(EndSilence(silence=7, by=BO), at=10)
    assert _works(company) == [(Recheck(about="S-7", n=2), 10)]
    assert company.silence
    assert company.silence.ended_by == BO
    with pytest.raises(Refused, match="S-7 is over already"):
        company.do(EndSilence(silence=7, by=BO), at=11)


def test_what_fires_while_it_is_silenced_is_counted_and_not_shown() -> None:
    company = _silenced()
    company.tell("a", at=5)
    company.tell("b", at=60)
    assert company.work() == []
    assert (company.group.hidden, company.group.is_mute, company.group.firing) == (True, True, 2)
    company.tell("a", at=70, over=True)
    company.tell("b", at=80, over=True)
    assert (company.work(), company.group.is_over, company.group.muted) == ([], True, 0)


def test_the_first_that_is_heard_opens_the_group() -> None:
    company = _silenced("pod=a")
    company.tell("a", at=5)
    company.tell("b", at=60)
    assert company.work() == [(SHOW, 60)]
    assert (company.group.firing, company.group.muted, company.group.is_mute) == (2, 1, False)
    assert company.group.news == News()


def test_what_was_hidden_and_fires_again_unsilenced_is_shown() -> None:
    company = _silenced(lasts=timedelta(minutes=1))
    company.tell("a", at=5)
    company.tell("a", at=30, over=True)
    company.tell("a", at=90)
    assert company.work() == [(SHOW, 90)]


def test_when_a_silence_ends_what_still_fires_is_shown() -> None:
    company = _silenced()
    company.tell("a", at=5)
    company.recheck("S-7", at=3600)
    assert _works(company) == [(Look(group=company.group.id), 3600)]
    _look(company, at=3600)
    assert (company.work(), company.group.hidden, company.group.muted) == ([(SHOW, 3600)], False, 0)
    assert company.alerts["a"].mute is None
    _look(company, at=3601)
    assert company.work() == []


def test_a_group_that_is_shown_says_that_it_was_silenced_and_tells_no_more() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(_told(), at=60)
    company.recheck("S-7", at=60)
    _look(company, at=60)
    assert (company.work(), company.group.is_mute) == ([(SHOW, 60)], True)
    assert company.group.mute
    assert (company.group.mute.kind, company.group.mute.by) == (MuteKind.SILENCE, ANA)
    company.tell("b", at=120)
    assert company.work() == [(SHOW, 120)], "the message follows, its thread does not"


def test_news_of_before_a_silence_wait_until_it_is_over() -> None:
    company = Company()
    company.tell("a", at=0)
    company.tell("b", at=60)
    company.do(_told(lasts=timedelta(minutes=1)), at=61)
    _look(company, at=61)
    company.review(at=70)
    assert TELL not in [kind for kind, _ in company.work()]
    _look(company, at=130)
    assert company.work() == [(SHOW, 130), (REVIEW, 140)]
    company.review(at=140)
    assert company.work() == [(TELL, 140)]


def test_a_group_that_waits_for_more_and_is_silenced_is_not_shown_when_its_wait_is_over() -> None:
    company = Company(Waits(services=POLICY.services))
    company.do(_told("pod=a"), at=0)
    company.tell("a", at=1)
    company.review(at=31)
    assert company.work() == []
    company.tell("b", at=40)
    assert company.work() == [(SHOW, 40)]


def test_what_is_heard_within_the_wait_of_a_group_is_shown_when_the_wait_is_over() -> None:
    company = Company(Waits(services=POLICY.services))
    company.do(_told("pod=a"), at=0)
    company.tell("a", at=1)
    company.tell("b", at=5)
    assert company.work() == []
    company.review(at=31)
    assert company.work() == [(SHOW, 31)]


def test_a_group_is_silenced_by_the_labels_that_make_it_one() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=HOUR, by=BO), at=10)
    assert company.silence
    assert text_of(company.silence.matchers) == '{alertname="CheckoutErrorBudgetBurn", service="checkout"}'
    assert (company.silence.reason, company.silence.origin) == ("from the alert's button", "button")


def test_a_group_that_has_no_labels_can_only_be_silenced_until_it_is_over() -> None:
    company = Company()
    company.tell("a", at=0)
    company.newest = replace(company.group, labels={})
    with pytest.raises(Refused, match="until it is resolved"):
        company.do(SilenceGroup(group=company.group.id, lasts=HOUR, by=BO), at=10)


def test_until_it_is_resolved_means_until_it_fires_again() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=BO), at=10)
    assert (company.work(), company.group.is_mute) == ([(SHOW, 10)], True)
    company.tell("a", at=60, over=True)
    company.tell("a", at=120)
    assert (company.group.hushed, company.group.is_mute) == (None, False)


def test_a_group_that_was_to_be_quiet_until_it_is_over_can_be_heard_again_before() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=BO), at=10)
    company.do(UnsilenceGroup(group=company.group.id, by=ANA), at=20)
    assert (company.group.is_mute, company.work()) == (False, [(SHOW, 20)])
    with pytest.raises(Refused, match="not silenced any more"):
        company.do(UnsilenceGroup(group=company.group.id, by=ANA), at=21)


def test_an_acknowledgement_shows_on_a_silenced_group_that_is_shown() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(SilenceGroup(group=company.group.id, lasts=None, by=BO), at=10)
    company.do(AcknowledgeAlert(alert=company.group.id, by=ANA), at=20)
    assert company.work() == [(SHOW, 20)]


def test_maintenance_is_looked_at_at_each_of_its_ends() -> None:
    hours = Weekly(days=frozenset({5}), begins=time(3), ends=time(5), zone=ZoneInfo("UTC"))
    work = Maintenance(name="patches", matchers=matchers_of("service=checkout"), windows=(hours,))
    company = Company(replace(POLICY, mute=MutePolicy(maintenance=(work,))))
    company.tell("a", at=0)
    assert company.work() == []
    company.recheck("maintenance", at=0)
    assert _works(company) == [(Recheck(about="maintenance"), 7200)]
    company.recheck("S-1", at=0)
    assert _works(company) == [], "each has its own moments"
    company.recheck("maintenance", at=7200)
    assert (Look(group=company.group.id), 7200) in _works(company)
    company.recheck("maintenance", at=7199, decided=7201)
    assert _works(company) == [(Recheck(about="maintenance"), 7200)], "what begins or ends between is not passed over"


def _one_inhibits() -> Company:
    rule = Inhibition(source=matchers_of("pod=db"), target=matchers_of("pod!=db"), equal=("service",))
    return Company(replace(POLICY, mute=MutePolicy(inhibitions=(rule,))))


def test_an_alert_that_keeps_others_quiet_has_them_looked_at_when_it_begins_and_ends() -> None:
    company = _one_inhibits()
    company.tell("web", at=0)
    assert Recheck(about="inhibition") not in [work for work, _ in _works(company)]
    company.tell("db", at=1)
    assert (Recheck(about="inhibition"), 1) in _works(company)
    assert inhibits(company.alerts["db"])
    company.quiet = replace(company.quiet, inhibitors={"db": inhibitor(company.alerts["db"])})
    company.recheck("inhibition", at=1)
    assert _works(company) == [(Look(group=company.group.id), 1)]
    _look(company, at=1)
    mute = company.alerts["web"].mute
    assert mute
    assert (mute.kind, mute.reason, company.group.muted) == (MuteKind.INHIBITION, "db fails", 1)
    company.tell("db", at=60, over=True)
    assert (Recheck(about="inhibition"), 60) in _works(company)


def test_a_report_that_says_nothing_new_changes_nothing() -> None:
    company = _silenced()
    company.tell("a", at=5)
    company.tell("a", at=60, began=5)
    assert (company.last.group, company.last.alert, company.group.muted) == (None, None, 1)
    company.quiet = replace(company.quiet, silences=())
    company.tell("a", at=70, began=5)
    assert (company.work(), company.group.muted) == ([(SHOW, 70)], 0)


def test_a_group_that_is_gone_has_no_members_to_look_at() -> None:
    company = Company()
    company.do(ReviewMutes(group=GroupId("gone")), at=0)
    assert company.work() == []
