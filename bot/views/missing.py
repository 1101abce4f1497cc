"""What the channel reads when somebody is missing: who, what they did, and a button to step in."""

from typing import Final

from bot.domain.model import Incident
from bot.domain.noticed import HolderGone, HolderPaused, StructureProposed
from bot.domain.roles_model import AnyRole, Role, label_of
from bot.domain.unacknowledged import AcknowledgementMissed
from bot.domain.work import Place
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    actions,
    bold,
    button,
    code,
    context,
    line,
    mention,
    message,
    section,
    utc,
)
from bot.views.paused import to_wake_them
from bot.views.sentences import as_markup, sentence
from bot.views.telling_of_people import tell_of_people
from bot.views.words import duration

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


def unacknowledged(event: AcknowledgementMissed, incident: Incident, place: Place) -> Message | None:
    """Say that the target has passed, and what to do; nothing when that waited for Slack and is not true any more."""
    if incident.unacknowledged_at != event.at or incident.is_acknowledged or not incident.status.is_open:
        return None
    here = place is Place.CHANNEL
    what = f"Nobody has acknowledged {incident.label} within {duration(event.within)}"
    target = f", the target of {event.severity.label}. "
    follows = _next(event, "" if here else f" {incident.label}")
    return message(
        line(what, target, follows),
        section(line(bold(what), target, follows)),
        _take(incident, (Role.COMMANDER,)) if here else None,
    )


def _next(event: AcknowledgementMissed, which: str) -> Safe:
    if event.level:
        return line(f"Level {event.level} of its escalation path is called.")
    if event.further:
        return line("Wake the next level: ", code(f"/incident escalate{which}"), ".")
    return line("Wake somebody by name: ", code(f"/incident page{which} @person why"), ".")


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
