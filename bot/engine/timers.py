"""Timers: an effect with a future due time, whose performance is nothing but the command that it hands in."""

from bot.domain import commands
from bot.domain.group_work import ReviewGroup
from bot.domain.second_route import AwaitPage
from bot.domain.work import Timer
from bot.engine.jobs import Done, Job


async def fire(job: Job) -> Done:
    """Perform `Timer` and `AwaitPage`."""
    work = job.work
    if isinstance(work, AwaitPage):
        return Done(command=commands.PageOverdue(incident=work.incident))
    assert isinstance(work, Timer)  # noqa: S101 - the table of performers says so
    return Done(command=commands.TimerFired(incident=work.incident, about=work.about))


async def review(job: Job) -> Done:
    """Perform `ReviewGroup`."""
    work = job.work
    assert isinstance(work, ReviewGroup)  # noqa: S101 - the table of performers says so
    return Done(command=commands.ReviewGroup(group=work.group))
