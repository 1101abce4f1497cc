"""Runbooks that an incident works through (ticking.py): what happens to one, and the work around it.

Its steps are those of the moment at which it was opened: a file that changes since shifts no tick.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step, and who said when that it is done."""

    text: str
    by: UserId | None = None
    at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether somebody said so."""
        return self.at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """Runbook number `n` that the incident opened; `left_out` counts the steps that stand only where it comes from."""

    n: int
    name: str
    title: str
    steps: tuple[Step, ...]
    by: UserId | None
    at: datetime
    url: str | None = None
    left_out: int = 0

    @property
    def done(self) -> int:
        """Return how many steps are done."""
        return sum(one.is_done for one in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookOpened(Happening):
    """Somebody opened a runbook; `n` counts those of the incident."""

    kind: Literal["runbook_opened"] = "runbook_opened"
    n: int
    name: str
    title: str
    steps: tuple[str, ...]
    url: str | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTicked(Happening):
    """Step number `step` (1 is the first) of runbook `n` is done, or is not."""

    kind: Literal["step_ticked"] = "step_ticked"
    n: int
    title: str
    step: int
    of: int
    text: str
    done: bool


ChecklistEvent = RunbookOpened | StepTicked


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowRunbook:
    """Write the checklist of runbook `n`: one living message in the incident's channel."""

    kind: Literal["slack.runbook"] = "slack.runbook"
    incident: IncidentId
    n: int
