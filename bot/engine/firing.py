"""Alerts that fire, for who asks beside a bot that may be running: it shows at once what is acknowledged here."""

from collections.abc import Awaitable, Callable, Mapping

from bot.clock import Chance, Clock
from bot.domain.commands import AcknowledgeAlert
from bot.domain.explaining import Explained
from bot.domain.finding import Finding, Wanted
from bot.domain.groups_model import Group
from bot.domain.ids import UserId
from bot.domain.policy import Policy
from bot.domain.privacy import ANYBODY
from bot.engine import explaining, finding
from bot.engine.beside import opened
from bot.engine.handle import Engine
from bot.engine.sight import as_known, veiled
from bot.store import alerts, notes
from bot.store.database import Database
from bot.store.shared_clock import shared


async def listed(url: str, wanted: Wanted, me: UserId, at_most: int, *, private: bool = False) -> Finding:
    """Return what fires and is wanted, at most so much of it.

    Raises:
        Refused: there is no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        found = await finding.firing(connection, wanted, me, at_most)
        return found if private else veiled(found, ANYBODY)


async def explained(url: str, typed: str, *, private: bool = False) -> tuple[Explained, Mapping[UserId, str]]:
    """Return what happened to the alert that is meant, and what people are called; raises as `acknowledged`."""
    async with opened(url) as database, database.reading() as connection:
        group = await finding.meant(connection, typed)
        lead = await alerts.load(connection, group.lead)
        known = await explaining.of_group(connection, group, lead)
        known = known if private else as_known(known, ANYBODY)
        return known, await notes.names(connection)


async def acknowledged(
    url: str,
    typed: str,
    by: UserId,
    own: Clock,
    chance: Chance,
    agree: Callable[[Database, Clock], Awaitable[Clock]] = shared,
) -> Group:
    """Take up the alert that is meant; raises as `listed`, and `Refused`: which is not clear, or somebody was faster.

    `agree` returns the clock by which the bot goes, whatever this machine's own says.
    """
    async with opened(url) as database:
        async with database.reading() as connection:
            group = await finding.meant(connection, typed)
        engine = Engine(database, await agree(database, own), chance, Policy())
        handled = await engine.handle(AcknowledgeAlert(alert=group.id, by=by))
    return handled.group or group
