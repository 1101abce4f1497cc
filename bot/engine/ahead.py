"""What is critical and fires is taken in ahead of all that came before it, and again in its place.

So nobody is paged behind a storm. An end never goes ahead: it would end what nobody has heard of yet.

The second time makes the order right again, whatever was told between, so nothing has to be remembered for that: a
death costs only that something is told ahead once more, which is old news then. What is remembered spares people the
way there and back: an earlier word on an episode is left out while a later one was told ahead.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.store import inbox

# So few are read sooner than anybody looks who is to be first; and between two parts so many go ahead, and no more.
A_FEW: Final = 10


class Ahead:
    """What was told ahead while a source is read."""

    def __init__(self) -> None:
        """Nothing was yet."""
        self._last = 0
        self._said: dict[str, tuple[int, datetime]] = {}

    async def next(self, connection: AsyncConnection, source: SourceName) -> tuple[inbox.Waiting, ...]:
        """Return the next deliveries that are urgent, each once."""
        found = await inbox.urgent(connection, source, self._last, A_FEW)
        self._last = found[-1][0] if found else self._last
        return found

    def told(self, delivery: int, reports: Iterable[ReportedAlert]) -> None:
        """Remember what fires, as a delivery says."""
        self._said |= {identity(report): (delivery, report.starts_at) for report in reports}

    def overtook(self, delivery: int, report: ReportedAlert) -> bool:
        """Tell whether a later delivery has told the same episode to be firing already."""
        if not self._said or report.status is not AlertStatus.FIRING:
            return False
        later, starts_at = self._said.get(identity(report), (0, None))
        return later > delivery and starts_at == report.starts_at
