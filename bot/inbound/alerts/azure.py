"""Azure Monitor's action groups, with the common alert schema.

(https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema)

Without the common schema every kind of alert has another shape, so that is asked for by name. Not every kind resolves:
an activity-log alert, a service-health alert and a stateless log alert are fired once, and nothing follows.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

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
from bot.inbound.templates import first_moment

NAME = SourceName("azure")

_SCHEMA: Final = "azureMonitorCommonAlertSchema"
_PORTAL: Final = "https://portal.azure.com/#blade/Microsoft_Azure_Monitoring/AlertDetailsTemplateBlade/alertId/"
_RESOLVED: Final = "resolved"


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it has not the common schema, or does not say which alert it is about, or since when.
    """
    told = as_object(read_json(body), "the body")
    if told.get("schemaId") != _SCHEMA:
        raise BadInput("schemaId is another: turn the common alert schema on in the action group")
    data = as_object(told.get("data"), "`data`")
    essentials = as_object(data.get("essentials"), "`essentials`")
    context = as_table(data.get("alertContext"))
    starts_at = first_moment(essentials.get("firedDateTime"))
    fingerprint = _fingerprint(essentials)
    if not fingerprint or starts_at is None:
        raise BadInput("originAlertId, alertId or firedDateTime is missing")
    is_over = as_line(essentials.get("monitorCondition"), LABEL_VALUE).lower() == _RESOLVED
    conditions = ", ".join(_conditions(as_table(context.get("condition")).get("allOf")))
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint,
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=starts_at,
            ends_at=first_moment(essentials.get("resolvedDateTime")) if is_over else None,
            title=as_line(essentials.get("alertRule"), TITLE) or "Unnamed alert",
            description=as_text(essentials.get("description") or conditions, DESCRIPTION),
            severity=as_severity(essentials.get("severity")),
            labels=_labels(essentials, data, context),
            source_url=as_url(essentials.get("investigationLink")) or _portal(essentials.get("alertId")),
        ),
    )


def _fingerprint(essentials: Mapping[str, object]) -> str:
    """Return what names the series: the monitoring service's own id and what it watches, else the alert's id."""
    origin, targets = as_line(essentials.get("originAlertId"), LABEL_VALUE), essentials.get("alertTargetIDs")
    if origin:
        watched = sorted(as_line(one, LABEL_VALUE).lower() for one in targets) if isinstance(targets, list) else []
        return fingerprint_of({"origin": origin, **{f"target {place}": one for place, one in enumerate(watched)}})
    alert = as_line(essentials.get("alertId"), LABEL_VALUE)
    return fingerprint_of({"alert": alert}) if alert else ""


def _conditions(conditions: object) -> Iterator[str]:
    for one in conditions if isinstance(conditions, list) else ():
        condition = as_table(one)
        metric, value = (as_line(condition.get(name), LABEL_VALUE) for name in ("metricName", "metricValue"))
        if metric:
            limit = " ".join(as_line(condition.get(name), LABEL_VALUE) for name in ("operator", "threshold"))
            yield f"{metric} {limit}".strip() + (f" (it is {value})" if value else "")


def _labels(
    essentials: Mapping[str, object], data: Mapping[str, object], context: Mapping[str, object]
) -> dict[str, str]:
    """Return labels; the rule's custom properties count before the resource's, as they are people's."""
    items, targets = essentials.get("configurationItems"), essentials.get("alertTargetIDs")
    return {
        **as_labels(
            {
                "rule": essentials.get("alertRule"),
                "resource": items[0] if isinstance(items, list) and items else None,
                "target": targets[0] if isinstance(targets, list) and targets else None,
                "signal": essentials.get("signalType"),
                "monitoring_service": essentials.get("monitoringService"),
            }
        ),
        **as_labels(context.get("properties")),
        **as_labels(data.get("customProperties")),
    }


def _portal(alert: object) -> str | None:
    number = as_line(alert, LABEL_VALUE)
    return as_url(_PORTAL + quote(number, safe="")) if number else None


SAMPLE = b"""{
  "schemaId": "azureMonitorCommonAlertSchema",
  "data": {
    "essentials": {
      "alertId": "/subscriptions/0a1b2c3d-0000-4e5f-8000-112233445566/providers/Microsoft.AlertsManagement/alerts/5c3e9a10-77d2-4f0b-9b61-d8a4e2f3c015",
      "alertRule": "checkout-5xx",
      "severity": "Sev1",
      "signalType": "Metric",
      "monitorCondition": "Fired",
      "monitoringService": "Platform",
      "alertTargetIDs": [
        "/subscriptions/0a1b2c3d-0000-4e5f-8000-112233445566/resourcegroups/shop/providers/microsoft.web/sites/checkout"
      ],
      "configurationItems": ["checkout"],
      "originAlertId": "0a1b2c3d-0000-4e5f-8000-112233445566_shop_microsoft.insights_metricAlerts_checkout-5xx_904417",
      "firedDateTime": "2026-03-02T09:14:27.5121873Z",
      "description": "Checkout answers with errors",
      "essentialsVersion": "1.0",
      "alertContextVersion": "1.0"
    },
    "alertContext": {
      "properties": null,
      "conditionType": "SingleResourceMultipleMetricCriteria",
      "condition": {
        "windowSize": "PT5M",
        "allOf": [
          {
            "metricName": "Http5xx",
            "metricNamespace": "Microsoft.Web/sites",
            "operator": "GreaterThan",
            "threshold": "40",
            "timeAggregation": "Total",
            "dimensions": [],
            "metricValue": 212
          }
        ]
      }
    },
    "customProperties": {"service": "checkout"}
  }
}"""  # noqa: E501 - Azure's ids are that long
