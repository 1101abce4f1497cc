"""Healthchecks.io's webhook; its body is the template on our page, docs/sources/healthchecks.md, for down and up."""

from collections.abc import Callable

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
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import as_tags, filled, first_moment

NAME = SourceName("healthchecks")


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification: what is not up is down.

    Raises:
        BadInput: it is none, or does not say which check it is about.
    """
    told = filled(as_object(read_json(body), "the body"))
    code = as_line(told.get("code"), LABEL_VALUE)
    if not code:
        raise BadInput("code is missing or was not filled in: is the body the template for Muster?")
    check = as_table(told.get("check"))
    is_up = as_line(told.get("status"), TITLE).lower() == "up"
    at = first_moment(told.get("now"))
    name = as_line(told.get("name"), TITLE) or as_line(check.get("name"), TITLE)
    ours = {"check": told.get("slug") or check.get("slug"), "exit_status": told.get("exitstatus")}
    labels = as_labels(ours) | as_tags(told.get("tags") or check.get("tags"))
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of({"check": code}),
            status=AlertStatus.RESOLVED if is_up else AlertStatus.FIRING,
            starts_at=at or WHEN_RECEIVED,
            ends_at=at if is_up else None,
            title=name or f"Check {code}"[:TITLE],
            description="\n".join(
                text
                for text in (as_text(check.get("desc"), DESCRIPTION // 2), as_text(told.get("body"), DESCRIPTION // 2))
                if text
            ),
            severity=as_severity(labels.get("severity"), labels.get("priority")),
            labels=labels,
            source_url=as_url(told.get("url")),
        ),
    )


SAMPLE = b"""{
  "code": "0c1d2e3f-5a6b-4c7d-8e9f-102132435465",
  "status": "down",
  "now": "2026-03-02T09:14:27+00:00",
  "name": "Nightly export of the ledger",
  "slug": "nightly-export",
  "tags": "prod service=ledger severity=high",
  "exitstatus": "3",
  "check": {
    "name": "Nightly export of the ledger",
    "slug": "nightly-export",
    "tags": "prod service=ledger severity=high",
    "desc": "Writes the day's bookings to the archive.",
    "grace": 1800,
    "n_pings": 311,
    "status": "down",
    "started": false,
    "last_ping": "2026-03-02T01:00:04+00:00",
    "next_ping": null,
    "timeout": 86400
  },
  "body": "no space left on device"
}"""
