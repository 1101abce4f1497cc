"""`/incident action <text> [@owner] [due friday]`: writes down what is left to do; bare it shows all of it.

A number instead of a text is one that is there: `action done 2`, `action 2 @ana`, `action 2 due friday`.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from typing import Final

from bot.domain.days import day_of
from bot.domain.following_up import item
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.task_commands import AddAction, ChangeAction, EndAction, ReopenAction
from bot.inbound.slack.commands.parse import Line, Mistyped, Token
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.inbound.slack.zones import zone_of
from bot.views import replies
from bot.views.action_items import action_list, day

USAGE = "action [<what is to be done> [@owner] [due friday]] | [done|reopen|drop] <number> [@owner] [due friday]"
SUMMARY = "Write down what is left to do, with an owner and a day; without words, see all of it"
EXAMPLES = (
    "action alert on the queue's length @ana due friday",
    "action",
    "action done 2",
    "action 2 @bo",
    "action 2 due 4 Dec",
)

_VERBS: Final = frozenset({"done", "reopen", "drop"})
_NO_DAY: Final = frozenset({"never", "none", "no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What was typed: the words, and who is to do it until when, where that is said. `day`: None; "": on none."""

    text: str
    owner: UserId | None = None
    day: str | None = None


async def run(request: Request, desk: Desk) -> Reply:
    """Show them, write one down, or change one."""
    meant = await incident_meant(request, desk, prose=True)
    incident, line = meant.incident, meant.line
    if not line.tokens or line.prose().strip().lower() in {"list", "items"}:
        return action_list(incident, request.ports.clock.now())
    if ending := _ending(line):
        return await _end(request, desk, incident, *ending)
    n = _number(line.tokens[0])
    said = _said(line.rest() if n is not None else line, request.bot)
    if n is not None and not said.text and (said.owner or said.day is not None):
        return await _change(request, desk, incident, n, said)
    return await _add(request, desk, incident, _said(line, request.bot))


async def _add(request: Request, desk: Desk, incident: Incident, said: _Said) -> Reply:
    mine, theirs = await _zones(request, said.owner)
    due = _day(request, said.day, mine[0] if mine else UTC)
    zone = theirs or mine
    command = AddAction(
        incident=incident.id,
        text=said.text,
        by=request.by,
        owner=said.owner,
        due=due,
        zone=zone[1] if zone else "UTC",
    )
    handled = await request.hand_in(desk, command)
    return replies.action_added(handled.incident or incident, due=day(due) if due else "", guessed=mine is None)


async def _change(request: Request, desk: Desk, incident: Incident, n: int, said: _Said) -> Reply:
    """Give it to somebody, or to another day, or both."""
    before = item(incident, n)
    mine, theirs = await _zones(request, said.owner)
    due = _day(request, said.day, mine[0] if mine else UTC)
    zone = theirs or (mine if said.owner == request.by else None)
    command = ChangeAction(
        incident=incident.id,
        n=n,
        by=request.by,
        user=said.owner,
        zone=zone[1] if zone else before.zone,
        moves=said.day is not None,
        due=due,
    )
    await request.hand_in(desk, command)
    moved = f"due {day(due)}" if due else "without a due date"
    whose = "yours now" if said.owner == request.by else "somebody else's now"
    told = [*([whose] if said.owner else []), *([moved] if command.moves else [])]
    return replies.action_changed(incident, f"Action item {n} is {' and '.join(told)}")


async def _end(request: Request, desk: Desk, incident: Incident, verb: str, n: int) -> Reply:
    if verb == "reopen":
        await request.hand_in(desk, ReopenAction(incident=incident.id, n=n, by=request.by))
        return replies.action_changed(incident, f"Action item {n} is open again")
    await request.hand_in(desk, EndAction(incident=incident.id, n=n, by=request.by, dropped=verb == "drop"))
    return replies.action_changed(incident, f"Action item {n} is {'dropped' if verb == 'drop' else 'done'}")


async def _zones(request: Request, owner: UserId | None) -> tuple[tuple[tzinfo, str] | None, tuple[tzinfo, str] | None]:
    """Return the time zones of who types, and of an owner who is somebody else."""
    if owner is None or owner == request.by:
        return await zone_of(request.ports, request.by), None
    mine, theirs = await asyncio.gather(zone_of(request.ports, request.by), zone_of(request.ports, owner))
    return mine, theirs


def _ending(line: Line) -> tuple[str, int] | None:
    """Return what becomes of which item: `done 2`, or `2 done`; None when something else is said."""
    verbs = [token.word for token in line.tokens if token.word in _VERBS]
    numbers = [n for token in line.tokens if (n := _number(token)) is not None]
    if len(verbs) != 1 or len(verbs) + len(numbers) != len(line.tokens):
        return None
    if len(numbers) != 1:
        raise Mistyped(f"Say of one item which it is: `/incident action {verbs[0]} 2`.")
    return verbs[0], numbers[0]


def _said(line: Line, bot: UserId) -> _Said:
    """Take the owner and the day off a text's ends, in whatever order; what stands within is part of what is to do."""
    tokens, owner, on = list(line.tokens), None, None
    for _ in range(2):
        at = next((at for at in range(len(tokens) - 1, -1, -1) if tokens[at].word == "due"), None)
        behind = tokens[at + 1 :] if at is not None else []
        if at is not None and on is None and behind and behind[0].word != "to" and not any(one.user for one in behind):
            on = Line(typed=line.typed, tokens=tuple(behind)).prose()
            tokens = tokens[:at]
        if owner is None and tokens and tokens[-1].user:
            owner = tokens.pop().user
    if owner is None and tokens and tokens[0].user:
        owner = tokens.pop(0).user
    if owner == bot:
        raise Mistyped("I cannot do that: name a person.")
    return _Said(text=Line(typed=line.typed, tokens=tuple(tokens)).prose().strip(), owner=owner, day=on)


def _day(request: Request, said: str | None, zone: tzinfo) -> date | None:
    if said is None or said.lower() in _NO_DAY:
        return None
    found = day_of(said, request.ports.clock.now().astimezone(zone).date())
    if found is None:
        raise Mistyped(f"“{said}” is no day that I can read: due friday, due tomorrow, due in 3 days, due 2026-12-04.")
    return found


def _number(token: Token) -> int | None:
    number = token.word.removeprefix("#")
    return int(number) if number.isascii() and number.isdigit() and len(number) <= 3 else None  # noqa: PLR2004
