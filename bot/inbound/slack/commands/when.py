"""The moment that somebody types by the clock on their own wall; in UTC where Slack does not tell their time zone."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.times import is_by_the_wall, moment_at_start
from bot.inbound.slack.commands.request import Request
from bot.inbound.slack.zones import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A moment, and what was typed behind it. `guessed`: it was taken as UTC, for want of a time zone."""

    moment: datetime
    rest: str
    guessed: bool = False


async def moment_typed(request: Request, text: str) -> Typed | None:
    """Return the moment that a text begins with; None when it begins with none."""
    by_the_wall = is_by_the_wall(text)
    zone = await zone_of(request.ports, request.by) if by_the_wall else None
    found = moment_at_start(text, request.ports.clock.now(), zone[0] if zone else UTC)
    return Typed(moment=found[0], rest=found[1], guessed=by_the_wall and zone is None) if found else None
