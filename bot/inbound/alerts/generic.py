"""JSON of anybody's making: `muster.yaml` says where in it things stand (mapping.py).

Without a mapping the names are ours: those of `DEFAULT`. What the mapping does not
find its way in is kept in quarantine as with every source, and answered 422 as well: its sender is a program that
somebody is just writing.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.mapping import JsonMapping, Path, find
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
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import first_moment

NAME = SourceName("generic")

DEFAULT: Final = JsonMapping(
    alerts=("alerts",),
    title=(("title",),),
    fingerprint=(("fingerprint",),),
    status=(("status",),),
    severity=(("severity",),),
    starts_at=(("starts_at",),),
    ends_at=(("ends_at",),),
    summary=(("summary",),),
    description=(("description",),),
    labels=(("labels",),),
    source_url=(("source_url",),),
    runbook_url=(("runbook_url",),),
    dashboard_url=(("dashboard_url",),),
)


class Mapped:
    """A parser that follows a mapping."""

    def __init__(self, mapping: JsonMapping) -> None:
        self._mapping = mapping

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        """Read one body: a list of alerts, or one.

        Raises:
            BadInput: the mapping finds no alert in it.
        """
        payload = read_json(body)
        members = find((self._mapping.alerts,), payload, payload) if self._mapping.alerts else None
        if members is not None:
            return each_of(members, _told(self._mapping.alerts), lambda one: self._alert(one, payload), left_out)
        if isinstance(payload, list):
            return each_of(payload, "the body", lambda one: self._alert(one, payload), left_out)
        return (self._alert(as_object(payload, "the body"), payload),)

    def _alert(self, member: Mapping[str, object], body: object) -> ReportedAlert:
        there = self._mapping
        title = as_line(find(there.title, member, body), TITLE)
        if not title:
            raise BadInput(f"no title at {' or '.join(_told(path) for path in there.title)}")
        status = self._status(member, body)
        return ReportedAlert(
            source=NAME,
            fingerprint=self._fingerprint(member, body),
            status=status,
            starts_at=first_moment(find(there.starts_at, member, body)) or WHEN_RECEIVED,
            ends_at=first_moment(find(there.ends_at, member, body)) if status is AlertStatus.RESOLVED else None,
            title=title,
            summary=as_text(find(there.summary, member, body), SUMMARY),
            description=as_text(find(there.description, member, body), DESCRIPTION),
            severity=as_severity(find(there.severity, member, body)),
            labels=self._labels(member, body),
            source_url=as_url(find(there.source_url, member, body)),
            runbook_url=as_url(find(there.runbook_url, member, body)),
            dashboard_url=as_url(find(there.dashboard_url, member, body)),
        )

    def _status(self, member: Mapping[str, object], body: object) -> AlertStatus:
        """Return RESOLVED only when it is said: a false alarm costs less than a missed one."""
        said = as_line(find(self._mapping.status, member, body), LABEL_VALUE).lower()
        return AlertStatus.RESOLVED if said in self._mapping.resolved else AlertStatus.FIRING

    def _fingerprint(self, member: Mapping[str, object], body: object) -> str:
        parts = {str(n): find((path,), member, body) for n, path in enumerate(self._mapping.fingerprint)}
        if not any(as_text(part, LABEL_VALUE) for part in parts.values()):
            raise BadInput(f"no fingerprint at {' and '.join(_told(path) for path in self._mapping.fingerprint)}")
        return fingerprint_of(parts)

    def _labels(self, member: Mapping[str, object], body: object) -> dict[str, str]:
        single = {name: find(paths, member, body) for name, paths in self._mapping.label.items()}
        return as_labels(find(self._mapping.labels, member, body)) | as_labels(single)


def _told(path: Path) -> str:
    return ".".join(path)


parse = Mapped(DEFAULT)


SAMPLE = b"""{"alerts": [
  {
    "title": "Invoices are not sent",
    "fingerprint": "billing/invoices",
    "status": "firing",
    "severity": "high",
    "summary": "412 invoices wait for more than an hour",
    "starts_at": "2026-03-02T09:14:27Z",
    "labels": {"service": "billing", "queue": "invoices"},
    "source_url": "https://billing.example.com/queues/invoices"
  },
  {
    "title": "Ledger export is late",
    "fingerprint": "billing/ledger",
    "status": "resolved",
    "severity": "warning",
    "starts_at": "2026-03-02T08:02:11Z",
    "ends_at": "2026-03-02T09:13:41Z",
    "labels": {"service": "billing"}
  }
]}"""
