"""The rules, in one place to find them.

A command and the state it meets become a decision. Pure: the same question, the same answer.
"""

from datetime import datetime
from typing import assert_never

from bot.domain import (
    alerts,
    archiving,
    by_rule,
    communicating,
    copies,
    course,
    declaring,
    digests,
    group_acts,
    grouping,
    keeping,
    lapsing,
    merging,
    paging,
    people,
    progress,
    record,
    reminders,
    roles,
    silencing,
    storms,
    tasks,
)
from bot.domain.archive_commands import ArchiveCommand
from bot.domain.commands import (
    AcknowledgeAlert,
    AssignRole,
    CloseDigest,
    Command,
    Declare,
    ReportAlert,
    Resolve,
    ReviewGroup,
    ReviewStorm,
    SendUpdate,
    SetSeverity,
    SetStatus,
    SnoozeUpdate,
    TimerFired,
)
from bot.domain.comms_commands import CommsCommand
from bot.domain.course_commands import Accept, Close, Decline, Merge, Reopen
from bot.domain.decisions import Decision, State
from bot.domain.draft import Draft
from bot.domain.group_commands import (
    AssignAlert,
    AttachAlerts,
    AutomateGroup,
    JoinIncident,
    JudgeAlert,
    KeepOpen,
    ProposeResolve,
    ShowCopies,
)
from bot.domain.keeping_commands import KeepingCommand
from bot.domain.page_commands import HearPager
from bot.domain.people_commands import PeopleCommand
from bot.domain.policy import Policy
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordHistory, RecordMessage, SetMilestone, TakeNote
from bot.domain.result_commands import (
    ConfirmNews,
    ConfirmPage,
    ConfirmReminder,
    OpenedChannel,
    PageOverdue,
    RecordOnCall,
    ReportFailure,
)
from bot.domain.silence_commands import SilenceCommand
from bot.domain.subscriptions import Subscribe
from bot.domain.task_commands import TaskCommand

# What has a table of its own.
ByTopic = SilenceCommand | PeopleCommand | KeepingCommand | TaskCommand | ArchiveCommand | CommsCommand


def decide(state: State, command: Command, now: datetime, policy: Policy) -> Decision:  # noqa: C901, PLR0912 - one line a kind
    """Return what a command leads to, or raise `Refused` with the text for the person who asked."""
    draft = Draft(state, now, policy)
    if isinstance(command, ByTopic):
        _by_topic(draft, command)
        return draft.decision()
    match command:
        case ReportAlert():
            alerts.report(draft, command)
        case AcknowledgeAlert():
            alerts.acknowledge(draft, command)
        case AttachAlerts():
            alerts.attach_all(draft)
        case JoinIncident() | AssignAlert() | JudgeAlert():
            group_acts.act(draft, command)
        case ReviewGroup() | ReviewStorm() | CloseDigest() | ShowCopies():
            _look(draft, command)
        case AutomateGroup() | ProposeResolve() | KeepOpen():
            by_rule.decide(draft, command)
        case ConfirmNews(n=n, news=news):
            grouping.told(draft, n, news)
        case Declare():
            declaring.declare(draft, command)
        case OpenedChannel():
            declaring.opened(draft, command)
        case AssignRole():
            roles.assign(draft, command)
        case SetStatus() | SetSeverity() | SendUpdate() | Resolve():
            progress.progress(draft, command)
        case Accept() | Decline() | Reopen() | Close():
            course.decide(draft, command)
        case Merge():
            merging.merge(draft, command)
        case TimerFired() | ConfirmReminder() | SnoozeUpdate():
            reminders.decide(draft, command)
        case RecordMessage() | RecordEdit() | RecordDeletion() | RecordHistory() | TakeNote() | SetMilestone():
            record.decide(draft, command)
        case PageOverdue() | HearPager():
            paging.decide(draft, command)
        case ConfirmPage() | ReportFailure():
            record.came_of(draft, command)
        case RecordOnCall(roster=roster):
            return record.on_call(now, roster)
        case Subscribe():
            return Decision(subscribed=command)
        case _:
            assert_never(command)
    people.follow(draft)
    return draft.decision()


def _by_topic(draft: Draft, command: ByTopic) -> None:
    """Decide what has a table of its own."""
    if isinstance(command, SilenceCommand):
        silencing.decide(draft, command)
    elif isinstance(command, PeopleCommand):
        people.decide(draft, command)
    elif isinstance(command, TaskCommand):
        tasks.decide(draft, command)
    elif isinstance(command, KeepingCommand):
        keeping.decide(draft, command)
    elif isinstance(command, CommsCommand):
        communicating.decide(draft, command)
    else:
        archiving.decide(draft, command)


def _look(draft: Draft, command: ReviewGroup | ReviewStorm | CloseDigest | ShowCopies) -> None:
    """Decide what time alone changes."""
    match command:
        case ReviewGroup():
            lapsing.review(draft)
            grouping.review(draft)
        case ReviewStorm():
            storms.review(draft)
        case CloseDigest():
            digests.close(draft, command)
        case ShowCopies():
            copies.show(draft)
        case _:
            assert_never(command)
