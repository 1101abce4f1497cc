"""What inbound sees of the engine.

Hand in a command, look something up. Looking up opens a read transaction and never blocks a writer.
"""

from collections.abc import Sequence
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.commands import Command
from bot.domain.events import TimelineRow
from bot.domain.explaining import Explained
from bot.domain.finding import Finding, Wanted
from bot.domain.groups_model import Group
from bot.domain.home import Home, ShowHome
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, UserId
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.work import Effect
from bot.engine import explaining, finding
from bot.engine.handle import Engine
from bot.engine.receipts import Handled, Receipt
from bot.store import alerts, effects, groups, inbox, incidents, silences, timeline
from bot.store.inbox import DeliveryStatus

# How many of those that are over are looked through for one who asks.
ENDED: Final = 100
# Among how many of the newest incidents words are looked for, and how many of those found are shown.
SEARCHED: Final = 2000
FOUND: Final = 10


class EngineDesk:
    """The engine's counter."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self._engine, self._database = engine, engine.database

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        """Hand in a command; see `Engine.handle`."""
        return await self._engine.handle(command, receipt=receipt)

    async def refused(self, command: Command, why: str, *, receipt: Receipt | None = None) -> None:
        """Write down what somebody was refused."""
        await self._engine.refused(command, why, receipt=receipt)

    async def incident_in(self, channel: ChannelId) -> Incident | None:
        """Return the incident that a channel belongs to."""
        async with self._database.reading() as connection:
            return await incidents.in_channel(connection, channel)

    async def incident(self, number: IncidentId) -> Incident | None:
        """Return an incident."""
        async with self._database.reading() as connection:
            return await incidents.load(connection, number)

    async def open_incidents(self) -> tuple[Incident, ...]:
        """Return what people work on now, the oldest first."""
        async with self._database.reading() as connection:
            return await incidents.open_ones(connection)

    async def ended_incidents(self) -> tuple[Incident, ...]:
        """Return the last hundred that are over, the newest first."""
        async with self._database.reading() as connection:
            return await incidents.ended(connection, ENDED)

    async def incidents_saying(self, words: Sequence[str]) -> tuple[Incident, ...]:
        """Return the newest incidents of which these words were said, open or over, the newest first."""
        async with self._database.reading() as connection:
            return await incidents.saying(connection, words, among=SEARCHED, at_most=FOUND)

    async def timeline(self, number: IncidentId) -> tuple[TimelineRow, ...]:
        """Return an incident's timeline."""
        async with self._database.reading() as connection:
            return await timeline.rows_of(connection, number)

    async def alerts_of(self, number: IncidentId) -> tuple[Alert, ...]:
        """Return the alerts of an incident, the earliest first."""
        async with self._database.reading() as connection:
            return (await alerts.of_incidents(connection, [number]))[number]

    async def alert(self, alert: AlertId) -> Alert | None:
        """Return an alert."""
        async with self._database.reading() as connection:
            return await alerts.load(connection, alert)

    async def group(self, group: GroupId) -> Group | None:
        """Return a group of alerts."""
        async with self._database.reading() as connection:
            return await groups.load(connection, group)

    async def silences(self) -> tuple[Silence, ...]:
        """Return the silences that are not over, those that end first before the others."""
        async with self._database.reading() as connection:
            return await silences.current(connection, self._engine.clock.now())

    async def firing(self, wanted: Wanted, me: UserId) -> Finding:
        """Return the groups that fire now and are wanted, the gravest first."""
        async with self._database.reading() as connection:
            return await finding.firing(connection, wanted, me)

    async def meant(self, typed: str) -> Group:
        """Return the group that somebody means; raises Refused when it is not clear which."""
        async with self._database.reading() as connection:
            return await finding.meant(connection, typed)

    async def explained(self, group: GroupId) -> Explained | None:
        """Return what happened to a group."""
        async with self._database.reading() as connection:
            return await explaining.explained(connection, group, self._engine.policy)

    async def home(self, user: UserId) -> Home:
        """Return what somebody is to know who opens the Home tab."""
        async with self._database.reading() as connection:
            there = tuple(sorted(await incidents.open_ones(connection), key=_gravity))
            mine, firing = await finding.for_home(connection, user)
        return Home(user=user, incidents=there, mine=mine, firing=firing)

    async def show_home(self, user: UserId) -> None:
        """Let somebody's Home tab be published."""
        show = Effect(work=ShowHome(user=user), due=self._engine.clock.now())
        await self._engine.put(show, answering=True)

    async def backlog(self) -> dict[str, int]:
        """Return what waits and what was set aside, for metrics and readiness."""
        async with self._database.reading() as connection:
            return {
                "effects_waiting": await effects.count(connection, quarantined=False),
                "effects_quarantined": await effects.count(connection, quarantined=True),
                "deliveries_waiting": await inbox.count(connection, DeliveryStatus.WAITING),
                "deliveries_quarantined": await inbox.count(connection, DeliveryStatus.QUARANTINED),
            }


def _gravity(incident: Incident) -> tuple[int, int]:
    return incident.severity.rank, incident.id
