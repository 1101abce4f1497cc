"""Declaring at once by a reaction, where `declare_by_reaction: at_once` says so: the event itself declares.

A message is declared from once, whoever reacts to it, and however often Slack tells of it. The event is acknowledged
when the incident is kept: until then Slack sends it again. What a private channel says is not told to everybody by a
reaction: there the form is offered, as elsewhere. While Slack does not give the message, its link must do.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.commands import Declare
from bot.domain.ids import ChannelId, UserId
from bot.domain.quoted import Quoted
from bot.engine.receipts import Receipt
from bot.errors import DeliveryError, Refused
from bot.inbound.slack import acts
from bot.inbound.slack.background import Background
from bot.inbound.slack.events import moment, permalink
from bot.inbound.slack.payload import Payload
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.quoting import Offers, Reacted, quoted_of, reacted_to
from bot.inbound.slack.sight import desk_of, known
from bot.views import replies
from bot.views.blocks import Message
from bot.views.quoting import title_of

_PATIENCE: Final = timedelta(seconds=30)
_UNREAD: Final = "Reported by a reaction to a message"
_log = structlog.get_logger("muster.slack")


class Reactions(Background):
    """Declares, or offers to, when somebody reacts so; what came of it is said to them alone, in the background."""

    def __init__(self, ports: Ports) -> None:
        """Nothing starts here."""
        super().__init__()
        self._ports, self._offers = ports, Offers(ports)

    async def reacted(self, payload: Payload, me: Identity) -> None:
        """Do what a reaction asks for, if it is the one. Raises Overloaded."""
        found = reacted_to(payload, self._ports, me)
        if found is None:
            return
        if not self._ports.policy.declares_at_once:
            self._offers.offer(found, me)
            return
        here = await (await desk_of(self._ports, found.user, found.channel)).incident_in(found.channel)
        if here and here.status.is_open:
            return
        message, room = await asyncio.gather(
            known(self._ports.message_of(found.channel, found.ts)), known(self._ports.room_of(found.channel))
        )
        if room and room.private:
            self._offers.offer(found, me)
            return
        quoted = quoted_of(message, found.channel, me) if message and room else None
        await self._declare(found, quoted or _by_its_link(found, me, self._ports))

    async def drain(self) -> None:
        """Wait until everything is offered and said."""
        await self._offers.drain()
        await super().drain()

    async def _declare(self, found: Reacted, quoted: Quoted) -> None:
        command = Declare(title=title_of(quoted), by=found.user, quoted=quoted)
        receipt = Receipt(origin="slack.reaction", key=f"{found.channel}:{found.ts}", surface="reaction")
        try:
            handled = await acts.do(self._ports, command, receipt, found.channel)
            made = None if handled.repeated else handled.incident
            said = replies.declared(made) if made else replies.declared_before()
        except Refused as error:
            said = replies.refusal(str(error), who=error.who)
        self._begin(self._say(found.channel, found.user, said))

    async def _say(self, channel: ChannelId, user: UserId, said: Message) -> None:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await self._ports.whisper(channel, user, said)
        except (DeliveryError, TimeoutError) as error:
            _log.info("slack_reaction_not_answered", error=type(error).__name__)


def _by_its_link(found: Reacted, me: Identity, ports: Ports) -> Quoted:
    """Return what stands for a message that nobody could read in time, or that says nothing."""
    at = moment(found.ts) or ports.clock.now()
    return Quoted(by=None, said_at=at, text=_UNREAD, link=permalink(me, found.channel, found.ts, None))
