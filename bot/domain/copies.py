"""Copies of a group's message in further channels: where routes that say `continue` let its alerts go on.

The group is the first route's alone: its channel, its labels, its times, its page and its incident. A copy is that
group's message once more, decided whenever the message is, so nothing about an alert is true in a copy only. What has
no message by itself has no copy: in a storm the storm's message is copied instead, what is told in a digest has none.
"""

from collections.abc import Iterator

from bot.domain.alerts_model import Alert
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_work import CopyGroup, CopyStorm
from bot.domain.groups_model import Group
from bot.domain.routed import room
from bot.domain.storms_model import Stand, Storm


def added(draft: Draft, group: Group, member: Alert) -> Group:
    """Return a group with the channels to which one of its members goes on."""
    if group.digest or not draft.policy.copies:
        return group
    known = {room(group.channel), *map(room, group.copies)}
    new = tuple(channel for channel in draft.policy.routed(member.report).copies if room(channel) not in known)
    if not new:
        return group
    storm = draft.storm or draft.state.storm
    if group.stand in {Stand.THREAD, Stand.NOWHERE} and storm and storm.is_on and storm.id == group.storm:
        draft.storm = told_in(draft, storm, new)
        return group
    return replace(group, copies=(*group.copies, *new))


def of_group(group: Group) -> Iterator[CopyGroup]:
    """Yield the work that writes a group's copies."""
    return (CopyGroup(group=group.id, channel=channel) for channel in group.copies)


def of_storm(storm: Storm) -> Iterator[CopyStorm]:
    """Yield the work that writes a storm's copies."""
    return (CopyStorm(storm=storm.id, channel=channel) for channel in storm.copies)


def told_in(draft: Draft, storm: Storm, channels: tuple[str, ...]) -> Storm:
    """Return a storm that is told in further channels as well."""
    known = {room(storm.channel), *map(room, storm.copies)}
    new = tuple(channel for channel in channels if room(channel) not in known)
    draft.do(*(CopyStorm(storm=storm.id, channel=channel) for channel in new))
    return replace(storm, copies=(*storm.copies, *new)) if new else storm


def show(draft: Draft) -> None:
    """Let the copies of a group follow what its message has been told of already."""
    group = draft.state.group
    if group and group.shown_at is not None:
        draft.do(*of_group(group))
