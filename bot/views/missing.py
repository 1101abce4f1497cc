"""What the channel reads when somebody is missing: who, what they did, and a button to step in."""

from typing import Final

from bot.domain.model import Incident
from bot.domain.noticed import HolderGone, HolderPaused, StructureProposed
from bot.domain.roles_model import AnyRole, Role, label_of
from bot.views.actions import Action
from bot.views.blocks import Block, Message, actions, bold, button, code, context, line, mention, message, section, utc
from bot.views.paused import to_wake_them
from bot.views.sentences import as_markup, sentence
from bot.views.telling_of_people import tell_of_people

_BUTTONS: Final = 5


def missed(event: HolderGone | HolderPaused | StructureProposed, incident: Incident) -> Message:
    """Say who is missing; whoever is there can take a role at once."""
    if isinstance(event, StructureProposed):
        return _structure(event, incident)
    follows = (_take(incident, event.roles), context("Whoever takes a role has it at once"))
    told = tell_of_people(event)
    if isinstance(event, HolderGone):
        return sentence(incident.label, told, *follows)
    woken = section(line(as_markup(told), to_wake_them(has_pager=event.has_pager)))
    return message(line(incident.label, ": ", as_markup(told, moments=utc)), woken, *follows)


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
