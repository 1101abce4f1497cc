"""Hours that have a name: "office-hours" is 09:00 to 17:30 by the clock in Berlin, from Monday to Friday."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.domain.windows import Weekly

# Senders tell of any year; a zone's clock cannot be asked at the very ends of time.
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """A name, and the spans of the week that it stands for."""

    name: str
    spans: tuple[Weekly, ...]

    def covers(self, moment: datetime) -> bool:
        """Tell whether a moment is within one of the spans."""
        asked = min(max(moment, _FIRST), _LAST)
        return any(span.covers(asked) for span in self.spans)
