"""What somebody in Slack may look up: whether they see private incidents is asked at that moment, as for every act."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from bot.domain.ids import ChannelId, UserId
from bot.domain.privacy import Viewer
from bot.errors import DeliveryError
from bot.inbound.slack.port import Desk, Ports

T = TypeVar("T")
PATIENCE: Final = timedelta(seconds=1)
_log = structlog.get_logger("muster.slack")


async def desk_of(ports: Ports, user: UserId, here: str = "") -> Desk:
    """Return the desk at which somebody asks, from the channel `here` if they are in one."""
    return ports.desk.seen_by(await viewer(ports, user, here))


async def viewer(ports: Ports, user: UserId, here: str = "") -> Viewer:
    """Return who looks. While Slack does not say who is in a group, nobody sees private incidents for being in it."""
    rule = ports.policy.permissions.seeing
    sees = rule is not None and (user in rule.people or await _is_in_one(ports, rule.groups, user))
    return Viewer(user=user, here=ChannelId(here) if here else None, sees_private=sees)


async def _is_in_one(ports: Ports, groups: tuple[str, ...], user: UserId) -> bool:
    for group in groups:
        if await is_in(ports, group, user):
            return True
    return False


async def is_in(ports: Ports, group: str, user: UserId) -> bool | None:
    """Tell whether somebody is in a user group; None: nobody could say."""
    members = await known(ports.members_of(group))
    return None if members is None else user in members


async def known(asked: Awaitable[T]) -> T | None:
    """Return an answer of Slack's, or None when it does not give one in time."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await asked
    except (DeliveryError, TimeoutError) as error:
        _log.warning("slack_person_not_known", error=type(error).__name__)
        return None
