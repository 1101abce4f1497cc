"""A decision in the making: what happened is evolved at once, what is to do is put in its place."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.alerts_model import Alert
from bot.domain.archives import ArchiveChannel, ShowArchiving
from bot.domain.calls import InviteGroup, PageCallee, TellCalled
from bot.domain.checklists import ShowRunbook
from bot.domain.comms import ShowComms
from bot.domain.decisions import Decision, State
from bot.domain.events import Event
from bot.domain.evolve import evolve
from bot.domain.group_work import (
    AutomateGroup,
    CloseDigest,
    CopyGroup,
    CopyStorm,
    PostDigest,
    RecheckMutes,
    ReviewGroup,
    ReviewMutes,
    ReviewStorm,
    ShowCopies,
    ShowGroup,
    ShowStorm,
    TellGroup,
)
from bot.domain.groups_model import Group
from bot.domain.handovers import AwaitHandover
from bot.domain.history import remembered
from bot.domain.ids import GroupId
from bot.domain.loud import is_loud
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.noticed import AwaitStructure
from bot.domain.over import why_not_running, why_over
from bot.domain.policy import PROPOSED, Policy
from bot.domain.proposals import ShowProposal
from bot.domain.read_back import ReadBack
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.storms_model import Stand, Storm
from bot.domain.tracks import Urgency
from bot.domain.unacknowledged import AwaitAcknowledgement
from bot.domain.work import (
    AddBookmark,
    Announce,
    Effect,
    InvitePeople,
    OpenChannel,
    Page,
    Place,
    Say,
    SetTopic,
    ShowCard,
    Timer,
    Work,
)
from bot.errors import Refused


def groups_shown(incident: Incident) -> Iterator[ShowGroup | ShowCopies]:
    """Return the work that shows an incident's groups; an alert from before there were groups is its own."""
    yield from (ShowGroup(group=group) for group in incident.groups or map(GroupId, incident.alerts))
    yield from (ShowCopies(group=group) for group in incident.groups)


def _in_topic(incident: Incident) -> tuple[object, ...]:
    """Return what a topic says (views/topic.py), and whether it can be written."""
    shown = (incident.title, incident.severity, incident.status, incident.commander, incident.is_overdue)
    return (*shown, incident.is_archived)


def is_in_the_channel(work: Work) -> bool:
    """Tell whether work is seen in an incident's own channel alone."""
    if isinstance(work, Say):
        return work.place is Place.CHANNEL
    return isinstance(work, InvitePeople | InviteGroup | SetTopic | AddBookmark | ShowCard | ShowProposal | ShowRunbook)


