"""Looks up what happened to an alert: a handful of statements, none of which grows with what has been."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import copies
from bot.domain.alerts_model import Alert
from bot.domain.explaining import Explained, work_of
from bot.domain.group_work import ShowGroup, TellGroup
from bot.domain.grouping import alone
from bot.domain.groups_model import Group
from bot.domain.ids import AlertId, GroupId
from bot.domain.mutes import MuteKind
from bot.domain.muting import Silence
from bot.domain.places import place
from bot.domain.policy import Policy
from bot.store import alerts, effects, groups, incidents, notes, silences

# So many of the thread's notes are told, the last ones.
_NOTES = 10


async def explained(connection: AsyncConnection, wanted: GroupId, policy: Policy) -> Explained | None:
    """Return what is known of a group; an alert from before there were groups is its own."""
    group = await groups.load(connection, wanted)
    lead = await alerts.load(connection, group.lead if group else AlertId(wanted))
    if group is None and lead:
        group = alone(lead, policy)
    return await of_group(connection, group, lead) if group else None


async def of_group(connection: AsyncConnection, group: Group, lead: Alert | None) -> Explained:
    """Return what is known of a group; `lead` is the alert that opened it."""
    incident = await incidents.load(connection, group.incident) if group.incident else None
    message = place(ShowGroup(group=group.id)).key
    told = [place(TellGroup(group=group.id, n=n)).key for n in range(max(1, group.told - _NOTES + 1), group.told + 1)]
    copied = [place(copy).key for copy in copies.of_group(group)]
    stand = await notes.posts_of(connection, [message, *copied, *told])
    return Explained(
        group=group,
        lead=lead,
        incident=incident,
        silence=await _silence_of(connection, group),
        message=stand.get(message),
        copies=tuple(stand[key] for key in copied if key in stand),
        notes=tuple(stand[key][1] for key in told if key in stand),
        waiting=await effects.waiting(connection, list(work_of(group, incident))),
    )


async def _silence_of(connection: AsyncConnection, group: Group) -> Silence | None:
    mutes = [one for one in (group.mute, *(past.mute for past in reversed(group.past))) if one]
    number = next((Silence.number_in(one.name) for one in mutes if one.kind is MuteKind.SILENCE), None)
    return await silences.load(connection, number) if number else None
