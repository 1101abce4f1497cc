"""Handing a role over: the question to the next holder, what has become of it, and what the channel reads of it."""

from typing import Literal

from bot.domain.handovers import HandoverOffered, HandoverUnanswered
from bot.domain.model import Incident
from bot.domain.roles_model import Handover, HandoverEnd, label_of
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
    date,
    line,
    mention,
    message,
    section,
)
from bot.views.sentences import sentence
from bot.views.standing import in_short
from bot.views.telling_of_people import tell_of_people


def question(incident: Incident, n: int) -> Message:
    """Render handover `n` for who was asked."""
    one = incident.handovers[n - 1]
    name = label_of(one.role)
    if not one.stands or not incident.status.is_open:
        return _over(incident, one)
    return message(
        f"Will you be the {name} of {incident.label}? Until you accept, somebody else is.",
        section(line(mention(one.by), " asks you to be the ", bold(name), f" of {incident.label}")),
        section(in_short(incident)),
        section(
            line(
                "Until you accept, ",
                mention(one.holder),
                " holds the role. What it asks of you comes when you have accepted.",
            )
        ),
        answers(incident, one, main="primary"),
    )


def answers(incident: Incident, one: Handover, *, main: Literal["primary"] | None = None) -> Block | None:
    """Return the two buttons with which somebody answers who was asked."""
    value, name = f"{incident.id} {one.n}", label_of(one.role)
    return actions(
        button("Accept Role", Action.ACCEPT_HANDOVER, value, style=main, spoken=f"Accept Role {name}"),
        button("Decline Role", Action.DECLINE_HANDOVER, value, spoken=f"Decline Role {name}"),
    )


def asked(event: HandoverOffered | HandoverUnanswered, incident: Incident) -> Message:
    """Say in the channel that somebody was asked, or has not answered; whoever must act can do it right there."""
    return sentence(incident.label, tell_of_people(event), *_ways(event, incident))


def _ways(event: HandoverOffered | HandoverUnanswered, incident: Incident) -> list[Block | None]:
    name = label_of(event.role)
    if isinstance(event, HandoverOffered):
        return [
            context(line("They answer in a direct message. To take it back: ", code("/incident handover withdraw")))
        ]
    return [
        actions(
            button("Take Role", Action.TAKE_ROLE, f"{incident.id} {event.role}", spoken=f"Take Role {name}"),
            button("Take Back", Action.WITHDRAW_HANDOVER, f"{incident.id} {event.n}", spoken=f"Take Back {name}"),
        ),
        context("Whoever takes the role has it at once"),
    ]


def _over(incident: Incident, one: Handover) -> Message:
    said = _end(incident, one)
    when = line(date(one.ended_at)) if one.ended_at else None
    return message(f"{incident.label}: {label_of(one.role)}", context(said, when))


def _end(incident: Incident, one: Handover) -> Safe:
    name = f"{label_of(one.role)} of {incident.label}"
    match one.end:
        case HandoverEnd.ACCEPTED:
            return line("You accepted to be the ", name)
        case HandoverEnd.DECLINED:
            return line("You declined to be the ", name)
        case HandoverEnd.WITHDRAWN if one.ended_by:
            return line(mention(one.ended_by), " took the offer back: ", name)
        case None:
            return line(f"{incident.label} is {incident.status.value}: no answer is needed")
        case HandoverEnd.OVER:
            return line(f"{incident.label} was over before you answered: no answer is needed")
        case _:
            return line("Somebody else was asked, or has taken the role: ", name)
