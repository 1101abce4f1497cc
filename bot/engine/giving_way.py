"""What edits a message that stands gives way while it has to wait: what is said behind it goes on.

Such an edit shows the state of the moment at which it is made, so it may as well be made later. What is new keeps its
place; while the far side is away nothing moves, as all of it waits; and once an incident is over its last edits come
before its channel is archived.
"""

from datetime import timedelta

from bot.domain.places import place
from bot.domain.spots import Spot
from bot.engine.jobs import Job
from bot.errors import TryLater
from bot.store.effects import Claimed


def place_aside(claimed: Claimed, job: Job, error: TryLater) -> Spot | None:
    """Return where work waits by itself from now on; None where it stays in its place."""
    spot, incident = place(claimed.work), job.state.incident
    edits = job.posted is not None and incident is not None and incident.status.is_open
    waits = not error.away and error.after != timedelta()
    may_go = spot.shares_lane and claimed.lane == spot.lane and not spot.gate
    return spot.by_itself(claimed.work.kind) if edits and waits and may_go else None
