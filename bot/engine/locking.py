"""The order in which everybody locks: alerts, groups, storms, incidents, then lanes and effects (store/groups.py)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.digests import AT_ONCE
from bot.domain.group_places import group_of, storm_of
from bot.domain.group_work import AttachAlerts, AutomateGroup, CloseDigest, ReviewGroup
from bot.domain.places import incident_of
from bot.store import alerts, groups, incidents, storms
from bot.store.effects import Claimed


async def lock_first(connection: AsyncConnection, claimed: Claimed, now: datetime) -> None:
    """Lock as `handle` does (alerts, group, storm, incident, lane), so that the two never wait for each other."""
    group, storm, number = group_of(claimed.work), storm_of(claimed.work), incident_of(claimed.work)
    if isinstance(claimed.work, ReviewGroup):
        await alerts.lock_lapsed(connection, claimed.work.group, now)
    if isinstance(claimed.work, AutomateGroup | AttachAlerts):
        await alerts.lock_firing(connection, claimed.work.group)
    if isinstance(claimed.work, CloseDigest):
        await groups.of_digest(connection, claimed.work, AT_ONCE)
    if group is not None:
        await groups.lock(connection, group)
    if storm is not None:
        await storms.lock(connection, storm)
    if number is not None:
        await incidents.lock(connection, number)
