"""New Relic's workflows, with the default template of a webhook.

(https://docs.newrelic.com/docs/alerts/get-notified/notification-integrations/#webhook)

One notification tells of one issue. Times are milliseconds since 1970; a state comes in capitals or in small letters.
"""

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
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import filled, first_moment

NAME = SourceName("newrelic")

_OVER: Final = frozenset({"closed", "resolved", "deactivated"})


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or does not say which issue it is about, how that stands, or since when.
    """
    told = filled(as_object(read_json(body), "the body"))
    issue = as_line(told.get("id"), LABEL_VALUE) or as_line(told.get("issueId"), LABEL_VALUE)
    state = as_line(told.get("state"), LABEL_VALUE).lower()
    starts_at = first_moment(told.get("createdAt"))
    if not issue or not state or starts_at is None:
        raise BadInput("id, state or createdAt is missing: keep the fields of New Relic's default template")
    is_over = state in _OVER
    title = _first(told.get("title"), TITLE)
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"issue": issue}),
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=starts_at,
            ends_at=first_moment(told.get("closedAt"), told.get("updatedAt")) if is_over else None,
            title=_first(told.get("alertConditionNames"), TITLE) or title or "Unnamed issue",
            summary=as_text(title, SUMMARY),
            description=as_text(told.get("description"), DESCRIPTION),
            severity=as_severity(told.get("priority")),
            labels=_labels(told),
            source_url=as_url(told.get("issueUrl")) or as_url(told.get("issuePageUrl")),
            runbook_url=as_url(_first(told.get("runbookUrl"), LABEL_VALUE)),
            image_url=as_url(told.get("violationChartUrl")),
        ),
    )


def _first(value: object, limit: int) -> str:
    """Return the text, or the first of several."""
    return as_line(value[0] if isinstance(value, list) and value else value, limit)


def _labels(told: Mapping[str, object]) -> dict[str, str]:
    return as_labels(
        {
            "service": told.get("service"),
            "entity": _first(told.get("impactedEntities"), LABEL_VALUE),
            "policy": _first(told.get("alertPolicyNames"), LABEL_VALUE),
            "condition": _first(told.get("alertConditionNames"), LABEL_VALUE),
            "workflow": told.get("workflowName"),
            "priority": told.get("priority"),
        }
    )


SAMPLE = b"""{
  "id": "6e0c1f7a-2b94-4d0e-9a53-0d8f5c7be214",
  "issueUrl": "https://radar-api.service.newrelic.com/accounts/1002/issues/6e0c1f7a-2b94-4d0e-9a53-0d8f5c7be214?notifier=WEBHOOK",
  "title": "Error percentage > 4 for at least 5 minutes on 'checkout'",
  "priority": "CRITICAL",
  "impactedEntities": ["checkout"],
  "totalIncidents": 1,
  "state": "ACTIVATED",
  "trigger": "STATE_CHANGE",
  "isCorrelated": false,
  "createdAt": 1772442867512,
  "updatedAt": 1772442867512,
  "sources": ["newrelic"],
  "alertPolicyNames": ["Golden signals"],
  "alertConditionNames": ["Checkout error percentage"],
  "workflowName": "To Muster"
}"""
