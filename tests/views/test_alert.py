"""The message of an alert that is alone in its group: what is broken, for whom, since when, and what can be done."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.domain.alerts_model import Acknowledgement, Alert, AlertSeverity, AlertStatus
from bot.domain.grouping import alone
from bot.domain.ids import ChannelId, ServiceName
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.privacy import outside
from bot.views.blocks import Message, web_address
from bot.views.group import group_message
from tests.views.limits import buttons, check, labels, marked, words
from tests.views.reader import decode, read, seen
from tests.views.samples import ALERT, ANA, INCIDENT, NO_RUNBOOKS, NOW, POLICY, REPORT
from tests.views.test_blocks import TEXT

ACKNOWLEDGED = replace(ALERT, acknowledged=Acknowledgement(by=ANA, at=NOW))
OVER = replace(ALERT, status=AlertStatus.RESOLVED, ended_at=REPORT.starts_at + timedelta(minutes=65), acknowledged=None)


def alert_message(alert: Alert, incident: Incident | None, policy: Policy, now: datetime) -> Message:
    return group_message(alone(alert, policy), (alert,), outside(incident) if incident else None, policy, now)


def test_a_firing_alert_says_what_for_whom_since_when_and_what_to_do() -> None:
    message = alert_message(ALERT, None, POLICY, NOW)
    assert message.text == snapshot(
        "Critical for checkout: Checkout fails for 12% of customers. Firing since 21 Nov 2026 14:25 UTC."
    )
    assert seen(message) == snapshot(
        [
            "Checkout fails for 12% of customers",
            "Firing · Critical · Service: checkout · Rule: CheckoutErrorBudgetBurn",
            "The error budget of 30 days will be gone in 2 hours.",
            "pod=api_1",
            "Since 21 Nov 2026 14:25 UTC · Source: Alertmanager at prometheus.example:9090 · Dashboard: graphs.example",
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
    acknowledge, declare, silence, runbook, menu = buttons(message)
    assert silence["type"] == "static_select"
    assert (acknowledge["value"], acknowledge["style"]) == (ALERT.id, "primary")
    assert (declare["value"], declare.get("style")) == (ALERT.id, None)
    assert runbook["url"] == "https://runbooks.example/checkout"
    assert menu["type"] == "overflow"


def test_the_heading_names_the_service_when_the_summary_does_not() -> None:
    alert = replace(ALERT, report=replace(REPORT, summary="Error budget burns"))
    assert seen(alert_message(alert, None, POLICY, NOW))[0] == "Error budget burns (checkout)"


def test_a_missing_severity_is_said_and_not_made_up() -> None:
    alert = replace(ALERT, report=replace(REPORT, severity=AlertSeverity.UNKNOWN))
    message = alert_message(alert, None, POLICY, NOW)
    assert "Severity not given" in words(message)
    assert message.text.startswith("Severity not given for checkout")


def test_once_acknowledged_the_record_of_it_stands_in_the_buttons_place() -> None:
    message = alert_message(ACKNOWLEDGED, None, POLICY, NOW)
    assert "Acknowledged by @U0ANA · 21 Nov 2026 14:50 UTC" in seen(message)
    assert labels(message) == ["Assign", "Declare Incident", "Silence", "Runbook", "…"]


def test_once_declared_the_incident_is_linked_and_cannot_be_declared_again() -> None:
    message = alert_message(ACKNOWLEDGED, INCIDENT, POLICY, NOW)
    assert "INC-42 checkout is down · Investigating · #C0INC42" in seen(message)
    assert labels(message) == ["Assign", "Join INC-42", "Silence", "Runbook", "…"]
    waiting = alert_message(ALERT, replace(INCIDENT, channel=None), POLICY, NOW)
    assert "INC-42 checkout is down · Investigating · #inc-42-checkout-is-down-7k3" in seen(waiting)


def test_a_resolved_alert_folds_to_one_line_and_asks_only_whether_it_was_of_use() -> None:
    message = alert_message(OVER, None, POLICY, NOW)
    assert message.text == "Resolved for checkout: Checkout fails for 12% of customers. Ended 21 Nov 2026 15:30 UTC."
    assert seen(message) == [
        "Resolved: Checkout fails for 12% of customers · 21 Nov 2026 14:25 UTC to 15:30 UTC (1 h 5 min)",
        "Useful",
        "Noise",
        "Why?",
    ]
    assert labels(message) == ["Useful", "Noise", "Why?"]


def test_an_alert_without_a_runbook_says_where_one_would_go() -> None:
    message = alert_message(replace(ALERT, runbook_url=None), None, NO_RUNBOOKS, NOW)
    assert "No runbook: add one under services.checkout.runbook in muster.yaml" in seen(message)
    assert labels(message) == ["Acknowledge", "Declare Incident", "Silence", "…"]
    nameless = replace(ALERT, runbook_url=None, service=None, report=replace(REPORT, labels={}))
    assert "No runbook: give the alert a service label or a runbook_url" in seen(
        alert_message(nameless, None, NO_RUNBOOKS, NOW)
    )


def test_a_runbook_that_cannot_be_opened_is_shown_as_text() -> None:
    message = alert_message(replace(ALERT, runbook_url="javascript:alert(1)"), None, NO_RUNBOOKS, NOW)
    assert "Runbook (not an address that can be opened): javascript:alert(1)" in seen(message)
    assert "Runbook" not in labels(message)


def test_only_labels_that_say_something_new_are_shown_in_a_stable_order() -> None:
    many = {f"label{n}": str(n) for n in range(9, -1, -1)} | {"__replica__": "a", "empty": "", "alertname": "x"}
    lines = seen(alert_message(replace(ALERT, report=replace(REPORT, labels=many)), None, POLICY, NOW))
    assert " ".join(f"label{n}={n}" for n in range(8)) + " · and 2 more" in lines


def test_a_hundred_kilobytes_are_cut_with_a_link_to_all_of_it() -> None:
    alert = replace(ALERT, report=replace(REPORT, summary="s" * 100_000, description="d" * 100_000))
    message = alert_message(alert, None, POLICY, NOW)
    assert "Cut short · All of it: prometheus.example:9090" in seen(message)
    assert sum(len(one) for one in seen(message)) < 5000


def test_an_alert_that_fires_for_days_says_for_how_many() -> None:
    lines = seen(alert_message(ALERT, None, POLICY, NOW + timedelta(days=3)))
    assert any("(3 d)" in one for one in lines)


def test_each_revision_has_new_block_ids() -> None:
    ids = [
        {str(block["block_id"]) for block in alert_message(alert, None, POLICY, NOW).blocks}
        for alert in (ALERT, ACKNOWLEDGED, OVER)
    ]
    assert all(one.isdisjoint(other) for one in ids for other in ids if one is not other)


@given(TEXT, TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=4))
def test_no_text_of_an_alert_is_live(title: str, summary: str, service: str, labels_: dict[str, str]) -> None:
    report = replace(
        REPORT,
        title=title,
        summary=summary,
        description=summary * 20,
        labels=labels_,
        source_url=summary,
        dashboard_url=title,
    )
    alert = replace(ALERT, report=report, service=ServiceName(service), runbook_url=title)
    message = alert_message(alert, replace(INCIDENT, channel=ChannelId("C1"), title=title), POLICY, NOW)
    check(message)
    assert read(message.text).controls == []
    live = [control for text in marked(message) for control in read(text).controls]
    links = {decode(control.partition("|")[0]) for control in live if control.lower().startswith("http")}
    assert links <= {web_address(summary), web_address(title)}
    others = {control.partition("^")[0] for control in live if not control.lower().startswith("http")}
    assert others <= {"!date", "#C1"}


def test_what_was_measured_and_what_the_source_links_is_shown() -> None:
    report = replace(
        ALERT.report,
        values="errors = 4.82, threshold = 1",
        image_url="https://graphs.example/shot.png",
        silence_url="https://graphs.example/alerting/silence/new",
    )
    message = alert_message(replace(ALERT, report=report), None, POLICY, NOW)
    told = "\n".join(seen(message))
    assert "Measured: errors = 4.82, threshold = 1" in told
    assert "Picture: graphs.example" in told
    assert "Silence there: graphs.example" in told
