"""Declaring from a message: by its menu, or by a reaction to it (🚨, `declare_reaction` in muster.yaml).

A reaction opens no form by itself, because Slack gives it no trigger: whoever reacts is offered a button, which nobody
else sees. Nothing is declared before they send the form off, so a 🚨 too many costs nothing; unless `muster.yaml`
wants it declared at once (reacting.py).
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.quoted import QUOTE_LIMIT, Quoted
from bot.domain.redaction import kept
from bot.domain.text import cut
from bot.errors import DeliveryError, Refused
from bot.inbound.slack.background import Background
from bot.inbound.slack.events import moment, permalink
from bot.inbound.slack.markup import plain
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.sight import desk_of
from bot.views.declare_form import Filled, declare_form
from bot.views.quoting import offer, title_of

DECLARE_FROM: Final = "incident.declare_from"
_INSTEAD: Final = "`/incident declare sev2 what is broken`"
# For how many of the newest offers it is remembered that they were made: Slack may tell of a reaction twice.
_REMEMBERED: Final = 1000
_PATIENCE: Final = timedelta(seconds=30)
_log = structlog.get_logger("muster.slack")


async def declare_from(payload: Payload, ports: Ports, me: Identity) -> None:
    """Open the form for the message in whose menu it was chosen. Raises Refused."""
    message, channel = part(payload, "message"), ChannelId(text(payload, "channel", "id"))
    quoted = quoted_of(message, channel, me)
    if quoted is None:
        raise Refused(f"I cannot read this message. You can type it all: {_INSTEAD}")
    await _open(payload, ports, quoted)


async def declare_quoted(payload: Payload, ports: Ports, value: str) -> None:
    """Open the form for the message that somebody reacted to. Raises Refused."""
    quoted = read(value)
    if quoted is None:
        raise Refused(f"I do not know this message any more. You can type it all: {_INSTEAD}")
    await _open(payload, ports, quoted)


async def _open(payload: Payload, ports: Ports, quoted: Quoted) -> None:
    form = declare_form(ports.policy, Filled(title=title_of(quoted), quoted=quoted))
    await open_form(ports.open_view, text(payload, "trigger_id"), form, _INSTEAD)


def quoted_of(message: object, channel: ChannelId, me: Identity) -> Quoted | None:
    """Return a message as it is quoted; None when it says nothing."""
    ts = MessageTs(text(message, "ts"))
    said_at = moment(ts)
    attached = items(message, "attachments")
    words = text(message, "text") or next((text(one, "fallback") or text(one, "text") for one in attached), "")
    said = kept(plain(words)).strip()
    if said_at is None or not said:
        return None
    is_person = not part(message, "bot_id") and not part(message, "bot_profile")
    thread = MessageTs(text(message, "thread_ts")) or None
    return Quoted(
        by=UserId(text(message, "user")) or None if is_person else None,
        said_at=said_at,
        text=cut(said, QUOTE_LIMIT),
        link=permalink(me, channel, ts, thread),
    )


def read(value: str) -> Quoted | None:
    """Return what a button or a form carries of a message."""
    try:
        told: object = json.loads(value)
    except (ValueError, RecursionError):
        return None
    said_at, said = moment(text(told, "at")), text(told, "text")
    if said_at is None or not said:
        return None
    return Quoted(by=UserId(text(told, "by")) or None, said_at=said_at, text=said, link=text(told, "link"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """Who reacted so to which message."""

    channel: ChannelId
    ts: MessageTs
    user: UserId


def reacted_to(payload: Payload, ports: Ports, me: Identity) -> Reacted | None:
    """Return to what somebody reacted, when it is the reaction that declares."""
    event = part(payload, "event")
    name, user, wanted = text(event, "reaction"), text(event, "user"), ports.policy.declare_reaction
    if text(event, "type") != "reaction_added" or not wanted or name.partition("::")[0] != wanted:
        return None
    channel, ts = ChannelId(text(event, "item", "channel")), MessageTs(text(event, "item", "ts"))
    if user in {"", me.user} or moment(ts) is None:
        return None
    return Reacted(channel=channel, ts=ts, user=UserId(user))


class Offers(Background):
    """Offers the form to who reacts, in the background; a Slack that fails costs the offer and nothing else."""

    def __init__(self, ports: Ports) -> None:
        super().__init__()
        self._ports = ports
        self._made: dict[Reacted, None] = {}

    def offer(self, found: Reacted, me: Identity) -> None:
        """Begin to offer, when it was not offered before."""
        if found in self._made:
            return
        self._made[found] = None
        while len(self._made) > _REMEMBERED:
            del self._made[next(iter(self._made))]
        self._begin(self._offer(found.channel, found.ts, found.user, me))

    async def _offer(self, channel: ChannelId, ts: MessageTs, user: UserId, me: Identity) -> None:
        try:
            here = await (await desk_of(self._ports, user, channel)).incident_in(channel)
            if here and here.status.is_open:  # it is declared
                return
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                quoted = quoted_of(await self._ports.message_of(channel, ts), channel, me)
                if quoted:
                    await self._ports.whisper(channel, user, offer(quoted))
        except (DeliveryError, TimeoutError) as error:
            _log.info("slack_offer_lost", error=type(error).__name__)
