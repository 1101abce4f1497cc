"""Faults on order: what goes wrong, with which method, how often, from when until when.

The same seed goes wrong in the same places: the n-th call of a method meets the same fate whatever is called between.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Chance, Clock, SeededChance
from bot.sandbox.errors import NotPossible
from bot.sandbox.state.ids import Obj

EVERY: Final = "*"
_SEEDS: Final = 2**53


class When(StrEnum):
    """What goes wrong, and whether the change was made."""

    # With calls of the app: Web API methods, "response_url" and "upload".
    BEFORE = "before"  # 500 (or `error` with 200), nothing was changed
    AFTER = "after"  # 500 (or `error` with 200), although the change was made
    LOST = "lost"  # the connection breaks after the change was made
    LATE = "late"  # the answer comes `delay` late, the change was made at once
    SLOW = "slow"  # the change is made `delay` late, and then answered
    APPLIED_LATE = "applied_late"  # the connection breaks, and the change is made `delay` later
    VANISHED = "vanished"  # answered as if all were well, but nothing was kept
    LIMITED = "429"  # ratelimited, with Retry-After
    DOWN = "down"  # 503, nothing was changed
    MALFORMED = "malformed"  # 200 with a body that is no JSON, the change was made
    # With an event, whose type is the "method"; decided once for each event.
    DROPPED = "dropped"  # it never comes
    REPEATED = "repeated"  # it comes twice
    REORDERED = "reordered"  # it sets out `delay` late, later ones overtake it
    # With one attempt to deliver an event, a command ("slash_command") or an interaction ("block_actions", ...).
    UNDELIVERED = "undelivered"  # it does not get through
    ACK_LOST = "ack_lost"  # it gets through, but Slack never sees the answer


_ON_EVENTS: Final = frozenset({When.DROPPED, When.REPEATED, When.REORDERED})
_ON_ATTEMPTS: Final = frozenset({When.UNDELIVERED, When.ACK_LOST})
_ON_CALLS: Final = frozenset(When) - _ON_EVENTS - _ON_ATTEMPTS


@dataclass(slots=True, kw_only=True)
class Rule:
    """One fault: `times` left (None: for ever), `probability` each time. `method` may be "*" or "conversations.*".

    It strikes only between `since` and `until` on the sandbox's clock, and lets the first `skip` calls that fit pass.
    """

    when: When
    method: str = EVERY
    times: int | None = None
    probability: float = 1.0
    retry_after: timedelta = timedelta(seconds=1)
    delay: timedelta = timedelta(seconds=1)
    since: datetime | None = None
    until: datetime | None = None
    skip: int = 0
    error: str = ""

    def fits(self, name: str) -> bool:
        """Say whether the rule is about that method or event."""
        if self.method.endswith(EVERY):
            return name.startswith(self.method.removesuffix(EVERY))
        return name == self.method

    def in_force(self, now: datetime) -> bool:
        """Say whether its time has come, and has not passed."""
        return (self.since is None or now >= self.since) and (self.until is None or now < self.until)

    def shape(self) -> Obj:
        """Return the rule as JSON, with the times that are left."""
        return {
            "method": self.method,
            "when": self.when.value,
            "times": self.times,
            "probability": self.probability,
            "retry_after": self.retry_after.total_seconds(),
            "delay": self.delay.total_seconds(),
            "from": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "skip": self.skip,
            "error": self.error,
        }


_FIELDS: Final = {
    "method", "when", "times", "probability", "retry_after", "delay", "from", "until", "skip", "error",
}  # fmt: skip


def rule_of(document: Mapping[str, object], now: datetime) -> Rule:
    """Read one rule from JSON. `from` and `until` are ISO 8601, or "09:00" for that minute (UTC) today.

    Raises:
        NotPossible: for what is no rule.
    """
    if unknown := set(document) - _FIELDS:
        raise NotPossible(f"A fault has no field {', '.join(sorted(unknown))}; it has {', '.join(sorted(_FIELDS))}.")
    try:
        times = document.get("times")
        since = None if document.get("from") is None else moment_of(str(document["from"]), now)
        until = None if document.get("until") is None else moment_of(str(document["until"]), now)
        if until is not None and until <= (since or now) and _is_of_day(document.get("until")):
            until += timedelta(days=1)
        return Rule(
            when=When(str(document.get("when"))),
            method=str(document.get("method") or EVERY),
            times=None if times is None else int(str(times)),
            probability=float(str(document.get("probability", 1.0))),
            retry_after=timedelta(seconds=float(str(document.get("retry_after", 1)))),
            delay=timedelta(seconds=float(str(document.get("delay", 1)))),
            since=since,
            until=until,
            skip=int(str(document.get("skip") or 0)),
            error=str(document.get("error") or ""),
        )
    except ValueError as error:
        raise NotPossible(f"That is no fault: {error}.") from error


def _is_of_day(given: object) -> bool:
    return isinstance(given, str) and "T" not in given and "-" not in given


def moment_of(text: str, now: datetime) -> datetime:
    """Read a moment: ISO 8601 with a time zone, or a time of the present day.

    Raises:
        ValueError: it is neither.
    """
    if _is_of_day(text):
        return datetime.combine(now.date(), time.fromisoformat(text), tzinfo=now.tzinfo)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment


@dataclass(slots=True)
class _Armed:
    """A rule in force, with a stream of chance for each name that it fits."""

    rule: Rule
    seed: str
    streams: dict[str, Chance] = field(default_factory=dict)

    def strikes(self, name: str) -> bool:
        rule = self.rule
        if rule.skip:
            rule.skip -= 1
            return False
        if rule.probability < 1.0 and self._stream(name).fraction() >= rule.probability:
            return False
        if rule.times is not None:
            rule.times -= 1
        return True

    def _stream(self, name: str) -> Chance:
        if (stream := self.streams.get(name)) is None:
            digest = hashlib.sha256(f"{self.seed}:{name}".encode()).digest()
            stream = self.streams[name] = SeededChance(int.from_bytes(digest[:8]))
        return stream


class Faults:
    """The rules in force; the first that fits and strikes wins."""

    def __init__(self, chance: Chance, clock: Clock) -> None:
        self._chance = chance
        self._clock = clock
        self._armed: list[_Armed] = []

    @property
    def rules(self) -> list[Rule]:
        """Return the rules in force."""
        return [armed.rule for armed in self._armed]

    def add(self, *rules: Rule, seed: int | None = None) -> None:
        """Put rules in force; with a `seed` they strike in the same places every time."""
        base = int(self._chance.fraction() * _SEEDS) if seed is None else seed
        self._armed += [_Armed(rule, f"{base}:{number}") for number, rule in enumerate(rules)]

    def clear(self) -> None:
        """End all faults."""
        self._armed.clear()

    def strike(self, method: str) -> Rule | None:
        """Return the fault that this call of the app meets, if any."""
        return self._strike(method, _ON_CALLS)

    def strike_event(self, event: str) -> Rule | None:
        """Return the fault that this event meets, if any."""
        return self._strike(event, _ON_EVENTS)

    def strike_attempt(self, delivery: str) -> Rule | None:
        """Return the fault that this attempt to deliver meets, if any."""
        return self._strike(delivery, _ON_ATTEMPTS)

    def _strike(self, name: str, kinds: frozenset[When]) -> Rule | None:
        if not self._armed:
            return None
        now = self._clock.now()
        for armed in self._armed:
            rule = armed.rule
            fits = rule.when in kinds and rule.times != 0 and rule.fits(name) and rule.in_force(now)
            if fits and armed.strikes(name):
                return rule
        return None
