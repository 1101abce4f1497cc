"""What commands, buttons and forms read alike: an incident's number, and whether it can still change."""

from bot.domain.model import Incident, IncidentId
from bot.errors import Refused

_DIGITS = 9


def number_of(value: str) -> IncidentId | None:
    """Return the incident's number that a button or a form carries."""
    return IncidentId(int(value)) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None


def must_be_open(incident: Incident) -> Incident:
    """Return the incident, or refuse before somebody fills in a form for nothing."""
    if not incident.status.is_open:
        raise Refused(f"{incident.label} is resolved, so it no longer changes.")
    return incident
