"""What is asked about what is to do for an incident: the part of commands.py that tasks.py answers."""

from dataclasses import dataclass
from datetime import date

from bot.domain.ids import IncidentId, UserId
from bot.domain.links import Relation
from bot.domain.undone import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAction:
    """Write down what is left to do. `zone` is the time zone of its owner, else of who writes it down."""

    incident: IncidentId
    text: str
    by: UserId
    owner: UserId | None = None
    due: date | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAction:
    """Give action item `n` to a `user`, who lives by `zone`; or (`moves`) let it be `due` on another day, or none."""

    incident: IncidentId
    n: int
    by: UserId
    user: UserId | None = None
    zone: str = "UTC"
    moves: bool = False
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAction:
    """Action item `n` is done, or (`dropped`) not needed any more."""

    incident: IncidentId
    n: int
    by: UserId
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenAction:
    """Action item `n` was not done."""

    incident: IncidentId
    n: int
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDue:
    """The morning has come for which somebody is to be asked about action item `n` (the result of `AwaitAction`)."""

    incident: IncidentId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkThing:
    """Say what an incident belongs together with: another incident (`to`), or what is at an address."""

    incident: IncidentId
    by: UserId
    relation: Relation = Relation.RELATED
    to: IncidentId | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkThing:
    """Say that it does not belong together with it."""

    incident: IncidentId
    by: UserId
    to: IncidentId | None = None
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRunbook:
    """Work through the runbook of this name."""

    incident: IncidentId
    name: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class TickStep:
    """Say of one step of runbook `n` whether it is done: what others tick at the same moment stays."""

    incident: IncidentId
    n: int
    step: int
    done: bool
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoChange:
    """Take back what row `seq` of the timeline changed, the last change; `other` is the incident that it links to."""

    incident: IncidentId
    seq: int
    what: Change
    by: UserId
    other: IncidentId | None = None


ActionCommand = AddAction | ChangeAction | EndAction | ReopenAction | ActionDue

LinkCommand = LinkThing | UnlinkThing

ChecklistCommand = OpenRunbook | TickStep

TaskCommand = ActionCommand | LinkCommand | ChecklistCommand | UndoChange
