"""Timers: an effect with a future due time, whose performance is nothing but the command that it hands in."""

from datetime import datetime
from typing import Final, assert_never

from bot.domain import archive_commands, commands, group_commands, people_commands, silence_commands
from bot.domain.action_items import AwaitAction
from bot.domain.archives import AwaitQuiet
from bot.domain.deploys import LookForDeploys, NoticeDeploys
from bot.domain.group_work import (
    AttachAlerts,
    AutomateGroup,
    CloseDigest,
    RecheckMutes,
    ReviewGroup,
    ReviewMutes,
    ReviewStorm,
    ShowCopies,
)
from bot.domain.handovers import AwaitHandover
from bot.domain.noticed import AwaitStructure
from bot.domain.proposals import ProposeResolve
from bot.domain.result_commands import PageOverdue
from bot.domain.second_route import AwaitPage
from bot.domain.silencing import MAINTENANCE
from bot.domain.task_commands import ActionDue
from bot.domain.unacknowledged import AwaitAcknowledgement
from bot.domain.work import Effect, Timer
from bot.engine.jobs import Done, Job

TIMERS: Final = (
    "timer",
    "timer.page",
    "timer.handover",
    "timer.structure",
    "timer.acknowledge",
    "timer.deploys",
    "timer.action",
    "timer.quiet",
    "group.review",
    "group.automate",
    "group.attach",
    "group.mutes",
    "incident.propose",
    "storm.review",
    "digest.close",
    "group.copies",
)
"""The kinds of work that `fire` performs."""

_Timed = (
    Timer
    | AwaitPage
    | AwaitHandover
    | AwaitStructure
    | AwaitAcknowledgement
    | LookForDeploys
    | AwaitAction
    | AwaitQuiet
    | ReviewGroup
    | AutomateGroup
    | AttachAlerts
    | ReviewMutes
    | ReviewStorm
    | CloseDigest
    | ShowCopies
    | ProposeResolve
)


async def fire(job: Job) -> Done:  # noqa: C901, PLR0911, PLR0912 - one line a kind
    """Perform what only waits for its time."""
    work = job.work
    assert isinstance(work, _Timed)  # noqa: S101 - the table of performers says so
    match work:
        case Timer():
            return Done(command=commands.TimerFired(incident=work.incident, about=work.about))
        case AwaitPage():
            return Done(command=PageOverdue(incident=work.incident))
        case AwaitHandover():
            return Done(command=people_commands.HandoverOverdue(incident=work.incident, n=work.n))
        case LookForDeploys():
            return Done(command=NoticeDeploys(incident=work.incident))
        case AwaitStructure():
            return Done(command=people_commands.StructureDue(incident=work.incident))
        case AwaitAcknowledgement():
            return Done(command=people_commands.AcknowledgementDue(incident=work.incident))
        case AwaitAction():
            return Done(command=ActionDue(incident=work.incident, n=work.n))
        case AwaitQuiet():
            return Done(command=archive_commands.ReviewQuiet(incident=work.incident, n=work.n))
        case ReviewGroup():
            return Done(command=commands.ReviewGroup(group=work.group))
        case AutomateGroup():
            return Done(command=group_commands.AutomateGroup(group=work.group))
        case AttachAlerts():
            return Done(command=group_commands.AttachAlerts(group=work.group))
        case ProposeResolve():
            return Done(command=group_commands.ProposeResolve(incident=work.incident))
        case ReviewMutes():
            return Done(command=silence_commands.ReviewMutes(group=work.group))
        case ReviewStorm():
            return Done(command=commands.ReviewStorm(storm=work.storm))
        case CloseDigest():
            return Done(command=commands.CloseDigest(work=work))
        case ShowCopies():
            return Done(command=group_commands.ShowCopies(group=work.group))
        case _:
            assert_never(work)


def first_look(now: datetime) -> Effect:
    """Return the work that a start sets going: the configuration may say otherwise what is quiet than before."""
    return Effect(work=RecheckMutes(about=MAINTENANCE), due=now)
