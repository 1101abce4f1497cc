"""What a role asks of its holder: a checklist in a direct message, with the commands that go with it."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.duties import duties_of
from bot.domain.model import AnyRole, Duties, Incident, Role, label_of
from bot.domain.policy import Policy
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    channel_link,
    checklist,
    code,
    context,
    header,
    line,
    lines,
    message,
    section,
)
from bot.views.words import STATUSES, named

_COMMANDS: Final[Mapping[AnyRole, tuple[str, ...]]] = {
    Role.COMMANDER: ("/incident severity sev1", "/incident role ops @person", "/incident handover ic @person"),
    Role.OPERATIONS: ("/incident status identified", "/incident status monitoring", "/incident timeline"),
    Role.COMMUNICATIONS: ("/incident update <how it stands>", "/incident comms @person"),
    Role.PLANNING: ("/incident role planning @person", "/incident timeline"),
    Role.SCRIBE: ("/incident timeline", "/incident role scribe @person"),
}
_OF_ANY: Final = ("/incident timeline", "/incident handover @person")


def duties(incident: Incident, role: AnyRole, seq: int, policy: Policy) -> Message:
    """Return what `role` asks of its holder in this incident; the list is closed when they hold it no more."""
    asked, name = duties_of(role, policy), label_of(role)
    known = incident.duties.get(role)
    mine = known if known and known.seq == seq else None
    done = mine.done if mine else ()
    where = channel_link(incident.channel, incident.channel_name)
    return message(
        f"You are the {name} of {named(incident)}. {' '.join(asked)}",
        header(f"You are the {name} of {incident.label}" if mine else f"You were the {name} of {incident.label}"),
        section(
            line(bold(incident.severity.label), f", {STATUSES[incident.status].lower()}: {incident.title}. ", where)
        ),
        _list(incident, role, mine, asked),
        context(f"Done: {len(done)} of {len(asked)}") if asked else None,
        section(lines("In the incident's channel:", *(code(one) for one in _COMMANDS.get(role, _OF_ANY)))),
        context(line("Too much on your hands? ", code("/incident handover @person"), ": they are asked to accept")),
    )


def _list(incident: Incident, role: AnyRole, mine: Duties | None, asked: Sequence[str]) -> Block | None:
    if not asked:
        return None
    if mine is None or not incident.status.is_open:
        return section(lines(*(f"• {duty}" for duty in asked)))
    behind = f"{incident.id}:{mine.seq}:{role}"
    return actions(checklist(Action.TICK_DUTIES, asked, mine.done, behind=behind))
