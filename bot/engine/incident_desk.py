"""Incidents for clients of the HTTP API: declared once a request, however often it is sent."""

from bot.domain.commands import Declare
from bot.domain.model import Incident
from bot.domain.names import digest
from bot.domain.permissions import Act, denied_to_scripts
from bot.domain.redaction import kept
from bot.domain.text import TITLE_LIMIT
from bot.engine.handle import Engine
from bot.engine.receipts import Receipt
from bot.engine.requests import KeyTakenError
from bot.engine.silence_desk import API
from bot.errors import Forbidden
from bot.store import incidents

# Among so many of the newest the one is found that a request made which is sent again.
_NEWEST = 200


class IncidentDesk:
    """What clients of the API can do about incidents."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self._engine, self._database = engine, engine.database
        self.services = tuple(engine.policy.services)

    async def declare(self, told: Declare, key: str) -> Incident:
        """Declare an incident, or return the one that this very request made before.

        Raises:
            Forbidden: scripts may not declare, or not in private; it says who may.
            KeyTakenError: the key named another incident.
            Overloaded: nothing was changed.
        """
        await self._must_be_allowed(told)
        receipt = Receipt(origin="api.incident", key=digest(key), surface=API)
        made = (await self._engine.handle(told, receipt=receipt)).incident or await self._made(told)
        if made is None:
            raise KeyTakenError
        return made

    async def _must_be_allowed(self, told: Declare) -> None:
        for act in (Act.DECLARE, Act.PRIVATE) if told.private else (Act.DECLARE,):
            if denial := denied_to_scripts(act, self._engine.policy.permissions.rule(act)):
                await self._engine.refused(told, denial.text, receipt=Receipt(origin=API, key="", surface=API))
                raise Forbidden(denial.text, who=denial.who)

    async def _made(self, told: Declare) -> Incident | None:
        said = (kept(told.title, TITLE_LIMIT).strip(), told.by, told.private)
        async with self._database.reading() as connection:
            there = await incidents.newest(connection, _NEWEST)
        return next((one for one in there if (one.title, one.declared_by, one.private) == said), None)
