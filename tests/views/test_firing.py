"""The list of alerts that fire: by service, with what can be done about each, and never more than Slack takes."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alerts_model import Acknowledgement, AlertSeverity
from bot.domain.finding import Finding, Found, message_address, wanted_of
from bot.domain.groups_model import Assignment, Hush
from bot.domain.ids import ChannelId, GroupId, MessageTs, ServiceName
from bot.views.blocks import Message
from bot.views.firing import firing_list
from tests.views.limits import check
from tests.views.reader import seen
from tests.views.samples import ANA, BO, INCIDENT, NOW
from tests.views.test_group import GROUP

URL = "https://acme.slack.com/"
MESSAGE = (ChannelId("C0ALERTS"), MessageTs("1700000000.000100"))
LONE = replace(
    GROUP, id=GroupId("0a1b2c3d4e5f"), total=1, severities={AlertSeverity.CRITICAL: 1}, title="Checkout fails"
)


def found(number: int, service: str = "checkout") -> Found:
    return Found(group=replace(GROUP, id=GroupId(f"{number:020x}"), service=ServiceName(service)))


def shown(*rows: Found, typed: str = "", total: int = 0, quiet: int = 0) -> Message:
    finding = Finding(wanted=wanted_of(typed), shown=rows, total=total or len(rows), quiet=quiet)
    message = firing_list(finding, URL, NOW)
    check(message)
    return message


def actions(message: Message) -> list[list[str]]:
    return [
        [element["action_id"] for element in block["elements"]]  # type: ignore[attr-defined] # as Slack has it
        for block in message.blocks
        if block["type"] == "actions"
    ]


def test_each_alert_is_told_in_two_lines_with_who_looks_after_it_and_where_it_stands() -> None:
    taken = Found(
        group=replace(GROUP, acknowledged=Acknowledgement(by=ANA, at=NOW)), incident=INCIDENT, message=MESSAGE
    )
    message = shown(Found(group=LONE), taken, quiet=2)
    assert message.text == snapshot(
        "2 alerts are firing: Critical for checkout: Checkout fails; Critical for checkout: CheckoutErrorBudgetBurn"
    )
    assert seen(message) == snapshot(
        [
            "2 alerts are firing",
            "checkout",
            "Critical · Checkout fails",
            "since 21 Nov 2026 14:26 UTC (24 min) · 0a1b2c3",
            "Acknowledge",
            "Silence",
            "1 hour",
            "4 hours",
            "Until resolved",
            "Why?",
            "Critical · 7 of 12: CheckoutErrorBudgetBurn",
            "since 21 Nov 2026 14:26 UTC (24 min) · acknowledged by @U0ANA · INC-42 #C0INC42 · message · g1",
            "Silence",
            "1 hour",
            "4 hours",
            "Until resolved",
            "Why?",
            "2 more alerts are quiet: /incident alerts all",
        ]
    )
    assert message_address(URL, *MESSAGE) == "https://acme.slack.com/archives/C0ALERTS/p1700000000000100"


def test_what_is_taken_up_can_be_silenced_still_and_the_buttons_carry_what_was_looked_for() -> None:
    taken = Found(group=replace(LONE, acknowledged=Acknowledgement(by=ANA, at=NOW)))
    hushed = Found(group=replace(taken.group, hushed=Hush(by=BO, at=NOW)))
    assert actions(shown(Found(group=LONE), taken, hushed, typed="checkout")) == [
        ["alert.acknowledge:checkout", "alert.silence:checkout", "alert.why"],
        ["alert.silence:checkout", "alert.why"],
        ["alert.end_silence:checkout", "alert.why"],
    ]
    assert actions(shown(Found(group=LONE))) == [["alert.acknowledge", "alert.silence", "alert.why"]]


def test_what_was_looked_for_stands_under_the_heading() -> None:
    assert seen(shown(Found(group=LONE), typed="all checkout"))[:2] == ["1 alert is firing", "Looked for: all checkout"]


def test_to_whom_it_was_given_stands_in_place_of_who_took_it_up() -> None:
    given = replace(LONE, acknowledged=Acknowledgement(by=ANA, at=NOW), assigned=Assignment(user=BO, by=ANA, at=NOW))
    told = "\n".join(seen(shown(Found(group=given))))
    assert "assigned to @U0BO" in told
    assert "acknowledged by" not in told


def test_what_does_not_fit_is_counted_with_how_to_find_it() -> None:
    alike = seen(shown(*(found(number) for number in range(25)), total=60))
    assert "and 38 more: filter with a word or a label: /incident alerts checkout severity=critical" in alike
    apart = seen(shown(*(found(number, f"service {number}") for number in range(25)), total=25))
    assert any(line.startswith("and 10 more") for line in apart)


def test_where_nothing_fires_that_is_said_with_what_was_looked_for() -> None:
    assert seen(shown()) == ["No alert fires."]
    told = seen(shown(typed="severity=info", quiet=1))
    assert told == snapshot(
        [
            "No alert fires that is meant by this: severity=info",
            "1 more alert is quiet: /incident alerts all severity=info",
        ]
    )


def test_how_long_it_fires_is_said() -> None:
    began = replace(LONE, began_at=NOW - timedelta(hours=3))
    assert any("(3 h)" in line for line in seen(shown(Found(group=began))))
