"""What is looked up, locked, when an incident is merged into another: both, and the alerts and groups of the first."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.course_commands import Merge
from bot.domain.decisions import State
from bot.store import alerts, groups, incidents, subscriptions


class Moved(Exception):
    """An alert joined, or the incident was changed otherwise, while its alerts were being locked: look once more."""


async def merging(connection: AsyncConnection, command: Merge) -> State:
    """Look them up: alerts, then groups, then both incidents, as everywhere (store/groups.py).

    Raises:
        Moved: what belongs to the incident is not what was locked.
    """
    before = await incidents.load(connection, command.incident)
    if before is None:
        return State()
    members = await alerts.locked_of(connection, command.incident)
    found = await groups.around(connection, before.groups, ())
    both = await incidents.load_all(connection, {command.incident, command.into}, lock=True)
    source = both[command.incident]
    if (source.alerts, source.groups) != (before.alerts, before.groups):
        raise Moved
    belonging = tuple(group for group in found if group.incident == source.id)
    told = await subscriptions.subscribers(connection, source)
    return State(incident=source, into=both.get(command.into), alerts=members, groups=belonging, subscribers=told)
