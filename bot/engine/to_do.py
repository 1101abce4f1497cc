"""What is still to do for all incidents, for who asks beside a bot that may be running."""

from collections.abc import Mapping

from bot.domain.action_items import ActionItem
from bot.domain.following_up import due_first
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.privacy import ANYBODY, Viewer, seen
from bot.engine.beside import opened
from bot.store import incidents, notes


async def listed(
    url: str, owner: UserId | None
) -> tuple[tuple[tuple[Incident, ActionItem], ...], Mapping[UserId, str]]:
    """Return the open action items, of one owner or of all, what is due first, and what people are called.

    What is private only its people have.

    Raises:
        Refused: there is no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        viewer = Viewer(user=owner) if owner else ANYBODY
        left = due_first(seen(await incidents.with_open_actions(connection), viewer), owner)
        return left, await notes.names(connection)
