"""Writes down every minute that Muster is at work, and says it once when it was not.

Replicas share one moment: as long as one of them is there, Muster is. The gap is told in the transaction that closes
it, so it is told by one of those who come back, and once.
"""

from datetime import timedelta
from typing import Final

from bot.domain.absence import words_for
from bot.domain.work import Effect, WarnAdmins
from bot.engine.handle import Engine
from bot.store import effects, moments
from bot.store.moments import AT_WORK, BACK

# A twin has just done it.
OFTEN_ENOUGH: Final = timedelta(seconds=30)


async def be_present(engine: Engine) -> None:
    """Say that Muster is at work.

    Raises:
        Overloaded: the database is away; as long as it is, nothing can be taken, so this counts as not being there.
    """
    async with engine.database.transaction(what="being at work") as connection:
        now, last = engine.clock.now(), await moments.load(connection, AT_WORK, lock=True)
        if last is not None and last <= now < last + OFTEN_ENOUGH:
            return
        await moments.save(connection, AT_WORK, max(now, last or now))
        told = words_for(last, now)
        if told:
            await moments.save(connection, BACK, now)
            await effects.put(connection, [Effect(work=WarnAdmins(subject="a gap", text=told), due=now)])
    if told:
        engine.on_work()
