"""What can be done about an incident that is over, or that nobody has yet said is one."""

from bot.domain.model import Incident, Status
from bot.views.actions import Action
from bot.views.blocks import Block, actions, button, context


def ending_buttons(incident: Incident) -> Block | None:
    """Return the buttons under an incident that is over; what was merged goes on elsewhere."""
    if incident.status is Status.MERGED:
        return None
    close = button("Close Incident", Action.CLOSE, str(incident.id), spoken=f"Close Incident {incident.label}")
    add = button(
        "Add Action Item", Action.ADD_ACTION, str(incident.id), spoken=f"Add an Action Item to {incident.label}"
    )
    resolved = incident.status is Status.RESOLVED
    return actions(reopen_button(incident), add if resolved else None, close if resolved else None)


def triage_notes(incident: Incident) -> list[Block | None]:
    """Return who knows of an incident that is in triage, and what its buttons do; nothing of any other."""
    if incident.status is not Status.TRIAGE:
        return []
    pager = "Who is on call is paged" if incident.paged else "Nobody is paged"
    return [
        context(f"Nobody outside this channel is told yet. {pager}"),
        context("Accept: everybody is told, updates are owed, who is on call is called in. Decline: it ends here"),
    ]


def triage_buttons(incident: Incident) -> Block | None:
    """Return the buttons of an incident that is in triage."""
    value, label = str(incident.id), incident.label
    return actions(
        button("Accept", Action.ACCEPT, value, style="primary", spoken=f"Accept {label} as an Incident"),
        button("Decline", Action.DECLINE, value, spoken=f"Decline {label}: It Is No Incident"),
        button("Merge Into…", Action.MERGE, value, spoken=f"Merge {label} Into Another Incident"),
    )


def reopen_button(incident: Incident) -> Block:
    """Return the button that opens an incident again."""
    return button("Reopen Incident", Action.REOPEN, str(incident.id), spoken=f"Reopen Incident {incident.label}")
