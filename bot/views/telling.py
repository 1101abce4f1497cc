"""What happened, in a sentence an event: parts of text and people, which become plain text or Slack markup.

The words name what was done, never whose fault it was. Text from outside stays text in both.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, assert_never

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded, AlertFlapping
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
from bot.domain.ids import UserId
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Role
from bot.domain.page_events import PagerAnswered, PagerSilent, PagerTold
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.text import one_line
from bot.views.blocks import Safe, line, mention, utc
from bot.views.words import STATUSES, attempt, duration

QUOTED_LIMIT: Final = 500
_NAME_LIMIT: Final = 80
_NAMES: Final = 5

_PERSON_IN_TEXT: Final = re.compile(r"<@([UW][A-Z0-9]+)>")
_PAGER: Final = {
    "trigger": "The pager accepted the page",
    "acknowledge": "The pager recorded that somebody has taken the page up",
    "resolve": "The pager closed its incident",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a sentence; nobody is Muster itself."""

    user: UserId | None


Part = str | Person


def as_text(parts: tuple[Part, ...], names: Mapping[UserId, str]) -> str:
    """Return the sentence as plain text; who has no known name keeps the id."""
    return "".join(_name(part.user, names) if isinstance(part, Person) else with_names(part, names) for part in parts)


def as_markup(parts: tuple[Part, ...]) -> Safe:
    """Return the sentence as Slack markup, in which its people are mentioned and its text is literal."""
    return line(*(_mention(part.user) if isinstance(part, Person) else part for part in parts))


def with_names(text: str, names: Mapping[UserId, str]) -> str:
    """Return text with "@name" in the place of every mention."""
    return _PERSON_IN_TEXT.sub(lambda found: f"@{names.get(UserId(found.group(1)), found.group(1))}", text)


def _name(user: UserId | None, names: Mapping[UserId, str]) -> str:
    return names.get(user, user) if user else "Muster"


def _mention(user: UserId | None) -> str:
    return mention(user) if user else "Muster"


def quoted(text: str) -> str:
    """Return a person's words on one line, cut to a sentence's measure."""
    return one_line(text, QUOTED_LIMIT)


def tell(event: Event) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    match event:
        case IncidentDeclared() | RoleAssigned() | StatusChanged() | SeverityChanged() | IncidentResolved():
            return _course(event)
        case UpdateSent() | MessagePosted() | MessageEdited() | MessageDeleted():
            return _speech(event)
        case AlertAttached() | AlertAcknowledged() | AlertEnded() | AlertFlapping():
            return _alert(event)
        case PagerSilent():
            return _silence(event)
        case PagerTold():
            return (_in_the_pager(event),)
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
            return (_machinery(event),)
        case _:
            assert_never(event)


def _course(
    event: IncidentDeclared | RoleAssigned | StatusChanged | SeverityChanged | IncidentResolved,
) -> tuple[Part, ...]:
    who: Part = Person(event.by)
    match event:
        case IncidentDeclared(incident=number, title=title, severity=severity, rule=rule):
            who = f"Rule {quoted(rule)}" if rule else who
            return (who, f" declared INC-{number} as {severity.label}: {quoted(title)}")
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
    command = event.role is Role.COMMANDER
    what = "command" if command else event.role.label
    if previous and event.by == previous:
        return (Person(previous), f" handed over {what} to ", holder)
    if event.by == event.user:
        taken = "took command" if command else f"became {what}"
        return (holder, f" {taken}", *((" from ", Person(previous)) if previous else ()))
    given = (Person(event.by), " gave ", holder, " command" if command else f" the role of {what}")
    return (*given, *((", until now ", Person(previous)) if previous else ()))


def _speech(event: UpdateSent | MessagePosted | MessageEdited | MessageDeleted) -> tuple[Part, ...]:
    who = Person(event.by)
    match event:
        case UpdateSent(text=text):
            return (who, f" sent an update: {quoted(text)}")
        case MessagePosted(text=text, files=files):
            attached = f" [{', '.join(quoted(name) for name in files)}]" if files else ""
            return (who, f" wrote: {quoted(text)}{attached}")
        case MessageEdited(text=text):
            return (who, f" changed a message to: {quoted(text)}")
        case MessageDeleted():
            return ("A message was deleted",)
        case _:
            assert_never(event)


