"""Google Cloud Monitoring's incidents, schema 1.2: from a webhook, or in Pub/Sub's envelope.

(https://cloud.google.com/monitoring/support/notification-options#schema-pubsub)

Pub/Sub wraps the same JSON in base64. Times are seconds since 1970. The console's test has no time, and no alert
comes of it.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import AlertStatus, ReportedAlert
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
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import first_moment

NAME = SourceName("gcp")

_CLOSED: Final = "closed"
_TEST: Final = "test"
_RUNBOOK_WORDS: Final = ("runbook", "playbook")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification: an alert, or none when somebody pressed the test button.

    Raises:
        BadInput: it is none, or does not say which incident it is about, or since when.
    """
    told = as_object(read_json(body), "the body")
    if isinstance(message := told.get("message"), dict):
        told = _unwrapped(message.get("data"))
    incident = as_object(told.get("incident"), "`incident`")
    if told.get("version") == _TEST:
        return ()
    return (_alert(incident),)


def _unwrapped(data: object) -> Mapping[str, object]:
    try:
        body = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError):
        raise BadInput("message.data is not base64") from None
    return as_object(read_json(body), "message.data")


def _alert(incident: Mapping[str, object]) -> ReportedAlert:
    number, starts_at = as_line(incident.get("incident_id"), LABEL_VALUE), first_moment(incident.get("started_at"))
    if not number or starts_at is None:
        raise BadInput("incident_id or started_at is missing")
    is_over = as_line(incident.get("state"), LABEL_VALUE).lower() == _CLOSED
    policy, condition = (as_line(incident.get(name), TITLE) for name in ("policy_name", "condition_name"))
    documentation = as_table(incident.get("documentation"))
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"project": incident.get("scoping_project_id"), "incident": number}),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=starts_at,
        ends_at=first_moment(incident.get("ended_at")) if is_over else None,
        title=policy or condition or "Unnamed incident",
        summary=as_text(incident.get("summary"), SUMMARY),
        description=as_text(documentation.get("content"), DESCRIPTION) or _measured(incident),
        severity=as_severity(incident.get("severity")),
        labels=_labels(incident),
        source_url=as_url(incident.get("url")),
        runbook_url=_runbook(documentation.get("links")),
    )


def _measured(incident: Mapping[str, object]) -> str:
    observed, threshold = (as_line(incident.get(name), SUMMARY) for name in ("observed_value", "threshold_value"))
    return f"Observed: {observed}" + (f"; threshold: {threshold}" if threshold else "") if observed else ""


def _labels(incident: Mapping[str, object]) -> dict[str, str]:
    """Return the labels of metric, resource and policy; of the same name the policy's count, as they are people's."""
    resource, metric, metadata = (as_table(incident.get(name)) for name in ("resource", "metric", "metadata"))
    return {
        **as_labels(metric.get("labels")),
        **as_labels(resource.get("labels")),
        **as_labels(
            {
                "project": incident.get("scoping_project_id"),
                "policy": incident.get("policy_name"),
                "condition": incident.get("condition_name"),
                "resource": incident.get("resource_display_name") or incident.get("resource_name"),
                "resource_type": resource.get("type"),
                "metric": metric.get("type"),
            }
        ),
        **as_labels(metadata.get("user_labels")),
        **as_labels(incident.get("policy_user_labels")),
    }


def _runbook(links: object) -> str | None:
    for link in links if isinstance(links, list) else ():
        name = as_line(as_table(link).get("displayName"), TITLE).lower()
        if any(word in name for word in _RUNBOOK_WORDS):
            return as_url(as_table(link).get("url"))
    return None


SAMPLE = b"""{
  "version": "1.2",
  "incident": {
    "incident_id": "0.n3k8chkt7a0b",
    "scoping_project_id": "shop-prod",
    "scoping_project_number": 310042778812,
    "url": "https://console.cloud.google.com/monitoring/alerting/alerts/0.n3k8chkt7a0b?project=shop-prod",
    "started_at": 1772442867,
    "ended_at": null,
    "state": "open",
    "severity": "Critical",
    "summary": "Errors of checkout are above the threshold of 40.000 with a value of 212.000.",
    "observed_value": "212.000",
    "threshold_value": "40",
    "policy_name": "Checkout errors",
    "policy_user_labels": {"service": "checkout", "team": "payments"},
    "condition_name": "Request count (5xx)",
    "resource": {"type": "cloud_run_revision", "labels": {"location": "europe-west1", "service_name": "checkout"}},
    "resource_display_name": "checkout",
    "metric": {"type": "run.googleapis.com/request_count", "labels": {"response_code_class": "5xx"}},
    "metadata": {"system_labels": {}, "user_labels": {}},
    "documentation": {
      "content": "Checkout answers with errors.",
      "mime_type": "text/markdown",
      "links": [{"displayName": "Runbook", "url": "https://runbooks.example.com/checkout/errors"}]
    }
  }
}"""
