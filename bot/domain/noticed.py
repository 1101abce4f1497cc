"""What is noticed about an incident's people (noticing.py): what happens then, and the work around it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId
from bot.domain.roles_model import AnyRole

Gone = Literal["left", "deactivated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderGone(Happening):
    """Who holds roles has left the channel, or their account was deactivated."""

    kind: Literal["holder_gone"] = "holder_gone"
    user: UserId
    roles: tuple[AnyRole, ...]
    how: Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderBack(Happening):
    """Who was gone is in the channel again."""

    kind: Literal["holder_back"] = "holder_back"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderPaused(Happening):
    """Who holds roles has paused notifications, and until when; `has_pager`: one of their own, which wakes them."""

    kind: Literal["holder_paused"] = "holder_paused"
    user: UserId
    roles: tuple[AnyRole, ...]
    until: datetime
    has_pager: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderAwake(Happening):
    """Who had paused notifications hears of everything again."""

    kind: Literal["holder_awake"] = "holder_awake"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureProposed(Happening):
    """It has been as grave as can be for long: the channel is asked to fill these roles."""

    kind: Literal["structure_proposed"] = "structure_proposed"
    vacant: tuple[AnyRole, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitStructure:
    """Hand in `StructureDue` when due: whether people still work without a structure is looked at then."""

    kind: Literal["timer.structure"] = "timer.structure"
    incident: IncidentId
