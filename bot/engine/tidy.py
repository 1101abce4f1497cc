"""Forgets what nobody needs any more: receipts, read deliveries and deploys of a week ago. The record is kept for ever.

In small steps, so that the one writer of SQLite is never away for long. Repeating or missing a round does no harm.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.store import deploys, inbox
from bot.store.database import Database

# Slack gives an event up after an hour, Alertmanager a notification when the next one is due: a week is ample.
KEPT_FOR: Final = timedelta(days=7)
STEP: Final = 500


async def tidy(database: Database, now: datetime) -> int:
    """Forget what is older than a week; return how many rows went.

    Raises:
        Overloaded: the database is busy; the next round does it.
    """
    total, step = 0, 1
    while step:
        async with database.transaction(what="tidying up") as connection:
            step = await inbox.forget(connection, now - KEPT_FOR, STEP)
            step += await deploys.forget(connection, now - KEPT_FOR, STEP)
        total += step
    return total
