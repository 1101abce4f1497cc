"""By which clock somebody lives, as Slack tells it: asked for a second at most, because somebody waits for it."""

import asyncio
from datetime import timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.domain.ids import UserId
from bot.errors import DeliveryError
from bot.inbound.slack.port import Ports

# Slack waits three seconds for its answer, and whoever typed this waits too.
_PATIENCE: Final = timedelta(seconds=1)
_log = structlog.get_logger("muster.slack")


async def zone_of(ports: Ports, user: UserId) -> tuple[tzinfo, str] | None:
    """Return somebody's time zone and its name; None when Slack does not tell it."""
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            name = await ports.zone_of(user)
            return ZoneInfo(name), name
    except (DeliveryError, TimeoutError, ZoneInfoNotFoundError, ValueError) as error:
        _log.info("time_zone_unknown", error=type(error).__name__)
        return None
