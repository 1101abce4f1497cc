"""The audit log for who asks outside the bot. Nothing is written."""

from bot.domain.acted import Acted
from bot.domain.ids import IncidentId, UserId
from bot.engine.beside import opened
from bot.store import acts


async def listed(
    url: str, at_most: int, *, actor: UserId | None = None, incident: IncidentId | None = None
) -> tuple[Acted, ...]:
    """Return the newest acts, the oldest of them first.

    Raises:
        Refused: there is no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        return (await acts.newest(connection, at_most, actor=actor, incident=incident))[::-1]
