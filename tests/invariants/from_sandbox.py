"""Takes the picture of real processes: the bot's database and log, the sandbox's workspace and journal, the pager."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, cast

from bot.clock import SystemClock
from bot.domain.ids import IncidentId
from bot.sandbox.journal import Entry
from bot.sandbox.server import Sandbox
from bot.sandbox.state.records import Channel, ChannelKind
from bot.sandbox.state.records import Message as Said
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET
from tests.e2e.house import ALERTS_TOKEN, House
from tests.fakes.pagerduty import API_KEY, ROUTING_KEY
from tests.invariants.from_database import of_database
from tests.invariants.markup import markup_of
from tests.invariants.picture import Log, Message, Picture, Room

SECRETS: Final = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, ALERTS_TOKEN, ROUTING_KEY, API_KEY)
_DEDUP_KEY: Final = re.compile(r"muster-inc-(\d+)-[a-z0-9]+(?:-again-(\d+))?")


async def of_house(house: House) -> Picture:
    """Return what a house shows: what was acknowledged, then the database, then the rest.

    In this order what happens meanwhile contradicts nothing.
    When each call to Slack may be made (I16) is not looked at here: the journal does not keep what a 429 asked for.
    """
    heard = [one for one in house.sandbox.journal.deliveries("message") if one.result.get("outcome") == "acked"]
    seen = await of_database(house.database, SystemClock(), secrets=SECRETS)
    workspace = house.sandbox.workspace
    said = [_message(house.sandbox, one, message) for one in workspace.channels.values() for message in _all(one)]
    pages: dict[tuple[IncidentId, int], tuple[str, ...]] = {}
    woken: dict[tuple[IncidentId, int], int] = {}
    for key, alert in house.pagerduty.alerts.items():
        if found := _DEDUP_KEY.fullmatch(key):
            page = IncidentId(int(found[1])), int(found[2] or 0)
            pages[page] = tuple(str(event["event_action"]) for event in alert.events)
            woken[page] = alert.pages
    return replace(
        seen,
        bot=str(workspace.bot),
        messages=tuple(said),
        rooms=tuple(_room(house.sandbox, one) for one in workspace.channels.values() if one.is_room),
        posted=Counter(workspace.posts_by_marker),
        pages=pages,
        woken=woken,
        unneeded=frozenset(_unneeded(house)),
        written={
            **seen.written,
            "slack": "\n".join(one.markup for one in said),
            "pager": json.dumps([alert.events for alert in house.pagerduty.alerts.values()], default=str),
            "log": json.dumps(house.muster.log, default=str) + house.muster.output,
        },
        accepted=_acknowledged(heard, seen),
    )


def _unneeded(house: House) -> Iterator[IncidentId]:
    for line in house.muster.log:
        if line.get("event") == "page_not_needed":
            yield IncidentId(int(str(line["incident"])))


def _acknowledged(heard: Sequence[Entry], seen: Picture) -> Log:
    """Return what people wrote in incidents' channels, as far as the bot acknowledged to have heard of it."""
    owners = {one.channel: number for number, one in seen.incidents.items()}
    log = Log()
    for entry in heard:
        event = cast("dict[str, object]", entry.args.get("event") or {})
        number = owners.get(event.get("channel"))  # type: ignore[call-overload] # whatever it is, we look it up
        if number is not None and not event.get("bot_id"):
            log.messages[number, str(event["ts"])] = 1
    return log


def _all(channel: Channel) -> list[Said]:
    return [*channel.messages.values()]


def _message(sandbox: Sandbox, channel: Channel, said: Said) -> Message:
    bot, payload = sandbox.workspace.bot, (said.metadata or {}).get("event_payload") or {}
    notice = (said.subtype or "").startswith(("channel_", "group_"))  # what Slack itself says of us
    ours = (said.bot or said.user == bot) and not notice
    return Message(
        channel=channel.id,
        ts=said.ts,
        ours=ours,
        markup=markup_of(said.text, said.blocks),
        marker=str(payload["k"]) if ours and "k" in payload else None,
        thread=said.thread_ts,
        files=tuple(sandbox.workspace.files[file].name for file in said.files),
    )


def _room(sandbox: Sandbox, channel: Channel) -> Room:
    return Room(
        id=channel.id,
        name=channel.name,
        ours=channel.creator == sandbox.workspace.bot,
        members=frozenset(channel.members),
        topic=channel.topic.value,
        bookmarks=len(channel.bookmarks),
        private=channel.kind is ChannelKind.PRIVATE,
    )
