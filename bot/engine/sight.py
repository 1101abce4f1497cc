"""What one person may look up: incidents that are none of theirs do not exist for them (domain/privacy.py).

Looking up opens a read transaction and never blocks a writer.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

from bot.domain.affected import shared
from bot.domain.alerts_model import Alert
from bot.domain.copying import replace
from bot.domain.events import TimelineRow
from bot.domain.explaining import Explained
from bot.domain.finding import Finding, Found, Wanted
from bot.domain.following_up import due_first
from bot.domain.groups_model import Group
from bot.domain.home import Home
from bot.domain.ids import AlertId, ChannelId, GroupId, IncidentId, ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.muting import Silence
from bot.domain.paging import on_call_of
from bot.domain.privacy import Viewer, may_see, seen, shown_to
from bot.engine import explaining, finding
from bot.engine.handle import Engine
from bot.store import alerts, groups, incidents, notes, silences, timeline

# How many of those that are over are looked through for one who asks.
ENDED: Final = 100
# Among how many of the newest incidents any part of a word is found, beyond them its beginning; how many are shown.
SEARCHED: Final = 2000
FOUND: Final = 10


Known = TypeVar("Known", Explained, Found)


class Sight:
    """The record as one viewer sees it."""

    def __init__(self, engine: Engine, viewer: Viewer) -> None:
        """Nothing is looked up here."""
        self._engine, self._database, self._viewer = engine, engine.database, viewer

    async def incident_in(self, channel: ChannelId) -> Incident | None:
        """Return the incident that a channel belongs to."""
        async with self._database.reading() as connection:
            return self._seen(await incidents.in_channel(connection, channel))

    async def incident_told_in(self, channel: ChannelId) -> Incident | None:
        """Return the incident for whose communications a channel is."""
        async with self._database.reading() as connection:
            return self._seen(await incidents.told_in(connection, channel))

    async def incident(self, number: IncidentId) -> Incident | None:
        """Return an incident."""
        async with self._database.reading() as connection:
            return self._seen(await incidents.load(connection, number))

    async def open_incidents(self) -> tuple[Incident, ...]:
        """Return what people work on now, the oldest first."""
        async with self._database.reading() as connection:
            return seen(await incidents.open_ones(connection), self._viewer)

    async def ended_incidents(self) -> tuple[Incident, ...]:
        """Return the last hundred that are over, the newest first."""
        async with self._database.reading() as connection:
            return await incidents.ended(connection, ENDED, self._sees)

    async def incidents_saying(self, words: Sequence[str], of: Sequence[ServiceName] = ()) -> tuple[Incident, ...]:
        """Return the newest incidents of which these words were said, open or over, the newest first.

        They affect any of these services, where some are given.
        """

        def is_meant(incident: Incident) -> bool:
            return self._sees(incident) and (not of or bool(shared(incident.services, of)))

        async with self._database.reading() as connection:
            return await incidents.saying(connection, words, is_meant, among=SEARCHED, at_most=FOUND)

    async def timeline(self, number: IncidentId) -> tuple[TimelineRow, ...]:
        """Return an incident's timeline."""
        async with self._database.reading() as connection:
            there = self._seen(await incidents.load(connection, number))
            return await timeline.rows_of(connection, number) if there else ()

    async def alerts_of(self, number: IncidentId) -> tuple[Alert, ...]:
        """Return the alerts of an incident, the earliest first."""
        async with self._database.reading() as connection:
            there = self._seen(await incidents.load(connection, number))
            return (await alerts.of_incidents(connection, [number]))[number] if there else ()

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
            return veiled(await finding.firing(connection, wanted, me), self._viewer)

    async def meant(self, typed: str) -> Group:
        """Return the group that somebody means; raises Refused when it is not clear which."""
        async with self._database.reading() as connection:
            return await finding.meant(connection, typed)

    async def explained(self, group: GroupId) -> Explained | None:
        """Return what happened to a group."""
        async with self._database.reading() as connection:
            known = await explaining.explained(connection, group, self._engine.policy)
        return as_known(known, self._viewer) if known else None

    async def home(self) -> Home:
        """Return what the viewer is to know who opens the Home tab."""
        user = self._viewer.user
        async with self._database.reading() as connection:
            there = seen(await incidents.open_ones(connection), self._viewer)
            mine, firing = await finding.for_home(connection, user)
            left = due_first(seen(await incidents.with_open_actions(connection), self._viewer), user)
            roster = await notes.on_call(connection)
        there = tuple(sorted(there, key=_gravity))
        calm, all_of = veiled(mine, self._viewer), veiled(firing, self._viewer)
        policy = self._engine.policy
        on_call = {name: who for name in policy.services if (who := on_call_of(policy, roster, name))}
        return Home(user=user, incidents=there, mine=calm, firing=all_of, actions=left, on_call=on_call)

    def _seen(self, incident: Incident | None) -> Incident | None:
        return incident if incident and self._sees(incident) else None

    def _sees(self, incident: Incident) -> bool:
        return may_see(incident, self._viewer)


def veiled(found: Finding, viewer: Viewer) -> Finding:
    """Return groups with their incidents as a viewer may know them."""
    return replace(found, shown=tuple(as_known(one, viewer) for one in found.shown))


def as_known(about: Known, viewer: Viewer) -> Known:
    """Return a group with its incident as a viewer may know it."""
    return replace(about, incident=shown_to(about.incident, viewer)) if about.incident else about


def _gravity(incident: Incident) -> tuple[int, int]:
    return incident.severity.rank, incident.id
