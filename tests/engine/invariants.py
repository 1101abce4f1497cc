"""What must hold at the end of every history, each a function of what the database, Slack and the pager show.

The numbers are those of docs/reliability.md.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from bot.domain.events import (
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    MessagePosted,
    ReminderPosted,
    RoleAssigned,
    StatusChanged,
    TimelineRow,
    UpdateOverdue,
)
from bot.domain.evolve import fold
from bot.domain.model import IncidentId, Role, Status, UserId
from bot.store import timeline
from bot.store.tables import effects
from tests.engine.world import World
from tests.fakes.slack import BOT

__all__ = ["Log", "everything_holds"]


@dataclass(slots=True)
class Log:
    """What the people of a history were told: accepted commands and what each asked for."""

    declared: list[IncidentId] = field(default_factory=list)
    messages: Counter[tuple[IncidentId, str]] = field(default_factory=Counter)
    resolved: set[IncidentId] = field(default_factory=set)
    assigned: Counter[tuple[IncidentId, Role, UserId]] = field(default_factory=Counter)


async def everything_holds(world: World, log: Log) -> None:
    """Check every invariant that exists so far."""
    await nothing_waits(world)
    for number in sorted(set(log.declared)):
        rows = await world.timeline(number)
        await the_record_is_whole(world, number, rows)
        what_was_accepted_is_recorded(log, number, rows)
        await one_channel_each(world, number)
        await what_was_said_was_said_once_and_in_order(world, number, rows)
        await reminders_came_once_and_in_time(world, number, rows)
        await the_pager_was_asked(world, number, rows)
        only_legal_moves(rows)
    assert sorted(set(log.declared)) == [IncidentId(n) for n in range(1, len(set(log.declared)) + 1)], "I1"
    no_orphans(world, log)


async def nothing_waits(world: World) -> None:
    """I19: some time after the last fault nothing is on its way any more."""
    async with world.database.reading() as connection:
        rows = await connection.execute(select(effects).where(effects.c.kind != "timer"))
        waiting = [(row.kind, row.key, row.due - world.clock.now(), row.attempts, row.error) for row in rows]
    assert not waiting, waiting
    assert (await world.desk.backlog())["effects_quarantined"] == 0


async def the_record_is_whole(world: World, number: IncidentId, rows: tuple[TimelineRow, ...]) -> None:
    """I10: the timeline has no gap, its chain holds, and its fold is the incident."""
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert fold(row.event for row in rows) == await world.incident(number)
    async with world.database.reading() as connection:
        assert await timeline.is_unbroken(connection, number)


def what_was_accepted_is_recorded(log: Log, number: IncidentId, rows: tuple[TimelineRow, ...]) -> None:
    """I1, I2: what was accepted is in the record, once."""
    events: list[Event] = [row.event for row in rows]
    assert sum(isinstance(event, IncidentDeclared) for event in events) == log.declared.count(number) == 1
    said = Counter((number, event.ts) for event in events if isinstance(event, MessagePosted))
    assert said == Counter({key: 1 for key in log.messages if key[0] == number})
    assert any(isinstance(event, IncidentResolved) for event in events) == (number in log.resolved)
    for (of, role, user), times in log.assigned.items():
        given = sum(isinstance(e, RoleAssigned) and (e.role, e.user) == (role, user) for e in events)
        assert of != number or 1 <= given <= times


async def one_channel_each(world: World, number: IncidentId) -> None:
    """I3: an incident has exactly one channel, its people are in it, its topic is the newest."""
    incident = await world.incident(number)
    assert incident.channel is not None
    made = world.slack.channels_named(f"inc-{number}-")
    assert [one.id for one in made] == [incident.channel]
    assert set(made[0].members) == {BOT, *incident.responders}
    assert incident.status.value in made[0].topic.lower()
    assert len(made[0].bookmarks) <= 1


def no_orphans(world: World, log: Log) -> None:
    """I3: each channel that the bot made belongs to an incident."""
    made = [one for one in world.slack.channels_named("inc-") if one.creator == BOT]
    assert len(made) == len(set(log.declared))


async def what_was_said_was_said_once_and_in_order(
    world: World, number: IncidentId, rows: tuple[TimelineRow, ...]
) -> None:
    """I4, I5.

    Each moment stands in the channel exactly once, in the order in which it happened; so do the living ones.
    """
    incident = await world.incident(number)
    counts = Counter(said.marker for said in world.slack.said() if said.marker)
    twice = [marker for marker, times in counts.items() if times > 1]
    assert not twice, twice
    assert counts[f"card:{number}"] == counts[f"announcement:{number}"] == 1
    for kinds, prefix in ((SAID, "said"), (ANNOUNCED, "announced")):
        there = [said.marker for said in world.slack.said() if (said.marker or "").startswith(f"{prefix}:{number}:")]
        wanted = [f"{prefix}:{number}:{row.seq}" for row in rows if row.event.kind in kinds and _is_said(row, rows)]
        assert there == wanted, (there, wanted)
    assert incident.status.is_open or counts[f"card:{number}"] == 1


def _is_said(row: TimelineRow, rows: tuple[TimelineRow, ...]) -> bool:
    """An alert that ends after its incident is recorded and no longer said."""
    over = next((one.seq for one in rows if isinstance(one.event, IncidentResolved)), row.seq)
    return row.event.kind != "alert_ended" or row.seq <= over


ANNOUNCED = {"status_changed", "severity_changed", "update_sent", "incident_resolved"}
SAID = ANNOUNCED | {"role_assigned", "alert_ended"}


async def reminders_came_once_and_in_time(world: World, number: IncidentId, rows: tuple[TimelineRow, ...]) -> None:
    """I6, I9: never before its time, never twice, never after the end; each decided one came to its end."""
    events = [row.event for row in rows]
    decided = [event.n for event in events if isinstance(event, UpdateOverdue)]
    ended = [event.n for event in events if isinstance(event, ReminderPosted) and event.about == "update"]
    assert decided == ended == list(range(1, len(decided) + 1))
    assert all(event.at >= event.due for event in events if isinstance(event, UpdateOverdue))
    end = next((row.seq for row in rows if isinstance(row.event, IncidentResolved)), len(rows) + 1)
    assert all(row.seq < end for row in rows if isinstance(row.event, UpdateOverdue))


async def the_pager_was_asked(world: World, number: IncidentId, rows: tuple[TimelineRow, ...]) -> None:
    """I8.

    What was to be paged was accepted, the trigger before all else; repeats carry the same key and are no second page.
    """
    incident = await world.incident(number)
    asked = list(dict.fromkeys(action for of, action in world.pager.accepted if of == number))
    if not incident.paged:
        assert asked == []
        return
    assert asked[0] == "trigger"
    assert ("resolve" in asked) == (incident.status is Status.RESOLVED)
    if "resolve" in asked:
        assert asked[-1] == "resolve"


def only_legal_moves(rows: tuple[TimelineRow, ...]) -> None:
    """I11: one holder a role, each handover names the one before, and nothing moves after the end."""
    holders: dict[Role, UserId] = {}
    over = False
    for row in rows:
        match row.event:
            case RoleAssigned(role=role, user=user, previous=previous):
                assert holders.get(role) == previous
                assert not over
                holders[role] = user
            case StatusChanged(status=status, previous=previous_status):
                assert status is not previous_status
                assert not over
            case IncidentResolved():
                assert not over
                over = True
            case DeliveryFailed(what=what, reason=reason):
                message = f"{what}: {reason}"
                raise AssertionError(message)
            case _:
                pass
