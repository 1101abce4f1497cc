"""What is in quarantine, for who asks beside a bot that may be running: lists, shows, hands to the reader again.

Whether a delivery can be read now is tried first; what still cannot be stays where it is, with the reason of today.
What can be is read in its place among the others: an old report of an alert that has ended since re-opens nothing.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.tracks import Urgency
from bot.domain.work import Effect, ReadDeliveries
from bot.engine.beside import opened
from bot.errors import BadInput, Refused
from bot.store import effects, inbox
from bot.store.database import Database
from bot.store.inbox import Aside, DeliveryStatus
from bot.store.shared_clock import shared

Read = Callable[[bytes, Callable[[str], None]], tuple[ReportedAlert, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What became of one: so many alerts in it are read again; `fault` when it, or some of it, stays."""

    delivery: int
    alerts: int
    fault: str = ""


async def listed(url: str, source: SourceName | None = None) -> tuple[Aside, ...]:
    """Return what is in quarantine.

    Raises:
        Refused: there is no database.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        return await inbox.aside(connection, source)


async def shown(url: str, delivery: int) -> tuple[Aside, bytes]:
    """Return one of them with its body; raises as `listed`, and `Refused` when it is not there."""
    async with opened(url) as database, database.reading() as connection:
        about = next((one for one in await inbox.aside(connection) if one.id == delivery), None)
        body = await inbox.body_aside(connection, delivery)
    if about is None or body is None:
        raise Refused(_unknown(delivery))
    return about, body


async def retry(
    url: str,
    wanted: Iterable[int],
    reader_of: Callable[[SourceName, str], Read],
    own: Clock,
    agree: Callable[[Database, Clock], Awaitable[Clock]] = shared,
) -> tuple[Retried, ...]:
    """Hand deliveries to the reader again, those that can be read now; raises as `shown`, before anything is done.

    `agree` returns the clock by which the bot goes, whatever this machine's own says.
    """
    wanted = set(wanted)
    async with opened(url) as database:
        clock = await agree(database, own)
        async with database.reading() as connection:
            known = {one.id: one for one in await inbox.aside(connection)}
        missing = [delivery for delivery in sorted(wanted) if delivery not in known]
        if missing:
            raise Refused("\n".join(_unknown(delivery) for delivery in missing))
        return tuple([await _retry(database, known[one], reader_of, clock) for one in sorted(wanted)])


async def _retry(
    database: Database, about: Aside, reader_of: Callable[[SourceName, str], Read], clock: Clock
) -> Retried:
    async with database.transaction(what="a retry") as connection:
        body = await inbox.body_aside(connection, about.id)
        if body is None:
            return Retried(delivery=about.id, alerts=0, fault="somebody else has taken it up")
        left_out: list[str] = []
        try:
            alerts = len(reader_of(about.source, about.integration)(body, left_out.append))
        except BadInput as error:
            await inbox.set_aside(connection, about.id, str(error))
            return Retried(delivery=about.id, alerts=0, fault=str(error))
        if left_out:
            fault = f"{len(left_out)} of {len(left_out) + alerts} not read: {left_out[0]}"
            await inbox.set_aside(connection, about.id, fault)
            await inbox.deposit(connection, [_copy(about, body)])
        else:
            fault = ""
            await inbox.release(connection, about.id)
        await _wake(connection, about.source, clock)
    return Retried(delivery=about.id, alerts=alerts, fault=fault)


async def _wake(connection: AsyncConnection, source: SourceName, clock: Clock) -> None:
    read = Effect(work=ReadDeliveries(source=source), due=clock.now(), urgency=Urgency.NOW)
    await effects.put(connection, [read])


def _copy(about: Aside, body: bytes) -> dict[str, object]:
    """Return the row of what is read of a delivery while the whole of it stays in quarantine."""
    return {
        "source": about.source,
        "integration": about.integration,
        "received_at": about.received_at,
        "body": body,
        "status": DeliveryStatus.WAITING.value,
        "fault": None,
    }


def _unknown(delivery: int) -> str:
    return f"There is no delivery {delivery} in quarantine; `muster alerts quarantine list` shows what there is."