@dataclass(slots=True)
class Draft:
    """Collects events and effects for one command, at one moment."""

    state: State
    now: datetime
    policy: Policy
    alert: Alert | None = None
    group: Group | None = None
    alerts: list[Alert] = field(default_factory=list)
    silence: Silence | None = None
    storm: Storm | None = None
    groups: list[Group] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    kin: list[Alert] = field(default_factory=list)
    other: Decision | None = None
    _incident: Incident | None = None

    def __post_init__(self) -> None:
        self._incident = self.state.incident
        self.kin = list(self.state.kin)

    @property
    def incident(self) -> Incident:
        """Return the incident as it stands after what has happened so far."""
        if self._incident is None:
            message = "There is no such incident."
            raise Refused(message)
        return self._incident

    def open_incident(self) -> Incident:
        """Return the incident, or refuse when it is over."""
        if not self.incident.status.is_open:
            raise Refused(why_over(self.incident))
        return self.incident

    def running_incident(self) -> Incident:
        """Return the incident, or refuse when it is over, or nobody has said yet that it is one."""
        if not self.incident.status.is_running:
            raise Refused(why_not_running(self.incident))
        return self.incident

    @property
    def ended(self) -> bool:
        """Tell whether the incident was open before, and no longer is."""
        before, now = self.state.incident, self._incident
        return bool(before and before.status.is_open and now and not now.status.is_open)

    def happened(self, event: Event) -> int:
        """Record that something happened; return its place in the timeline."""
        self._incident = evolve(self._incident, event)
        self.events.append(event)
        return self._incident.events

    def do(self, *works: Work, due: datetime | None = None) -> None:
        """Put work to be done, now unless a moment is given.

        What is done to the channel itself is left out while there is none: opening it puts all of that. What never left
        triage, or is private, is not announced. In an archived channel nothing can be done.
        """
        for work in works:
            if isinstance(work, InvitePeople | InviteGroup | SetTopic | AddBookmark) and self.incident.channel is None:
                continue
            if isinstance(work, Announce) and not self.incident.is_announced:
                continue
            if self._incident and self._incident.is_archived and is_in_the_channel(work):
                continue
            self.effects.append(Effect(work=work, due=due or self.now, urgency=self._urgency(work)))

    def say(self, seq: int, event: Event, *places: Place) -> None:
        """Say a moment where it belongs, once each; what everybody is told, in the channel for communications too."""
        there = {
            Place.CHANNEL: True,
            Place.ANNOUNCEMENT: self.incident.is_announced,
            Place.COMMS: self.incident.comms_channel is not None,
        }
        wanted = (*places, Place.COMMS) if Place.ANNOUNCEMENT in places else places
        for place in filter(there.__getitem__, wanted):
            aside = place is Place.CHANNEL and self._speaks_in_a_thread() and not is_loud(event)
            self.do(Say(incident=self.incident.id, place=place, seq=seq, event=event, aside=aside))

    def refresh(self) -> None:
        """Let the living messages follow the state, and the topic."""
        number = self.incident.id
        self.do(ShowCard(incident=number), Announce(incident=number))
        if self.incident.comms_channel:
            self.do(ShowComms(incident=number))
        self.follow_in_topic()

    def follow_in_topic(self) -> None:
        """Write the topic anew when what it says has changed: its rate is scarce, and Slack tells everybody."""
        if self.state.incident is None or _in_topic(self.state.incident) != _in_topic(self.incident):
            self.do(SetTopic(incident=self.incident.id))

    def decision(self) -> Decision:
        """Return what was decided."""
        return Decision(
            incident=self._incident,
            alert=self.alert,
            group=remembered(self.state.group, self.group, self.now) if self.group else None,
            alerts=tuple(self.alerts),
            silence=self.silence,
            storm=self.storm,
            groups=tuple(self.groups),
            events=tuple(self.events),
            effects=tuple(self.effects),
            other=self.other,
        )

    def _speaks_in_a_thread(self) -> bool:
        here = self.policy.severities.get(self.incident.severity)
        return here is not None and here.compact

    def _urgency(self, work: Work) -> int:
        rank = self._rank()
        match work:
            case Page() | AwaitPage() | CallPerson() | Timer() | AutomateGroup() | AwaitHandover() | AwaitStructure():
                return Urgency.NOW
            case PageCallee() | TellCalled() | AwaitAcknowledgement():
                return Urgency.NOW
            case OpenChannel() | Announce() | Say() | ShowCard() | ShowProposal() | ShowArchiving() | ArchiveChannel():
                return Urgency.CHANNEL + rank
            case InvitePeople():
                return Urgency.PEOPLE + rank
            case SetTopic() | AddBookmark() | ReadBack(final=False):
                return Urgency.TRIMMING + rank
            case ShowStorm() | CopyStorm():
                return Urgency.ALERTS  # before what stands in its thread, and tells more than any of them
            case ShowGroup() if self.group and self.group.stand is Stand.THREAD:
                return Urgency.GROUP_NEWS + rank
            case (
                ShowGroup()
                | CopyGroup()
                | ShowCopies()
                | ReviewGroup()
                | ReviewMutes()
                | RecheckMutes()
                | ReviewStorm()
            ):
                return Urgency.ALERTS + rank
            case TellGroup() | PostDigest() | CloseDigest():
                return Urgency.GROUP_NEWS + rank
            case _:
                return Urgency.PEOPLE + rank

    def _rank(self) -> int:
        """Return how grave it is, 1 for the gravest: the incident's severity, else what its group would propose."""
        if self._incident:
            return self._incident.severity.rank
        group = self.group or self.state.group
        return PROPOSED[group.severity].rank if group else 0
