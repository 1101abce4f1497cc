"""What must hold after any story, whatever was killed on the way: every invariant, and what the plot leads to."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from sqlalchemy import or_, select

from bot.clock import SystemClock
from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.events import (
    ChannelOpened,
    Event,
    IncidentDeclared,
    IncidentResolved,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateSent,
)
from bot.domain.message_events import MessagePosted
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from bot.store.database import Database
from bot.store.inbox import DeliveryStatus
from bot.store.tables import deliveries, effects, lanes
from tests.e2e.house import House
from tests.e2e.plot import ANSWERED, RESOLUTION, SAID, UPDATE, messages, room
from tests.fakes.pagerduty import AlertState
from tests.invariants.check import found_wrong, must_hold
from tests.invariants.from_sandbox import of_house
from tests.invariants.picture import Picture
from tests.peers.until import until

# What the plot leads to, whoever dies on the way: how often each kind of event.
HAPPENED: Final[dict[type[Event], int]] = {
    IncidentDeclared: 1,
    AlertAttached: 1,
    AlertAcknowledged: 1,
    ChannelOpened: 1,
    RoleAssigned: 3,
    StatusChanged: 1,
    SeverityChanged: 1,
    UpdateSent: 1,
    MessagePosted: 2,
    AlertEnded: 1,
    IncidentResolved: 1,
}
# What is said once in the incident's channel, and under its announcement.
IN_CHANNEL: Final = (
    *("took command", "the role of Communications Lead", "the role of Scribe", "to Identified", "lowered the severity"),
    *(f"*Update* from <@U0ANA>\n{UPDATE}", "Alert ended", "*Resolved* by <@U0ANA>"),
)
UNDER_ANNOUNCEMENT: Final = (
    "to Identified",
    "lowered the severity",
    f"*Update* from <@U0ANA>\n{UPDATE}",
    "*Resolved* by",
)


async def until_at_rest(house: House, *, patience: float = 90) -> Picture:
    """Wait until the bot has nothing to do now, and see that every invariant holds; return the picture of it.

    `patience` in seconds: a channel takes one post a second, so what many incidents announce takes its time.
    """
    seen = await rested(house, patience=patience)
    must_hold(seen, at_rest=True)
    return seen


async def rested(house: House, *, patience: float = 90) -> Picture:
    """Return the picture of a bot that has nothing to do; an event of Slack's may still come late and make it work."""
    last: list[Picture] = []

    async def rests() -> bool:
        if await undone(house.database):  # quickly seen; the whole picture takes a hundred times as long
            return False
        seen = await of_house(house)
        last[:] = [seen]
        return not any(one.invariant == "I19" for one in found_wrong(seen, at_rest=True))

    await until(rests, what="all work being done", timeout=patience)
    return last[0]


async def undone(database: Database) -> list[str]:
    """Return what is due, what was begun and is not done, and what nobody has read."""
    begun = or_(effects.c.due <= SystemClock().now(), effects.c.attempts > 0)
    waits = select(effects.c.key, effects.c.attempts, effects.c.due, effects.c.error)
    leased = select(lanes.c.name, lanes.c.leased_until).where(lanes.c.leased_until.is_not(None))
    unread = select(deliveries.c.id).where(deliveries.c.status == DeliveryStatus.WAITING.value)
    queries = (waits.where(begun, effects.c.quarantined_at.is_(None)), leased, unread)
    async with database.reading() as connection:
        return [str(row) for query in queries for row in await connection.execute(query)]


async def nothing_is_broken(house: House) -> None:
    """Look at what must hold at any moment, while things are on their way and processes die."""
    must_hold(await of_house(house), at_rest=False)


async def check_everything(house: House, *, dies: bool = False) -> None:
    """Look at the whole world after the plot.

    What was written while a bot `dies` need not be acknowledged ever: reading back finds it before Slack comes again.
    Nor need it hear that somebody came into the channel: Slack gives up telling who is dead.
    """
    seen = await until_at_rest(house)
    assert seen.accepted is not None
    heard = len(seen.accepted.messages)
    assert heard == HAPPENED[MessagePosted] or (dies and heard < HAPPENED[MessagePosted]), "the checker saw the rest"
    await _check_the_record(house)
    await _check_the_channels(house, dies=dies)
    _check_the_pager(house)
    _check_the_log(house)


