"""Which function performs which work on Slack: the registry that the dispatcher is given."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final, TypeVar, get_args

from bot.clock import Clock
from bot.domain.action_items import RemindAction, ShowAction
from bot.domain.archives import ArchiveChannel, ArchivingEnd, ShowArchiving
from bot.domain.calls import InviteGroup, TellCalled
from bot.domain.checklists import ShowRunbook
from bot.domain.comms import ArchiveComms, InviteToComms, OpenCommsChannel, ShowComms
from bot.domain.group_work import CopyGroup, CopyStorm, PostDigest, ShowGroup, ShowStorm, TellAssignee, TellGroup
from bot.domain.handovers import ShowHandover
from bot.domain.hushing import RemoveNotice
from bot.domain.latecomers import SendSummary
from bot.domain.places import place
from bot.domain.policy import Policy
from bot.domain.proposals import ShowProposal
from bot.domain.read_back import FetchMessage, ReadBack
from bot.domain.second_route import CallPerson
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import (
    AddBookmark,
    Announce,
    InvitePeople,
    OpenChannel,
    PostPostmortem,
    Remind,
    Say,
    SendDuties,
    SetTopic,
    ShowCard,
    TellFailure,
    WarnAdmins,
    Work,
)
from bot.engine.jobs import Done, Job, Perform
from bot.errors import TryLater, Uncertain
from bot.outbound.slack import channel, comms, files, living, posts
from bot.outbound.slack.directory import Directory
from bot.outbound.slack.line import LEAVES_SOME, STILL_OURS
from bot.outbound.slack.means import SETTLE, Hear, Means
from bot.outbound.slack.pictures import Pictures
from bot.outbound.slack.port import ChannelGone, Slack
from bot.outbound.slack.read_back import fetch_message, read_back

# How long it takes until we know of a channel that we archive, a lost reply included, in tries.
UNTIL_IT_IS_KNOWN: Final = timedelta(seconds=10)
TRIES: Final = 6
W = TypeVar("W", bound=Work)
Act = Callable[[Means, Job, W], Awaitable[Done]]


def slack_performers(
    slack: Slack,
    policy: Policy,
    clock: Clock,
    *,
    hear: Hear,
    directory: Directory | None = None,
    settle: timedelta = SETTLE,
) -> Mapping[str, Perform]:
    """Return what performs each kind of Slack work, by its `kind`. Nothing is called yet."""
    means = Means(
        slack=slack,
        directory=directory or Directory(slack, clock),
        policy=policy,
        clock=clock,
        hear=hear,
        pictures=Pictures(clock),
        settle=settle,
    )
    return dict(
        [
            *_of_groups(means),
            *_of_the_end(means),
            *_of_comms(means),
            _perform(OpenChannel, channel.open_channel, means),
            _perform(InvitePeople, channel.invite_people, means),
            _perform(SetTopic, channel.set_topic, means),
            _perform(RemoveNotice, channel.remove_notice, means),
            _perform(AddBookmark, channel.add_bookmark, means),
            _perform(ShowCard, living.show_card, means),
            _perform(Announce, living.announce, means),
            _perform(ShowProposal, living.show_proposal, means),
            _perform(Say, posts.say, means),
            _perform(Remind, posts.remind, means),
            _perform(CallPerson, posts.call_person, means),
            *_of_tasks(means),
            _perform(TellCalled, posts.tell_called, means),
            _perform(InviteGroup, channel.invite_group, means),
            _perform(TellFailure, posts.tell_failure, means),
            _perform(WarnAdmins, posts.warn_admins, means),
            _perform(PostPostmortem, files.post_postmortem, means),
            _perform(ReadBack, read_back, means),
            _perform(FetchMessage, fetch_message, means),
        ]
    )


def _of_tasks(means: Means) -> list[tuple[str, Perform]]:
    return [
        _perform(SendDuties, living.send_duties, means),
        _perform(SendSummary, posts.send_summary, means),
        _perform(TellSubscriber, posts.tell_subscriber, means),
        _perform(ShowHandover, living.show_handover, means),
        _perform(ShowRunbook, living.show_runbook, means),
        _perform(ShowAction, living.show_action, means),
        _perform(RemindAction, posts.remind_action, means),
    ]


def _of_groups(means: Means) -> list[tuple[str, Perform]]:
    return [
        _perform(ShowGroup, living.show_group, means),
        _perform(CopyGroup, living.copy_group, means),
        _perform(CopyStorm, living.copy_storm, means),
        _perform(PostDigest, posts.post_digest, means),
        _perform(ShowStorm, living.show_storm, means),
        _perform(TellGroup, posts.tell_group, means),
        _perform(TellAssignee, posts.tell_assignee, means),
    ]


def _of_comms(means: Means) -> list[tuple[str, Perform]]:
    return [
        _perform(OpenCommsChannel, comms.open_comms, means),
        _perform(InviteToComms, comms.invite_to_comms, means),
        _perform(ShowComms, living.show_comms, means),
        _perform(ArchiveComms, comms.archive_comms, means),
    ]


def _of_the_end(means: Means) -> list[tuple[str, Perform]]:
    return [
        _perform(ShowArchiving, living.show_archiving, means),
        _perform(ArchiveChannel, channel.archive_channel, means),
    ]


def _may_be_archived_by_us(job: Job) -> bool:
    """Tell whether the channel is gone because we archive it just now: once that is known, what was to be done goes on.

    It is for nobody then, or it goes where an incident that was reopened meanwhile has its new channel.
    """
    archiving = job.state.incident.archiving if job.state.incident else None
    under_way = archiving is not None and archiving.end in {None, ArchivingEnd.REOPENED}
    return under_way and job.attempt < TRIES and not isinstance(job.work, ShowArchiving | ArchiveChannel)


def _perform(kind: type[W], act: Act[W], means: Means) -> tuple[str, Perform]:
    async def perform(job: Job) -> Done:
        if not isinstance(job.work, kind):
            raise TypeError(f"{kind.__name__} was wanted, {type(job.work).__name__} came")
        fence, leaves = STILL_OURS.set(job.still_ours), LEAVES_SOME.set(bool(place(job.work).gate))
        try:
            return await act(means, job, job.work)
        except Uncertain:
            means.answered_nothing(job)
            raise
        except ChannelGone as gone:
            if _may_be_archived_by_us(job):
                raise TryLater(str(gone), after=UNTIL_IT_IS_KNOWN) from gone
            raise
        finally:
            STILL_OURS.reset(fence)
            LEAVES_SOME.reset(leaves)

    return kind_of(kind), perform


def kind_of(work: type[object]) -> str:
    """Return the name of a kind of work, as it is stored."""
    (name,) = get_args(work.__annotations__["kind"])
    return str(name)
