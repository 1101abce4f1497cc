"""The roles that people have in an incident, and what is known of each: to whom it is offered, what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NewType

from pydantic import Field

from bot.domain.ids import UserId


class Role(StrEnum):
    """The roles of the Incident Command System (https://training.fema.gov/is/courseoverview.aspx?code=IS-100.c)."""

    COMMANDER = "ic"
    OPERATIONS = "ops"
    COMMUNICATIONS = "comms"
    PLANNING = "planning"
    SCRIBE = "scribe"

    @property
    def label(self) -> str:
        """Return the name that people read."""
        return ROLE_LABELS[self]


ROLE_LABELS: Mapping[Role, str] = {
    Role.COMMANDER: "Incident Commander",
    Role.OPERATIONS: "Operations Lead",
    Role.COMMUNICATIONS: "Communications Lead",
    Role.PLANNING: "Planning Lead",
    Role.SCRIBE: "Scribe",
}

# A role that this organisation has beside those, by the name that people read.
CustomRole = NewType("CustomRole", str)
# Read back from text a built-in role is one: pydantic would take its name for one of ours.
AnyRole = Annotated[Role | CustomRole, Field(union_mode="left_to_right")]


def label_of(role: AnyRole) -> str:
    """Return the name of a role that people read."""
    return role.label if isinstance(role, Role) else role


class HandoverEnd(StrEnum):
    """What became of a handover; `OVERTAKEN`: somebody else took the role, or it was offered to another.

    `OVER`: the incident was, before an answer came, and is open again since.
    """

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A role that `by` offered to somebody; `holder` has it until it is accepted. `n` counts those of the incident.

    `unanswered`: the channel was told that no answer came.
    """

    n: int
    role: AnyRole
    to: UserId
    by: UserId
    holder: UserId
    at: datetime
    unanswered: bool = False
    end: HandoverEnd | None = None
    ended_by: UserId | None = None
    ended_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Tell whether it still waits for an answer."""
        return self.end is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The checklist of a role's holder: which of it are `done`. `seq` is where the role was given to them."""

    seq: int
    done: tuple[int, ...] = ()
