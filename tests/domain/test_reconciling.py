"""A sender's list against what we hold: what it tells, what it does not, and what came meanwhile by webhook."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.ids import SourceName
from bot.domain.policy import Policy
from bot.domain.reconciling import Answer, Differences, Listed, Pace, differences, seen, settled
from tests.fakes.clock import START

PACE = Pace()
MINUTE = timedelta(minutes=1)
LONG_AGO = START - timedelta(hours=1)
OLD = START - timedelta(days=30)


def told(fingerprint: str = "1", **changes: object) -> ReportedAlert:
    report = ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint=fingerprint,
        status=AlertStatus.FIRING,
        starts_at=LONG_AGO,
        title="DiskFull",
    )
    return replace(report, **changes)  # type: ignore[arg-type] # a test's own words


def after(*reports: ReportedAlert, known: Alert | None = None) -> Alert:
    """Return what we hold of a series after these reports."""
    for report in reports:
        decision = decide(State(alert=known), ReportAlert(report=report), START, Policy())
        known = decision.alert or known
    assert known
    return known


def over(report: ReportedAlert, ended: timedelta) -> Alert:
    """Return an episode that ended so long before now."""
    return after(report, replace(report, status=AlertStatus.RESOLVED, ends_at=START - ended))


def listed(*reports: ReportedAlert, spoken: bool = True, **changes: object) -> Answer:
    answer = Answer(listed=tuple(Listed(report=report, spoken=spoken) for report in reports), since=OLD)
    return replace(answer, **changes)  # type: ignore[arg-type] # a test's own words


def compared(
    *answers: Answer, held: tuple[Alert, ...] = (), absent_for: timedelta | None = None, pace: Pace = PACE
) -> Differences:
    absent = {alert.id: START - absent_for for alert in held} if absent_for is not None else {}
    return differences(seen(answers, START, pace), held, absent, pace)


def follows(found: Differences, *newest: Alert) -> list[ReportedAlert]:
    known: Mapping[str, Alert] = {identity(alert.report): alert for alert in newest}
    return [command.report for command in settled(found, known, START, PACE)]


def test_what_its_list_shows_and_nobody_told_us_is_taken_in() -> None:
    found = compared(listed(told("1"), told("2")), held=(after(told("1")),))
    assert follows(found, after(told("1"))) == [told("2")]


def test_an_alert_that_has_only_just_begun_is_left_to_its_webhook() -> None:
    fresh, grown = told("1", starts_at=START - MINUTE / 2), told("2", starts_at=START - MINUTE)
    assert compared(listed(fresh, grown)).appeared == (grown,)


def test_what_the_sender_would_keep_to_itself_is_not_taken_in_and_does_not_end() -> None:
    held = after(told("1"))
    found = compared(listed(told("1"), told("2"), spoken=False), held=(held,), absent_for=MINUTE * 10)
    assert (found.appeared, found.gone, found.absent) == ((), (), {})


def test_an_alert_that_one_peer_would_keep_to_itself_is_not_taken_in() -> None:
    for peers in ((True, False), (False, True)):
        assert compared(*(listed(told(), spoken=spoken) for spoken in peers)).appeared == ()
    assert compared(listed(told()), listed(told())).appeared == (told(),)


def test_absence_ends_an_alert_when_it_has_lasted_and_not_before() -> None:
    held = after(told())
    first = compared(listed(), held=(held,))
    assert (first.gone, first.absent) == ((), {held.id: START}), "one look is none"
    assert compared(listed(), held=(held,), absent_for=PACE.gone_after - MINUTE).gone == ()
    found = compared(listed(), held=(held,), absent_for=PACE.gone_after)
    (end,) = follows(found, held)
    assert end == told(status=AlertStatus.RESOLVED, ends_at=START - PACE.gone_after), (
        "it ended when it was missed first"
    )
    assert after(end, known=held).status is AlertStatus.RESOLVED


def test_an_alert_that_is_shown_again_is_absent_no_longer() -> None:
    held = after(told())
    assert compared(listed(told()), held=(held,), absent_for=MINUTE).absent == {}


def test_what_one_peer_shows_is_there() -> None:
    held = after(told())
    assert compared(listed(), listed(told()), held=(held,), absent_for=MINUTE * 10).gone == ()


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([listed(since=START - MINUTE)], id="it has just started and forgotten all"),
        pytest.param([listed(whole=False)], id="something in its list cannot be read"),
        pytest.param([listed(), listed(whole=False)], id="something in a peer's list cannot be read"),
    ],
)
def test_silence_that_says_nothing_ends_nothing_and_is_not_counted(answers: list[Answer]) -> None:
    held = after(told())
    assert compared(*answers, held=(held,)).absent == {}
    again = compared(*answers, held=(held,), absent_for=MINUTE * 10)
    assert (again.gone, again.absent) == ((), {held.id: START - MINUTE * 10}), "nor does it say the contrary"


def test_a_peer_that_has_just_started_spoils_nothing_for_the_others() -> None:
    held = after(told())
    found = compared(listed(), listed(since=START), held=(held,), absent_for=MINUTE * 10)
    assert found.gone == (held,)


def test_a_sender_that_does_not_say_since_when_it_runs_is_believed() -> None:
    held = after(told())
    assert compared(listed(since=None), held=(held,), absent_for=MINUTE * 10).gone == (held,)


def test_what_came_by_webhook_meanwhile_is_newer_than_the_list() -> None:
    held = after(told())
    gone = compared(listed(), held=(held,), absent_for=MINUTE * 10)
    fires_again = after(told(starts_at=START), known=over(told(), MINUTE))
    for now in (fires_again, over(told(), MINUTE), after(told(starts_at=START), known=held)):
        assert follows(gone, now) == []
    assert follows(gone) == [], "nor is there an alert any more"
    appeared = compared(listed(told()))
    for now in (after(told()), over(told(), MINUTE)):
        assert follows(appeared, now) == []


def test_what_people_did_with_an_alert_meanwhile_does_not_keep_it() -> None:
    held = after(told())
    found = compared(listed(), held=(held,), absent_for=MINUTE * 10)
    assert len(follows(found, replace(held, runbook_url="https://runbooks.example.com/disk"))) == 1


def test_a_later_episode_of_a_series_that_is_over_is_taken_in() -> None:
    again = told(starts_at=START - MINUTE * 2)
    assert follows(compared(listed(again)), over(told(), MINUTE * 3)) == [again]


def test_what_is_shown_though_we_have_long_held_it_for_over_fires_again() -> None:
    held = over(told(), PACE.gone_after)
    (report,) = follows(compared(listed(told())), held)
    assert report == told(starts_at=START)
    now = after(report, known=held)
    assert (now.status, now.id != held.id) == (AlertStatus.FIRING, True)
    later = told(status=AlertStatus.RESOLVED, ends_at=START + MINUTE)
    assert after(later, known=now).status is AlertStatus.RESOLVED, "its true end ends it"


def test_an_end_that_overtook_its_firing_counts() -> None:
    unseen = after(told(status=AlertStatus.RESOLVED, ends_at=START - MINUTE))
    assert follows(compared(listed(told())), unseen) == []


def test_an_alert_that_began_by_a_clock_ahead_of_ours_ends_no_sooner() -> None:
    held = after(told(starts_at=START + MINUTE))
    found = compared(listed(), held=(held,), absent_for=MINUTE * 10)
    (end,) = follows(found, held)
    assert after(end, known=held).status is AlertStatus.RESOLVED
    grown = after(told(starts_at=START + MINUTE), known=after(told()))
    (end,) = follows(compared(listed(), held=(grown,), absent_for=MINUTE * 10), grown)
    assert after(end, known=grown).status is AlertStatus.RESOLVED


def test_differences_come_in_parts_and_none_is_missed() -> None:
    held = tuple(after(told(str(number))) for number in range(5))
    found = compared(listed(*(told(str(number)) for number in range(5, 8))), held=held, absent_for=MINUTE * 10)
    parts = list(found.parts(2))
    assert [(len(part.appeared), len(part.gone)) for part in parts] == [(2, 0), (1, 0), (0, 2), (0, 2), (0, 1)]
    assert sum((part.appeared for part in parts), ()) == found.appeared
    assert sum((part.gone for part in parts), ()) == found.gone
