"""What can be done about an incident that is over."""

from bot.domain.model import Incident, Status
from bot.views.actions import Action
from bot.views.blocks import Block, actions, button


def ending_buttons(incident: Incident) -> Block | None:
    """Return the buttons under an incident that is over."""
    close = button("Close Incident", Action.CLOSE, str(incident.id), spoken=f"Close Incident {incident.label}")
    return actions(reopen_button(incident), close if incident.status is Status.RESOLVED else None)


def reopen_button(incident: Incident) -> Block:
    """Return the button that opens an incident again."""
    return button("Reopen Incident", Action.REOPEN, str(incident.id), spoken=f"Reopen Incident {incident.label}")
