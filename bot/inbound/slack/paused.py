"""Who is asked for something while their notifications are paused: said to who asked, who would wait for them in vain.

Asked of Slack at that moment, of those alone who are written to; what was asked is kept before, and nothing waits for
this. While Slack does not tell, nothing is said.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.commands import AssignRole, Command
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.people_commands import CallPeople, Escalate
from bot.engine.receipts import Handled
from bot.errors import DeliveryError
from bot.inbound.slack.background import Background
from bot.inbound.slack.port import Ports
from bot.views.blocks import Message
from bot.views.paused import Paused, paused, with_paused

# Who typed waits for this, and Slack gives us three seconds in all.
_PATIENCE: Final = timedelta(seconds=1)
_LATER: Final = timedelta(seconds=30)
_PEOPLE: Final = 5
_log = structlog.get_logger("muster.slack")


def written_to(command: Command, incident: Incident | None) -> tuple[UserId, ...]:
    """Return who may miss what is asked of them: it reaches them in a message alone."""
    match command:
        case AssignRole(user=user, by=by) if user != by:
            return (user,)
        case CallPeople() | Escalate() if incident and incident.calls:
            newest = [one for one in incident.calls if one.at == incident.calls[-1].at and not one.by_pager]
            return tuple(dict.fromkeys(user for one in newest for user in one.told if user != command.by))[:_PEOPLE]
        case _:
            return ()


async def noting(ports: Ports, command: Command, handled: Handled, said: Message) -> Message:
    """Return what is said to who asked, and of whom they asked who will not hear of it."""
    return with_paused(said, await _paused(ports, written_to(command, handled.incident), _PATIENCE), ports.policy)


class Pauses(Background):
    """Says it to who asked by a form, in the incident's channel, in the background: a form that closes says nothing."""

    def __init__(self, ports: Ports) -> None:
        """Nothing starts here."""
        super().__init__()
        self._ports = ports

    def asked(self, command: Command, handled: Handled) -> None:
        """Begin to look whether somebody who was asked hears of it."""
        if users := written_to(command, handled.incident):
            self._begin(self._tell(command, handled, users))

    async def _tell(self, command: Command, handled: Handled, users: tuple[UserId, ...]) -> None:
        incident, by = handled.incident, getattr(command, "by", None)
        found = await _paused(self._ports, users, _LATER)
        if not found or incident is None or incident.channel is None or by is None:
            return
        try:
            async with asyncio.timeout(_LATER.total_seconds()):
                await self._ports.whisper(incident.channel, by, paused(found, self._ports.policy))
        except (DeliveryError, TimeoutError) as error:
            _log.info("slack_pause_not_told", error=type(error).__name__)


async def _paused(ports: Ports, users: tuple[UserId, ...], patience: timedelta) -> tuple[Paused, ...]:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            until = await asyncio.gather(*(ports.paused_until(user) for user in users))
    except (DeliveryError, TimeoutError) as error:
        _log.info("slack_pause_unknown", error=type(error).__name__)
        return ()
    return tuple(Paused(user=user, until=at) for user, at in zip(users, until, strict=True) if at)
