"""What became of an effect, as commands: the part of commands.py that the engine hands in itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.groups_model import News
from bot.domain.ids import ChannelId, GroupId, IncidentId, ServiceName, UserId
from bot.domain.work import PageAction, Reminder, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChannel:
    """Slack has made the incident's channel, or it is one that had `members` (the result of `OpenChannel`)."""

    incident: IncidentId
    channel: ChannelId
    name: str
    members: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReminder:
    """The channel has seen a reminder (the result of `Remind`)."""

    incident: IncidentId
    about: Reminder
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmNews:
    """A group's thread has note `n`, which said `news` (the result of `TellGroup`)."""

    group: GroupId
    n: int
    news: News


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage:
    """The pager accepted (the result of `Page`)."""

    incident: IncidentId
    action: PageAction
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOverdue:
    """The pager has had its time to accept a page (the result of `AwaitPage`)."""

    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFailure:
    """An effect can never happen; people must know: the incident's, or the admins when it belongs to none."""

    incident: IncidentId | None
    work: Work
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOnCall:
    """Who is on call now, a service each (the result of `RefreshOnCall`)."""

    roster: Mapping[ServiceName, tuple[UserId, ...]]
