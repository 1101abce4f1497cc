"""Lets the silences count that stand in `muster.yaml`, whenever Muster starts (bot/domain/declared.py).

Replicas that start at once conclude the same, and each step is taken once, by a receipt.
"""

from collections.abc import Sequence

import structlog

from bot.domain.declared import Declared, steps
from bot.domain.names import digest
from bot.engine.handle import Engine
from bot.engine.receipts import Receipt
from bot.errors import Refused
from bot.store import silences

log = structlog.get_logger()


async def declare(engine: Engine, declared: Sequence[Declared]) -> None:
    """Make what is new or was changed, then end what is not there any more.

    Raises:
        Overloaded: the database is busy or away; the next start goes on.
    """
    async with engine.database.reading() as connection:
        known = await silences.from_file(connection, [one.name for one in declared], engine.clock.now())
    for command, before in steps(declared, known, engine.clock.now()):
        key = digest(type(command).__name__, str(before), repr(command))
        try:
            await engine.handle(command, receipt=Receipt(origin="silences.file", key=key, surface="file"))
        except Refused as error:  # somebody was quicker, in the last moment
            log.warning("silence_not_declared", reason=str(error))
