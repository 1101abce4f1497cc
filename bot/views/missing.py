"""What the channel reads when somebody is missing: who, what they did, and a button to step in."""

from typing import Final

from bot.domain.model import Incident
from bot.domain.noticed import HolderGone, StructureProposed
from bot.domain.roles_model import AnyRole, Role, label_of
from bot.views.actions import Action
from bot.views.blocks import Block, Message, actions, bold, button, code, context, line, mention, message, section
from bot.views.sentences import sentence
from bot.views.telling_of_people import tell_of_people

_BUTTONS: Final = 5


def missed(event: HolderGone | StructureProposed, incident: Incident) -> Message:
    """Say who is missing; whoever is there can take a role at once."""
    if isinstance(event, StructureProposed):
        return _structure(event, incident)
    follows = context("Whoever takes a role has it at once")
    return sentence(incident.label, tell_of_people(event), _take(incident, event.roles), follows)


def _structure(event: StructureProposed, incident: Incident) -> Message:
    commander = incident.commander
    names = ", ".join(label_of(role) for role in event.vacant)
    whom = (mention(commander), ": ") if commander else ()
    why = ". It goes better when each of these roles is somebody's: "
    return message(
        f"{incident.label} has been SEV-1 for long. Fill the roles that are vacant: {names}.",
        section(line(*whom, bold(f"{incident.label} has been SEV-1 for long"), why, names)),
        _take(incident, event.vacant),
        context(line("Or give them out: ", code("/incident role ops @person"))),
    )


def _take(incident: Incident, roles: tuple[AnyRole, ...]) -> Block | None:
    buttons = [
        button(
            "Take Command" if role is Role.COMMANDER else f"Take {label_of(role)}",
            Action.TAKE_ROLE,
            f"{incident.id} {role}",
            behind=str(at),
        )
        for at, role in enumerate(roles[:_BUTTONS])
    ]
    return actions(*buttons)
