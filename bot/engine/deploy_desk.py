"""Deploys as those who make them tell of them: kept before they are answered, and handed on to open incidents."""

from dataclasses import replace
from datetime import datetime

from bot.domain.acted import Acted, scripted
from bot.domain.deploys import Deploy, LookForDeploys, is_of
from bot.domain.names import digest
from bot.domain.permissions import Act, denied_to_scripts
from bot.domain.work import Effect
from bot.engine.handle import Engine
from bot.engine.requests import TOLD_AGAIN_WITHIN, KeyTakenError
from bot.errors import Forbidden
from bot.store import acts, deploys, effects, incidents


class DeployDesk:
    """What clients of the API see of deploys."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        self._engine, self._database = engine, engine.database

    async def tell(self, told: Deploy, key: str = "", *, is_dated: bool = True) -> Deploy:
        """Keep a deploy, once: a request is named by its key, else by what it says; see `_names`.

        Whoever declares an incident at the same moment waits, and looks for deploys then.

        Raises:
            Forbidden: scripts may not tell of deploys; it is written down.
            KeyTakenError: the key named another deploy; nothing was kept.
            Overloaded: nothing was kept.
        """
        now = self._engine.clock.now()
        rule = self._engine.policy.permissions.rule(Act.DEPLOY)
        if denial := denied_to_scripts(Act.DEPLOY, rule):
            await self._engine.write_down(_acted(told, now, denial.text))
            raise Forbidden(denial.text, who=denial.who)
        async with self._database.transaction(answering=True, what="a deploy") as connection:
            await incidents.hold_numbers(connection)
            name, before = _names(told, key, now if not is_dated else None)
            known = await deploys.told_since(connection, before, now - TOLD_AGAIN_WITHIN) if before else None
            kept, is_new = (known, False) if known else await deploys.add(connection, name, told, now)
            if replace(told, id=kept.id, at=kept.at) != kept:
                raise KeyTakenError
            if is_new:
                await acts.write(connection, _acted(told, now))
            there = await incidents.open_ones(connection) if is_new else ()
            looks = [LookForDeploys(incident=one.id) for one in there if is_of(kept, one.services)]
            await effects.put(connection, [Effect(work=look, due=now) for look in looks])
        if looks:
            self._engine.on_work()
        return kept


def _acted(told: Deploy, now: datetime, refused: str = "") -> Acted:
    return scripted(Act.DEPLOY, "TellDeploy", told.by or "api", now, refused)


def _names(told: Deploy, key: str, now: datetime | None) -> tuple[str, str]:
    """Return what a deploy is known by, and what it may be known by already.

    Without a key and without a moment of its own the same words within five minutes are the same deploy, told again.
    """
    if key:
        return digest("key", key), ""
    if now is None:
        return digest("told", repr(replace(told, id=0))), ""
    slot = int(now.timestamp() // TOLD_AGAIN_WITHIN.total_seconds())
    words = repr((told.service, told.version, told.environment, told.url, told.by))
    return digest("told", words, str(slot)), digest("told", words, str(slot - 1))
