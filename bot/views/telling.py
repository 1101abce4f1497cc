"""What happened, in a sentence an event: parts of text, people and moments, which become plain text or Slack markup.

The words name what was done, never whose fault it was. Text from outside stays text in both.
"""

from datetime import timedelta
from typing import Final, assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
from bot.domain.archives import ArchivingEvent
from bot.domain.comms import CommsEvent
from bot.domain.course_events import CourseEvent
from bot.domain.events import (
    ChannelOpened,
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.keeping_events import KeepingEvent
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.people_events import PeopleEvent
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.roles_model import Role, label_of
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.task_events import TaskEvent
from bot.domain.text import one_line
from bot.domain.unacknowledged import AcknowledgementMissed
from bot.views.sentences import Linked, Part, Person, When, quoted
from bot.views.telling_of_archiving import tell_of_archiving
from bot.views.telling_of_comms import tell_of_comms
from bot.views.telling_of_course import tell_of_course
from bot.views.telling_of_keeping import tell_of_keeping
from bot.views.telling_of_people import callee_name, tell_of_people
from bot.views.telling_of_tasks import tell_of_tasks
from bot.views.words import MILESTONES, STATUSES, attempt, duration, update_parts

_NAME_LIMIT: Final = 80
_NAMES: Final = 5

_PAGER: Final = {
    "trigger": "The pager accepted the page",
    "acknowledge": "The pager recorded that somebody has taken the page up",
    "resolve": "The pager closed its incident",
}


def tell(event: Event) -> tuple[Part, ...]:  # noqa: C901, PLR0911, PLR0912 - one line or two a kind
    """Return what happened as a sentence without its full stop."""
    if isinstance(event, PeopleEvent):
        return tell_of_people(event)
    if isinstance(event, KeepingEvent):
        return tell_of_keeping(event)
    if isinstance(event, TaskEvent):
        return tell_of_tasks(event)
    if isinstance(event, CourseEvent):
        return tell_of_course(event)
    if isinstance(event, CommsEvent):
        return tell_of_comms(event)
    if isinstance(event, ArchivingEvent):
        return tell_of_archiving(event)
    match event:
        case IncidentDeclared() | RoleAssigned() | StatusChanged() | SeverityChanged() | IncidentResolved():
            return _course(event)
        case UpdateSnoozed(until=until, reason=reason):
            return (Person(event.by), " put the next update off until ", When(until), f": {quoted(reason)}")
        case UpdateSent() | MessagePosted() | MessageEdited() | MessageDeleted() | NoteTaken() | MilestoneSet():
            return _speech(event)
        case AlertAttached() | AlertAcknowledged() | AlertEnded() | AlertFlapping():
            return _alert(event)
        case PagerSilent():
            return _silence(event)
        case AcknowledgementMissed(severity=severity, within=within):
            return (f"Nobody had acknowledged it within {duration(within)}, the target of {severity.label}",)
        case PagerTold():
            return _in_the_pager(event)
        case ProposalEnded(by=by):
            return (Person(by), " kept the incident open") if by else ("An alert fired again: not over yet",)
        case (
            ChannelOpened()
            | UpdateOverdue()
            | CommandVacant()
            | ReminderPosted()
            | ResolveProposed()
            | PagerAnswered()
            | DeliveryFailed()
        ):
            return _machinery(event)
        case _:
            assert_never(event)


def _course(
    event: IncidentDeclared | RoleAssigned | StatusChanged | SeverityChanged | IncidentResolved,
) -> tuple[Part, ...]:
    who: Part = Person(event.by)
    match event:
        case IncidentDeclared(incident=number, title=title, severity=severity, rule=rule, triage=triage, impact=impact):
            who = f"Rule {quoted(rule)}" if rule else who
            says = "".join(f" ({quoted(one.asked)} {quoted(one.said)})" for one in impact)
            return (
                who,
                f" declared INC-{number} as {severity.label}{', in triage' if triage else ''}: {quoted(title)}{says}",
            )
        case RoleAssigned():
            return _role(event)
        case StatusChanged(status=status, previous=previous):
            return (who, f" moved the status from {STATUSES[previous]} to {STATUSES[status]}")
        case SeverityChanged(severity=severity, previous=previous):
            way = "raised" if severity.rank < previous.rank else "lowered"
            return (who, f" {way} the severity from {previous.label} to {severity.label}")
        case IncidentResolved(resolution=resolution):
            return (who, f" resolved the incident: {quoted(resolution)}")
        case _:
            assert_never(event)


def _role(event: RoleAssigned) -> tuple[Part, ...]:
    holder, previous = Person(event.user), event.previous
    command, name = event.role is Role.COMMANDER, label_of(event.role)
    what = "command" if command else name
    if previous and event.by == previous:
        return (Person(previous), f" handed over {what} to ", holder)
    if event.by == event.user:
        taken = "took command" if command else f"became {what}"
        return (holder, f" {taken}", *((" from ", Person(previous)) if previous else ()))
    given = (Person(event.by), " gave ", holder, " command" if command else f" the role of {name}")
    return (*given, *((", until now ", Person(previous)) if previous else ()))


def _speech(
    event: UpdateSent | MessagePosted | MessageEdited | MessageDeleted | NoteTaken | MilestoneSet,
) -> tuple[Part, ...]:
    who = Person(event.by)
    match event:
        case UpdateSent(text=text, impact=impact, doing=doing):
            parts = [f". {name}: {quoted(said)}" for name, said in update_parts(impact, doing)]
            return (who, f" sent an update: {quoted(text)}{''.join(parts)}")
        case MessagePosted(text=text, thread=thread):
            how = " answered in a thread" if thread else " wrote"
            return (who, f"{how}: {quoted(text)}", *_files(event))
        case MessageEdited(text=text):
            return (who, f" changed a message to: {quoted(text)}")
        case MessageDeleted():
            return ("A message was deleted",)
        case NoteTaken(text=text):
            return (who, f" noted: {quoted(text)}")
        case MilestoneSet(milestone=milestone, happened_at=at, text=text):
            why = f": {quoted(text)}" if text else ""
            return (who, f" set when {MILESTONES[milestone]}, ", When(at), why)
        case _:
            assert_never(event)


def _files(event: MessagePosted) -> tuple[Part, ...]:
    links = event.links or ("",) * len(event.files)
    named = tuple(
        part for name, url in zip(event.files, links, strict=False) for part in (", ", Linked(quoted(name), url))
    )
    return (" [", *named[1:], "]") if named else ()


def _alert(event: AlertAttached | AlertAcknowledged | AlertEnded | AlertFlapping) -> tuple[Part, ...]:
    match event:
        case AlertAttached(title=title, rule=str(rule), all_of=all_of):
            what = f"{all_of} alerts, the first" if all_of > 1 else "an alert"
            return (f"Rule {quoted(rule)} attached {what}: {quoted(title)}",)
        case AlertAttached(title=title, starts_at=starts_at):
            return (f"Alert attached: {quoted(title)} (firing since ", When(starts_at), ")")
        case AlertAcknowledged(title=title):
            return (Person(event.by), f" acknowledged the alert: {quoted(title)}")
        case AlertEnded(title=title, all_of=all_of, unheard_for=timedelta() as silent):
            group = f", the last of the {all_of} of its group" if all_of > 1 else ""
            return (f"Alert not heard of for {duration(silent)}, so it counts as over{group}: {quoted(title)}",)
        case AlertEnded(title=title, ended_at=ended_at, all_of=all_of) if all_of > 1:
            return (
                f"All {all_of} alerts of the group are over, the last ended at ",
                When(ended_at),
                f": {quoted(title)}",
            )
        case AlertEnded(title=title, ended_at=ended_at):
            return ("Alert ended at ", When(ended_at), f": {quoted(title)}")
        case AlertFlapping(title=title, since=since, turns=turns, steady=None):
            return (
                f"Alert flaps ({turns} changes since ",
                When(since),
                f"), its ends are not told here: {quoted(title)}",
            )
        case AlertFlapping(title=title, turns=turns, steady=steady):
            return (f"Alert flaps no more ({turns} changes), now {steady}: {quoted(title)}",)
        case _:
            assert_never(event)


def _silence(event: PagerSilent) -> tuple[Part, ...]:
    """Say whose phone has not rung; in the channel this mentions them."""
    people = [part for user in event.called for part in (", ", Person(user))][1:]
    silent = ("The pager has not accepted the page since ", When(event.since), ". On call: ")
    return (*silent, *(people or ("nobody",)))


def _in_the_pager(event: PagerTold) -> tuple[Part, ...]:
    who = one_line(event.name, _NAME_LIMIT)
    whose = (" of ", callee_name(event.callee)) if event.callee else ()
    match event.word:
        case "acknowledged":
            return _done_there(who, "acknowledged", whose)
        case "unacknowledged":
            return ("The page", *whose, " rings again in PagerDuty: its acknowledgement was taken back, or ran out")
        case "reassigned":
            to = ", ".join(one_line(name, _NAME_LIMIT) for name in event.to[:_NAMES]) or "others"
            by = who or "PagerDuty"
            return (f"{by} gave the page", *whose, f" to {to}{' in PagerDuty' if who else ''}")
        case "resolved":
            return _done_there(who, "closed", whose)
        case _:
            assert_never(event.word)


def _done_there(who: str, done: str, whose: tuple[Part, ...]) -> tuple[Part, ...]:
    """Say what was done with a page in the pager, by somebody or, without a name, by a machine."""
    if who:
        return (f"{who} {done} the page", *whose, " in PagerDuty")
    return ("The page", *whose, f" was {done} in PagerDuty")


def _machinery(
    event: ChannelOpened
    | UpdateOverdue
    | CommandVacant
    | ReminderPosted
    | ResolveProposed
    | PagerAnswered
    | DeliveryFailed,
) -> tuple[Part, ...]:
    match event:
        case ChannelOpened(name=name):
            return (f"The channel #{name} was opened",)
        case UpdateOverdue(due=due):
            return ("An update was due at ", When(due))
        case CommandVacant():
            return ("Nobody was in command yet",)
        case ReminderPosted(about="update", n=n):
            return (f"Reminder {n} of an update was posted",)
        case ReminderPosted(about="triage", n=n):
            return (f"Reminder {n} that it was still in triage was posted",)
        case ReminderPosted(n=n):
            return (f"Reminder {n} that nobody was in command was posted",)
        case ResolveProposed(since=since):
            return ("All alerts were over since ", When(since), ": proposed to resolve")
        case PagerAnswered(action=action):
            return (_PAGER[action],)
        case DeliveryFailed(what=what, reason=reason):
            return (f"Muster could not {attempt(what)}: {quoted(reason)}",)
        case _:
            assert_never(event)
