"""A group's message: what its alerts share, a few of them told apart, and one line when all is over."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.alerts_model import Acknowledgement, Alert, AlertSeverity, AlertStatus
from bot.domain.grouping import alone
from bot.domain.groups_model import Assignment, Group, Judgement, News, Verdict
from bot.domain.ids import AlertId, ChannelId, GroupId, ServiceName, UserId
from bot.domain.privacy import outside
from bot.views.assignment import assignment
from bot.views.group import group_message, group_news
from tests.views.limits import check, labels, marked
from tests.views.reader import read, seen
from tests.views.samples import ALERT, ANA, CHECKOUT, INCIDENT, NO_RUNBOOKS, NOW, POLICY, REPORT
from tests.views.test_blocks import TEXT


def member(number: int, **changes: object) -> Alert:
    report = replace(
        REPORT,
        fingerprint=str(number),
        summary=f"Checkout fails on api_{number}",
        labels={**REPORT.labels, "pod": f"api_{number}"},
        starts_at=REPORT.starts_at + timedelta(minutes=number),
        **changes,  # type: ignore[arg-type] # the test names real fields
    )
    return replace(ALERT, id=AlertId(f"a{number}"), report=report, group=GroupId("g1"))


MEMBERS = tuple(member(number) for number in range(1, 8))
GROUP = replace(
    alone(MEMBERS[0], POLICY),
    id=GroupId("g1"),
    labels={"alertname": "CheckoutErrorBudgetBurn", "service": "checkout", "cluster": "eu-1"},
    severities={AlertSeverity.CRITICAL: 7},
    total=12,
    changed_at=NOW - timedelta(minutes=2),
)
OVER = replace(GROUP, status=AlertStatus.RESOLVED, severities={}, ended_at=NOW)


def test_several_say_how_many_fire_what_they_share_and_what_sets_each_apart() -> None:
    message = group_message(GROUP, MEMBERS, None, POLICY, NOW)
    assert message.text == snapshot("Critical for checkout: CheckoutErrorBudgetBurn. 7 of 12 firing.")
    assert seen(message) == snapshot(
        [
            "7 of 12 firing: CheckoutErrorBudgetBurn",
            "Firing · Critical · Service: checkout · cluster=eu-1",
            "• Checkout fails on api_7 pod=api_7, since 14:32 UTC",
            "• Checkout fails on api_6 pod=api_6, since 14:31 UTC",
            "• Checkout fails on api_5 pod=api_5, since 14:30 UTC",
            "• Checkout fails on api_4 pod=api_4, since 14:29 UTC",
            "• Checkout fails on api_3 pod=api_3, since 14:28 UTC",
            "and 2 more",
            "Since 21 Nov 2026 14:26 UTC · Last change 14:48 UTC · Alertmanager at prometheus.example:9090",
            "Acknowledge",
            "Declare Incident",
            "Silence",
            "1 hour",
            "4 hours",
            "Until resolved",
            "Runbook",
            "Useful",
            "Noise",
            "Why?",
        ]
    )
    assert labels(message) == ["Acknowledge", "Declare Incident", "Silence", "Runbook", "…"]


def test_a_group_with_an_incident_links_it_and_is_not_declared_again() -> None:
    taken = replace(GROUP, acknowledged=Acknowledgement(by=ANA, at=NOW))
    message = group_message(taken, MEMBERS, outside(INCIDENT), POLICY, NOW)
    assert "INC-42 checkout is down · Investigating · #C0INC42" in seen(message)
    assert "Acknowledged by @U0ANA · 21 Nov 2026 14:50 UTC" in seen(message)
    assert labels(message) == ["Assign", "Join INC-42", "Silence", "Runbook", "…"]


def test_what_is_over_folds_to_one_line() -> None:
    taken = replace(OVER, acknowledged=Acknowledgement(by=ANA, at=NOW))
    message = group_message(taken, MEMBERS, outside(INCIDENT), POLICY, NOW)
    line, *buttons = seen(message)
    assert line.split(" · ") == snapshot(
        [
            "Resolved: CheckoutErrorBudgetBurn",
            "12 alerts",
            "21 Nov 2026 14:26 UTC to 14:50 UTC (24 min)",
            "Acknowledged by @U0ANA",
            "INC-42 #C0INC42",
        ]
    )
    assert buttons == labels(message) == ["Useful", "Noise", "Why?"]


def test_who_looks_after_a_group_and_what_was_thought_of_it_stand_in_small_print() -> None:
    given = replace(
        GROUP,
        acknowledged=Acknowledgement(by=ANA, at=NOW),
        assigned=Assignment(user=UserId("U0BO"), by=ANA, at=NOW),
        judged=Judgement(verdict=Verdict.NOISE, by=ANA, at=NOW),
    )
    message = group_message(given, MEMBERS, None, POLICY, NOW)
    assert "Acknowledged by @U0ANA · 21 Nov 2026 14:50 UTC · Assigned to @U0BO · Noise, says @U0ANA" in seen(message)
    assert len(labels(message)) <= 5


def test_once_judged_what_is_over_keeps_the_verdict_and_a_menu_to_change_it() -> None:
    judged = replace(OVER, judged=Judgement(verdict=Verdict.USEFUL, by=ANA, at=NOW))
    message = group_message(judged, MEMBERS, None, POLICY, NOW)
    (line, *menu) = seen(message)
    assert line.endswith("Useful, says @U0ANA")
    assert (menu, labels(message), len(message.blocks)) == (["Useful", "Noise", "Why?"], ["…"], 1)


@given(title=TEXT, service=TEXT)
def test_who_is_given_a_group_is_told_which_whatever_it_is_called(title: str, service: str) -> None:
    check(assignment(replace(GROUP, title=title, service=ServiceName(service)), ANA, ChannelId("C1")))


def test_who_is_given_a_group_is_told_who_gave_it_how_grave_it_is_and_where_it_stands() -> None:
    told = assignment(GROUP, ANA, ChannelId("C1"))
    assert told.text == snapshot("An alert was assigned to you: Checkout fails on api_1")
    assert seen(told) == snapshot(
        ["@U0ANA assigned an alert to you: Checkout fails on api_1", "Critical · Service: checkout · #C1"]
    )
    assert seen(assignment(replace(GROUP, service=None), ANA, None))[1:] == ["Critical"]


def test_members_of_many_rules_are_named_by_what_opened_the_group() -> None:
    mixed = replace(GROUP, labels={"service": "checkout"})
    assert seen(group_message(mixed, MEMBERS, None, POLICY, NOW))[0] == snapshot(
        "7 of 12 firing: Checkout fails on api_1"
    )


def test_a_group_without_service_labels_or_members_that_are_known_still_says_what_it_is() -> None:
    bare = replace(GROUP, labels={}, service=None)
    lines = seen(group_message(bare, (), None, NO_RUNBOOKS, NOW))
    assert lines[0] == "7 of 12 firing: Checkout fails on api_1"
    assert "No runbook: give the alert a service label or a runbook_url" in lines
    alike = group_message(replace(GROUP, severities={AlertSeverity.HIGH: 2}, total=2), MEMBERS[:2], None, POLICY, NOW)
    assert not any("more" in line for line in seen(alike))


def news(**changes: object) -> str:
    group = replace(GROUP, news=News(**changes))  # type: ignore[arg-type] # the test names real fields
    (line,) = seen(group_news(group))
    return line


def test_a_note_says_what_came_and_what_went() -> None:
    many = news(fired=5, resolved=2, titles=("a", "b", "c"))
    assert many == snapshot("+5 firing: a; b; c and 2 more, 2 resolved · 7 of 12 firing now")
    assert news(fired=1, again=True, titles=("a",)) == snapshot("+1 firing again: a · 7 of 12 firing now")
    assert news(resolved=1) == snapshot("1 resolved · 7 of 12 firing now")
    assert news(fired=2) == snapshot("+2 firing · 7 of 12 firing now")
    (line,) = seen(group_news(replace(OVER, news=News(resolved=7))))
    assert line == snapshot("All 12 resolved")


@given(TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=4), st.integers(1, 40))
def test_no_text_of_a_group_is_live_at_any_length(title: str, service: str, given_: dict[str, str], times: int) -> None:
    report = replace(REPORT, title=title * times, summary=service * times * 20, labels=given_)
    members = [
        replace(one, report=replace(report, fingerprint=one.id), service=ServiceName(service)) for one in MEMBERS
    ]
    group: Group = replace(
        alone(members[0], POLICY), total=7, labels={"alertname": title * times, **given_}, service=CHECKOUT
    )
    told = replace(group, news=News(fired=9, resolved=1, titles=(title * times, service, title)))
    over = replace(group, status=AlertStatus.RESOLVED, service=ServiceName(service * times))
    for message in (
        group_message(group, members, None, POLICY, NOW),
        group_message(over, members, None, POLICY, NOW),
        group_news(told),
    ):
        check(message)
        live = [control for text in (message.text, *marked(message)) for control in read(text).controls]
        assert {control.partition("^")[0] for control in live if not control.startswith("http")} <= {"!date"}


def test_of_several_each_says_what_was_measured() -> None:
    members = [replace(one, report=replace(one.report, values=f"restarts = {n}")) for n, one in enumerate(MEMBERS)]
    told = "\n".join(seen(group_message(GROUP, members, None, POLICY, NOW)))
    assert "restarts = 6, since" in told
