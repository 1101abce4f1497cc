"""What an incident belongs together with: the list of its links, and how card, summary and draft say them."""

from collections.abc import Mapping
from typing import Final

from bot.domain.links import Link, Relation
from bot.domain.model import Incident
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    bold,
    button,
    channel_link,
    code,
    context,
    header,
    host,
    line,
    lines,
    link,
    message,
    section,
)
from bot.views.words import and_more

SHOWN: Final = 40
IN_SHORT: Final = 5
RELATIONS: Final[Mapping[Relation, str]] = {
    Relation.RELATED: "Related",
    Relation.DUPLICATE: "Duplicate",
    Relation.CAUSED_BY: "Caused by",
    Relation.CAUSES: "Causes",
}


def link_list(incident: Incident) -> Message:
    """Render all links of an incident, each with a button that takes it away."""
    typed = line(code("/incident link INC-7 caused-by"), ", ", code("/incident link https://…"))
    if not incident.links:
        none = f"{incident.label} is linked to nothing yet."
        return message(none, section(none), context(line("Type ", typed)))
    return message(
        f"Links of {incident.label}: {'; '.join(plainly(one) for one in incident.links)}",
        header(f"Links of {incident.label}"),
        *(_row(incident, one) for one in incident.links[:SHOWN]),
        context(and_more(len(incident.links) - SHOWN)),
        context(line("To add one: ", typed)),
    )


def linked(incident: Incident) -> Block | None:
    """Return the links of an incident beside everything else; None when there are none."""
    if not incident.links:
        return None
    rows = [line(f"{RELATIONS[one.relation]}: ", _there(one)) for one in incident.links[:IN_SHORT]]
    return section(lines(bold("Linked"), *rows, and_more(len(incident.links) - IN_SHORT)))


def plainly(one: Link) -> str:
    """Return a link as text."""
    return f"{RELATIONS[one.relation]}: {name_of(one)}"


def name_of(one: Link) -> str:
    """Return what a link leads to: the other incident, or where an address leads."""
    return f"INC-{one.incident} {one.title}".strip() if one.incident else host(one.url) or one.url


def _there(one: Link) -> Safe:
    if one.incident is None:
        return link(one.url, host(one.url) or "an address")
    there = (" ", channel_link(one.channel, "")) if one.channel else ()
    return line(f"INC-{one.incident} {one.title}".strip(), *there)


def _row(incident: Incident, one: Link) -> Block:
    target = f"INC-{one.incident}" if one.incident else one.url
    remove = button("Remove Link", Action.UNLINK, f"{incident.id} {target}", spoken=f"Remove Link: {name_of(one)}")
    return section(line(bold(RELATIONS[one.relation]), " ", _there(one)), remove)
