"""Zabbix, by the media type that we ship: deploy/zabbix-media-type.yaml.

One notification tells of one problem, whose event id stays the same in its updates and its recovery. A macro that
Zabbix does not know there arrives as its own name or as *UNKNOWN*: that field is not told.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
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
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import filled, first_moment

NAME = SourceName("zabbix")

_OVER = {"resolved", "ok"}


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or does not say which problem it is about.
    """
    told = filled(as_object(read_json(body), "the body"))
    event = as_line(told.get("event_id"), LABEL_VALUE)
    if not event:
        raise BadInput("event_id is missing or was not filled in: is it sent by the media type for Muster?")
    is_over = told.get("event_value") == "0" or as_line(told.get("event_status"), TITLE).lower() in _OVER
    labels = _tags(told.get("event_tags")) | as_labels(
        {
            "host": told.get("host"),
            "host_name": told.get("host_name"),
            "host_groups": told.get("host_groups"),
            "trigger_id": told.get("trigger_id"),
        }
    )
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"event": event}),
            status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
            starts_at=first_moment(told.get("event_timestamp")) or WHEN_RECEIVED,
            ends_at=first_moment(told.get("recovery_timestamp")) if is_over else None,
            title=as_line(told.get("event_name"), TITLE) or f"Zabbix event {event}"[:TITLE],
            description=_description(told),
            severity=as_severity(told.get("event_severity"), told.get("event_nseverity"), labels.get("severity")),
            labels=labels,
            source_url=as_url(told.get("event_url")),
            runbook_url=as_url(told.get("trigger_url")),
        ),
    )


def _description(told: Mapping[str, object]) -> str:
    texts = [as_text(told.get(name), DESCRIPTION // 2) for name in ("operational_data", "trigger_description")]
    return "\n".join(text for text in texts if text)


def _tags(value: object) -> dict[str, str]:
    """Read {EVENT.TAGSJSON}: a JSON list in a text."""
    tags: object = value
    if isinstance(value, str):
        with suppress(BadInput):
            tags = read_json(value.encode(errors="replace"))
    pairs = [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    return as_labels({as_line(tag.get("tag"), LABEL_VALUE): tag.get("value") for tag in pairs})


SAMPLE = b"""{
  "event_id": "48213",
  "event_value": "1",
  "event_status": "PROBLEM",
  "event_name": "Disk of db-3 is nearly full",
  "event_severity": "High",
  "event_nseverity": "4",
  "event_tags": "[{\\"tag\\":\\"service\\",\\"value\\":\\"orders\\"}]",
  "event_timestamp": "1772442867",
  "recovery_timestamp": "{EVENT.RECOVERY.TIMESTAMP}",
  "operational_data": "94.1 % used",
  "trigger_id": "20417",
  "trigger_description": "Less than 6 % of the volume is free.",
  "trigger_url": "https://runbooks.example.com/orders/disk-full",
  "host": "db-3",
  "host_name": "db-3.example.com",
  "host_groups": "Databases",
  "event_url": "https://zabbix.example.com/tr_events.php?triggerid=20417&eventid=48213"
}"""
