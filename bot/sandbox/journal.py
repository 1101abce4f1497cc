"""The journal: every call of the app and every delivery to it, in order. Tokens never get into it.

`round` counts Slack round trips that waited for one another: a call that starts after a call of round n ended is of
round n + 1. It starts again at 1 with every command, click or form. So the last call's round is how many round trips
somebody waited for.
"""

import json
import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TextIO

from bot.clock import Clock
from bot.sandbox.state.ids import Obj

KEPT: Final = 50_000
_SECRET: Final = {"token", "client_secret", "access_token", "refresh_token", "authorization", "code"}
_TOKEN: Final = re.compile(r"x(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]+")
_HIDDEN: Final = "(secret)"


class Direction(StrEnum):
    """Who called whom."""

    CALL = "call"
    DELIVERY = "delivery"


@dataclass(slots=True, kw_only=True)
class Entry:
    """One call or delivery; `ms` is None while it lasts."""

    n: int
    at: datetime
    direction: Direction
    name: str
    args: Obj
    round: int
    began: float
    attempt: int = 0
    result: Obj = field(default_factory=dict)
    status: int | None = None
    ms: float | None = None

    def shape(self) -> Obj:
        """Return the entry as JSON, without secrets however deep they sit."""
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "direction": self.direction.value,
            "method" if self.direction is Direction.CALL else "type": self.name,
            "args": _scrubbed(self.args),
            "attempt": self.attempt,
            "result": _scrubbed(self.result),
            "status": self.status,
            "ms": self.ms,
            "round": self.round,
        }


def _scrubbed(document: object) -> object:
    if isinstance(document, str):
        return _TOKEN.sub(_HIDDEN, document) if "xox" in document or "xapp" in document else document
    if isinstance(document, dict):
        return {key: _scrubbed(value) for key, value in document.items() if key not in _SECRET}
    if isinstance(document, list):
        return [_scrubbed(value) for value in document]
    return document


def lines(entries: Iterable[Entry]) -> str:
    """Return entries as JSON lines."""
    return "".join(json.dumps(entry.shape(), separators=(",", ":")) + "\n" for entry in entries)


class Journal:
    """Keeps the newest entries; with a `file`, each is appended to it as a JSON line when it ends."""

    def __init__(self, clock: Clock, *, file: Path | None = None) -> None:
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0
        self._last_round = 0
        self._file: TextIO | None = file.open("a", encoding="utf-8", buffering=1) if file else None

    def begin(self, direction: Direction, name: str, args: Mapping[str, object], *, attempt: int = 0) -> Entry:
        """Note that a call or delivery begins."""
        self._count += 1
        entry = Entry(
            n=self._count,
            at=self._clock.now(),
            direction=direction,
            name=name,
            args={key: value for key, value in args.items() if key not in _SECRET},
            round=self._last_round + 1 if direction is Direction.CALL else 0,
            began=self._clock.monotonic(),
            attempt=attempt,
        )
        self._entries.append(entry)
        return entry

    def end(self, entry: Entry, *, status: int | None, result: Obj) -> None:
        """Note how it ended; `status` is the HTTP status, None when there was none."""
        entry.status = status
        entry.result = result
        entry.ms = round((self._clock.monotonic() - entry.began) * 1000, 3)
        if entry.direction is Direction.CALL:
            self._last_round = max(self._last_round, entry.round)
        if self._file is not None:
            self._file.write(lines([entry]))

    def close(self) -> None:
        """Close the file; what ends later is not written any more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def start_counting_rounds(self) -> None:
        """Start rounds again: somebody did something and waits."""
        self._last_round = 0

    def since(self, n: int) -> list[Entry]:
        """Return the entries after number `n`."""
        return [entry for entry in self._entries if entry.n > n]

    def calls(self, method: str | None = None) -> list[Entry]:
        """Return the calls of the app, of one method or all."""
        return [one for one in self._entries if one.direction is Direction.CALL and method in {None, one.name}]

    def deliveries(self, name: str | None = None) -> list[Entry]:
        """Return the deliveries, of one type or all."""
        return [one for one in self._entries if one.direction is Direction.DELIVERY and name in {None, one.name}]
