"""What must hold of a world in memory, at the end of every history and in its course.

The invariants themselves are in tests/invariants, and their numbers are those of docs/reliability.md; here stands only
what such a world knows beside them: that nobody but Muster invites, and that nothing is refused for good.
"""

from collections.abc import Collection
from datetime import timedelta

from bot.domain.course_events import IncidentAccepted
from bot.domain.events import IncidentDeclared
from bot.domain.ids import IncidentId
from bot.domain.policy import Policy
from tests.engine.world import World
from tests.fakes.slack import BOT
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world
from tests.invariants.picture import Log, Picture
from tests.invariants.slack_shows import has_moved

__all__ = ["Log", "everything_holds", "nothing_is_broken"]


async def everything_holds(
    world: World, log: Log, *, late: timedelta | None = None, disturbed: Collection[IncidentId] = ()
) -> None:
    """Check every invariant of a world that is at rest; `late` is how late a reminder's decision may be.

    In `disturbed` incidents people have made some things impossible: those may have failed, told to somebody.
    """
    seen = await of_world(world, log=log, late=late)
    must_hold(seen, at_rest=True)
    _nobody_else_was_invited(seen, log, disturbed)
    _those_on_call_came(seen, world.policy)
    _nothing_was_given_up(seen, disturbed)


async def nothing_is_broken(world: World, log: Log | None = None, *, late: timedelta | None = None) -> None:
    """Check what must hold at any moment, whatever is on its way."""
    must_hold(await of_world(world, log=log, late=late), at_rest=False)


def _nobody_else_was_invited(seen: Picture, log: Log, disturbed: Collection[IncidentId]) -> None:
    """I3: an incident's people, all of them and those who joined, nobody else, are in its channel.

    Who left may still stand in it: that they did is told to Muster, and is not done to the workspace. Muster itself may
    be out of a channel that it archived. Who joined one that was archived is not brought into the next.
    """
    rooms = {room.id: room for room in seen.rooms}
    for incident in seen.incidents.values():
        assert incident.channel is not None
        joined = {user for number, user in log.joined if number == incident.id}
        there, wanted = rooms[incident.channel].members, set(incident.brought_in)
        wanted |= set() if any(map(has_moved, seen.events(incident.id))) else joined
        wanted |= set() if incident.is_archived else {BOT}
        assert wanted <= there or incident.id in disturbed, f"{incident.label} misses {wanted - there}"
        assert there <= wanted | joined | {BOT, *incident.left}, f"{incident.label} has {there - wanted - {BOT}}"


def _those_on_call_came(seen: Picture, policy: Policy) -> None:
    """Who is on call for each service that an incident also affects is among its people.

    So it is once it is declared, or accepted from triage. Who it is for the leading one the pager tells now and then.
    """
    for number, incident in seen.incidents.items():
        calls = [
            event
            for event in seen.events(number)
            if isinstance(event, IncidentAccepted) or (isinstance(event, IncidentDeclared) and not event.triage)
        ]
        if incident.private or not calls:
            continue
        on_call = {user for one in incident.also if one in policy.services for user in policy.services[one].on_call}
        assert on_call <= {*incident.responders}, f"{incident.label} misses {on_call - {*incident.responders}}"


def _nothing_was_given_up(seen: Picture, disturbed: Collection[IncidentId]) -> None:
    """I8, I20: what the far side takes in the end is never given up."""
    for number in seen.timelines.keys() - set(disturbed):
        rows = [row for row in seen.timelines[number] if (number, row.seq) not in seen.too_late]
        given_up = [row.event for row in rows if row.kind == "delivery_failed"]
        assert given_up == [], f"INC-{number} {given_up}"
