"""What is asked about an incident's channel once the incident is over: the part of commands.py for archiving.py."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewQuiet:
    """The moment has come for which the channel was planned to be looked at (the result of `AwaitQuiet`)."""

    incident: IncidentId
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmArchiveWarning:
    """Warning `n` stands in the channel: from now on its notice runs."""

    incident: IncidentId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmArchived:
    """The `channel` is archived, as warning `n` said, whatever became of the warning meanwhile."""

    incident: IncidentId
    n: int
    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepChannel:
    """Somebody wants the channel kept, however quiet it is."""

    incident: IncidentId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class HearChannelIsBack:
    """Somebody has unarchived the channel and invited us back."""

    incident: IncidentId
    by: UserId | None = None


ArchiveCommand = ReviewQuiet | ConfirmArchiveWarning | ConfirmArchived | KeepChannel | HearChannelIsBack
