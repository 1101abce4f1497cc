"""What keeps an alert quiet: a person's word, maintenance, a graver alert; and what does not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.matchers import matchers_of
from bot.domain.mutes import MuteKind
from bot.domain.muting import Inhibition, Inhibitor, Maintenance, MutePolicy, Quiet, Silence, why_mute
from bot.domain.windows import Weekly
from tests.domain.story import ANA, BO, START

HOUR = timedelta(hours=1)
DISK = {"alertname": "DiskFull", "severity": "warning", "cluster": "eu"}
DOWN = Inhibitor(series="down", title="Cluster is down", labels={"alertname": "ClusterDown", "cluster": "eu"})
NOTHING = MutePolicy()


def _silence(matchers: str = "alertname=DiskFull", **changes: object) -> Silence:
    made = Silence(
        id=1,
        matchers=matchers_of(matchers),
        by=ANA,
        reason="known",
        created_at=START,
        starts_at=START,
        ends_at=START + HOUR,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the test names real fields


def _rule(equal: tuple[str, ...] = ("cluster",), **changes: bool) -> MutePolicy:
    rule = Inhibition(
        source=matchers_of("alertname=ClusterDown"), target=matchers_of("severity=warning"), equal=equal, **changes
    )
    return MutePolicy(inhibitions=(rule,))


def _why(
    labels: Mapping[str, str] = DISK, policy: MutePolicy = NOTHING, after: timedelta = timedelta(), **quiet: object
) -> tuple[MuteKind, str] | None:
    held = Quiet(**quiet)  # type: ignore[arg-type] # the test names real fields
    mute = why_mute("disk", labels, held, policy, START + after)
    return (mute.kind, mute.name) if mute else None


def test_an_alert_is_loud_unless_something_keeps_it_quiet() -> None:
    assert _why() is None
    assert _why(silences=(_silence("alertname=Other"),)) is None


@pytest.mark.parametrize(("after", "quiet"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_a_silence_counts_from_its_start_until_right_before_its_end(after: int, quiet: bool) -> None:
    found = _why(silences=(_silence(),), after=timedelta(seconds=after))
    assert (found == (MuteKind.SILENCE, "S-1")) is quiet


def test_a_silence_that_was_ended_counts_no_more() -> None:
    assert _why(silences=(_silence(ended_at=START),)) is None


def test_of_two_silences_the_one_that_lasts_longer_is_named_with_who_said_it_and_why() -> None:
    longer = _silence(id=2, ends_at=START + 2 * HOUR, by=BO, reason="disk is being moved")
    mute = why_mute("disk", DISK, Quiet(silences=(_silence(), longer)), NOTHING, START)
    assert mute
    assert (mute.name, mute.by, mute.reason, mute.until) == ("S-2", BO, "disk is being moved", START + 2 * HOUR)


def test_maintenance_keeps_quiet_what_it_means_during_its_hours() -> None:
    # START is a Saturday, 03:00 UTC.
    hours = Weekly(days=frozenset({5}), begins=time(3), ends=time(5), zone=ZoneInfo("UTC"))
    work = Maintenance(name="patches", matchers=matchers_of("cluster=eu"), windows=(hours,))
    policy = MutePolicy(maintenance=(work,))
    assert _why(policy=policy) == (MuteKind.MAINTENANCE, "patches")
    assert _why(policy=policy, after=2 * HOUR) is None
    assert _why({**DISK, "cluster": "us"}, policy) is None
    assert policy.next_change(START) == START + 2 * HOUR
    assert NOTHING.next_change(START) is None


def test_a_graver_alert_keeps_quiet_what_agrees_with_it() -> None:
    assert _why(policy=_rule(), inhibitors={"down": DOWN}) == (MuteKind.INHIBITION, "down")
    assert _why({**DISK, "cluster": "us"}, _rule(), inhibitors={"down": DOWN}) is None
    assert _why({**DISK, "severity": "critical"}, _rule(), inhibitors={"down": DOWN}) is None
    assert _why(policy=_rule(), inhibitors={}) is None


def test_an_alert_that_fires_but_is_no_source_of_the_rule_inhibits_nothing() -> None:
    other = replace(DOWN, labels={"alertname": "Other", "cluster": "eu"})
    assert _why(policy=_rule(), inhibitors={"down": other}) is None


def test_a_label_that_both_lack_is_no_agreement_unless_said() -> None:
    lacks = {"alertname": "DiskFull", "severity": "warning"}
    down = replace(DOWN, labels={"alertname": "ClusterDown"})
    assert _why(lacks, _rule(), inhibitors={"down": down}) is None
    assert _why(lacks, _rule(missing_is_equal=True), inhibitors={"down": down}) == (MuteKind.INHIBITION, "down")
    assert _why(lacks, _rule(), inhibitors={"down": DOWN}) is None


def test_an_alert_never_inhibits_itself() -> None:
    rule = Inhibition(source=matchers_of("cluster=eu"), target=matchers_of("severity=warning"))
    itself = Inhibitor(series="disk", title="Disk", labels=DISK)
    assert _why(policy=MutePolicy(inhibitions=(rule,)), inhibitors={"disk": itself}) is None


def test_two_alerts_that_meet_both_sides_of_a_rule_do_not_keep_each_other_quiet() -> None:
    rule = Inhibition(source=matchers_of("cluster=eu"), target=matchers_of("severity=warning"))
    twin = Inhibitor(series="twin", title="Twin", labels=DISK)
    assert _why(policy=MutePolicy(inhibitions=(rule,)), inhibitors={"twin": twin}) is None


def test_which_alerts_may_inhibit_is_told_by_their_labels() -> None:
    assert _rule().may_inhibit(DOWN.labels)
    assert not _rule().may_inhibit(DISK)
