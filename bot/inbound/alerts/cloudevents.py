"""CloudEvents 1.0 (https://cloudevents.io): one event in structured or binary mode, or a batch.

A list is a batch. An event in binary mode, which has its attributes in headers, is put into one of structured mode
before it is kept (`enveloped`). What an alert is called in `data` differs from producer to
producer, so each field is looked for under several names. Producer and subject name the series, unless `data` has a
`fingerprint`; without a subject the type does, less its last word when that says whether it fires.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.members import each_of
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

NAME = SourceName("cloudevents")

_OVER = {"resolved", "ok", "closed", "recovered", "cleared", "up", "normal"}
_BEGUN = {"firing", "alert", "open", "opened", "triggered", "fired", "created", "active", "down"}


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
    """Read one event, or a batch.

    Raises:
        BadInput: it is none, or no event of the batch can be read.
    """
    payload = read_json(body)
    if isinstance(payload, list):
        return each_of(payload, "events", _alert, left_out)
    return (_alert(as_object(payload, "the body")),)


def enveloped(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return an event of binary mode as one of structured mode; any other body as it is.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode
    """
    kind = headers.get("content-type", "")
    if "ce-specversion" not in headers or kind.strip().lower().startswith("application/cloudevents"):
        return body
    attributes = {name.removeprefix("ce-"): unquote(text) for name, text in headers.items() if name.startswith("ce-")}
    content = {"datacontenttype": kind, "data_base64": base64.b64encode(body).decode()}
    return json.dumps(attributes | content).encode()


def _alert(event: Mapping[str, object]) -> ReportedAlert:
    kind, producer = as_line(event.get("type"), LABEL_VALUE), as_line(event.get("source"), LABEL_VALUE)
    if not as_line(event.get("specversion"), TITLE) or not kind or not producer:
        raise BadInput("specversion, type or source is missing")
    data, subject = _data(event), as_line(event.get("subject"), LABEL_VALUE)
    is_over = _state(kind, data) in _OVER
    labels = as_labels(data.get("labels")) | as_labels(
        {"subject": subject, "service": data.get("service") or as_table(data.get("labels")).get("service")}
    )
    title = as_line(_first(data, "title", "name", "alertname"), TITLE)
    return ReportedAlert(
        source=NAME,
        fingerprint=_fingerprint(kind, producer, subject, data),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=first_moment(_first(data, "starts_at", "startsAt"), event.get("time")) or WHEN_RECEIVED,
        ends_at=first_moment(_first(data, "ends_at", "endsAt"), event.get("time")) if is_over else None,
        title=title or subject[:TITLE] or kind[:TITLE],
        summary=as_text(_first(data, "summary", "message"), SUMMARY),
        description=as_text(data.get("description"), DESCRIPTION),
        severity=as_severity(data.get("severity"), data.get("priority"), labels.get("severity")),
        labels={"event_type": kind, "event_source": producer} | labels,
        source_url=as_url(_first(data, "url", "link")),
        runbook_url=as_url(data.get("runbook_url")),
        dashboard_url=as_url(data.get("dashboard_url")),
    )


def _data(event: Mapping[str, object]) -> Mapping[str, object]:
    """Return the event's data when it is an object, also when it is sent as a text or in base64."""
    data = event.get("data")
    encoded = event.get("data_base64")
    try:
        if isinstance(encoded, str):
            return as_table(read_json(base64.b64decode(encoded.encode(errors="replace"))))
        return as_table(read_json(data.encode(errors="replace")) if isinstance(data, str) else data)
    except (binascii.Error, BadInput):
        return {}  # a text, or something else that is no JSON: the event itself is the alert


def _state(kind: str, data: Mapping[str, object]) -> str:
    """Return the word that says how it stands; in doubt it fires."""
    said = as_line(_first(data, "status", "state"), TITLE).lower()
    return said or _last_word(kind)


def _last_word(kind: str) -> str:
    return kind.rpartition(".")[2].lower()


def _fingerprint(kind: str, producer: str, subject: str, data: Mapping[str, object]) -> str:
    given = _first(data, "fingerprint", "dedup_key")
    if as_line(given, LABEL_VALUE):
        return fingerprint_of({"source": producer, "fingerprint": given})
    if subject:
        return fingerprint_of({"source": producer, "subject": subject})
    series = kind.rpartition(".")[0] if _last_word(kind) in _OVER | _BEGUN else kind
    return fingerprint_of({"source": producer, "type": series})


def _first(table: Mapping[str, object], *names: str) -> object:
    return next((table[name] for name in names if table.get(name)), None)


SAMPLE = b"""[
  {
    "specversion": "1.0",
    "type": "com.example.monitor.firing",
    "source": "/monitors/eu-1",
    "subject": "ledger-backlog",
    "id": "ev-88120",
    "time": "2026-03-02T09:14:27.512Z",
    "datacontenttype": "application/json",
    "data": {
      "title": "The ledger lags behind",
      "summary": "12,400 bookings wait",
      "severity": "high",
      "service": "ledger",
      "url": "https://monitors.example.com/ledger-backlog"
    }
  },
  {
    "specversion": "1.0",
    "type": "com.example.monitor.resolved",
    "source": "/monitors/eu-1",
    "subject": "search-latency",
    "id": "ev-88121",
    "time": "2026-03-02T09:13:41.048Z",
    "data": {"title": "Search answers slowly", "severity": "warning", "starts_at": "2026-03-02T09:02:11.048Z"}
  }
]"""
