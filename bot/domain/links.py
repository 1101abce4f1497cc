"""What an incident belongs together with (linking.py): other incidents, and addresses; what happens to such a link."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from bot.domain.happening import Happening
from bot.domain.ids import ChannelId, IncidentId, UserId


class Relation(StrEnum):
    """What the other is to this one; `CAUSES` is what the other side of "caused by" reads."""

    RELATED = "related"
    DUPLICATE = "duplicate"
    CAUSED_BY = "caused-by"
    CAUSES = "causes"

    @property
    def other_way(self) -> "Relation":
        """Return what this one is to the other."""
        return _OTHER_WAY.get(self, self)


_OTHER_WAY: Final = {Relation.CAUSED_BY: Relation.CAUSES, Relation.CAUSES: Relation.CAUSED_BY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link to another `incident`, whose `title` and `channel` are those of that moment, or to a `url`."""

    relation: Relation
    incident: IncidentId | None = None
    title: str = ""
    channel: ChannelId | None = None
    url: str = ""
    by: UserId | None
    at: datetime

    def leads_to(self, incident: IncidentId | None, url: str) -> bool:
        """Tell whether it is the one to that incident, or to that address."""
        return (self.incident, self.url) == (incident, url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked(Happening):
    """Something belongs together with this incident; `was` is what it was until now, when it was linked already."""

    kind: Literal["linked"] = "linked"
    relation: Relation
    incident: IncidentId | None = None
    title: str = ""
    channel: ChannelId | None = None
    url: str = ""
    was: Relation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked(Happening):
    """It does not."""

    kind: Literal["unlinked"] = "unlinked"
    relation: Relation
    incident: IncidentId | None = None
    title: str = ""
    channel: ChannelId | None = None
    url: str = ""


LinkEvent = Linked | Unlinked
