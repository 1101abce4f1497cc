"""What taking back the last change would restore, asked of one person before it is done."""

from typing import assert_never

from bot.domain.action_items import ActionAdded, ActionAssigned, ActionDueSet, ActionEnded, ActionReopened
from bot.domain.events import RoleAssigned, SeverityChanged, StatusChanged
from bot.domain.links import Linked, Unlinked
from bot.domain.model import Incident
from bot.domain.roles_model import label_of
from bot.domain.undoing import Last
from bot.views.action_items import day
from bot.views.actions import Action
from bot.views.blocks import (
    Message,
    Safe,
    actions,
    bold,
    button,
    code,
    context,
    date,
    line,
    lines,
    mention,
    message,
    section,
)
from bot.views.linked import RELATIONS
from bot.views.sentences import as_markup
from bot.views.telling import tell
from bot.views.words import STATUSES


def undo_question(incident: Incident, found: Last) -> Message:
    """Say what was changed last and what would be so again, with the button that does it."""
    value = f"{incident.id} {found.seq}"
    return message(
        f"{incident.label}: undo the last change? It is done with the button, or with /incident undo yes.",
        section(lines(bold("The last change"), line(as_markup(tell(found.event)), ", ", date(found.event.at)))),
        section(lines(bold("If you undo it"), _restored(found))),
        actions(button("Undo Change", Action.UNDO, value, spoken=f"Undo the Last Change of {incident.label}")),
        context("The timeline keeps both", line("Or type ", code("/incident undo yes"))),
    )


def _restored(found: Last) -> Safe:
    match found.event:
        case StatusChanged(previous=status):
            return line(f"the status is {STATUSES[status]} again")
        case SeverityChanged(previous=severity):
            return line(f"the severity is {severity.label} again, and the update clock starts anew")
        case RoleAssigned(previous=None, role=role):
            return line(f"nobody is the {label_of(role)}")
        case RoleAssigned(previous=previous, role=role):
            return line(mention(previous), f" is the {label_of(role)} again") if previous else line("")
        case Linked(was=was, incident=incident):
            gone = "the link is gone, on both sides" if incident else "the link is gone"
            return line(f"the link is “{RELATIONS[was]}” again" if was else gone)
        case Unlinked(relation=relation):
            return line(f"the link is there again: “{RELATIONS[relation]}”")
        case ActionAdded(n=n):
            return line(f"action item {n} is dropped")
        case ActionDueSet(n=n, previous=due):
            return line(f"action item {n} is due {day(due)} again" if due else f"action item {n} has no day again")
        case ActionEnded(n=n):
            return line(f"action item {n} is open again")
        case ActionReopened(n=n):
            return line(f"action item {n} is over again")
        case ActionAssigned(n=n, previous=owner):
            return line(f"action item {n} is ", mention(owner) if owner else "nobody", "'s again")
        case _:
            assert_never(found.event)
