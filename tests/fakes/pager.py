"""PagerDuty as the bot sees it, in memory."""

from bot.domain.calls import PageCallee
from bot.domain.ids import IncidentId, ServiceName, UserId
from bot.domain.people_commands import ConfirmCall
from bot.domain.result_commands import ConfirmPage, RecordOnCall
from bot.domain.work import Page, RefreshOnCall
from bot.engine.jobs import Done, Job
from bot.errors import TryLater


class FakePager:
    """PagerDuty as the bot sees it: what was accepted, in order, and who is on call.

    What was `asked` tells also how often the incident was reopened: each time is a page of its own. `called` are
    calls of single people and services.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[IncidentId, int, str]] = []
        self.called: list[tuple[IncidentId, int, str]] = []
        self.down = False
        self.roster: dict[ServiceName, tuple[UserId, ...]] = {}

    @property
    def accepted(self) -> list[tuple[IncidentId, str]]:
        return [(number, action) for number, _, action in self.asked]

    async def on_call(self, job: Job) -> Done:
        assert isinstance(job.work, RefreshOnCall)
        return Done(command=RecordOnCall(roster=self.roster))

    async def page(self, job: Job) -> Done:
        assert isinstance(job.work, Page)
        self._is_there()
        work = job.work
        self.asked.append((work.incident, work.reopened, work.action.value))
        return Done(command=ConfirmPage(incident=work.incident, action=work.action, reopened=work.reopened))

    async def call(self, job: Job) -> Done:
        work = job.work
        assert isinstance(work, PageCallee)
        self._is_there()
        self.called.append((work.incident, work.n, "resolve" if work.over else "trigger"))
        return Done(command=None if work.over else ConfirmCall(incident=work.incident, n=work.n))

    def _is_there(self) -> None:
        if self.down:
            raise TryLater("the pager is down", away=True)
