"""Timers: an effect with a future due time, whose performance is nothing but the command that it hands in."""

from datetime import datetime

from bot.domain import commands, silence_commands
from bot.domain.group_work import RecheckMutes, ReviewGroup, ReviewMutes
from bot.domain.second_route import AwaitPage
from bot.domain.silencing import MAINTENANCE
from bot.domain.work import Effect, Timer
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


async def review_mutes(job: Job) -> Done:
    """Perform `ReviewMutes`."""
    work = job.work
    assert isinstance(work, ReviewMutes)  # noqa: S101 - the table of performers says so
    return Done(command=silence_commands.ReviewMutes(group=work.group))


async def recheck_mutes(job: Job) -> Done:
    """Perform `RecheckMutes`."""
    work = job.work
    assert isinstance(work, RecheckMutes)  # noqa: S101 - the table of performers says so
    return Done(command=silence_commands.RecheckMutes(about=work.about))


def first_look(now: datetime) -> Effect:
    """Return the work that a start sets going: the configuration may say otherwise what is quiet than before."""
    return Effect(work=RecheckMutes(about=MAINTENANCE), due=now)
