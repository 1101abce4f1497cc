"""Finds alerts for people: those that fire now. It only reads."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.finding import Finding, Found, Wanted, sort_out
from bot.domain.group_work import ShowGroup
from bot.domain.groups_model import Group
from bot.domain.model import Alert, GroupId, UserId
from bot.domain.places import place
from bot.store import alerts, groups, incidents, notes

# As many as a message of Slack's could hold at the very most.
SHOWN = 25


async def firing(connection: AsyncConnection, wanted: Wanted, me: UserId) -> Finding:
    """Return what fires now and is wanted: a few statements, however much there is."""
    there = await groups.firing(connection)
    members: dict[GroupId, list[Alert]] = {}
    if not all(wanted.is_all_known_of(group) for group in there):
        for alert in await alerts.all_firing(connection):
            if alert.group:
                members.setdefault(alert.group, []).append(alert)
    meant, quiet = sort_out(there, members, wanted, me)
    shown = await around(connection, meant[:SHOWN])
    return Finding(wanted=wanted, shown=shown, total=len(meant), quiet=quiet)


async def around(connection: AsyncConnection, found: Sequence[Group]) -> tuple[Found, ...]:
    """Return groups with their incidents and their messages."""
    numbers = {one.incident for one in found if one.incident}
    belong = await incidents.load_all(connection, numbers) if numbers else {}
    keys = {one.id: place(ShowGroup(group=one.id)).key for one in found}
    stand = await notes.posts_of(connection, keys.values()) if keys else {}
    return tuple(
        Found(group=one, incident=belong.get(one.incident) if one.incident else None, message=stand.get(keys[one.id]))
        for one in found
    )
