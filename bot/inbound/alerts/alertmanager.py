"""Prometheus Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).

It is known by its shape: the body may be written by a template, so neither the User-Agent nor `version` says anything,
and unknown fields are ignored. Every member of the group is read by itself; one that cannot be never costs the others.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from bot.domain.model import AlertSeverity, AlertStatus, ReportedAlert, SourceName
from bot.errors import BadInput
from bot.inbound.members import each_of
from bot.inbound.payloads import (
    DESCRIPTION,
    SUMMARY,
    TITLE,
    as_labels,
    as_line,
    as_moment,
    as_object,
    as_severity,
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)

NAME = SourceName("alertmanager")

UNNAMED = "Unnamed alert"
# sloth writes `sloth_severity: page | ticket` beside or instead of `severity` (https://sloth.dev).
SEVERITY_LABELS = ("severity", "sloth_severity", "priority")
_LONGEST_FINGERPRINT = 128


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
    """Read one notification: all alerts of one group, firing and resolved.

    `startsAt` is cut to milliseconds (see `as_moment`), so that the same episode told by two peers is one episode.

    Args:
        body: the request's body, at most 4 MiB.
        left_out: is told why a member of the group could not be read, once for each such member.

    Raises:
        BadInput: this is no such notification, or none of its alerts can be read.
    """
    payload = as_object(read_json(body), "the body")
    return each_of(payload.get("alerts"), "alerts", partial(_alert, group_status=payload.get("status")), left_out)


def _alert(member: Mapping[str, object], group_status: object) -> ReportedAlert:
    starts_at = as_moment(member.get("startsAt"), "startsAt")
    if starts_at is None:
        raise BadInput("startsAt is missing")
    labels = as_labels(member.get("labels"))
    texts = as_table(member.get("annotations"))
    summary = as_text(texts.get("summary") or texts.get("message"), SUMMARY)
    status = _status(member.get("status"), group_status)
    return ReportedAlert(
        source=NAME,
        fingerprint=_fingerprint(member),
        status=status,
        starts_at=starts_at,
        ends_at=_ends_at(member) if status is AlertStatus.RESOLVED else None,
        title=as_line(labels.get("alertname"), TITLE) or as_line(summary, TITLE) or UNNAMED,
        summary=summary,
        description=as_text(texts.get("description"), DESCRIPTION),
        severity=_severity(labels),
        labels=labels,
        source_url=as_url(member.get("generatorURL")),
        runbook_url=as_url(texts.get("runbook_url") or texts.get("runbook")),
        dashboard_url=as_url(texts.get("dashboard_url") or texts.get("dashboard")),
    )


def _status(own: object, group: object) -> AlertStatus:
    """Return RESOLVED only when it is said; in doubt it fires, because a false alarm costs less than a missed one."""
    said = own if isinstance(own, str) and own else group
    if isinstance(said, str) and said.strip().lower() == AlertStatus.RESOLVED:
        return AlertStatus.RESOLVED
    return AlertStatus.FIRING


def _ends_at(member: Mapping[str, object]) -> datetime | None:
    try:
        return as_moment(member.get("endsAt"), "endsAt")
    except BadInput:
        return None  # that it is over is said by its status; when, is a detail


def _fingerprint(member: Mapping[str, object]) -> str:
    given = as_line(member.get("fingerprint"), _LONGEST_FINGERPRINT + 1)
    if given and len(given) <= _LONGEST_FINGERPRINT:
        return given
    return fingerprint_of(as_table(member.get("labels")))


def _severity(labels: Mapping[str, str]) -> AlertSeverity:
    return as_severity(*(labels.get(name) for name in SEVERITY_LABELS))


SAMPLE = b"""{
  "receiver": "muster",
  "status": "firing",
  "alerts": [
    {
      "status": "firing",
      "labels": {
        "alertname": "CheckoutErrorBudgetBurn",
        "cluster": "eu-1",
        "service": "checkout",
        "severity": "critical",
        "slo": "availability"
      },
      "annotations": {
        "summary": "Checkout fails for 4.8 % of requests; the monthly error budget is gone in 15 hours",
        "description": "Errors are above 14.4 times the budget over the last hour and the last five minutes.",
        "runbook_url": "https://runbooks.example.com/checkout/error-budget",
        "dashboard_url": "https://grafana.example.com/d/checkout/overview"
      },
      "startsAt": "2026-03-02T09:14:27.512Z",
      "endsAt": "0001-01-01T00:00:00Z",
      "generatorURL": "https://prometheus.example.com/graph?g0.expr=slo%3Aburn_rate1h%7Bservice%3D%22checkout%22%7D+%3E+14.4&g0.tab=1",
      "fingerprint": "7d1c03e9a45b6f28"
    },
    {
      "status": "resolved",
      "labels": {
        "alertname": "PaymentLatencyHigh",
        "cluster": "eu-1",
        "instance": "payment-7",
        "service": "checkout",
        "severity": "warning"
      },
      "annotations": {"summary": "p99 of payment-7 is above 2 s"},
      "startsAt": "2026-03-02T09:02:11.048Z",
      "endsAt": "2026-03-02T09:13:41.048Z",
      "generatorURL": "https://prometheus.example.com/graph?g0.expr=payment_latency_p99+%3E+2&g0.tab=1",
      "fingerprint": "2f90b8d6c1e7345a"
    }
  ],
  "groupLabels": {"service": "checkout"},
  "commonLabels": {"cluster": "eu-1", "service": "checkout"},
  "commonAnnotations": {},
  "externalURL": "https://alertmanager.example.com",
  "version": "4",
  "groupKey": "{}:{service=\\"checkout\\"}",
  "truncatedAlerts": 0
}"""
