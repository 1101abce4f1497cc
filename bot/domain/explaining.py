"""What happened to an alert, put together for whoever asks why: what is recorded of it, and what still waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alerts_model import Alert
from bot.domain.copies import of_group
from bot.domain.group_work import (
    AttachAlerts,
    AutomateGroup,
    ReviewGroup,
    ReviewMutes,
    ShowGroup,
    TellAssignee,
    TellGroup,
)
from bot.domain.groups_model import Group
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.proposals import ProposeResolve
from bot.domain.second_route import AwaitPage
from bot.domain.work import Page, PageAction, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work that is not done yet: since when it was tried, how often, and what was in the way."""

    kind: str
    due: datetime
    attempts: int = 0
    error: str = ""
    given_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Everything that is known of a group's way: `lead` is the alert that opened it, `silence` what keeps it quiet.

    `message` is where its message stands, `copies` where its copies do, `notes` where those in its thread do, `waiting`
    what is not done yet.
    """

    group: Group
    lead: Alert | None = None
    incident: Incident | None = None
    silence: Silence | None = None
    message: tuple[ChannelId, MessageTs] | None = None
    copies: tuple[tuple[ChannelId, MessageTs], ...] = ()
    notes: tuple[MessageTs, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def work_of(group: Group, incident: Incident | None) -> Iterator[Work]:
    """Return the work that may wait for a group: messages, looks at it, and the page of its incident."""
    yield ShowGroup(group=group.id)
    yield from of_group(group)
    yield TellGroup(group=group.id, n=group.told + 1)
    yield ReviewGroup(group=group.id)
    yield AutomateGroup(group=group.id)
    yield AttachAlerts(group=group.id)
    yield ReviewMutes(group=group.id)
    if given := group.assigned:
        yield TellAssignee(group=group.id, user=given.user, by=given.by, n=group.assignments)
    if incident:
        yield from (Page(incident=incident.id, action=action, reopened=incident.reopened) for action in PageAction)
        yield AwaitPage(incident=incident.id)
        yield ProposeResolve(incident=incident.id)
