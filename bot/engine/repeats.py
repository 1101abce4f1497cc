"""What senders tell word for word as before, among what is fetched at once: only the first of it is decided.

Nothing is remembered for longer. What happens otherwise (a silence of ours, an end that the sender's own list tells)
may change what the same words mean, and what is fetched next is held against that.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.domain.alerts import identity
from bot.domain.alerts_model import ReportedAlert
from bot.domain.watchdogs import Watchdog
from bot.engine.watchdogs import Beats


class _Body(NamedTuple):
    """What a body says: of each series a report, and whose heartbeats are in it."""

    told: Sequence[tuple[str, ReportedAlert]]
    beating: Sequence[Watchdog]


class Repeats:
    """What was told last of each series, and the bodies that told it."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._last: dict[str, ReportedAlert] = {}
        self._bodies: dict[tuple[str, bytes], _Body] = {}

    def news(self, told: Sequence[ReportedAlert]) -> list[ReportedAlert]:
        """Return the reports that say something else of their series than was told last; they are the last then."""
        return [report for report in told if self._is_new(identity(report), report)]

    def remember(self, integration: str, body: bytes, told: Sequence[ReportedAlert], beats: Beats) -> None:
        """Remember a body that says the same whenever it comes, and not by its bytes alone."""
        series = tuple((identity(report), report) for report in told)
        self._bodies[integration, body] = _Body(series, tuple(dog for dog, _ in beats.values()))

    def again(self, integration: str, body: bytes, at: datetime) -> Beats | None:
        """Return the heartbeats in a body that says of every series what was told last; None of any other."""
        known = self._bodies.get((integration, body))
        if known is None or any(self._last[series] is not report for series, report in known.told):
            return None
        return {dog.label: (dog, at) for dog in known.beating}

    def _is_new(self, series: str, report: ReportedAlert) -> bool:
        before, self._last[series] = self._last.get(series), report
        return before is not report and before != report
