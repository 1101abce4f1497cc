"""A script of what goes wrong and when: steps that are done when their time on the sandbox's clock has come.

{"steps": [{"at": "09:00", "do": "faults", "rules": [{"when": "down", "until": "18:28"}]},
           {"at": "+600", "do": "archive", "as": "bo", "channel": "incidents"},
           {"at": "2031-02-26T10:15:00Z", "do": "admin/deactivate", "user": "cleo"}]}

`do` is an address of the control API that is POSTed, the other fields are what it takes.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.sandbox.control.doing import DEFAULT_PERSON, Act, Switch
from bot.sandbox.control.hands import Hands
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.faults import moment_of
from bot.sandbox.state.ids import Obj
from bot.sandbox.tasks import Tasks


class Script:
    """Does steps at their times. `failed` keeps the reasons of those that were not possible when their time came."""

    def __init__(
        self, acts: Mapping[str, Act], switches: Mapping[str, Switch], *, hands: Hands, clock: Clock, tasks: Tasks
    ) -> None:
        self._acts = acts
        self._switches = switches
        self._hands = hands
        self._clock = clock
        self._tasks = tasks
        self.failed: list[str] = []

    async def take(self, document: Obj) -> Obj:
        """Take a script; answer how many steps wait, and what failed so far.

        Raises:
            NotPossible: a step has no time or nothing to do; then none is taken.
        """
        steps = [self._read(step) for step in document.get("steps") or []]
        for at, what, fields in steps:
            self._tasks.start(self._do(at, what, fields))
        return {"steps": len(steps), "failed": list(self.failed)}

    def _read(self, step: Obj) -> tuple[datetime, str, Obj]:
        fields = dict(step)
        at, what = str(fields.pop("at", "+0")), str(fields.pop("do", ""))
        if what not in self._acts and what not in self._switches:
            raise NotPossible(f"There is nothing called {what} to do.")
        now = self._clock.now()
        try:
            moment = now + timedelta(seconds=float(at)) if at.startswith("+") else moment_of(at, now)
        except ValueError as error:
            raise NotPossible(f"{at} is no time: {error}.") from error
        return moment, what, fields

    async def _do(self, at: datetime, what: str, fields: Obj) -> None:
        await self._clock.sleep(at - self._clock.now())
        try:
            if what in self._switches:
                await self._switches[what](fields)
            else:
                await self._acts[what](self._hands.person(str(fields.get("as") or DEFAULT_PERSON)), fields)
        except (NotPossible, SlackError, KeyError, TypeError, ValueError) as error:
            self.failed.append(f"{what}: {error}")
