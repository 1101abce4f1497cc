"""Loads what performers need to know: the state around each piece of work as it is when the work is claimed.

All of a claim together, in a handful of statements, however much was claimed.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.decisions import State
from bot.domain.model import ChannelId, MessageTs
from bot.domain.places import incident_of, place
from bot.domain.work import Announce, Place, PostPostmortem, Say, ShowAlert, Work
from bot.engine.jobs import Job, Posted
from bot.store import alerts, incidents, notes, timeline
from bot.store.effects import Claimed


async def jobs_of(
    connection: AsyncConnection, heads: Sequence[Claimed], is_ours: Callable[[datetime], bool]
) -> list[tuple[Claimed, Job]]:
    """Return the jobs of these heads; `is_ours` tells whether a lease that ends at a moment can still be relied on."""
    if not heads:
        return []
    states = await _states(connection, heads)
    posts = await notes.posts_of(connection, {head.key for head in heads} | set(filter(None, map(_anchor, heads))))
    found = []
    for head in heads:
        of_incident = head.work.incident if isinstance(head.work, PostPostmortem) else None
        job = Job(
            work=head.work,
            key=head.key,
            attempt=head.attempt,
            state=states[head.key],
            maybe_sent_since=head.first_sent_at,
            last_sent_at=head.last_sent_at,
            posted=_posted(posts.get(head.key)),
            anchor=_posted(posts.get(_anchor(head) or "")),
            rows=await timeline.rows_of(connection, of_incident) if of_incident else (),
            names=await notes.names(connection) if of_incident else {},
            still_ours=partial(is_ours, head.leased_until),
        )
        found.append((head, job))
    return found


async def _states(connection: AsyncConnection, heads: Sequence[Claimed]) -> Mapping[str, State]:
    """Return the state around each head, by its key."""
    named = {head.work.alert for head in heads if isinstance(head.work, ShowAlert)}
    shown = await alerts.load_all(connection, named) if named else {}
    numbers = {number for head in heads if (number := incident_of(head.work)) is not None}
    around = numbers | {alert.incident for alert in shown.values() if alert.incident}
    there = await incidents.load_all(connection, around) if around else {}
    attached = await alerts.of_incidents(connection, numbers) if numbers else {}

    def state(work: Work) -> State:
        if isinstance(work, ShowAlert):
            alert = shown.get(work.alert)
            return State(alert=alert, incident=there.get(alert.incident) if alert and alert.incident else None)
        number = incident_of(work)
        return State() if number is None else State(incident=there.get(number), alerts=attached[number])

    return {head.key: state(head.work) for head in heads}


def _anchor(head: Claimed) -> str | None:
    """Return the key of the announcement under which a moment is said."""
    match head.work:
        case Say(place=Place.ANNOUNCEMENT, incident=number):
            return place(Announce(incident=number)).key
        case _:
            return None


def _posted(spot: tuple[ChannelId, MessageTs] | None) -> Posted | None:
    return Posted(channel=spot[0], ts=spot[1]) if spot else None
