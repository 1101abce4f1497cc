"""Finds alerts for people: those that fire now, and the one that somebody means. It only reads."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts_model import Alert
from bot.domain.finding import Finding, Found, Wanted, message_in, name_in, name_of, sort_out, wanted_of
from bot.domain.group_work import ShowGroup
from bot.domain.groups_model import Group
from bot.domain.ids import ChannelId, GroupId, MessageTs, UserId
from bot.domain.places import place
from bot.errors import Refused
from bot.store import alerts, groups, incidents, notes

# As many as a message of Slack's could hold at the very most.
SHOWN = 25
_NAMED = 5
# What the keys of messages about a group begin with (places.py).
_ABOUT_GROUPS = frozenset({"group", "group_copy", "group_news", "assigned"})
_NOBODY = UserId("")


async def firing(connection: AsyncConnection, wanted: Wanted, me: UserId, at_most: int = SHOWN) -> Finding:
    """Return what fires now and is wanted, looked up in a few statements; at most so much of it is shown."""
    return await _sorted_out(connection, await groups.firing(connection), wanted, me, at_most)


async def for_home(connection: AsyncConnection, me: UserId) -> tuple[Finding, Finding]:
    """Return what fires and somebody looks after, and all that fires; it is read once."""
    there = await groups.firing(connection)
    own, everything = wanted_of("mine"), wanted_of("")
    return (
        await _sorted_out(connection, there, own, me, SHOWN),
        await _sorted_out(connection, there, everything, me, SHOWN),
    )


async def _sorted_out(
    connection: AsyncConnection, there: Sequence[Group], wanted: Wanted, me: UserId, at_most: int
) -> Finding:
    members: dict[GroupId, list[Alert]] = {}
    if not all(wanted.is_all_known_of(group) for group in there):
        for alert in await alerts.all_firing(connection):
            if alert.group:
                members.setdefault(alert.group, []).append(alert)
    found, quiet = sort_out(there, members, wanted, me)
    shown = await _around(connection, found[:at_most])
    return Finding(wanted=wanted, shown=shown, total=len(found), quiet=quiet)


async def meant(connection: AsyncConnection, typed: str) -> Group:
    """Return the one group that somebody means: by a link to its message, by what it is called, else by words.

    Words and labels are looked for among what fires.

    Raises:
        Refused: there is none, or there are several; the text says which.
    """
    if there := message_in(typed.strip()):
        return await _at(connection, *there)
    name = name_in(typed.strip())
    called = await groups.called(connection, name, _NAMED + 1) if name else ()
    if called:
        return _the_one(called, len(called), typed)
    try:
        wanted = wanted_of(typed)
    except ValueError as error:
        raise Refused(f"I cannot read which alert you mean: {error}.") from None
    found = await firing(connection, replace(wanted, every=True), _NOBODY, _NAMED + 1)
    return _the_one([one.group for one in found.shown], found.total, typed)


async def _at(connection: AsyncConnection, channel: ChannelId, ts: MessageTs) -> Group:
    about, _, rest = (await notes.key_at(connection, channel, ts) or "").partition(":")
    name = GroupId(rest.partition(":")[0])
    group = await groups.load(connection, name) if about in _ABOUT_GROUPS else None
    if group is None:
        raise Refused("This message is not one of an alert's that I know.")
    return group


def _the_one(found: Sequence[Group], total: int, typed: str) -> Group:
    if not found:
        raise Refused(f"No alert is called “{typed}”, and none that fires says so.")
    if total > 1:
        some = "; ".join(f"`{name_of(one)}` {one.title}" for one in found[:_NAMED])
        more = f"; and {total - _NAMED} more" if total > _NAMED else ""
        raise Refused(f"{total} alerts could be meant: {some}{more}. Name one.")
    return found[0]


async def _around(connection: AsyncConnection, found: Sequence[Group]) -> tuple[Found, ...]:
    """Return groups with their incidents, and where their messages stand."""
    numbers = {one.incident for one in found if one.incident}
    belong = await incidents.load_all(connection, numbers) if numbers else {}
    keys = {one.id: place(ShowGroup(group=one.id)).key for one in found}
    stand = await notes.posts_of(connection, keys.values()) if keys else {}
    return tuple(
        Found(group=one, incident=belong.get(one.incident) if one.incident else None, message=stand.get(keys[one.id]))
        for one in found
    )
