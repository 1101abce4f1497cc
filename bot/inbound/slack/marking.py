"""Messages that somebody finds worth keeping: 📌 on them, a pin of Slack's, "Add to Timeline" in their menu.

Events: https://docs.slack.dev/reference/events/reaction_added, …/reaction_removed, …/pin_added, …/pin_removed. Whoever
may not write into the timeline marks nothing by them: an event cannot be answered, so the refusal stands in the audit
log alone.
"""

from typing import Final

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.keeping_commands import MarkMessage, UnmarkMessage
from bot.domain.keeping_events import How
from bot.errors import Refused
from bot.inbound.slack import acts, receipts
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.events import MARK, moment, said
from bot.inbound.slack.payload import Payload, part, text
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.sight import desk_of
from bot.views import replies

EVENTS: Final = ("reaction_added", "reaction_removed", "pin_added", "pin_removed")
ADD_TO_TIMELINE: Final = "timeline.add"
_ABOUT: Final = "Timeline"


async def marked(payload: Payload, ports: Ports, me: Identity) -> None:
    """Take note of a mark that was put on a message in an incident's channel, or taken off. Raises Overloaded."""
    kind, user = text(payload, "event", "type"), UserId(text(payload, "event", "user"))
    how: How = "reaction" if kind.startswith("reaction") else "pin"
    if not user or user == me.user or (how == "reaction" and text(payload, "event", "reaction") != MARK):
        return
    item = part(payload, "event", "item")
    ts = MessageTs(text(item, "ts") or text(item, "message", "ts"))
    channel = ChannelId(text(item, "channel") or text(payload, "event", "channel_id"))
    here = await (await desk_of(ports, user, channel)).incident_in(channel)
    if here is None or moment(ts) is None:
        return
    at = moment(text(payload, "event", "event_ts")) or ports.clock.now()
    command = MarkMessage if kind.endswith("added") else UnmarkMessage
    try:
        mark = command(incident=here.id, ts=ts, how=how, by=user, at=at)
        await acts.do(ports, mark, receipts.of_event(payload, how), channel)
    except Refused:
        return


async def add_to_timeline(payload: Payload, ports: Ports, me: Identity) -> Aside:
    """Mark the message from whose menu it was chosen; return what is said of it. Raises Refused, Overloaded."""
    if text(payload, "callback_id") != ADD_TO_TIMELINE:
        raise Refused("I do not know this shortcut. Use `/incident help` to see what I understand.")
    channel, by = ChannelId(text(payload, "channel", "id")), UserId(text(payload, "user", "id"))
    here = await (await desk_of(ports, by, channel)).incident_in(channel)
    if here is None:
        raise Refused("This channel belongs to no incident, so there is no timeline to add this to.")
    message = part(payload, "message")
    if said({**(message if isinstance(message, dict) else {}), "channel": channel}, me) is None:
        raise Refused("Only what people wrote can be added. Of anything else take a note: `/incident note …`")
    ts = MessageTs(text(payload, "message", "ts"))
    mark = MarkMessage(incident=here.id, ts=ts, how="shortcut", by=by, at=ports.clock.now())
    await acts.do(ports, mark, receipts.of_trigger(payload), channel)
    return Aside(message=replies.marked(here), about=_ABOUT)
