"""What `decide` is given and what it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.alerts_model import Alert
from bot.domain.deploys import Deploy
from bot.domain.events import Event, RoleAssigned, TimelineRow
from bot.domain.groups_model import Group
from bot.domain.heard import Heard
from bot.domain.ids import IncidentId, MessageTs, ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.muting import Quiet, Silence
from bot.domain.silent import Silent
from bot.domain.storms_model import Storm
from bot.domain.subscriptions import Subscribe
from bot.domain.undone import ChangeUndone
from bot.domain.work import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the engine looked up for a command, locked: the incident and its alerts, or a group and its incident.

    `alert` is the alert that the command names (for a report: the newest episode of its series), `group` the group in
    question: the alert's own while it fires, else the newest that it could belong to, and `counted` whether an episode
    of its series, or of its kin, ever was in that. For a declaration: `alerts` are those of the group that fire,
    `earlier` is the incident that it already belongs to, `number` the next free incident number, `suffix` a short
    random word, `on_call` the roster as last heard. For a group's message `alerts` are a few of its members. When rules
    look at a group: `alerts` as for a declaration, `incident` is the open one that it would join. When an end may be
    proposed: `groups` are all of the incident. `quiet` is what may keep alerts quiet, `silence` the one in question,
    `silent` are those of a group that were not heard of for long. For what people said: `heard` is what the timeline
    knows of the messages in question, `given` are the roles that were given or given back, where it matters who held
    one, `rows` the whole timeline, where a row is to be corrected or undone, `deploys` those of its service.
    `storm` is how the group's channel stands, where its message may still have to find its place. For a storm's message
    `groups` are a few of it that fire, the gravest first, and `firing` counts them all; for a digest `groups` are those
    that it may tell of. When it is merged `into` another, `alerts` and `groups` are all of the incident. `subscribers`
    want to hear of it. `spoken_at` is when somebody last said something in its channel, which may be archived.
    """

    incident: Incident | None = None
    alert: Alert | None = None
    group: Group | None = None
    alerts: tuple[Alert, ...] = ()
    earlier: Incident | None = None
    number: IncidentId = IncidentId(0)
    suffix: str = ""
    on_call: Mapping[ServiceName, tuple[UserId, ...]] | None = None
    heard: Mapping[MessageTs, Heard] = field(default_factory=dict)
    given: tuple[RoleAssigned | ChangeUndone, ...] = ()
    rows: tuple[TimelineRow, ...] = ()
    deploys: tuple[Deploy, ...] = ()
    quiet: Quiet = field(default_factory=Quiet)
    silence: Silence | None = None
    silent: Silent | None = None
    kin: tuple[Alert, ...] = ()
    counted: bool = False
    next_silence: int = 0
    storm: Storm | None = None
    groups: tuple[Group, ...] = ()
    firing: int = 0
    into: Incident | None = None
    subscribers: tuple[UserId, ...] = ()
    spoken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to a command.

    The state after it, what to remember, what to do. `alert`, `group` and `roster` are None when they did not change;
    `alerts` and `groups` are others that did. `other` is what becomes of `state.into`, `subscribed`
    what somebody wants to hear of from now on.
    """

    incident: Incident | None = None
    alert: Alert | None = None
    group: Group | None = None
    alerts: tuple[Alert, ...] = ()
    silence: Silence | None = None
    storm: Storm | None = None
    groups: tuple[Group, ...] = ()
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    roster: Mapping[ServiceName, tuple[UserId, ...]] | None = None
    other: "Decision | None" = None
    subscribed: Subscribe | None = None
