"""Silences for clients of the HTTP API: what is asked for twice is made once, and found again by what names it.

A client names its request (Idempotency-Key), or the request names itself: then the same one within five minutes is the
first one told again, and later it is meant anew.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.ids import UserId
from bot.domain.muting import Silence
from bot.domain.names import digest
from bot.domain.permissions import Act, denied_to_scripts
from bot.domain.redaction import kept
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.domain.text import REASON_LIMIT, one_line
from bot.engine.handle import Engine
from bot.engine.receipts import Receipt
from bot.engine.requests import TOLD_AGAIN_WITHIN, KeyTakenError
from bot.errors import Forbidden
from bot.store import silences

API: Final = "api"


class SilenceDesk:
    """What clients of the API see of silences."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self._engine, self._database = engine, engine.database

    async def listed(self) -> tuple[Silence, ...]:
        """Return those that are not over, those that end first before the others."""
        async with self._database.reading() as connection:
            return await silences.current(connection, self._engine.clock.now())

    async def found(self, number: int) -> Silence | None:
        """Return one, over or not."""
        async with self._database.reading() as connection:
            return await silences.load(connection, number)

    async def make(self, told: SilenceAlerts, key: str) -> Silence:
        """Make a silence, or return the one that this very request made before.

        Raises:
            Forbidden: scripts may not silence; it says who may.
            Refused: it cannot be made; it says what to change.
            KeyTakenError: the key named another request.
            Overloaded: nothing was changed.
        """
        await self._must_be_allowed(told)
        content = digest(repr(replace(told, name="")))
        name = digest(key) if key else content
        before = await self._newest(name)
        if before and key and not _is_made_by(before, told):
            raise KeyTakenError
        if before and (key or self._is_told_again(before)):
            return before
        receipt = Receipt(origin="api.silence", key=digest(name, str(before.id if before else 0)), surface=API)
        handled = await self._engine.handle(replace(told, name=name), receipt=receipt)
        made = handled.silence or await self._newest(name)  # two at once: the other one's
        if made is None or not _is_made_by(made, told):
            raise KeyTakenError
        return made

    async def end(self, number: int, by: UserId) -> Silence | None:
        """End a silence, and return it; one that is over stays as it is.

        Raises:
            Forbidden: scripts may not silence; it says who may.
            Refused: it cannot be ended here; it says where.
            Overloaded: nothing was changed.
        """
        await self._must_be_allowed(EndSilence(silence=number, by=by))
        before = await self.found(number)
        if before is None or before.is_over(self._engine.clock.now()):
            return before
        receipt = Receipt(origin="api.unsilence", key=str(number), surface=API)
        handled = await self._engine.handle(EndSilence(silence=number, by=by), receipt=receipt)
        return handled.silence or await self.found(number)

    async def _must_be_allowed(self, command: SilenceAlerts | EndSilence) -> None:
        rule = self._engine.policy.permissions.rule(Act.SILENCE)
        if denial := denied_to_scripts(Act.SILENCE, rule):
            await self._engine.refused(command, denial.text, receipt=Receipt(origin=API, key="", surface=API))
            raise Forbidden(denial.text, who=denial.who)

    async def _newest(self, name: str) -> Silence | None:
        async with self._database.reading() as connection:
            return await silences.newest_called(connection, API, name)

    def _is_told_again(self, before: Silence) -> bool:
        now = self._engine.clock.now()
        return not before.is_over(now) and now - before.created_at < TOLD_AGAIN_WITHIN


def _is_made_by(silence: Silence, told: SilenceAlerts) -> bool:
    """Tell whether a request, which has a name in common with it, is the one that made a silence."""
    lasts = silence.ends_at - silence.created_at if isinstance(told.lasts, timedelta) else silence.ends_at
    reason = one_line(kept(told.reason), REASON_LIMIT)
    return (silence.matchers, silence.by, silence.reason, lasts) == (told.matchers, told.by, reason, told.lasts)