async def _check_the_record(house: House) -> None:
    counts = Counter(type(event) for event in await house.events())
    assert {kind: counts[kind] for kind in HAPPENED} == HAPPENED
    said = {event.text: event.permalink for event in await house.events() if isinstance(event, MessagePosted)}
    assert set(said) == {SAID, ANSWERED}
    assert all(link.startswith("https://northwind.slack.com/archives/") for link in said.values())


async def _check_the_channels(house: House, *, dies: bool) -> None:
    made = [one for one in house.sandbox.workspace.channels.values() if one.creator == "U0MUSTER" and one.is_room]
    assert len(made) == 1, f"one channel for one incident, not {[one.name for one in made]}"
    found = await room(house)
    assert found is not None
    assert {"U0MUSTER", "U0ANA", "U0BO", "U0CLEO", "U0DMITRI"} == set(found["members"])
    assert len(found["bookmarks"]) == 1
    assert "SEV-2" in found["topic"]
    assert "Resolved" in found["topic"]
    if not dies:
        await _until_no_topic_is_told_of(house)
    inside = await messages(house, "incident")
    _check_each_once([one for one in inside if one.get("bot_id")], IN_CHANNEL)
    assert sum(bool(one.get("files")) for one in inside) == 1, "one postmortem draft"
    announced = await messages(house, "incidents")
    _check_each_once([one for one in announced if _is_reply(one)], UNDER_ANNOUNCEMENT)
    (announcement,) = [one for one in announced if not _is_reply(one)]
    assert RESOLUTION in words_of(announcement)
    assert len(await messages(house, "alerts")) == 1
    assert [words_of(one) for one in await messages(house, "muster-admin")] == []
    for person, summaries in (("ana", 0), ("bo", 0), ("dmitri", 1)):  # dmitri came when the channel stood already
        told = await messages(house, "@muster", person)
        late = [one for one in told if "/incident timeline INC-1" in words_of(one)]
        assert len(late) == summaries or (dies and not late), f"{person} got one summary, or came unseen"
        assert len(told) - len(late) == 1, f"{person} was told of one role"


async def _until_no_topic_is_told_of(house: House) -> None:
    """Wait until Slack's own word of each new topic is taken out: Slack may tell the bot of the last one late."""

    async def are_out() -> bool:
        return not any(one.get("subtype") == "channel_topic" for one in await messages(house, "incident"))

    await until(are_out, what="Slack's own word of each new topic being taken out")


def _is_reply(message: Obj) -> bool:
    return bool(message.get("thread_ts")) and message["thread_ts"] != message["ts"]


def _check_each_once(said: list[Obj], wanted: tuple[str, ...]) -> None:
    texts = [words_of(one) for one in said]
    counts = {text: sum(text in one for one in texts) for text in wanted}
    assert counts == dict.fromkeys(wanted, 1), f"each once, not {counts}, in {texts}"


def _check_the_pager(house: House) -> None:
    (key,) = house.pagerduty.alerts
    alert = house.pagerduty.alerts[key]
    assert key.startswith("muster-inc-1-")
    assert (alert.pages, alert.state) == (1, AlertState.RESOLVED)
    assert {str(event["event_action"]) for event in alert.events} == {"trigger", "acknowledge", "resolve"}


def _check_the_log(house: House) -> None:
    serious = [line for line in house.muster.log if line.get("level") in {"error", "critical"}]
    assert serious == []
    assert "Traceback" not in house.muster.output


Recognise = Callable[[Event], bool]


async def is_recorded(house: House, recognise: Recognise) -> bool:
    """Tell whether something is in the first incident's timeline."""
    return any(recognise(event) for event in await house.events())