def _alert(event: AlertAttached | AlertAcknowledged | AlertEnded | AlertFlapping) -> tuple[Part, ...]:
    match event:
        case AlertAttached(title=title, rule=str(rule), all_of=all_of):
            what = f"{all_of} alerts, the first" if all_of > 1 else "an alert"
            return (f"Rule {quoted(rule)} attached {what}: {quoted(title)}",)
        case AlertAttached(title=title, starts_at=starts_at):
            return (f"Alert attached: {quoted(title)} (firing since {utc(starts_at)})",)
        case AlertAcknowledged(title=title):
            return (Person(event.by), f" acknowledged the alert: {quoted(title)}")
        case AlertEnded(title=title, all_of=all_of, unheard_for=timedelta() as silent):
            group = f", the last of the {all_of} of its group" if all_of > 1 else ""
            return (f"Alert not heard of for {duration(silent)}, so it counts as over{group}: {quoted(title)}",)
        case AlertEnded(title=title, ended_at=ended_at, all_of=all_of) if all_of > 1:
            return (f"All {all_of} alerts of the group are over, the last ended at {utc(ended_at)}: {quoted(title)}",)
        case AlertEnded(title=title, ended_at=ended_at):
            return (f"Alert ended at {utc(ended_at)}: {quoted(title)}",)
        case AlertFlapping(title=title, since=since, turns=turns, steady=None):
            return (f"Alert flaps ({turns} changes since {utc(since)}), its ends are not told here: {quoted(title)}",)
        case AlertFlapping(title=title, turns=turns, steady=steady):
            return (f"Alert flaps no more ({turns} changes), now {steady}: {quoted(title)}",)
        case _:
            assert_never(event)


def _silence(event: PagerSilent) -> tuple[Part, ...]:
    """Say whose phone has not rung; in the channel this mentions them."""
    people = [part for user in event.called for part in (", ", Person(user))][1:]
    return (f"The pager has not accepted the page since {utc(event.since)}. On call: ", *(people or ("nobody",)))


def _in_the_pager(event: PagerTold) -> str:
    who = one_line(event.name, _NAME_LIMIT)
    match event.word:
        case "acknowledged":
            return f"{who} acknowledged the page in PagerDuty" if who else "The page was acknowledged in PagerDuty"
        case "unacknowledged":
            return "The page rings again in PagerDuty: its acknowledgement was taken back, or ran out"
        case "reassigned":
            to = ", ".join(one_line(name, _NAME_LIMIT) for name in event.to[:_NAMES]) or "others"
            return f"{who} gave the page to {to} in PagerDuty" if who else f"PagerDuty gave the page to {to}"
        case "resolved":
            return f"{who} closed the page in PagerDuty" if who else "The page was closed in PagerDuty"
        case _:
            assert_never(event.word)


def _machinery(
    event: ChannelOpened
    | UpdateOverdue
    | CommandVacant
    | ReminderPosted
    | ResolveProposed
    | PagerAnswered
    | DeliveryFailed,
) -> str:
    match event:
        case ChannelOpened(name=name):
            return f"The channel #{name} was opened"
        case UpdateOverdue(due=due):
            return f"An update was due at {utc(due)}"
        case CommandVacant():
            return "Nobody was in command yet"
        case ReminderPosted(about="update", n=n):
            return f"Reminder {n} of an update was posted"
        case ReminderPosted(n=n):
            return f"Reminder {n} that nobody was in command was posted"
        case ResolveProposed(since=since):
            return f"All alerts were over since {utc(since)}: proposed to resolve"
        case PagerAnswered(action=action):
            return _PAGER[action]
        case DeliveryFailed(what=what, reason=reason):
            return f"Muster could not {attempt(what)}: {quoted(reason)}"
        case _:
            assert_never(event)
