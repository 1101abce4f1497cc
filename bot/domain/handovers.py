"""Handing a role over (roles.py): what happens on the way, and the work around it.

The next holder must accept; until then the one before holds the role. Ticking off what a role asks belongs here too.
"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId
from bot.domain.roles_model import AnyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOffered(Happening):
    """Somebody is asked to take a role over from `holder`. `n` counts these."""

    kind: Literal["handover_offered"] = "handover_offered"
    n: int
    role: AnyRole
    user: UserId
    holder: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverEnded(Happening):
    """Handover `n` does not stand any more: who was asked declined, or it was taken back."""

    kind: Literal["handover_ended"] = "handover_ended"
    n: int
    role: AnyRole
    user: UserId
    holder: UserId
    how: Literal["declined", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverUnanswered(Happening):
    """Who was asked to take a role over has not answered for long."""

    kind: Literal["handover_unanswered"] = "handover_unanswered"
    n: int
    role: AnyRole
    user: UserId
    holder: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class DutiesTicked(Happening):
    """The holder of a role ticked off what it asks: `done` are all that are ticked now, of so many."""

    kind: Literal["duties_ticked"] = "duties_ticked"
    role: AnyRole
    done: tuple[int, ...]
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHandover:
    """Write handover `n` into the direct messages of who was asked, or what has become of it."""

    kind: Literal["slack.handover"] = "slack.handover"
    incident: IncidentId
    n: int
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitHandover:
    """Hand in `HandoverOverdue` when due: whether an answer has come is looked at then."""

    kind: Literal["timer.handover"] = "timer.handover"
    incident: IncidentId
    n: int
