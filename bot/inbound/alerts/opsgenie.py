"""Opsgenie's outgoing webhook, and that of Jira Service Management, which took its form over.

(https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/)

Each delivery tells of one action on one alert; only closing and deleting end it. `createdAt` is in milliseconds,
`updatedAt` in nanoseconds. What an action does not repeat (priority, teams) is not told by it.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
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
from bot.inbound.templates import as_tags, first_moment

NAME = SourceName("opsgenie")

_ENDS: Final = frozenset({"close", "delete"})


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one action.

    Raises:
        BadInput: it is none, or does not say on which alert, or since when that is there.
    """
    told = as_object(read_json(body), "the body")
    action = as_line(told.get("action"), LABEL_VALUE).lower()
    if not action:
        raise BadInput("action is missing")
    alert = as_object(told.get("alert"), "`alert`")
    number = as_line(alert.get("alertId"), LABEL_VALUE)
    starts_at = first_moment(alert.get("createdAt"))
    if not number or starts_at is None:
        raise BadInput("alert.alertId or alert.createdAt is missing")
    is_over = action in _ENDS
    details = as_labels(alert.get("details"))
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"alert": number}),
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=starts_at,
            ends_at=first_moment(alert.get("updatedAt")) if is_over else None,
            title=as_line(alert.get("message"), TITLE) or as_line(alert.get("alias"), TITLE) or "Unnamed alert",
            description=as_text(alert.get("description"), DESCRIPTION),
            severity=as_severity(alert.get("priority")),
            labels=_labels(alert, details),
            source_url=as_url(details.get("url")),
            runbook_url=as_url(details.get("runbook_url") or details.get("runbook")),
        ),
    )


def _labels(alert: Mapping[str, object], details: Mapping[str, str]) -> dict[str, str]:
    own = as_labels(
        {
            "entity": alert.get("entity"),
            "alias": alert.get("alias"),
            "tiny_id": alert.get("tinyId"),
            "priority": alert.get("priority"),
            "integration": as_table(alert.get("integration")).get("name"),
        }
    )
    return {**as_tags(alert.get("tags")), **details, **own}


SAMPLE = b"""{
  "source": {"name": "", "type": "API"},
  "alert": {
    "alertId": "4b1d7c52-93f0-4a6e-8e27-c5d9b0a1f836-1772442867512",
    "alias": "checkout-errors",
    "message": "Checkout fails for 4.8 % of requests",
    "description": "Errors are above 14.4 times the budget.",
    "priority": "P1",
    "entity": "checkout",
    "tags": ["service:checkout", "prod"],
    "details": {"runbook_url": "https://runbooks.example.com/checkout/errors"},
    "teams": ["payments"],
    "tinyId": "1288",
    "createdAt": 1772442867512,
    "updatedAt": 1772442867512000000,
    "source": "prometheus",
    "username": "System"
  },
  "action": "Create",
  "integrationId": "a1f2e3d4-0b5c-4d6e-9f70-8192a3b4c5d6",
  "integrationName": "Muster"
}"""
