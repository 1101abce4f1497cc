"""What can be done in the world, one frozen value a kind.

Work says what, not how: what people see is rendered from the state at delivery. Where each waits, and in what order,
stands in places.py.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.domain.archives import ArchivingWork
from bot.domain.calls import InviteGroup, PageCallee, TellCalled
from bot.domain.comms import CommsWork
from bot.domain.deploys import LookForDeploys
from bot.domain.events import Event
from bot.domain.group_work import GroupWork
from bot.domain.handovers import AwaitHandover, ShowHandover
from bot.domain.home import ShowHome
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import IncidentId, SourceName, UserId
from bot.domain.latecomers import SendSummary
from bot.domain.noticed import AwaitStructure
from bot.domain.proposals import ProposeResolve, ShowProposal
from bot.domain.read_back import FetchMessage, ReadBack
from bot.domain.roles_model import AnyRole
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.subscriptions import TellSubscriber
from bot.domain.task_work import TaskWork
from bot.domain.tracks import Urgency
from bot.domain.unacknowledged import AwaitAcknowledgement


class Reminder(StrEnum):
    """What a timer reminds of."""

    UPDATE = "update"
    COMMAND = "command"
    TRIAGE = "triage"


class PageAction(StrEnum):
    """What is asked of the pager."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Place(StrEnum):
    """Where a moment is said: in the incident's channel, under its announcement, in its channel for communications."""

    CHANNEL = "channel"
    ANNOUNCEMENT = "announcement"
    COMMS = "comms"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel:
    """Make the incident's channel: the first round trip."""

    kind: Literal["slack.open_channel"] = "slack.open_channel"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePeople:
    """Bring people into the incident's channel."""

    kind: Literal["slack.invite"] = "slack.invite"
    incident: IncidentId
    users: tuple[UserId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """Write the incident's card: one living message at the top of its channel."""

    kind: Literal["slack.card"] = "slack.card"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    """Write the incident's announcement: one living message in the announcements channel."""

    kind: Literal["slack.announce"] = "slack.announce"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTopic:
    """Write the channel's topic; `tries` counts those that were refused since it was decided."""

    kind: Literal["slack.topic"] = "slack.topic"
    incident: IncidentId
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBookmark:
    """Put the runbook (or the alert's source) into the channel's bookmarks bar."""

    kind: Literal["slack.bookmark"] = "slack.bookmark"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say what just happened, once. `seq` is the event's place in the timeline; `aside`: in the card's thread."""

    kind: Literal["slack.say"] = "slack.say"
    incident: IncidentId
    place: Place
    seq: int
    event: Event
    aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Remind the channel, once a number."""

    kind: Literal["slack.remind"] = "slack.remind"
    incident: IncidentId
    about: Reminder
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDuties:
    """Write what a role asks of its holder into their direct messages, with what is done of it."""

    kind: Literal["slack.duties"] = "slack.duties"
    incident: IncidentId
    role: AnyRole
    user: UserId
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPostmortem:
    """Put the postmortem draft into the channel as a file."""

    kind: Literal["slack.postmortem"] = "slack.postmortem"
    incident: IncidentId
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TellFailure:
    """Tell the commander (else the declarer) in a direct message what could not be done."""

    kind: Literal["slack.failure"] = "slack.failure"
    incident: IncidentId
    seq: int
    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WarnAdmins:
    """Tell the admin channel what Muster itself could not do."""

    kind: Literal["slack.admin"] = "slack.admin"
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Ask the pager; it never waits for Slack. `reopened` is how often the incident was: each time is another page."""

    kind: Literal["pager.page"] = "pager.page"
    incident: IncidentId
    action: PageAction
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshOnCall:
    """Ask the pager who is on call, so that nobody has to ask when it counts."""

    kind: Literal["pager.on_call"] = "pager.on_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Hand in `TimerFired` when due. Never cancelled."""

    kind: Literal["timer"] = "timer"
    incident: IncidentId
    about: Reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDeliveries:
    """Read what a source has delivered, in its order."""

    kind: Literal["intake.read"] = "intake.read"
    source: SourceName


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHeartbeat:
    """Look whether a sender's heartbeat is overdue."""

    kind: Literal["heartbeat.watch"] = "heartbeat.watch"
    source: SourceName
    integration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSubscription:
    """Tell Amazon SNS that we want what a topic sends. The address holds a token: it is never shown."""

    kind: Literal["sns.confirm"] = "sns.confirm"
    topic: str
    url: str = field(repr=False)


Work = (
    OpenChannel
    | InvitePeople
    | ShowCard
    | Announce
    | SetTopic
    | AddBookmark
    | Say
    | Remind
    | SendDuties
    | SendSummary
    | TellSubscriber
    | ShowHandover
    | AwaitHandover
    | AwaitStructure
    | PageCallee
    | TellCalled
    | InviteGroup
    | PostPostmortem
    | ReadBack
    | FetchMessage
    | LookForDeploys
    | TellFailure
    | ProposeResolve
    | ShowProposal
    | WarnAdmins
    | Page
    | AwaitPage
    | AwaitAcknowledgement
    | CallPerson
    | RefreshOnCall
    | Timer
    | ReadDeliveries
    | WatchHeartbeat
    | ConfirmSubscription
    | GroupWork
    | TaskWork
    | ShowHome
    | RemoveNotice
    | ArchivingWork
    | CommsWork
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Work to do, once, not before `due`."""

    work: Work
    due: datetime
    urgency: int = Urgency.PEOPLE
