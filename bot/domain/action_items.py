"""Action items (following_up.py): what is left to do, by whom and until when; what happens to one, the work around it.

One outlives its incident: it is done when somebody says so, whatever the incident has become.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId

# When somebody's day begins, by the clock on their own wall.
MORNING: Final = time(9)
AGAIN_EVERY: Final = timedelta(days=7)


class ActionState(StrEnum):
    """Whether something is still to do; `DROPPED`: it is not needed any more."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionItem:
    """Number `n` of the incident's. `zone` is the time zone of who does it.

    `given` counts the owners that it had; `told`: the last has it from somebody else, and reads so.
    """

    n: int
    text: str
    by: UserId
    at: datetime
    owner: UserId | None = None
    given: int = 0
    told: bool = False
    due: date | None = None
    zone: str = "UTC"
    state: ActionState = ActionState.OPEN
    ended_by: UserId | None = None
    ended_at: datetime | None = None
    reminded: int = 0

    @property
    def is_open(self) -> bool:
        """Tell whether it is still to do."""
        return self.state is ActionState.OPEN

    @property
    def asked(self) -> UserId:
        """Return whom to ask about it: its owner, else who wrote it down."""
        return self.owner or self.by

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the day on which it was due has passed."""
        return self.is_open and self.due is not None and now.astimezone(zone_named(self.zone)).date() > self.due

    def next_reminder(self, now: datetime) -> datetime | None:
        """Return the first morning after `now` on which to ask: of the day it is due, then of each week after that.

        By the wall's clock, so that it stays nine when the clocks change.
        """
        if self.due is None:
            return None
        zone = zone_named(self.zone)
        weeks = max(0, (now.astimezone(zone).date() - self.due) // AGAIN_EVERY)
        first = _morning(self.due + AGAIN_EVERY * weeks, zone)
        return first if first > now else _morning(self.due + AGAIN_EVERY * (weeks + 1), zone)


def _morning(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def zone_named(name: str) -> tzinfo:
    """Return a time zone by its IANA name; UTC for one that is not known here."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAdded(Happening):
    """Somebody wrote down what is to be done. `n` counts those of the incident."""

    kind: Literal["action_added"] = "action_added"
    n: int
    text: str
    owner: UserId | None = None
    due: date | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAssigned(Happening):
    """It is somebody else's now."""

    kind: Literal["action_assigned"] = "action_assigned"
    n: int
    text: str
    user: UserId
    previous: UserId | None = None
    zone: str = "UTC"
    was_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDueSet(Happening):
    """It is due on another day, or on none."""

    kind: Literal["action_due_set"] = "action_due_set"
    n: int
    text: str
    due: date | None
    previous: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEnded(Happening):
    """It is done, or not needed any more."""

    kind: Literal["action_ended"] = "action_ended"
    n: int
    text: str
    how: Literal["done", "dropped"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReopened(Happening):
    """It was not done."""

    kind: Literal["action_reopened"] = "action_reopened"
    n: int
    text: str
    how: Literal["done", "dropped"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionReminded(Happening):
    """`user` is asked about it, for the `count`-th time: it is due today, or was."""

    kind: Literal["action_reminded"] = "action_reminded"
    n: int
    text: str
    count: int
    user: UserId


ActionEvent = ActionAdded | ActionAssigned | ActionDueSet | ActionEnded | ActionReopened | ActionReminded


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAction:
    """Tell an owner in a direct message what was given to them, or what has become of it there."""

    kind: Literal["slack.action"] = "slack.action"
    incident: IncidentId
    n: int
    given: int
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindAction:
    """Ask somebody in a direct message about what is due, once a number."""

    kind: Literal["slack.action_reminder"] = "slack.action_reminder"
    incident: IncidentId
    n: int
    count: int
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAction:
    """Hand in `ActionDue` when due: whether something is still to do is looked at then."""

    kind: Literal["timer.action"] = "timer.action"
    incident: IncidentId
    n: int
