"""What is asked about the channel for communications: the part of commands.py for communicating.py."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenComms:
    """Somebody wants a channel for communications, or into the one that there is."""

    incident: IncidentId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedComms:
    """Slack has made it (the result of `OpenCommsChannel`)."""

    incident: IncidentId
    n: int
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCommsArchived:
    """It is archived, by us (`ours`: the result of `ArchiveComms`) or as whatever wants to write there finds out."""

    incident: IncidentId
    channel: ChannelId
    ours: bool = False


CommsCommand = OpenComms | OpenedComms | ConfirmCommsArchived
