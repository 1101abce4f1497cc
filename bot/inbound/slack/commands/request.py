"""What a subcommand is given and what it gives back, and the two things that most of them need.

Which incident is meant, and a form to open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.commands import Command
from bot.domain.ids import ChannelId, UserId
from bot.domain.model import Incident
from bot.engine.receipts import Handled, Receipt
from bot.errors import Refused
from bot.inbound.slack import acts
from bot.inbound.slack.commands.parse import Line, Token, number_in
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.port import Desk, FormView, Ports
from bot.views.blocks import Message

_SHOWN: Final = 10

# What only the person who typed sees; None when a form was opened and nothing is left to say.
Reply = Message | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One `/incident …`: who typed it where, and what stood behind the verb.

    `room` is what the channel is called; `bot` is ourselves, who can hold no role; `url` is the workspace's address.
    """

    by: UserId
    bot: UserId
    url: str
    channel: ChannelId
    room: str
    line: Line
    trigger: str
    receipt: Receipt | None
    ports: Ports
    verbs: Mapping[str, "Subcommand"]

    async def hand_in(self, _desk: Desk, command: Command) -> Handled:
        """Hand the command in under this request's receipt, if the person may."""
        return await acts.do(self.ports, command, self.receipt, self.channel)

    async def open_form(self, view: FormView, instead: str) -> None:
        """Open a form, or refuse with what can be typed `instead`."""
        await open_form(self.ports.open_view, self.trigger, view, instead)


class Subcommand(Protocol):
    """A module of this package: how it is typed, what it does, what it looks like, and how it runs."""

    @property
    def USAGE(self) -> str:  # noqa: N802 - a module's constant
        """How it is typed, without "/incident"."""

    @property
    def SUMMARY(self) -> str:  # noqa: N802
        """What it does, in half a sentence."""

    @property
    def EXAMPLES(self) -> tuple[str, ...]:  # noqa: N802
        """What one may type, without "/incident"."""

    async def run(self, request: Request, desk: Desk) -> Reply:
        """Do it, or raise Refused with the text for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The incident that is meant, and what is left of the line when it was named."""

    incident: Incident
    line: Line


async def incident_meant(request: Request, desk: Desk, *, prose: bool = False) -> Meant:
    """Return the incident of the channel where it was typed, else the one named right after the verb.

    In an incident's channel a bare number before prose is prose ("update 3 hosts are back"); naming another incident
    there is refused, because what was meant for one would reach the other.
    """
    here = await desk.incident_in(request.channel) or await desk.incident_told_in(request.channel)
    first = request.line.first
    found = await named(first, desk, bare=not (here and prose)) if first else None
    if found is None:
        if here is None:
            raise Refused(await _where_it_works(desk))
        return Meant(incident=here, line=request.line)
    if here and here.id != found.id:
        raise Refused(
            f"This is the channel of {here.label}, and you named {found.label}. "
            f"Type it in {found.label}'s channel, or in one that belongs to no incident."
        )
    return Meant(incident=found, line=request.line.rest())


async def named(token: Token, desk: Desk, *, bare: bool) -> Incident | None:
    """Return the incident that a token names, by its channel or its number."""
    if token.channel:
        return await desk.incident_in(token.channel)
    number = number_in(token, bare=bare)
    if number is None:
        return None
    incident = await desk.incident(number)
    if incident is None:
        raise Refused(f"There is no INC-{number}. {_open_now(await desk.open_incidents())}")
    return incident


async def _where_it_works(desk: Desk) -> str:
    found = await desk.open_incidents()
    name = found[0].label if found else "INC-42"
    return (
        "This channel belongs to no incident. Type it in the incident's channel, or name the incident "
        f"right after the verb: {name}. {_open_now(found)}"
    )


def _open_now(found: Sequence[Incident]) -> str:
    if not found:
        return "No incident is open."
    shown = ", ".join(f"{incident.label} ({incident.title})" for incident in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f"Open now: {shown}{more}."
