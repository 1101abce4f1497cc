"""What a role asks of its holder: a checklist in a direct message, with the commands that go with it."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.duties import duties_of
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole, Duties, Role, label_of
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    actions,
    checklist,
    code,
    context,
    header,
    line,
    lines,
    message,
    section,
)
from bot.views.standing import in_short
from bot.views.words import named

_COMMANDS: Final[Mapping[AnyRole, tuple[str, ...]]] = {
    Role.COMMANDER: ("/incident severity sev1", "/incident role ops @person", "/incident handover ic @person"),
    Role.OPERATIONS: ("/incident status identified", "/incident status monitoring", "/incident timeline"),
    Role.COMMUNICATIONS: ("/incident update <how it stands>", "/incident snooze 30m <why>"),
    Role.PLANNING: ("/incident role planning @person", "/incident timeline"),
    Role.SCRIBE: ("/incident note <what was decided>", "/incident at 14:05 <what happened>", "/incident timeline"),
}
_OF_ANY: Final = ("/incident timeline", "/incident handover @person")


def duties(incident: Incident, role: AnyRole, seq: int, policy: Policy) -> Message:
    """Return what `role` asks of its holder in this incident; when they hold it no more, only what it asked."""
    asked, name = duties_of(role, policy), label_of(role)
    known = incident.duties.get(role)
    mine = known if known and known.seq == seq else None
    held = f"You {'are' if mine else 'were'} the {name} of"
    return message(
        f"{held} {named(incident)}. {' '.join(asked)}",
        header(f"{held} {incident.label}"),
        section(in_short(incident)),
        _list(incident, role, mine, asked),
        context(f"Done: {len(mine.done)} of {len(asked)}") if mine and asked else None,
        *(_ways(role) if mine and incident.status.is_open else ()),
    )


def _ways(role: AnyRole) -> tuple[Block | None, ...]:
    """Return what the holder can type."""
    return (
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
