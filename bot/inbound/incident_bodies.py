"""Incidents as JSON: what a script declares, and how it is shown what was declared."""

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from bot.domain.affected import MOST, each_once, leading
from bot.domain.commands import Declare
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.severity_names import SEVERITY_NAMES
from bot.domain.text import TITLE_LIMIT
from bot.inbound.payloads import as_line
from bot.inbound.problems import Problem, fields_of

_FIELDS: Final = ("title", "severity", "service", "services", "by", "triage", "private")
_LIMIT: Final = 100
_SHOWN: Final = 10
_USER: Final = re.compile(r"[UW][A-Z0-9]{2,30}")


def incident_of(body: bytes, services: Iterable[ServiceName]) -> Declare:
    """Read what is broken, how bad it is, and who says so.

    Raises:
        Problem: it cannot be read; each field that is wrong is told with what to write instead.
    """
    told, wrong = fields_of(body, _FIELDS)
    known = {name.lower(): name for name in services}
    title, by = as_line(told.get("title"), TITLE_LIMIT).strip(), as_line(told.get("by"), _LIMIT)
    severity = as_line(told.get("severity"), _LIMIT).lower()
    if not title:
        wrong.append(("title", "write in a few words what is broken, such as checkout is down"))
    if not _USER.fullmatch(by):
        wrong.append(("by", "write the Slack user id of who answers for it, such as U0ANA (Copy member ID)"))
    if severity and severity not in SEVERITY_NAMES:
        wrong.append(("severity", "write sev1 to sev4 (or p0 to p3), or leave it out"))
    affected, unknown = _services(told, known)
    wrong += unknown
    switches = {name: told.get(name) or False for name in ("triage", "private")}
    wrong += [(name, "write true or false") for name, value in switches.items() if not isinstance(value, bool)]
    if wrong:
        problem = "The incident cannot be declared as it is written."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, problem, wrong[:_SHOWN])
    return Declare(
        title=title,
        by=UserId(by),
        severity=SEVERITY_NAMES.get(severity),
        service=leading(affected),
        also=affected[1:],
        triage=switches["triage"] is True,
        private=switches["private"] is True,
    )


def _services(
    told: Mapping[str, object], known: Mapping[str, ServiceName]
) -> tuple[tuple[ServiceName, ...], list[tuple[str, str]]]:
    """Return the services, the leading one first, and at which field what is wrong with them."""
    others = told.get("services") or []
    if not isinstance(others, list) or not all(isinstance(one, str) for one in others):
        return (), [("services", 'write a list of names, such as ["checkout", "search"]')]
    named = [("service", told.get("service")), *(("services", one) for one in others)]
    lines = [(field, line) for field, value in named if (line := as_line(value, _LIMIT))]
    there = ", ".join(sorted(known.values())[:_SHOWN])
    unknown = {field: f"no such service; there are {there}" for field, line in lines if line.lower() not in known}
    services = each_once(known.get(line.lower(), ServiceName(line)) for _, line in lines)
    wrong = [*unknown.items()] if known else []
    if len(services) > MOST:
        wrong.append(("services", f"name {MOST} at most"))
    return services, wrong


def shown(incident: Incident) -> dict[str, object]:
    """Return an incident as the client sees it that declared it."""
    return {
        "id": incident.label,
        "title": incident.title,
        "severity": incident.severity.value,
        "status": incident.status.value,
        "service": incident.service,
        "services": list(incident.services),
        "private": incident.private,
        "by": incident.declared_by,
        "declared_at": incident.declared_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
