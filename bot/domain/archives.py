"""Archiving an incident's channel (archiving.py): the warning, what became of it, and the work around it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import ChannelId, IncidentId, UserId


class ArchivingEnd(StrEnum):
    """How a warning ended: somebody wrote, or wants the channel kept; it was archived, and perhaps given back to us.

    Or Slack refused, for good, to have it written, or to have the channel archived.
    """

    SPOKEN = "spoken"
    KEPT = "kept"
    ARCHIVED = "archived"
    REGAINED = "regained"
    REOPENED = "reopened"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Archiving:
    """The newest warning that the channel will be archived: nothing was said since then; `ended_by` reopened it.

    `refused`: Slack refused it, or one before it, and people were told of that.
    """

    n: int
    at: datetime
    since: datetime
    notice: timedelta
    end: ArchivingEnd | None = None
    ended_at: datetime | None = None
    ended_by: UserId | None = None
    refused: bool = False

    @property
    def stands(self) -> bool:
        """Tell whether the channel is to be archived, if nobody says a word."""
        return self.end is None

    @property
    def is_for_good(self) -> bool:
        """Tell whether the channel is left alone until the incident is reopened and over again."""
        return self.end in {ArchivingEnd.KEPT, ArchivingEnd.ARCHIVED, ArchivingEnd.REGAINED}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveWarned(Happening):
    """The channel is told that it will be archived after `notice`; `n` counts these warnings."""

    kind: Literal["archive_warned"] = "archive_warned"
    n: int
    since: datetime
    notice: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivingEnded(Happening):
    """Warning `n` does not stand any more, or (regained) people have given us the archived channel back."""

    kind: Literal["archiving_ended"] = "archiving_ended"
    n: int
    end: ArchivingEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReplaced(Happening):
    """The channel was `archived` while the incident was being reopened: it gets another, as if reopened after that."""

    kind: Literal["channel_replaced"] = "channel_replaced"
    archived: ChannelId


ArchivingEvent = ArchiveWarned | ArchivingEnded | ChannelReplaced


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitQuiet:
    """Hand in `ReviewQuiet` when due: look whether to warn or, `n` given, whether to act on warning `n`."""

    kind: Literal["timer.quiet"] = "timer.quiet"
    incident: IncidentId
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowArchiving:
    """Write warning `n` that the channel will be archived, or what has become of it."""

    kind: Literal["slack.archiving"] = "slack.archiving"
    incident: IncidentId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveChannel:
    """Archive the channel, as warning `n` said."""

    kind: Literal["slack.archive"] = "slack.archive"
    incident: IncidentId
    n: int


ArchivingWork = AwaitQuiet | ShowArchiving | ArchiveChannel
