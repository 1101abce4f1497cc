"""Better Stack's outgoing webhook for incidents, in the shape of JSON:API (https://betterstack.com/docs/uptime/webhooks).

An incident's id names one episode. Webhooks about monitors and about who is on call have the same shape and are no
alerts.
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
from bot.inbound.templates import first_moment

NAME = SourceName("betterstack")

_REOPENED = "reopened"
_OVER = "resolved"


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one webhook; what is not about an incident is no alert.

    Raises:
        BadInput: it is none, or its incident has no id.
    """
    payload = as_object(read_json(body), "the body")
    data = as_object(payload.get("data"), "`data`")
    kind, number = as_line(data.get("type"), TITLE), as_line(data.get("id"), LABEL_VALUE)
    if not kind:
        raise BadInput("data.type is missing")
    if kind != "incident":
        return ()
    if not number:
        raise BadInput("data.id is missing")
    return (_alert(as_line(payload.get("event"), TITLE).lower(), number, data),)


def _alert(event: str, number: str, data: Mapping[str, object]) -> ReportedAlert:
    incident = as_table(data.get("attributes"))
    is_over = event != _REOPENED and (
        event == _OVER
        or bool(first_moment(incident.get("resolved_at")))
        or as_line(incident.get("status"), TITLE).lower() == _OVER
    )
    # What is open again keeps its old start, which would be that of the episode that is over.
    began = None if event == _REOPENED else first_moment(incident.get("started_at"))
    labels = _labels(incident, data)
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"incident": number}),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=began or WHEN_RECEIVED,
        ends_at=first_moment(incident.get("resolved_at")) if is_over else None,
        title=as_line(incident.get("name"), TITLE) or f"Incident {number}"[:TITLE],
        summary=_summary(incident),
        description=as_text(incident.get("response_content"), DESCRIPTION),
        severity=as_severity(labels.get("severity"), labels.get("priority")),
        labels=labels,
        source_url=as_url(incident.get("origin_url")) or as_url(incident.get("url")),
        image_url=as_url(incident.get("screenshot_url")),
    )


def _summary(incident: Mapping[str, object]) -> str:
    name, cause = as_line(incident.get("name"), TITLE), as_text(incident.get("cause"), SUMMARY - TITLE - 2)
    return f"{name}: {cause}" if name and cause else cause


def _labels(incident: Mapping[str, object], data: Mapping[str, object]) -> dict[str, str]:
    monitor = as_table(as_table(as_table(data.get("relationships")).get("monitor")).get("data"))
    ours = {"url": incident.get("url"), "monitor_id": monitor.get("id"), "better_stack_team": incident.get("team_name")}
    given = {name: _first_value(value) for name, value in as_table(incident.get("metadata")).items()}
    return as_labels(ours) | as_labels(given)


def _first_value(metadata: object) -> object:
    """Return a text, or the first of a list of `{"type": "String", "value": "..."}`."""
    first = metadata[0] if isinstance(metadata, list) and metadata else metadata
    return first.get("value") if isinstance(first, dict) else first


SAMPLE = b"""{
  "event": "started",
  "data": {
    "id": "730114",
    "type": "incident",
    "attributes": {
      "name": "Tickets shop",
      "url": "https://tickets.example.com/health",
      "http_method": "get",
      "cause": "Status 503",
      "started_at": "2026-03-02T09:14:27.512Z",
      "acknowledged_at": null,
      "resolved_at": null,
      "response_content": "upstream is away",
      "response_url": null,
      "screenshot_url": null,
      "metadata": {"service": [{"type": "String", "value": "tickets"}]}
    },
    "relationships": {"monitor": {"data": {"id": "2211", "type": "monitor"}}}
  }
}"""
