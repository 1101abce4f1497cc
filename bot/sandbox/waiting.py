"""Posts scheduled messages when their time has come, by the injected clock."""

from datetime import timedelta

from bot.clock import Clock
from bot.sandbox.state import schedule
from bot.sandbox.state.papers import Scheduled
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks


class Waiting:
    """Waits for the scheduled messages of one workspace."""

    def __init__(self, workspace: Workspace, *, clock: Clock, tasks: Tasks) -> None:
        self._workspace = workspace
        self._clock = clock
        self._tasks = tasks
        workspace.on_scheduled.append(self._begin)

    def _begin(self, waiting: Scheduled) -> None:
        self._tasks.start(self._post(waiting))

    async def _post(self, waiting: Scheduled) -> None:
        await self._clock.sleep(timedelta(seconds=waiting.post_at - self._clock.now().timestamp()))
        schedule.post_due(self._workspace, waiting.id)
