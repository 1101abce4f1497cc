"""The Home tab: what waits for who opened it, then the open incidents and what fires. As of when it was opened."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.domain.calls import Call
from bot.domain.home import Home
from bot.domain.model import Incident
from bot.domain.roles_model import AnyRole, Handover, label_of
from bot.domain.text import cut, one_line
from bot.views.action_items import action_row
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    code,
    context,
    date,
    header,
    joined,
    line,
    lines,
    mention,
    section,
)
from bot.views.firing import firing_rows
from bot.views.handover import answers
from bot.views.lists import incident_row
from bot.views.standing import due
from bot.views.words import and_more, named

# Of the hundred blocks that a view may have.
BLOCKS: Final = 100
_ASKED: Final = 5
_ROLES: Final = 8
_MINE: Final = 20
_INCIDENTS: Final = 10
_ACTIONS: Final = 10
_FIRING: Final = 30
_SERVICES: Final = 15
_PEOPLE: Final = 5
_WHY: Final = 150


def home_view(home: Home, url: str, now: datetime) -> Block:
    """Return the view to publish; `url` is the workspace's address."""
    declare = button("Declare Incident", Action.OPEN_DECLARE, style="primary")
    calm = (*_incidents(home.incidents, now), *_firing(home, url, now), *_on_call(home))
    blocks = [actions(declare), *_waiting(home, url, now), *calm]
    there = [block for block in blocks if block is not None]
    as_of = context(line("As of ", date(now), "; open the tab anew to see how it stands then"))
    return {"type": "home", "blocks": [*there[: BLOCKS - 1], *([as_of] if as_of else [])]}


def _waiting(home: Home, url: str, now: datetime) -> Iterator[Block | None]:
    yield header("Waiting for you")
    asked, called, waiting = list(home.asked()), list(home.called()), list(home.waiting())
    for incident, one in asked[:_ASKED]:
        yield from _handover(incident, one)
    yield from (section(_call(incident, one)) for incident, one in called[:_ASKED])
    for incident, held in waiting[:_ROLES]:
        yield section(_role(incident, held, now))
        if incident.update_owner == home.user:
            yield actions(button("Send Update", Action.WRITE_UPDATE, str(incident.id)))
    rows = firing_rows(home.mine.shown, url, now, room=_MINE)
    yield from rows.blocks
    left = len(waiting[_ROLES:]) + home.mine.total - rows.groups
    if left:
        yield context(line(f"and {left} more: ", code("/incident alerts mine"), ", ", code("/incident list")))
    yield from (action_row(incident, one, now) for incident, one in home.actions[:_ACTIONS])
    yield context(and_more(len(home.actions) - _ACTIONS))
    if not asked and not called and not waiting and not home.mine.total and not home.actions:
        yield section("Nothing waits for you.")


def _handover(incident: Incident, one: Handover) -> Iterator[Block | None]:
    """Return the question whether they take over a role; no button is the main one beside Declare Incident."""
    yield section(line(mention(one.by), " asks you to be the ", bold(label_of(one.role)), f" of {named(incident)}"))
    yield answers(incident, one)


def _call(incident: Incident, one: Call) -> Safe:
    """Return that they are called, where to and why: any role that they take there answers it."""
    where = channel_link(incident.channel, incident.channel_name)
    why = cut(one_line(one.why), _WHY) or None
    return lines(
        line(bold("You are called"), " to ", named(incident)),
        joined(" · ", [part for part in (why, incident.severity.label, where) if part]),
    )


def _on_call(home: Home) -> Iterator[Block | None]:
    """Return who is on call: of which services they are themselves first."""
    if not home.on_call:
        return
    yield header("On call")
    mine = [name for name, who in home.on_call.items() if home.user in who]
    you = joined(", ", [*mine[:_SERVICES], and_more(len(mine) - _SERVICES)])
    yield section(line("You: ", you) if mine else "You are not.")
    rows = [line(bold(name), ": ", joined(", ", map(mention, who[:_PEOPLE]))) for name, who in home.on_call.items()]
    yield section(lines(*rows[:_SERVICES], and_more(len(rows) - _SERVICES)))


def _role(incident: Incident, held: Sequence[AnyRole], now: datetime) -> Safe:
    where = channel_link(incident.channel, incident.channel_name)
    you = f"You are the {' and '.join(label_of(role) for role in held)}" if held else "You declared it"
    return lines(
        line(bold(incident.label), " ", incident.title),
        joined(" · ", (you, incident.severity.label, due(incident, now), where)),
    )


def _incidents(incidents: Sequence[Incident], now: datetime) -> Iterator[Block | None]:
    yield header("Open incidents")
    if not incidents:
        yield section("No incident is open.")
    yield from (incident_row(incident, now) for incident in incidents[:_INCIDENTS])
    if len(incidents) > _INCIDENTS:
        yield context(line(f"and {len(incidents) - _INCIDENTS} more: ", code("/incident list")))


def _firing(home: Home, url: str, now: datetime) -> Iterator[Block | None]:
    firing = home.firing
    yield header("Firing now")
    rows = firing_rows(firing.shown, url, now, room=_FIRING)
    yield from rows.blocks
    if not firing.total:
        yield section("No alert fires.")
    quiet = f"{firing.quiet} quiet" if firing.quiet else None
    more = and_more(firing.total - rows.groups)
    if more or quiet:
        yield context(more, quiet, line("All of it: ", code("/incident alerts all")))
