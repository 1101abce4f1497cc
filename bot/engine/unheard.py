"""What is looked up of alerts that were not heard of for long, before it is decided whether they count as over."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts_model import Alert
from bot.domain.ids import GroupId
from bot.domain.silent import Silent
from bot.store import alerts, inbox, moments
from bot.store.moments import AT_WORK, BACK

# As many as a reading of deliveries takes in at once: whoever waits for an answer does not wait for longer.
SILENT_AT_ONCE: Final = 100


async def unheard(connection: AsyncConnection, group: GroupId, now: datetime) -> tuple[Silent, tuple[Alert, ...]]:
    """Return who of a group was not heard of for long, with what is known of those who listen; and their kin."""
    found = await alerts.lapsed(connection, group, now, SILENT_AT_ONCE)
    senders = sorted({(one.report.source, one.report.integration) for one in found})
    silent = Silent(
        alerts=found,
        next_at=now if len(found) == SILENT_AT_ONCE else await alerts.next_lapse(connection, group, now),
        unread=frozenset([one for one in senders if await inbox.is_unread(connection, *one)]),
        at_work=await moments.load(connection, AT_WORK),
        back=await moments.load(connection, BACK),
    )
    kins = {one.kin for one in found if one.kin}
    return silent, (await alerts.kin(connection, kins, [group]) if kins else ())
