"""What tells whether reports are old news, as most are: then nothing else is looked up, and nothing decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.alerts import identity, is_old_news
from bot.domain.alerts_model import Alert, ReportedAlert
from bot.domain.decisions import State
from bot.domain.draft import Draft
from bot.domain.muting import Quiet
from bot.domain.policy import Policy
from bot.domain.silencing import inhibitor
from bot.store import alerts, silences


@dataclass(frozen=True, slots=True)
class Told:
    """What tells whether reports are old news: the newest episode of each series, and what may keep it quiet."""

    known: dict[str, Alert]
    quiet: Quiet

    def is_old_news(self, reports: Iterable[ReportedAlert], policy: Policy, now: datetime) -> bool:
        """Tell whether all reports change nothing: then none of them changes what the next is held against."""
        draft = Draft(state=State(quiet=self.quiet), now=now, policy=policy)
        return all(is_old_news(draft, report, self.known.get(identity(report))) for report in reports)


async def known_of(
    connection: AsyncConnection, reports: Iterable[ReportedAlert], policy: Policy, now: datetime
) -> Told:
    """Look up whether reports are old news."""
    known = await alerts.newest(connection, {identity(report) for report in reports})
    return Told(known, await quiet_now(connection, policy, now))


async def quiet_now(connection: AsyncConnection, policy: Policy, now: datetime) -> Quiet:
    """Return what may keep alerts quiet; who inhibits is only asked where somebody may."""
    found = await alerts.inhibiting(connection) if policy.mute.inhibitions else ()
    return Quiet(silences=await silences.current(connection, now), inhibitors={one.id: inhibitor(one) for one in found})
