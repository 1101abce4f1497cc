"""Looks for groups in which alerts are quiet, or heard, otherwise than they should be: beside everybody's work.

Thousands may fire, so they are read in parts, and nothing is locked meanwhile. Nothing is missed for that: what fires
by then is decided by what keeps alerts quiet then, and whatever changes that lets all be looked at once more.
"""

from typing import Final

from bot.domain import silence_commands
from bot.domain.decisions import State
from bot.domain.draft import Draft
from bot.domain.group_work import RecheckMutes
from bot.domain.ids import GroupId
from bot.domain.silencing import otherwise
from bot.engine.busy import later_if_busy
from bot.engine.handle import Engine
from bot.engine.jobs import Done, Job
from bot.engine.told import quiet_now
from bot.store import alerts

AT_ONCE: Final = 1_000


class Rechecker:
    """Looks at all that fires."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self.engine = engine

    async def recheck(self, job: Job) -> Done:
        """Perform `RecheckMutes`."""
        work, now, policy = job.work, self.engine.clock.now(), self.engine.policy
        assert isinstance(work, RecheckMutes)  # noqa: S101 - the table of performers says so
        found = set[GroupId]()
        with later_if_busy():
            async with self.engine.database.reading() as connection:
                quiet = await quiet_now(connection, policy, now)
                draft = Draft(state=State(quiet=quiet), now=now, policy=policy)
                async for part in alerts.firing_in_parts(connection, AT_ONCE):
                    found |= otherwise(draft, part)
        return Done(command=silence_commands.RecheckMutes(about=work.about, at=now, groups=tuple(sorted(found))))
