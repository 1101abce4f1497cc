"""Loads what performers need to know: the state around each piece of work as it is when the work is claimed.

All of a claim together, in a handful of statements, however much was claimed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.calls import InviteGroup, PageCallee
from bot.domain.comms import ArchiveComms, InviteToComms, OpenCommsChannel
from bot.domain.decisions import State
from bot.domain.group_places import group_of
from bot.domain.group_work import CopyGroup, CopyStorm, MirrorSilence, ShowGroup, ShowStorm, TellAssignee, TellGroup
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import AlertId, ChannelId, MessageTs
from bot.domain.latecomers import SendSummary
from bot.domain.places import incident_of, place
from bot.domain.read_back import FetchMessage, ReadBack
from bot.domain.storms_model import Stand, StormId
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import (
    AddBookmark,
    Announce,
    InvitePeople,
    OpenChannel,
    Page,
    Place,
    PostPostmortem,
    Say,
    SetTopic,
    ShowCard,
    Work,
)
from bot.engine.jobs import Job, Posted
from bot.engine.timers import TIMERS
from bot.store import alerts, groups, incidents, notes, silences, storms, timeline
from bot.store.effects import Claimed

# How many of a group's alerts are looked at for its message.
MEMBERS: Final = 12
# How many of a storm's groups are named in its message.
GRAVEST: Final = 8
# Work whose performer looks at the alerts of its incident.
_SHOWS_ALERTS: Final = (ShowCard, AddBookmark, PostPostmortem, SendSummary, Page)
# Work that posts nothing, so that no message of its own is looked for.
_SILENT: Final = (
    OpenChannel,
    InvitePeople,
    OpenCommsChannel,
    InviteToComms,
    ArchiveComms,
    SetTopic,
    RemoveNotice,
    AddBookmark,
    ReadBack,
    FetchMessage,
    Page,
    PageCallee,
    InviteGroup,
    PostPostmortem,
)


async def jobs_of(
    connection: AsyncConnection, heads: Sequence[Claimed], is_ours: Callable[[datetime], bool]
) -> list[tuple[Claimed, Job]]:
    """Return the jobs of these heads; `is_ours` tells whether a lease that ends at a moment can still be relied on."""
    if not heads:
        return []
    states = {head.key: State() for head in heads}
    states |= await _states(connection, [head for head in heads if head.work.kind not in TIMERS])
    anchors = {head.key: _anchor(head, states[head.key]) for head in heads}
    speaking = {head.key for head in heads if not isinstance(head.work, _SILENT) and head.work.kind not in TIMERS}
    keys = speaking | set(filter(None, anchors.values()))
    posts = await notes.posts_of(connection, keys) if keys else {}
    names = await notes.names(connection) if any(_needs_names(head.work) for head in heads) else {}
    found = []
    for head in heads:
        of_incident = (
            head.work.incident if isinstance(head.work, PostPostmortem | SendSummary | TellSubscriber) else None
        )
        job = Job(
            work=head.work,
            key=head.key,
            attempt=head.attempt,
            state=states[head.key],
            maybe_sent_since=head.first_sent_at,
            last_sent_at=head.last_sent_at,
            posted=_posted(posts.get(head.key)),
            anchor=_posted(posts.get(anchors[head.key] or "")),
            rows=await timeline.rows_of(connection, of_incident) if of_incident else (),
            names=names if _needs_names(head.work) else {},
            still_ours=partial(is_ours, head.leased_until),
        )
        found.append((head, job))
    return found


async def _states(connection: AsyncConnection, heads: Sequence[Claimed]) -> Mapping[str, State]:
    """Return the state around each head, by its key."""
    named = {group for head in heads if (group := group_of(head.work)) is not None}
    shown = await groups.load_all(connection, named) if named else {}
    members = {group: await alerts.some_of(connection, group, MEMBERS) for group in named}
    alone = {AlertId(group) for group in named - shown.keys()}
    lone = await alerts.load_all(connection, alone) if alone else {}
    numbers = {number for head in heads if (number := incident_of(head.work)) is not None}
    around = numbers | {group.incident for group in shown.values() if group.incident}
    around |= {alert.incident for alert in lone.values() if alert.incident}
    there = await incidents.load_all(connection, around) if around else {}
    showing = {work.incident for work in (head.work for head in heads) if isinstance(work, _SHOWS_ALERTS)}
    attached = await alerts.of_incidents(connection, showing) if showing else {}
    storming = [(head.key, head.work.storm) for head in heads if isinstance(head.work, ShowStorm | CopyStorm)]
    raging = {key: await _storm(connection, storm) for key, storm in storming}
    mirrored = {head.work.silence for head in heads if isinstance(head.work, MirrorSilence)}
    quiet = {one.id: one for one in await silences.load_all(connection, mirrored)} if mirrored else {}

    def state(work: Work) -> State:
        if isinstance(work, ShowGroup | CopyGroup | TellGroup | TellAssignee):
            group, alert = shown.get(work.group), lone.get(AlertId(work.group))
            belongs = group.incident if group else alert.incident if alert else None
            incident = there.get(belongs) if belongs else None
            return State(group=group, alert=alert, alerts=members[work.group], incident=incident)
        if isinstance(work, MirrorSilence):
            return State(silence=quiet.get(work.silence))
        number = incident_of(work)
        return State() if number is None else State(incident=there.get(number), alerts=attached.get(number, ()))

    return {head.key: raging.get(head.key) or state(head.work) for head in heads}


def _needs_names(work: Work) -> bool:
    return isinstance(work, PostPostmortem | MirrorSilence)


async def _storm(connection: AsyncConnection, storm: StormId) -> State:
    firing, gravest = await storms.firing(connection, storm, GRAVEST)
    return State(storm=await storms.load(connection, storm), groups=gravest, firing=firing)


def _anchor(head: Claimed, state: State) -> str | None:
    """Return the key of the message under which something is said."""
    match head.work:
        case Say(place=Place.ANNOUNCEMENT, incident=number):
            return place(Announce(incident=number)).key
        case Say(aside=True, incident=number):
            return place(ShowCard(incident=number)).key
        case ShowGroup() if state.group and state.group.storm and state.group.stand is Stand.THREAD:
            return place(ShowStorm(storm=state.group.storm, channel=state.group.channel)).key
        case CopyStorm(storm=storm) if state.storm:
            return place(ShowStorm(storm=storm, channel=state.storm.channel)).key
        case TellGroup(group=group) | TellAssignee(group=group) | CopyGroup(group=group):
            return place(ShowGroup(group=group)).key
        case _:
            return None


def _posted(spot: tuple[ChannelId, MessageTs] | None) -> Posted | None:
    return Posted(channel=spot[0], ts=spot[1]) if spot else None
