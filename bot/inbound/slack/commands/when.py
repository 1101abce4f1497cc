"""The moment that somebody types by the clock on their own wall; in UTC where Slack does not tell their time zone."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from bot.domain.times import is_by_the_wall, moment_at_start
from bot.errors import DeliveryError
from bot.inbound.slack.commands.request import Request

# Slack waits three seconds for its answer, and whoever typed this waits too.
_PATIENCE: Final = timedelta(seconds=1)
_log = structlog.get_logger("muster.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A moment, and what was typed behind it. `guessed`: it was taken as UTC, for want of a time zone."""

    moment: datetime
    rest: str
    guessed: bool = False


async def moment_typed(request: Request, text: str) -> Typed | None:
    """Return the moment that a text begins with; None when it begins with none."""
    zone = await _zone(request) if is_by_the_wall(text) else UTC
    found = moment_at_start(text, request.ports.clock.now(), zone or UTC)
    return Typed(moment=found[0], rest=found[1], guessed=zone is None) if found else None


async def _zone(request: Request) -> tzinfo | None:
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            return ZoneInfo(await request.ports.zone_of(request.by))
    except (DeliveryError, TimeoutError, ZoneInfoNotFoundError, ValueError) as error:
        _log.info("time_zone_unknown", error=type(error).__name__)
        return None
