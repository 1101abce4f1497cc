"""Joining an incident that is open already, instead of declaring a second one of the same."""

from collections.abc import Sequence
from typing import Final

from bot.domain.affected import each_once, shared
from bot.domain.ids import ServiceName
from bot.domain.model import Incident
from bot.domain.text import cut, one_line
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
    joined,
    line,
    lines,
    link_button,
    message,
    section,
)
from bot.views.words import STATUSES, and_more, named

# https://docs.slack.dev/interactivity/deep-linking: opens a channel in the reader's own client.
OPEN_CHANNEL: Final = "https://slack.com/app_redirect?channel="
_SHOWN: Final = 5
_ON_LIMIT: Final = 1000


def already_open(here: Sequence[Incident], asked: Sequence[ServiceName]) -> list[Block | None]:
    """Return what is open on one of the services `asked` for already, with a way into each; nothing when nothing is."""
    if not here:
        return []
    what = cut(f"Already open{_on(here, asked)}", _ON_LIMIT)
    rows = [_row(incident) for incident in here[:_SHOWN]]
    return [
        section(lines(bold(what), *rows, and_more(len(here) - _SHOWN))),
        actions(*(_join(incident) for incident in here[:_SHOWN])),
    ]


def or_declare_anyway(here: Sequence[Incident], asked: Sequence[ServiceName], value: str, typed: str) -> Message:
    """Say that something is open on a service `asked` for; offer both: to join it, and to declare what was typed."""
    labels = " and ".join(incident.label for incident in here[:_SHOWN])
    on = cut(_on(here, asked), _ON_LIMIT)
    return message(
        f"{labels} {'is' if len(here) == 1 else 'are'} open{on}. Join, or declare anyway: {typed}",
        *already_open(here, asked),
        section(line("Is it something else? What you typed is kept: ", code(f"/incident {typed}"))),
        actions(button("Declare Anyway", Action.DECLARE_ANYWAY, value, style="primary")),
        context("Nothing is declared yet"),
    )


def beside(incident: Incident, here: Sequence[Incident]) -> Block | None:
    """Return what was open beside an incident that was declared without being asked first.

    Both are named in what can be typed: it is read in any channel, where one alone would be taken for what ends.
    """
    others = joined(", ", [f"{one.label} {one.title}" for one in here[:_SHOWN]])
    merge = code(f"/incident merge {incident.label} {here[0].label}") if here else None
    return context(line("Open on the same service already: ", others), line("The same? ", merge)) if merge else None


def _on(here: Sequence[Incident], asked: Sequence[ServiceName]) -> str:
    """Return on which of the services something is open, as the incidents write them: " on checkout and search"."""
    names = [one_line(one) for one in shared(each_once(one for incident in here for one in incident.services), asked)]
    return f" on {' and '.join(names)}" if names else ""


def _row(incident: Incident) -> Safe:
    return line(f"{named(incident)} · {incident.severity.label} · {STATUSES[incident.status]}")


def _join(incident: Incident) -> Block | None:
    if incident.channel is None:
        return None
    label = f"Join {incident.label}"
    return link_button(label, Action.JOIN_OPEN, f"{OPEN_CHANNEL}{incident.channel}", behind=str(incident.id))
