"""What the story looks at: the workspace as people see it, and the sandbox's journal of calls."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import aiohttp

from bot.demo.alerts import Alert
from bot.sandbox.people import People
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of

_READERS: Final = ("ana", "bo", "cleo", "dmitri")
# The calls that make a channel usable, and how each names it. Whether everybody has really come is asked afterwards.
_MAKES_READY: Final = frozenset(
    {
        "conversations.create",
        "conversations.invite",
        "conversations.setTopic",
        "bookmarks.add",
        "chat.postMessage",
    }
)


class Missing(Exception):
    """Something is not as the story has it; the text says what should be there."""


def need(there: object, what: str) -> None:
    """Go on only when it is there.

    Raises:
        Missing: it is not.
    """
    if not there:
        raise Missing(what)


def all_of(*texts: str) -> Callable[[Obj], bool]:
    """Return what recognises a message that contains all of these."""
    return lambda message: all(text in words_of(message) for text in texts)


def holds(markdown: str, text: str) -> bool:
    """Tell whether Markdown says a text, whatever it had to escape."""
    return text in markdown.replace("\\", "")


async def last_entry(people: People) -> int:
    """Return the number of the journal's last entry."""
    return max((int(entry["n"]) for entry in await people.journal()), default=0)


async def until_met(people: People, user: str, patience: timedelta) -> None:
    """Wait until Muster has asked who somebody is, as it does when it first hears of them."""

    async def asked() -> Obj | None:
        asking = (one for one in await people.journal() if one.get("method") == "users.info")
        return next((one for one in asking if user in json.dumps(one)), None)

    need(await people.until(asked, patience), f"the question who {user} is")


async def until_ready(people: People, channel: str, alert: Alert, patience: timedelta) -> None:
    """Wait until the channel has people, card, topic and bookmark, and everybody else the announcement."""

    def complete(room: Obj) -> bool:
        everybody = {"U0ANA", "U0BO", "U0CLEO"} <= set(room["members"])
        return bool(room["id"] == channel and room["topic"] and room["bookmarks"] and everybody)

    await people.wait_for_channel(complete, timeout=patience)
    await people.wait_for(all_of("INC-1", alert.summary, "SEV-1"), channel, timeout=patience)
    await people.wait_for(all_of("INC-1", alert.summary), "incidents", timeout=patience)
    await people.wait_for(all_of("INC-1", "Acknowledged by"), "payments-alerts", timeout=patience)


async def until_member(people: People, channel: str, user: str, patience: timedelta) -> None:
    """Wait until somebody is in a channel."""
    await people.wait_for_channel(lambda room: room["id"] == channel and user in room["members"], timeout=patience)


async def round_trips(people: People, channel: str, since: int) -> tuple[int, int]:
    """Return how many round trips waited for one another until the channel was ready, and how many calls they were."""
    calls = [
        entry
        for entry in await people.journal(since)
        if entry["direction"] == "call" and entry["method"] in _MAKES_READY
    ]
    need(any(entry["method"] == "conversations.create" for entry in calls), f"the call that made {channel}")
    return max(int(entry["round"]) for entry in calls), len(calls)


async def draft(people: People, channel: str, patience: timedelta) -> tuple[str, str]:
    """Return the postmortem's file name and text, once it is in the channel."""
    message = await people.wait_for(
        lambda one: any("postmortem" in file["name"] for file in one.get("files") or []), channel, timeout=patience
    )
    (file,) = message["files"]
    async with aiohttp.ClientSession() as session, session.get(file["url_private"]) as answer:
        return str(file["name"]), await answer.text()


async def markers(people: People) -> Counter[str]:
    """Return how often each of the bot's messages was posted, in all channels that somebody sees."""
    found: set[str] = set()
    for reader in _READERS:
        for channel in (await people.get("view", **{"as": reader}))["channels"]:
            for message in (await people.get(f"channels/{channel['id']}/messages", **{"as": reader}))["messages"]:
                if marker := _marker(message):
                    found.add(marker)
    return Counter({marker: await people.posts(marker) for marker in found})


def _marker(message: Obj) -> str | None:
    metadata = message.get("metadata") or {}
    metadata = json.loads(metadata) if isinstance(metadata, str) else metadata
    marker = (metadata.get("event_payload") or {}).get("k")
    return str(marker) if marker else None
