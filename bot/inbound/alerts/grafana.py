"""Grafana's webhook contact point, payload version "1".

(https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/)

Its alerts have the shape of Alertmanager's, with links to dashboards and the measured values. A fingerprint is unique
within one organisation of Grafana only. What Grafana says of itself (a rule got no data, or could not be evaluated)
carries the annotations of the rule, which would tell people of a failure that nobody has seen.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.inbound.members import each_of
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
    TITLE,
    VALUES,
    as_labels,
    as_line,
    as_object,
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.prometheus import alert_of

NAME = SourceName("grafana")

META_LABEL: Final = "meta_alert"
_META: Final[Mapping[str, tuple[str, str]]] = {
    "DatasourceNoData": ("no_data", "Grafana gets no data for"),
    "DatasourceError": ("error", "Grafana cannot evaluate"),
}


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
    """Read one notification: all alerts of one group, firing and resolved.

    Raises:
        BadInput: this is no such notification, or none of its alerts can be read.
    """
    payload = as_object(read_json(body), "the body")
    read = partial(_alert, group_status=payload.get("status"), organisation=payload.get("orgId"))
    return each_of(payload.get("alerts"), "alerts", read, left_out)


def listed(member: Mapping[str, object], *, organisation: str) -> ReportedAlert:
    """Read one alert of the list that Grafana gives on request, as its webhook would tell it; what is in it fires.

    There Grafana's own labels and annotations (`__alert_rule_uid__`, `__orgId__`) are not left out as in the webhook.

    Raises:
        BadInput: it does not say when it began.
    """
    texts = as_table(member.get("annotations"))
    told = {
        **member,
        "labels": _public(as_table(member.get("labels"))),
        "annotations": _public(texts),
        "valueString": texts.get("__value_string__"),
    }
    return _alert(told, group_status=AlertStatus.FIRING, organisation=texts.get("__orgId__") or organisation)


def _public(named: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in named.items() if not (name.startswith("__") and name.endswith("__"))}


def _alert(member: Mapping[str, object], *, group_status: object, organisation: object) -> ReportedAlert:
    alert = alert_of(member, source=NAME, group_status=group_status)
    alert = replace(
        alert,
        fingerprint=_fingerprint(alert.fingerprint, as_line(organisation, LABEL_VALUE)),
        values=_values(member),
        image_url=as_url(member.get("imageURL")),
        silence_url=as_url(member.get("silenceURL")),
        dashboard_url=as_url(member.get("panelURL")) or as_url(member.get("dashboardURL")) or alert.dashboard_url,
    )
    meta = _META.get(alert.labels.get("alertname", ""))
    return _about_grafana(alert, member, *meta) if meta else alert


def _about_grafana(alert: ReportedAlert, member: Mapping[str, object], kind: str, says: str) -> ReportedAlert:
    rule = as_line(alert.labels.get("rulename"), TITLE) or "a rule"
    texts = as_table(member.get("annotations"))
    return replace(
        alert,
        labels={**alert.labels, META_LABEL: kind},
        summary=f"{says} {rule}",
        description=as_text(texts.get("Error"), DESCRIPTION),
    )


def _fingerprint(given: str, organisation: str) -> str:
    return fingerprint_of({"fingerprint": given, "orgId": organisation}) if organisation else given


def _values(member: Mapping[str, object]) -> str:
    values = as_labels(member.get("values"))
    measured = ", ".join(f"{name} = {value}" for name, value in values.items())
    return as_line(measured or member.get("valueString"), VALUES)


SAMPLE = b"""{
  "receiver": "muster",
  "status": "firing",
  "orgId": 1,
  "alerts": [
    {
      "status": "firing",
      "labels": {
        "alertname": "CheckoutErrorRate",
        "grafana_folder": "Checkout",
        "service": "checkout",
        "severity": "critical"
      },
      "annotations": {
        "summary": "Checkout fails for 4.8 % of requests",
        "runbook_url": "https://runbooks.example.com/checkout/errors"
      },
      "startsAt": "2026-03-02T09:14:20Z",
      "endsAt": "0001-01-01T00:00:00Z",
      "generatorURL": "https://grafana.example.com/alerting/grafana/fe2c7aa1/view?orgId=1",
      "fingerprint": "5b8f0e4471c92d3a",
      "silenceURL": "https://grafana.example.com/alerting/silence/new?alertmanager=grafana&orgId=1",
      "dashboardURL": "https://grafana.example.com/d/checkout?orgId=1",
      "panelURL": "https://grafana.example.com/d/checkout?orgId=1&viewPanel=4",
      "values": {"errors": 4.8213, "threshold": 1}
    },
    {
      "status": "resolved",
      "labels": {
        "alertname": "DatasourceNoData",
        "datasource_uid": "mimir",
        "grafana_folder": "Checkout",
        "rulename": "PaymentLatency",
        "service": "payment"
      },
      "annotations": {"summary": "p99 of payment is above 2 s"},
      "startsAt": "2026-03-02T09:02:10Z",
      "endsAt": "2026-03-02T09:13:40Z",
      "generatorURL": "https://grafana.example.com/alerting/grafana/ab41c90e/view?orgId=1",
      "fingerprint": "90d1c4e2ab7735f6",
      "values": null
    }
  ],
  "groupLabels": {"grafana_folder": "Checkout"},
  "commonLabels": {"grafana_folder": "Checkout"},
  "commonAnnotations": {},
  "externalURL": "https://grafana.example.com/",
  "version": "1",
  "groupKey": "{}:{grafana_folder=\\"Checkout\\"}",
  "truncatedAlerts": 0,
  "title": "[FIRING:1, RESOLVED:1] Checkout",
  "state": "alerting",
  "message": "**Firing**"
}"""
