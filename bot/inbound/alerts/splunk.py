"""Splunk's webhook alert action: the first row of what a saved search found.

Splunk never tells that it is over. `search_name` names the series, with the column `dedup_key` of the result when the
search has one; the search id differs from run to run, but tells when it ran.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

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

NAME = SourceName("splunk")

# scheduler__admin__search__RMD5a1b2_at_1772442867_132: what is before the time is the same in every run.
_SID = re.compile(r"(.{1,600})_at_(\d{10})_.{0,200}", re.DOTALL | re.ASCII)


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one notification.

    Raises:
        BadInput: it is none, or does not say which search it is about.
    """
    payload = as_object(read_json(body), "the body")
    run = _SID.fullmatch(as_line(payload.get("sid"), LABEL_VALUE))
    search = as_line(payload.get("search_name"), LABEL_VALUE)
    name = search or (run[1] if run else "")
    if not name:
        raise BadInput("search_name is missing, and sid names no saved search")
    row = as_table(payload.get("result"))
    labels = _labels(row) | as_labels({"app": payload.get("app")})
    identity = {"app": payload.get("app"), "search": name, "key": row.get("dedup_key")}
    return (
        ReportedAlert(
            source=NAME,
            fingerprint=fingerprint_of(identity),
            status=AlertStatus.FIRING,
            starts_at=_ran_at(row, run),
            title=name[:TITLE],
            summary=as_text(row.get("summary") or row.get("message"), SUMMARY),
            description=as_text(row.get("description") or row.get("_raw"), DESCRIPTION),
            severity=as_severity(row.get("severity"), row.get("urgency"), row.get("priority")),
            labels=labels,
            source_url=as_url(payload.get("results_link")),
            runbook_url=as_url(row.get("runbook_url")),
        ),
    )


def _ran_at(row: Mapping[str, object], run: re.Match[str] | None) -> datetime:
    return first_moment(run[2] if run else None, row.get("_time")) or WHEN_RECEIVED


def _labels(row: Mapping[str, object]) -> dict[str, str]:
    """Return the columns that people made: Splunk's own begin with an underscore."""
    return as_labels({name: value for name, value in row.items() if not name.startswith("_")})


SAMPLE = b"""{
  "result": {
    "service": "ledger",
    "host": "ledger-2",
    "dedup_key": "ledger-2",
    "severity": "high",
    "summary": "ledger-2 refused 41 bookings within five minutes",
    "count": "41",
    "_time": "1772442860"
  },
  "sid": "scheduler__ops__search__RMD5c4d81f0e97a_at_1772442867_58",
  "results_link": "https://splunk.example.com/app/search/@go?sid=scheduler__ops__search__RMD5c4d81f0e97a_at_1772442867_58",
  "search_name": "Bookings are refused",
  "owner": "ops",
  "app": "search"
}"""
