"""Silences for who asks beside a bot that may be running: it takes up at once what is made or ended here."""

from bot.clock import Chance, Clock
from bot.domain.muting import Silence
from bot.domain.policy import Policy
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.engine.beside import opened
from bot.engine.handle import Engine
from bot.store import silences
from bot.store.shared_clock import shared


async def listed(url: str, clock: Clock) -> tuple[Silence, ...]:
    """Return those that are not over.

    Raises:
        Refused: there is no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database:
        now = (await shared(database, clock)).now()
        async with database.reading() as connection:
            return await silences.current(connection, now)


async def changed(url: str, command: SilenceAlerts | EndSilence, clock: Clock, chance: Chance) -> Silence | None:
    """Make or end one; raises as `listed`, and `Refused` with what to say instead."""
    async with opened(url) as database:
        engine = Engine(database, await shared(database, clock), chance, Policy())
        return (await engine.handle(command)).silence
