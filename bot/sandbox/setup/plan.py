"""What a workspace file says, as records: the plan by which workspaces are built."""

from dataclasses import dataclass, field

from bot.sandbox.state.accounts import App, Command, Person, Shortcut, Team, Token
from bot.sandbox.state.ids import ChannelId, UserId
from bot.sandbox.state.preferences import Preferences
from bot.sandbox.state.records import ChannelKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChannel:
    """A channel as it is at first."""

    id: ChannelId
    name: str
    kind: ChannelKind
    members: list[UserId]
    creator: UserId
    topic: str = ""
    purpose: str = ""
    archived: bool = False
    general: bool = False
    shared_with: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGroup:
    """A user group as it is at first."""

    id: str
    handle: str
    name: str
    users: list[UserId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One workspace as it is at first, with the app's install in it."""

    team: Team
    app: App
    people: list[Person]
    channels: list[PlannedChannel]
    groups: list[PlannedGroup]
    commands: list[Command]
    shortcuts: list[Shortcut]
    tokens: list[Token]
    preferences: Preferences
