"""Kibana's rules by the Webhook connector, whose body is the template on our page (docs/sources/elastic.md).

Kibana's own flap detection holds the recovery back while an alert flaps; that it does is passed on as a label.
"""

from collections.abc import Callable

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
    SUMMARY,
    TITLE,
    as_labels,
    as_line,
    as_object,
    as_severity,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import as_tags, filled, first_moment

NAME = SourceName("elastic")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or does not say which rule it is about.
    """
    told = filled(as_object(read_json(body), "the body"))
    rule = as_line(told.get("rule_id"), LABEL_VALUE)
    if not rule:
        raise BadInput("rule_id is missing or was not filled in: is the body the template for Muster?")
    alert = as_line(told.get("alert_id"), LABEL_VALUE)
    space = as_line(told.get("space"), LABEL_VALUE)
    is_over = as_line(told.get("action_group"), TITLE).lower() == "recovered"
    at = first_moment(told.get("date"))
    is_flapping = as_text(told.get("flapping"), TITLE).lower() == "true"
    ours = {"rule": told.get("rule_name"), "alert": alert, "space": space, "flapping": "true" if is_flapping else ""}
    labels = as_tags(told.get("tags")) | as_labels(ours)
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"space": space, "rule": rule, "alert": alert}),
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=at or WHEN_RECEIVED,
            ends_at=at if is_over else None,
            title=as_line(told.get("rule_name"), TITLE) or f"Rule {rule}"[:TITLE],
            summary=as_text(told.get("reason"), SUMMARY),
            description=as_text(told.get("message"), DESCRIPTION),
            severity=as_severity(labels.get("severity"), labels.get("priority"), told.get("action_group")),
            labels=labels,
            source_url=as_url(told.get("url")),
            runbook_url=as_url(told.get("runbook_url")),
            dashboard_url=as_url(told.get("alert_url")),
        ),
    )


SAMPLE = b"""{
  "rule_id": "b7d1f2a0-3c55-4e0b-9a61-5d2f8c7e1134",
  "rule_name": "Search answers slowly",
  "alert_id": "search-eu-1",
  "alert_uuid": "1f0e2d3c-4b5a-4968-8776-655443322110",
  "action_group": "metrics.threshold.fired",
  "flapping": "false",
  "reason": "p95 of search-eu-1 is 4.1 s in the last 5 minutes, above 2 s",
  "message": "",
  "url": "https://kibana.example.com/app/management/insightsAndAlerting/triggersActions/rule/b7d1f2a0",
  "alert_url": "https://kibana.example.com/app/observability/alerts/1f0e2d3c",
  "runbook_url": "",
  "tags": "prod,service:search,severity:critical",
  "space": "default",
  "date": "2026-03-02T09:14:27.512Z"
}"""
