"""Honeycomb's webhook for triggers and burn alerts (https://docs.honeycomb.io/notify/webhooks), without a template.

A trigger is one alert, whatever groups it found: that all of them are well again is told once, for the trigger. The
payload tells no times. The test button's notification says so itself and is no alert.
"""

from collections.abc import Callable, Mapping

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
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import filled, first_moment

NAME = SourceName("honeycomb")

_GROUPS_SHOWN = 20


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or does not say which trigger it is about.
    """
    told = filled(as_object(read_json(body), "the body"))
    status = as_line(told.get("status"), TITLE).upper()
    if not status:
        raise BadInput("status is missing or was not filled in")
    if told.get("is_test") is True:
        return ()
    trigger = as_line(told.get("id"), LABEL_VALUE) or as_line(told.get("trigger_url"), LABEL_VALUE)
    if not trigger:
        raise BadInput("id and trigger_url are missing")
    is_over = status == "OK"
    at = first_moment(told.get("timestamp"))
    labels = as_labels(as_table(told.get("vars"))) | as_labels(
        {name: told.get(name) for name in ("service", "severity", "environment", "dataset", "alert_type")}
    )
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"trigger": trigger}),
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=at or WHEN_RECEIVED,
            ends_at=at if is_over else None,
            title=as_line(told.get("name"), TITLE) or f"Trigger {trigger}"[:TITLE],
            summary=as_text(told.get("summary"), SUMMARY),
            description=_description(told),
            severity=as_severity(labels.get("severity"), labels.get("priority")),
            labels=labels,
            source_url=as_url(told.get("result_url")) or as_url(told.get("slo_url")),
            runbook_url=as_url(told.get("runbook_url")),
            dashboard_url=as_url(told.get("trigger_url")),
        ),
    )


def _description(told: Mapping[str, object]) -> str:
    texts = [as_text(told.get(name), DESCRIPTION // 4) for name in ("trigger_description", "description")]
    groups = told.get("result_groups_triggered")
    found = [as_table(group) for group in groups] if isinstance(groups, list) else []
    texts += [_group(group) for group in found[:_GROUPS_SHOWN]]
    more = len(found) - _GROUPS_SHOWN
    texts.append(f"and {more} more" if more > 0 else "")
    return as_text("\n".join(text for text in texts if text), DESCRIPTION)


def _group(group: Mapping[str, object]) -> str:
    names = as_labels(group.get("Group"))
    where = ", ".join(f"{name}={value}" for name, value in names.items())
    result = as_line(group.get("Result"), TITLE)
    return f"{where}: {result}" if where and result else where or result


SAMPLE = b"""{
  "version": "v0.1.0",
  "name": "Payments are slow",
  "id": "Kw7dTq2Lm9Z",
  "trigger_description": "p99 of a payment, by region",
  "status": "TRIGGERED",
  "summary": "Triggered: Payments are slow",
  "description": "Currently greater than threshold value (2000) for region:eu-1 (value 3120)",
  "operator": "greater than",
  "threshold": 2000,
  "result_url": "https://ui.honeycomb.io/example/datasets/payments/result/aB3dE5fG7hJ",
  "result_groups": [
    {"Group": {"region": "eu-1"}, "Result": 3120},
    {"Group": {"region": "us-2"}, "Result": 410}
  ],
  "result_groups_triggered": [{"Group": {"region": "eu-1"}, "Result": 3120}],
  "trigger_url": "https://ui.honeycomb.io/example/datasets/payments/triggers/Kw7dTq2Lm9Z",
  "is_test": false
}"""
