"""Prometheus Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).

It is known by its shape: the body may be written by a template, so neither the User-Agent nor `version` says anything,
and unknown fields are ignored. Every member of the group is read by itself; one that cannot be never costs the others.
"""

from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.inbound.members import each_of
from bot.inbound.payloads import as_object, read_json
from bot.inbound.prometheus import alert_of

NAME = SourceName("alertmanager")


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
    read = partial(alert_of, source=NAME, group_status=payload.get("status"))
    return each_of(payload.get("alerts"), "alerts", read, left_out)


def listed(member: Mapping[str, object]) -> ReportedAlert:
    """Read one alert of the list that Alertmanager gives on request; what is in it fires.

    Raises:
        BadInput: it does not say when it began.
    """
    return alert_of(member, source=NAME, group_status=AlertStatus.FIRING)


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
