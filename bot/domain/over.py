"""Why an incident does not change now: it is over, or nobody has said yet that it is one; and what to do instead."""

from bot.domain.model import Incident, Status


def why_over(incident: Incident) -> str:
    """Return what somebody is told who wants to change an incident that is not open."""
    if incident.set_aside and incident.set_aside.into:
        return f"{incident.label} was merged into INC-{incident.set_aside.into}: go on there."
    stands = f"{incident.label} is {incident.status.value}, so it no longer changes."
    return f"{stands} Is it not over? Reopen it: `/incident reopen {incident.label} what happened`."


def why_not_reopened(incident: Incident) -> str | None:
    """Return what somebody is told who wants to reopen what is open, or goes on elsewhere; None when they may."""
    if incident.status.is_open:
        return f"{incident.label} is open: there is nothing to reopen."
    return why_over(incident) if incident.status is Status.MERGED else None


def why_not_running(incident: Incident) -> str:
    """Return what somebody is told who wants to move an incident on that is over, or still in triage."""
    if incident.status is not Status.TRIAGE:
        return why_over(incident)
    accept, decline = f"`/incident accept {incident.label}`", f"`/incident decline {incident.label} why`"
    return f"{incident.label} is in triage. Is it an incident? Accept it first: {accept}. If not: {decline}."


def why_not_in_triage(incident: Incident) -> str:
    """Return what somebody is told who wants to accept or decline what is not in triage."""
    if not incident.status.is_open:
        return why_over(incident)
    return f"{incident.label} is an incident already: it is {incident.status.value}."
