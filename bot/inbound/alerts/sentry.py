"""Sentry's internal integrations: issues, issue alerts and metric alerts.

(https://docs.sentry.io/organization/integrations/integration-platform/webhooks/)

What a delivery is about is told by its shape. An issue alert never says that it is over: the issue does, and has the
same identity, so `issue` must be subscribed to as well. A metric alert tells of its own end.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
    SUMMARY,
    TITLE,
    URL,
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

NAME = SourceName("sentry")

_RESOLVED: Final = "resolved"
_ISSUE_FIRES: Final = frozenset({"created", "unresolved"})
_PROJECT: Final = re.compile(r"/projects/[\w-]{1,100}/([\w-]{1,100})/", re.ASCII)
# Of these there is nothing to alert: a single error, a comment, the integration itself.
_OTHERS: Final = ("error", "comment", "installation")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one delivery: an alert, or none when nothing begins or ends by it (an issue was assigned, archived …).

    Raises:
        BadInput: it is none of Sentry's, or does not say of what, or since when.
    """
    told = as_object(read_json(body), "the body")
    action = as_line(told.get("action"), LABEL_VALUE).lower()
    data = as_object(told.get("data"), "`data`")
    if not action:
        raise BadInput("action is missing")
    if isinstance(alert := data.get("metric_alert"), dict):
        return (_of_metric(action, data, alert),)
    if isinstance(issue := data.get("issue"), dict):
        return (_of_issue(action, issue),) if action == _RESOLVED or action in _ISSUE_FIRES else ()
    if isinstance(event := data.get("event"), dict):
        return (_of_event(data, event),)
    if any(name in data for name in _OTHERS):
        return ()
    raise BadInput("`data` has neither an issue nor an event nor a metric_alert")


def _of_event(data: Mapping[str, object], event: Mapping[str, object]) -> ReportedAlert:
    """Read an issue alert: an event met the conditions of an alert rule."""
    issue = as_line(event.get("issue_id"), LABEL_VALUE)
    starts_at = first_moment(event.get("datetime"), event.get("timestamp"), event.get("received"))
    if not issue or starts_at is None:
        raise BadInput("event.issue_id or event.datetime is missing")
    tags = event.get("tags")
    pairs = [pair for pair in tags if isinstance(pair, list) and len(pair) == 2] if isinstance(tags, list) else []  # noqa: PLR2004 - name and value
    found = _PROJECT.search(as_line(event.get("url"), URL))
    project = found[1] if found else ""
    return ReportedAlert(
        source=NAME,
        fingerprint=_issue_fingerprint(issue),
        status=AlertStatus.FIRING,
        starts_at=starts_at,
        title=as_line(event.get("title"), TITLE) or as_line(data.get("triggered_rule"), TITLE) or "Unnamed issue",
        description=as_text(event.get("message") or event.get("culprit"), DESCRIPTION),
        severity=as_severity(event.get("level")),
        labels=as_labels(
            {as_line(name, LABEL_VALUE): value for name, value in pairs}
            | {"service": project, "project": project, "rule": data.get("triggered_rule")}
            | {name: event.get(name) for name in ("level", "platform")}
        ),
        source_url=as_url(event.get("web_url")),
    )


def _of_issue(action: str, issue: Mapping[str, object]) -> ReportedAlert:
    number = as_line(issue.get("id"), LABEL_VALUE)
    # An issue that came back is a new episode: its first event lies before its last end.
    began = issue.get("lastSeen") if action == "unresolved" else issue.get("firstSeen")
    starts_at = first_moment(began, issue.get("lastSeen"))
    if not number or starts_at is None:
        raise BadInput("issue.id or issue.firstSeen is missing")
    project = as_line(as_table(issue.get("project")).get("slug"), LABEL_VALUE)
    return ReportedAlert(
        source=NAME,
        fingerprint=_issue_fingerprint(number),
        status=AlertStatus.RESOLVED if action == _RESOLVED else AlertStatus.FIRING,
        starts_at=starts_at,
        title=as_line(issue.get("title"), TITLE) or "Unnamed issue",
        description=as_text(issue.get("culprit"), DESCRIPTION),
        severity=as_severity(issue.get("level")),
        labels=as_labels(
            {"service": project, "project": project}
            | {name: issue.get(name) for name in ("level", "platform", "shortId")}
        ),
        source_url=as_url(issue.get("web_url")) or as_url(issue.get("permalink")),
    )


def _of_metric(action: str, data: Mapping[str, object], alert: Mapping[str, object]) -> ReportedAlert:
    number, starts_at = as_line(alert.get("id"), LABEL_VALUE), first_moment(alert.get("date_started"))
    if not number or starts_at is None:
        raise BadInput("metric_alert.id or metric_alert.date_started is missing")
    rule = as_table(alert.get("alert_rule"))
    projects = alert.get("projects")
    project = projects[0] if isinstance(projects, list) and len(projects) == 1 else None
    is_over = action == _RESOLVED
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"organisation": alert.get("organization_id"), "metric alert": number}),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=starts_at,
        ends_at=first_moment(alert.get("date_closed")) if is_over else None,
        title=as_line(rule.get("name"), TITLE) or as_line(data.get("description_title"), TITLE) or "Unnamed alert",
        summary=as_text(data.get("description_text"), SUMMARY),
        severity=AlertSeverity.UNKNOWN if is_over else as_severity(action),
        labels=as_labels(
            {"service": project, "project": project, "environment": rule.get("environment"), "query": rule.get("query")}
        ),
        source_url=as_url(data.get("web_url")),
    )


def _issue_fingerprint(number: str) -> str:
    return fingerprint_of({"issue": number})


SAMPLE = b"""{
  "action": "critical",
  "actor": {"id": "sentry", "name": "Sentry", "type": "application"},
  "data": {
    "description_text": "4800 events in the last 10 minutes",
    "description_title": "Critical: Checkout errors",
    "metric_alert": {
      "alert_rule": {
        "aggregate": "count()",
        "environment": "production",
        "id": "812",
        "name": "Checkout errors",
        "projects": ["checkout"],
        "query": "level:error"
      },
      "date_closed": null,
      "date_started": "2026-03-02T09:14:27.512000Z",
      "id": "30991",
      "identifier": "112",
      "organization_id": "77",
      "projects": ["checkout"],
      "status": 20
    },
    "web_url": "https://example.sentry.io/alerts/rules/details/812/?alert=112"
  },
  "installation": {"uuid": "0f6d3b1e-5a7c-4e92-8d40-b2c1a9f8e7d6"}
}"""
