"""Faults on order: what goes wrong, with which method, how often. The same seed goes wrong in the same places."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.clock import Chance, SeededChance
from bot.sandbox.errors import NotPossible
from bot.sandbox.state.ids import Obj

EVERY: Final = "*"


class When(StrEnum):
    """What goes wrong, and whether the change was made."""

    BEFORE = "before"  # 500, nothing was changed
    AFTER = "after"  # 500, although the change was made
    LOST = "lost"  # the connection breaks after the change was made
    LATE = "late"  # the answer comes `delay` late, the change was made at once
    APPLIED_LATE = "applied_late"  # the connection breaks, and the change is made `delay` later
    LIMITED = "429"  # ratelimited, with Retry-After
    DOWN = "down"  # 503
    MALFORMED = "malformed"  # 200 with a body that is no JSON, the change was made
    DROPPED = "dropped"  # for events: never delivered (the method is the event's type)


@dataclass(slots=True, kw_only=True)
class Rule:
    """One fault: `times` left (None: for ever), `probability` each time. `method` may be "*" or "conversations.*"."""

    when: When
    method: str = EVERY
    times: int | None = None
    probability: float = 1.0
    retry_after: timedelta = timedelta(seconds=1)
    delay: timedelta = timedelta(seconds=1)

    def fits(self, name: str) -> bool:
        """Say whether the rule is about that method or event."""
        if self.method.endswith(EVERY):
            return name.startswith(self.method.removesuffix(EVERY))
        return name == self.method

    def shape(self) -> Obj:
        """Return the rule as JSON, with the times that are left."""
        return {
            "method": self.method,
            "when": self.when.value,
            "times": self.times,
            "probability": self.probability,
            "retry_after": self.retry_after.total_seconds(),
            "delay": self.delay.total_seconds(),
        }


def rule_of(document: Mapping[str, object]) -> Rule:
    """Read one rule from JSON.

    Raises:
        NotPossible: for what is no rule.
    """
    known = {"method", "when", "times", "probability", "retry_after", "delay"}
    if unknown := set(document) - known:
        raise NotPossible(f"A fault has no field {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}.")
    try:
        times = document.get("times")
        return Rule(
            when=When(str(document.get("when"))),
            method=str(document.get("method") or EVERY),
            times=None if times is None else int(str(times)),
            probability=float(str(document.get("probability", 1.0))),
            retry_after=timedelta(seconds=float(str(document.get("retry_after", 1)))),
            delay=timedelta(seconds=float(str(document.get("delay", 1)))),
        )
    except ValueError as error:
        raise NotPossible(f"That is no fault: {error}.") from error


class Faults:
    """The rules in force; the first that fits and strikes wins."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.rules: list[Rule] = []

    def add(self, *rules: Rule, seed: int | None = None) -> None:
        """Put rules in force; with a `seed` they strike in the same places every time."""
        if seed is not None:
            self._chance = SeededChance(seed)
        self.rules.extend(rules)

    def clear(self) -> None:
        """End all faults."""
        self.rules.clear()

    def strike(self, method: str) -> Rule | None:
        """Return the fault that this Web API call meets, if any."""
        return self._strike(method, events=False)

    def drops(self, event: str) -> bool:
        """Say whether this event is dropped."""
        return self._strike(event, events=True) is not None

    def _strike(self, name: str, *, events: bool) -> Rule | None:
        for rule in self.rules:
            if (rule.when is When.DROPPED) is not events or not rule.fits(name) or rule.times == 0:
                continue
            if rule.probability < 1.0 and self._chance.fraction() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
            return rule
        return None
