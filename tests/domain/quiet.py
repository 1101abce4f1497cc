"""The story of an incident that was resolved at once, and whose channel is quiet since."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.archive_commands import ConfirmArchived, ConfirmArchiveWarning, ReviewQuiet
from bot.domain.archives import AwaitQuiet
from bot.domain.commands import Command, Resolve
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.ids import ChannelId, IncidentId
from tests.domain.story import ANA, POLICY, START, Story

N = IncidentId(42)
ARCHIVED = ConfirmArchived(incident=N, n=1, channel=ChannelId("C1"))
A_DAY = timedelta(days=1)


class Quiet(Story):
    """An incident that was resolved at once; `spoken` is when somebody last wrote."""

    def __init__(self, *, archive_after: timedelta | None = 14 * A_DAY, channel: bool = True) -> None:
        super().__init__(replace(POLICY, archive_after=archive_after))
        self.declared()
        if channel:
            self.opened()
        self.do(Resolve(incident=N, resolution="Rolled back", by=ANA))

    def look(self, days: float, n: int = 0, spoken: float | None = None) -> None:
        self.now = START + days * A_DAY
        state = State(incident=self.incident, spoken_at=None if spoken is None else START + spoken * A_DAY)
        self.last = decide(state, ReviewQuiet(incident=N, n=n), self.now, self.policy)
        self.current = self.last.incident

    def on(self, days: float, command: Command) -> None:
        self.do(command, at=days * A_DAY)

    def warned(self) -> "Quiet":
        self.look(13)
        self.on(13, ConfirmArchiveWarning(incident=N, n=1))
        return self

    def archived(self) -> "Quiet":
        self.warned().look(14, n=1)
        self.on(14, ARCHIVED)
        return self

    def looks(self) -> list[tuple[int, float]]:
        return [
            (one.work.n, (one.due - START) / A_DAY) for one in self.last.effects if isinstance(one.work, AwaitQuiet)
        ]
