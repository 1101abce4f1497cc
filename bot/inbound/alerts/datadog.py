"""Datadog's webhook integration, with the payload of docs/sources/datadog.md.

(https://docs.datadoghq.com/integrations/webhooks/)

The payload is the customer's: the one that Datadog proposes names neither the monitor nor what became of it, so it is
refused with the word what to change. A cycle key names one episode of one group of a monitor.
"""

import re
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
from bot.inbound.templates import as_tags, filled, first_moment

NAME = SourceName("datadog")

_TEMPLATE: Final = "set the payload that docs/sources/datadog.md shows"
_OVER: Final = "recovered"
# A notification that no monitor's change caused has the transition "Null"; then its type says how it stands.
_NO_TRANSITION: Final = frozenset({"", "null"})
_ALL_WELL: Final = "success"
# What Datadog puts before the monitor's name: "[P2] [Re-Triggered on {host:web-3}] ".
_PREFIX: Final = re.compile(
    r"(?:\[(?:P[1-5]|TEST|Recovered|Renotify|(?:Re-)?(?:Triggered|Warn|No Data))\b[^\]]*\]\s*)+", re.IGNORECASE
)


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or it does not say of which monitor it is and what became of it.
    """
    told = filled(as_object(read_json(body), "the body"))
    monitor = as_line(told.get("alert_id"), LABEL_VALUE)
    if not monitor:
        raise BadInput(f"alert_id is missing: {_TEMPLATE}")
    at = first_moment(told.get("date"), told.get("last_updated"))
    if at is None:
        raise BadInput(f"date is missing or no time: {_TEMPLATE}")
    status = _status(told)
    title = as_line(told.get("title"), TITLE) or as_line(told.get("event_title"), TITLE)
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=_fingerprint(told, monitor),
            status=status,
            starts_at=at,
            ends_at=at if status is AlertStatus.RESOLVED else None,
            title=_PREFIX.sub("", title, count=1) or title or f"Monitor {monitor}"[:TITLE],
            summary=as_text(told.get("status"), SUMMARY),
            description=as_text(told.get("body"), DESCRIPTION).replace("%%%", "").strip(),
            severity=as_severity(told.get("priority"), told.get("alert_type")),
            labels=_labels(told),
            source_url=as_url(told.get("link")),
            runbook_url=as_url(told.get("runbook_url")),
            image_url=as_url(told.get("snapshot")),
        ),
    )


def _status(told: Mapping[str, object]) -> AlertStatus:
    if "transition" not in told:
        raise BadInput(f"transition is missing: {_TEMPLATE}")
    transition = as_line(told.get("transition"), LABEL_VALUE).lower()
    is_well = as_line(told.get("alert_type"), LABEL_VALUE).lower() == _ALL_WELL
    over = is_well if transition in _NO_TRANSITION else transition == _OVER
    return AlertStatus.RESOLVED if over else AlertStatus.FIRING


def _fingerprint(told: Mapping[str, object], monitor: str) -> str:
    cycle = as_line(told.get("alert_cycle_key"), LABEL_VALUE)
    scope = {"cycle": cycle} if cycle else {"scope": as_line(told.get("scope"), LABEL_VALUE)}
    return fingerprint_of({"monitor": monitor, **scope})


def _labels(told: Mapping[str, object]) -> dict[str, str]:
    own = as_labels({"host": told.get("hostname"), "metric": told.get("metric")})
    return {**as_tags(told.get("tags")), **as_tags(told.get("scope")), **own}


SAMPLE = b"""{
  "alert_id": "84120377",
  "alert_cycle_key": "7120344811520033911",
  "transition": "Triggered",
  "alert_type": "error",
  "priority": "P1",
  "scope": "env:prod,service:checkout",
  "metric": "trace.http.request.errors",
  "status": "trace.http.request.errors over env:prod,service:checkout was > 40.0 during the last 5m",
  "title": "[Triggered on {env:prod,service:checkout}] Checkout fails",
  "body": "%%%\\nErrors of checkout are above 40 a minute.\\n%%%",
  "hostname": "",
  "link": "https://app.datadoghq.com/event/event?id=7718810022",
  "tags": "env:prod,monitor,service:checkout,team:payments",
  "date": "1772442867000"
}"""
