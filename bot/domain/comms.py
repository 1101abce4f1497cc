"""The channel in which an incident is talked of with those outside (communicating.py): what happens, and the work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import ChannelId, IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Comms:
    """The newest such channel of an incident; `n` counts them. Without `channel` it is still to be made.

    `over`: it was archived, or could not be made. Then another may be asked for.
    """

    n: int
    at: datetime
    by: UserId
    channel: ChannelId | None = None
    name: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommsAsked(Happening):
    """Somebody wants a channel for communications; it is the incident's `n`th."""

    kind: Literal["comms_asked"] = "comms_asked"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommsOpened(Happening):
    """Slack has made it; `by` is who asked for it."""

    kind: Literal["comms_opened"] = "comms_opened"
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommsArchived(Happening):
    """It was archived: as the incident's own channel was, or by people."""

    kind: Literal["comms_archived"] = "comms_archived"
    channel: ChannelId


CommsEvent = CommsAsked | CommsOpened | CommsArchived


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCommsChannel:
    """Make the incident's `n`th channel for communications."""

    kind: Literal["slack.open_comms"] = "slack.open_comms"
    incident: IncidentId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteToComms:
    """Bring people into the channel for communications."""

    kind: Literal["slack.invite_comms"] = "slack.invite_comms"
    incident: IncidentId
    users: tuple[UserId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowComms:
    """Write the living message at the top of the channel for communications: what can be told."""

    kind: Literal["slack.comms"] = "slack.comms"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveComms:
    """Archive it, unless people still write there."""

    kind: Literal["slack.archive_comms"] = "slack.archive_comms"
    incident: IncidentId


CommsWork = OpenCommsChannel | InviteToComms | ShowComms | ArchiveComms
