"""Where the message of a new group stands: by itself, or, when too many come at once, in the storm's thread or nowhere.

One storm is one living message, whatever the number of groups. Critical groups go on to stand by themselves, but no
more of them than would be no storm, in ten times its span: a storm of critical ones must not flood either. Of the
others a few are told in the storm's thread. The storm is over when there were not too many for a while.

What is due is named by the moment at which it is due, or replaced by what is due later: nothing polls, and a death in
between changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain import copies
from bot.domain.alerts_model import AlertSeverity
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_work import ReviewStorm, ShowStorm
from bot.domain.groups_model import Group, Latest, News
from bot.domain.kin import together
from bot.domain.names import short_digest
from bot.domain.storms_model import Stand, Storm, StormId, StormPolicy

# How long, in spans of the policy, there must not have been too many; and in how many a critical one counts.
CALM_FOR: Final = 5
GRAVE_FOR: Final = 10
# How many groups have a message in the thread; the grave ones are let in for longer.
IN_THREAD: Final = 20
GRAVE_IN_THREAD: Final = 40
# So many of the last changes a message tells that has no notes.
LATEST: Final = 3
# A storm's message is edited at most this often.
EDITED_EVERY: Final = timedelta(seconds=15)
# More services than these are counted as one: a label from outside may have any number of values.
SERVICES: Final = 40
OTHERS: Final = "\N{HORIZONTAL ELLIPSIS}"
_GRAVE: Final = frozenset({AlertSeverity.CRITICAL, AlertSeverity.HIGH})


def settled(draft: Draft, group: Group) -> Group:
    """Return a group with where its message stands, once it is shown."""
    if group.stand is Stand.UNPLACED and group.shown_at is not None:
        group = _placed(draft, group)
    follow(draft, group)
    return edited(draft, group) if group.stand is Stand.NOWHERE else group


def edited(draft: Draft, group: Group) -> Group:
    """Return a group whose message is edited now; where it stands in a thread it has no notes, and says it itself."""
    if not group.news or group.stand is Stand.CHANNEL:
        return group
    known, last = group.latest, group.latest[-1] if group.latest else None
    if last and last.at == draft.now:  # one edit says it all
        known, news = known[:-1], together(last.news, group.news)
    else:
        news = group.news
    return replace(group, news=News(), latest=(*known, Latest(at=draft.now, news=news))[-LATEST:])


def grown(draft: Draft, group: Group) -> Group:
    """Return a group of which more fires than before, or something graver: it may be worth a message now."""
    if group.stand is not Stand.NOWHERE or group.digest:
        return group
    storm = draft.storm or draft.state.storm
    if storm is None or not storm.is_on or group.storm != storm.id:
        return replace(group, stand=Stand.UNPLACED)  # the storm that it came with has passed
    if group.severity is AlertSeverity.CRITICAL and _has_room(draft, storm):
        draft.storm = replace(storm, grave=_later(storm.grave, draft))
        return replace(group, stand=Stand.CHANNEL)
    return group


def taken_up(group: Group) -> Group:
    """Return a group that somebody does something about: then one without a message is worth one in the thread."""
    return replace(group, stand=Stand.THREAD) if group.stand is Stand.NOWHERE and not group.digest else group


def follow(draft: Draft, group: Group) -> None:
    """Let the storm's message follow what changed in a group of it, together with what else does for a while."""
    before = draft.state.group
    known = before is not None and before.id == group.id
    if group.storm is None or (known and before and _told_of(before) == _told_of(group)):
        return
    n = int(draft.now.timestamp() // EDITED_EVERY.total_seconds()) + 1
    due = datetime.fromtimestamp(n * EDITED_EVERY.total_seconds(), draft.now.tzinfo)
    draft.do(ReviewStorm(storm=group.storm, n=n), due=due)


def review(draft: Draft) -> None:
    """End a storm in which there were not too many for a while, and show how it stands."""
    storm = draft.state.storm
    if storm is None or storm.raged_at is None:
        return
    if storm.is_on and storm.raged_at + calm_after(draft.policy.storm) <= draft.now:
        draft.storm = replace(storm, ended_at=draft.now)
    draft.do(ShowStorm(storm=storm.id, channel=storm.channel), *copies.of_storm(storm))


def calm_after(policy: StormPolicy) -> timedelta:
    """Return how long there must not have been too many before a storm is over."""
    return policy.within * CALM_FOR


def storm_id(channel: str, number: int) -> StormId:
    """Return what names a storm: two replicas that begin the same give it the same name, and one looks again."""
    return StormId(short_digest(channel, str(number)))


def _placed(draft: Draft, group: Group) -> Group:
    policy = draft.policy.storm
    if policy.groups == 0:
        return replace(group, stand=Stand.CHANNEL)
    storm = _current(draft, group.channel)
    rages = _are_many(storm.recent, policy.groups, draft.now - policy.within)
    storm = replace(storm, recent=_later(storm.recent, draft))
    if rages:
        begins = storm.began_at is None
        storm = replace(storm, began_at=storm.began_at or draft.now, raged_at=draft.now)
        if begins:
            draft.do(ShowStorm(storm=storm.id, channel=storm.channel))
        draft.do(ReviewStorm(storm=storm.id), due=draft.now + calm_after(policy))
    draft.storm = storm
    if not storm.is_on:
        return replace(group, stand=Stand.CHANNEL)
    return _in_storm(draft, storm, replace(group, storm=storm.id))


def _current(draft: Draft, channel: str) -> Storm:
    """Return how the channel stands; after a storm it begins to be calm."""
    known = draft.storm or draft.state.storm
    if known is not None and known.ended_at is None:
        return known
    number = known.number + 1 if known else 1
    recent = known.recent if known else ()
    return Storm(id=storm_id(channel, number), channel=channel, number=number, recent=recent)


def _in_storm(draft: Draft, storm: Storm, group: Group) -> Group:
    storm = replace(storm, groups=storm.groups + 1, counts=_counted(storm.counts, group))
    room = GRAVE_IN_THREAD if group.severity in _GRAVE else IN_THREAD
    if group.severity is AlertSeverity.CRITICAL and _has_room(draft, storm):
        draft.storm = replace(storm, grave=_later(storm.grave, draft))
        return replace(group, stand=Stand.CHANNEL)
    storm = copies.told_in(draft, storm, group.copies)
    stand = Stand.THREAD if storm.threaded < room else Stand.NOWHERE
    draft.storm = replace(storm, threaded=storm.threaded + 1) if stand is Stand.THREAD else storm
    return replace(group, stand=stand, copies=())


def _has_room(draft: Draft, storm: Storm) -> bool:
    policy = draft.policy.storm
    return not _are_many(storm.grave, policy.groups, draft.now - policy.within * GRAVE_FOR)


def _later(moments: tuple[datetime, ...], draft: Draft) -> tuple[datetime, ...]:
    return (*moments, draft.now)[-draft.policy.storm.groups :]


def _are_many(moments: tuple[datetime, ...], allowed: int, since: datetime) -> bool:
    """Tell whether one more would be too many since a moment."""
    return len(moments) >= allowed and moments[-allowed] > since


def _counted(
    counts: Mapping[str, Mapping[AlertSeverity, int]], group: Group
) -> Mapping[str, Mapping[AlertSeverity, int]]:
    service = group.service or ""
    if service not in counts and len(counts) >= SERVICES:
        service = OTHERS
    of_service = counts.get(service, {})
    return {**counts, service: {**of_service, group.severity: of_service.get(group.severity, 0) + 1}}


def _told_of(group: Group) -> tuple[object, ...]:
    """Return what a storm's message tells of a group."""
    return group.storm, group.is_over, group.severity
