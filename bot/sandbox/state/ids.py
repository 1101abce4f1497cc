"""Names for the ids of Slack, JSON documents, and the maker of ids and timestamps."""

from typing import Any, NewType, TypeAlias

from bot.clock import Chance, Clock

# A JSON document whose shape is Slack's, not ours: blocks, views, payloads.
Obj: TypeAlias = dict[str, Any]

UserId = NewType("UserId", str)
ChannelId = NewType("ChannelId", str)
FileId = NewType("FileId", str)
ViewId = NewType("ViewId", str)
# Slack's message timestamp, "1610241741.000200"; it is also the message's id within its channel.
Ts = NewType("Ts", str)

MICROS = 1_000_000
TS_DIGITS = 6


class Maker:
    """Makes ids, tokens and strictly increasing timestamps from the injected clock and chance."""

    def __init__(self, clock: Clock, chance: Chance) -> None:
        self.clock = clock
        self._chance = chance
        self._last_micros = 0

    def ts(self) -> Ts:
        """Return the next timestamp: now, or one microsecond after the last one."""
        self._last_micros = max(int(self.clock.now().timestamp() * MICROS), self._last_micros + 1)
        return Ts(f"{self._last_micros // MICROS}.{self._last_micros % MICROS:06d}")

    def seconds(self) -> int:
        """Return the present moment as whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def id(self, prefix: str) -> str:
        """Return a new id such as C0A1B2C3D4."""
        return f"{prefix}0{self._chance.token(9).upper()}"

    def token(self, length: int = 24) -> str:
        """Return a random readable token."""
        return self._chance.token(length)

    def trigger(self) -> str:
        """Return a new trigger id, shaped as Slack's: two numbers and a token."""
        return f"{self.ts()}.{self.token(16)}"


def is_ts(text: str) -> bool:
    """Say whether the text is shaped like a timestamp."""
    whole, dot, fraction = text.partition(".")
    return whole.isdigit() and (not dot or (fraction.isdigit() and len(fraction) <= TS_DIGITS))


def ts_micros(ts: str) -> int:
    """Return a timestamp as a number of microseconds, so that timestamps can be compared."""
    whole, _, fraction = ts.partition(".")
    return int(whole or 0) * MICROS + int((fraction or "0").ljust(TS_DIGITS, "0")[:TS_DIGITS])
