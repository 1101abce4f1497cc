"""What the way in from Slack needs of the rest of the house, and nothing more. Tests hand in fakes of these."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.alerts_model import Alert
from bot.domain.commands import Command
from bot.domain.events import TimelineRow
from bot.domain.existing import Existing
from bot.domain.explaining import Explained
from bot.domain.finding import Finding, Wanted
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, MessageTs, ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.permissions import Account
from bot.domain.policy import Policy
from bot.domain.privacy import Viewer
from bot.engine.receipts import Handled, Receipt
from bot.views.blocks import Message


class Desk(Protocol):
    """Answers questions about how things stand, as the one who asks may know it."""

    async def incident_in(self, channel: ChannelId) -> Incident | None:
        """Return the incident whose channel this is."""

    async def incident_told_in(self, channel: ChannelId) -> Incident | None:
        """Return the incident for whose communications this channel is."""

    async def incident(self, number: IncidentId) -> Incident | None:
        """Return an incident by its number."""

    async def open_incidents(self) -> tuple[Incident, ...]:
        """Return the incidents that people still work on."""

    async def ended_incidents(self) -> tuple[Incident, ...]:
        """Return the last hundred incidents that are over, the newest first."""

    async def incidents_saying(self, words: Sequence[str], of: Sequence[ServiceName] = ()) -> tuple[Incident, ...]:
        """Return the newest incidents of which these words were said, open or over, the newest first.

        They affect any of these services, where some are given.
        """

    async def timeline(self, number: IncidentId) -> tuple[TimelineRow, ...]:
        """Return an incident's timeline, oldest first."""

    async def alerts_of(self, number: IncidentId) -> tuple[Alert, ...]:
        """Return the alerts of an incident, the earliest first."""

    async def silences(self) -> tuple[Silence, ...]:
        """Return the silences that are not over."""

    async def alert(self, alert: AlertId) -> Alert | None:
        """Return an alert."""

    async def firing(self, wanted: Wanted, me: UserId) -> Finding:
        """Return the groups that fire now and are wanted, the gravest first."""

    async def meant(self, typed: str) -> Group:
        """Return the group that somebody means; raises Refused when it is not clear which."""

    async def explained(self, group: GroupId) -> Explained | None:
        """Return what happened to a group; an alert from before there were groups is its own."""


class Counter(Protocol):
    """Takes commands in, durably. What is looked up there is looked up for somebody: `seen_by`."""

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        """Keep what the command leads to; it is on disk when this returns.

        Raises Refused (the text is for the person), Overloaded (nothing was kept).
        """

    async def refused(self, command: Command, why: str, *, receipt: Receipt | None = None) -> None:
        """Write down what somebody was refused."""

    async def show_home(self, user: UserId) -> None:
        """Let somebody's Home tab be published as all stands. Raises Overloaded."""

    async def remove_notice(self, channel: ChannelId, ts: MessageTs) -> None:
        """Let a line that Slack wrote about us be taken out of a channel. Raises Overloaded."""

    def seen_by(self, viewer: Viewer) -> Desk:
        """Return what answers somebody's questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are in Slack, as `auth.test` says once at the start (https://docs.slack.dev/reference/methods/auth.test).

    `url` is the workspace's address with a slash at its end, for permalinks.
    """

    team: str
    enterprise: str | None = None
    bot: str
    user: UserId
    url: str


# Who we are, once Slack has told us; None before (Slack may be down while we start).
WhoAmI = Callable[[], Identity | None]

# A form as the JSON that Slack takes.
FormView = dict[str, Any]

# Write a form anew that somebody has open, if it still is at a revision. Raises DeliveryError.
UpdateView = Callable[[str, FormView, str], Awaitable[object]]

# Open a form while the trigger lives (about three seconds, once). Raises DeliveryError.
OpenView = Callable[[str, FormView], Awaitable[object]]


# Who somebody is, and who is in a user group now. Raise DeliveryError.
AccountOf = Callable[[UserId], Awaitable[Account]]
MembersOf = Callable[[str], Awaitable[Collection[UserId]]]

# What kind of channel one is. Raises DeliveryError.
RoomOf = Callable[[ChannelId], Awaitable[Existing]]

# Until when somebody's notifications are paused; None when they are not. Raises DeliveryError.
PausedUntil = Callable[[UserId], Awaitable[datetime | None]]

# Which time zone somebody lives by, as the IANA names it. Raises DeliveryError.
ZoneOf = Callable[[UserId], Awaitable[str]]


class Respond(Protocol):
    """Say something to one person through the response_url of what they pressed (five times within thirty minutes)."""

    async def __call__(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        """Say it, or put it in the place of what was pressed. Raises DeliveryError."""


# Say something in a channel that one person alone sees, as well as can be. Raises DeliveryError.
Whisper = Callable[[ChannelId, UserId, Message], Awaitable[object]]

# A message as Slack has it. Raises DeliveryError.
MessageOf = Callable[[ChannelId, MessageTs], Awaitable[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What a handler may reach."""

    desk: Counter
    policy: Policy
    clock: Clock
    open_view: OpenView
    update_view: UpdateView
    respond: Respond
    whisper: Whisper
    message_of: MessageOf
    zone_of: ZoneOf
    paused_until: PausedUntil
    room_of: RoomOf
    account_of: AccountOf
    members_of: MembersOf
    forget: Callable[[UserId], None]
