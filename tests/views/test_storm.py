"""The message of a storm: how many, of what, the gravest by name, and never more than Slack takes."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alerts_model import Acknowledgement, AlertSeverity
from bot.domain.ids import GroupId, ServiceName
from bot.domain.storms import OTHERS
from bot.domain.storms_model import Storm, StormId
from bot.views.blocks import Message
from bot.views.storm import storm_message
from tests.views.limits import check
from tests.views.reader import seen
from tests.views.samples import ANA, NOW, POLICY
from tests.views.test_group import GROUP

STORM = Storm(
    id=StormId("0a1b2c"),
    channel="alerts",
    began_at=NOW,
    raged_at=NOW,
    groups=143,
    threaded=20,
    counts={
        "search": {AlertSeverity.WARNING: 3},
        "": {AlertSeverity.UNKNOWN: 1},
        "checkout": {AlertSeverity.WARNING: 80, AlertSeverity.CRITICAL: 59},
    },
)


def shown(storm: Storm, *gravest: str, firing: int = 0) -> Message:
    taken = Acknowledgement(by=ANA, at=NOW)
    found = [replace(GROUP, id=GroupId(title), title=title, labels={}, acknowledged=taken) for title in gravest]
    message = storm_message(storm, found, firing or len(found), POLICY, NOW)
    check(message)
    return message


def test_a_storm_that_rages_says_how_many_of_what_and_where_to_look() -> None:
    message = shown(STORM, "Checkout fails", "Payments fail", firing=97)
    assert message.text == snapshot("Alert storm: 97 of 143 groups firing. Gravest: Checkout fails")
    assert seen(message) == snapshot(
        [
            "Alert storm: 97 of 143 groups firing",
            (
                "More than 10 new groups in 1 min: not each has its message. 20 are in this thread, with their "
                "buttons; the first critical ones stand by themselves. All that fires: /incident alerts"
            ),
            "By service",
            "• checkout: 59 critical, 80 warning",
            "• search: 3 warning",
            "• service not given: 1 severity not given",
            "Gravest that fire",
            "• Critical: Checkout fails, since 14:26 UTC, acknowledged by @U0ANA",
            "• Critical: Payments fail for checkout, since 14:26 UTC, acknowledged by @U0ANA",
            "and 92 more",
            "Since 14:50 UTC",
        ]
    )


def test_when_it_is_over_it_says_what_still_fires() -> None:
    over = replace(STORM, ended_at=NOW + timedelta(minutes=18))
    message = shown(over, "Checkout fails")
    assert message.text == snapshot("Alert storm over: 1 of 143 groups still firing. Gravest: Checkout fails")
    assert seen(message) == snapshot(
        [
            "Alert storm over: 1 of 143 groups still firing",
            "By service",
            "• checkout: 59 critical, 80 warning",
            "• search: 3 warning",
            "• service not given: 1 severity not given",
            "Gravest that fire",
            "• Critical: Checkout fails, since 14:26 UTC, acknowledged by @U0ANA",
            "21 Nov 2026 14:50 UTC to 15:08 UTC (18 min), 143 groups",
        ]
    )


def test_when_nothing_of_it_fires_that_is_all_it_says() -> None:
    over = replace(STORM, ended_at=NOW + timedelta(minutes=18))
    assert shown(over).text == snapshot("Alert storm over: nothing of it fires")


def test_of_very_many_services_the_largest_are_named_and_the_others_counted() -> None:
    counts = {f"shop-{number:02}": {AlertSeverity.WARNING: 50 - number} for number in range(40)}
    message = shown(replace(STORM, counts={**counts, OTHERS: {AlertSeverity.INFO: 7}}))
    assert seen(message)[-3:] == snapshot(
        [
            "• shop-07: 43 warning",
            "• others: 855",
            "Since 14:50 UTC",
        ]
    )


def test_a_group_without_a_service_is_named_by_its_title_alone() -> None:
    lone = replace(GROUP, service=None, title="<!channel> *Disk* full", labels={})
    message = storm_message(STORM, [lone], 1, POLICY, NOW)
    check(message)
    assert "for" not in seen(message)[-2]
    named = replace(lone, service=ServiceName("<!here>\nx"))
    check(storm_message(replace(STORM, counts={"<!here>\nx": {AlertSeverity.HIGH: 1}}), [named], 1, POLICY, NOW))


def test_what_fires_since_long_before_the_storm_says_since_which_day() -> None:
    old = replace(GROUP, began_at=NOW - timedelta(days=3))
    assert "since 18 Nov 2026 14:50 UTC" in seen(storm_message(STORM, [old], 1, POLICY, NOW))[-2]
