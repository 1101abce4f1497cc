"""What flaps says so, since when and how often; what flapped says that too, and only then folds."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alert_events import AlertFlapping
from bot.domain.alerts_model import AlertStatus
from bot.domain.flapping import Flapping, Turns
from bot.domain.grouping import alone
from bot.domain.groups_model import Group, Hush
from bot.domain.work import Place
from bot.views.group import group_message
from bot.views.moments import moment
from bot.views.timeline import describe
from tests.views.limits import labels
from tests.views.reader import seen
from tests.views.samples import ALERT, ANA, INCIDENT, NOW, POLICY
from tests.views.test_group import GROUP, MEMBERS

FLAPPING = Flapping(
    since=NOW - timedelta(minutes=25), turns=6, last=NOW - timedelta(minutes=2), within=timedelta(minutes=30)
)
FLAPS = Turns(flapping=FLAPPING)
FLAPPED = Turns(flapped=FLAPPING)
OFF = {"status": AlertStatus.RESOLVED, "severities": {}, "ended_at": NOW}


def shown(group: Group) -> list[str]:
    return seen(group_message(group, MEMBERS, None, POLICY, NOW))


def test_a_group_that_flaps_says_so_though_nothing_of_it_fires_now() -> None:
    group = replace(GROUP, turns=FLAPS, **OFF)  # type: ignore[arg-type] # real fields
    message = group_message(group, (), None, POLICY, NOW)
    assert message.text == snapshot(
        "Critical for checkout: CheckoutErrorBudgetBurn. 0 of 12 firing. Flapping since 21 Nov 2026 14:25 UTC."
    )
    assert seen(message)[:5] == snapshot(
        [
            "0 of 12 firing: CheckoutErrorBudgetBurn",
            "Flapping, resolved now · Critical · Service: checkout · cluster=eu-1",
            "Flapping: 6 changes since 14:25 UTC, the last at 14:48 UTC",
            "Edited every 5 min at most, without notes or another page, until it has been steady for 30 min",
            "Since 21 Nov 2026 14:26 UTC · Last change 14:48 UTC",
        ]
    )
    assert labels(message) == ["Acknowledge", "Declare Incident", "Silence", "Runbook", "…"]


def test_one_alert_that_flaps_says_so_too() -> None:
    group = replace(alone(ALERT, POLICY), turns=FLAPS)
    message = group_message(group, (ALERT,), None, POLICY, NOW)
    assert message.text == snapshot(
        "Critical for checkout: Checkout fails for 12% of customers. Flapping since 21 Nov 2026 14:25 UTC."
    )
    assert seen(message)[1:4] == snapshot(
        [
            "Flapping, firing now · Critical · Service: checkout · Rule: CheckoutErrorBudgetBurn",
            "Flapping: 6 changes since 14:25 UTC, the last at 14:48 UTC",
            "Edited every 5 min at most, without notes or another page, until it has been steady for 30 min",
        ]
    )


def test_what_flapped_says_so_while_it_fires_and_when_it_is_over() -> None:
    assert "Flapped: 6 changes from 14:25 UTC to 14:48 UTC" in shown(replace(GROUP, turns=FLAPPED))
    (folded, *_) = shown(replace(GROUP, turns=FLAPPED, **OFF))  # type: ignore[arg-type] # real fields
    assert folded.split(" · ") == snapshot(
        [
            "Resolved: CheckoutErrorBudgetBurn",
            "12 alerts",
            "21 Nov 2026 14:26 UTC to 14:50 UTC (24 min)",
            "Flapped: 6 changes from 14:25 UTC to 14:48 UTC",
        ]
    )


def test_what_is_silenced_and_flaps_says_by_whom_though_it_is_off() -> None:
    hushed = replace(GROUP, turns=FLAPS, hushed=Hush(by=ANA, at=NOW), **OFF)  # type: ignore[arg-type] # real fields
    assert any(one.startswith("Silenced until it is resolved by @U0ANA") for one in shown(hushed))


def test_the_incidents_channel_is_told_and_not_everybody() -> None:
    begins = AlertFlapping(at=NOW, alert=ALERT.id, title="5xx", since=NOW - timedelta(minutes=25), turns=4)
    ends = replace(begins, turns=9, steady=AlertStatus.RESOLVED)
    assert [describe(event, {}) for event in (begins, ends)] == snapshot(
        [
            "Alert flaps (4 changes since 21 Nov 2026 14:25 UTC), its ends are not told here: 5xx",
            "Alert flaps no more (9 changes), now resolved: 5xx",
        ]
    )
    for event in (begins, ends):
        said = moment(event, INCIDENT, Place.CHANNEL)
        assert said
        assert seen(said) == [describe(event, {})]
        assert moment(event, INCIDENT, Place.ANNOUNCEMENT) is None
