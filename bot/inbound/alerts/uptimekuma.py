"""Uptime Kuma's webhook with the preset JSON body: a heartbeat, its monitor, and a message.

Both may be null: the test button sends only a message, and so does the warning that a certificate or a domain expires,
which nothing ever ends (https://github.com/louislam/uptime-kuma).
"""

import re
from collections.abc import Callable, Mapping

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
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

NAME = SourceName("uptimekuma")

_UP = "1"
_NO_ALARM = {"2", "3"}  # it tries once more; somebody works on it
_EXPIRES = re.compile(r"(?P<what>.{1,400}?) will expire in (?P<days>-?\d{1,6}) days?\b.{0,200}", re.DOTALL | re.ASCII)
_TESTED = "Testing"
# As its texts begin: "[name][address] Server certificate shop.example.com".
_MONITOR = re.compile(r"\[([^\[\]]{1,200})\]")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification; a press of the test button is no alert.

    Raises:
        BadInput: it is none, or does not say which monitor it is about.
    """
    payload = as_object(read_json(body), "the body")
    message = as_text(payload.get("msg"), SUMMARY)
    monitor, heartbeat = as_table(payload.get("monitor")), as_table(payload.get("heartbeat"))
    if heartbeat:
        return () if as_line(heartbeat.get("status"), TITLE) in _NO_ALARM else (_beat(heartbeat, monitor, message),)
    if found := _EXPIRES.fullmatch(message):
        return (_expiry(monitor, message, found["what"]),)
    if message.endswith(_TESTED):
        return ()
    raise BadInput("there is no heartbeat, and the message says nothing of an expiry")


def _beat(heartbeat: Mapping[str, object], monitor: Mapping[str, object], message: str) -> ReportedAlert:
    number = as_line(monitor.get("id"), LABEL_VALUE) or as_line(heartbeat.get("monitorID"), LABEL_VALUE)
    if not number:
        raise BadInput("monitor.id and heartbeat.monitorID are missing")
    is_up = heartbeat.get("status") == _UP
    at = first_moment(f"{as_line(heartbeat.get('time'), TITLE)}Z", heartbeat.get("time"))  # UTC, and does not say so
    labels = _labels(monitor)
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"monitor": number}),
        status=AlertStatus.RESOLVED if is_up else AlertStatus.FIRING,
        starts_at=at or WHEN_RECEIVED,
        ends_at=at if is_up else None,
        title=as_line(monitor.get("name"), TITLE) or f"Monitor {number}"[:TITLE],
        summary=message,
        description=as_text(heartbeat.get("msg"), SUMMARY),
        severity=as_severity(labels.get("severity"), labels.get("priority")),
        labels=labels,
        source_url=as_url(monitor.get("url")),
    )


def _expiry(monitor: Mapping[str, object], message: str, what: str) -> ReportedAlert:
    """Read that something expires: told of once at 21, 14 and 7 days, which is one alert."""
    labels = _labels(monitor)
    name = _MONITOR.match(message)
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"expires": " ".join(what.split())}),
        status=AlertStatus.FIRING,
        starts_at=WHEN_RECEIVED,
        title=as_line(monitor.get("name"), TITLE) or as_line(name[1] if name else what, TITLE) or "Something expires",
        summary=message,
        severity=as_severity(labels.get("severity"), labels.get("priority"), AlertSeverity.WARNING.value),
        labels=labels,
        source_url=as_url(monitor.get("url")),
    )


def _labels(monitor: Mapping[str, object]) -> dict[str, str]:
    tags = monitor.get("tags")
    pairs = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    named = as_labels({as_line(tag.get("name"), LABEL_VALUE): tag.get("value") for tag in pairs})
    ours = {
        "monitor": monitor.get("name"),
        "monitor_type": monitor.get("type"),
        "host": monitor.get("hostname"),
        "path": monitor.get("pathName"),
    }
    return as_labels(ours) | named


SAMPLE = b"""{
  "heartbeat": {
    "monitorID": 12,
    "status": 0,
    "time": "2026-03-02 09:14:27.512",
    "msg": "connect ECONNREFUSED 192.0.2.17:443",
    "important": true,
    "duration": 60,
    "timezone": "Europe/Vienna",
    "timezoneOffset": "+01:00",
    "localDateTime": "2026-03-02 10:14:27"
  },
  "monitor": {
    "id": 12,
    "name": "Tickets",
    "url": "https://tickets.example.com/health",
    "type": "http",
    "interval": 60,
    "tags": [{"name": "service", "value": "tickets"}, {"name": "severity", "value": "critical"}]
  },
  "msg": "[Tickets] [\\ud83d\\udd34 Down] connect ECONNREFUSED 192.0.2.17:443"
}"""
