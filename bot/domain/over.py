"""Why an incident that is over does not change any more, and what to do instead."""

from bot.domain.model import Incident


def why_over(incident: Incident) -> str:
    """Return what somebody is told who wants to change an incident that is not open."""
    stands = f"{incident.label} is {incident.status.value}, so it no longer changes."
    return f"{stands} Is it not over? Reopen it: `/incident reopen {incident.label} what happened`."
