"""The update clock, the empty chair, and what is forgotten in triage.

A timer is never cancelled: whether it still matters is decided when it fires.

While a reminder has not reached the channel (Slack is away), no second one is decided: after an outage the channel
sees one, not fifty.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.domain.commands import SnoozeUpdate, TimerFired
from bot.domain.draft import Draft
from bot.domain.events import CommandVacant, ReminderPosted, UpdateOverdue
from bot.domain.ids import UserId
from bot.domain.model import Incident, Severity, Status
from bot.domain.redaction import kept
from bot.domain.result_commands import ConfirmReminder
from bot.domain.roles_model import Role
from bot.domain.snoozing import LONGEST, SHORTEST, UpdateSnoozed
from bot.domain.text import REASON_LIMIT
from bot.domain.work import InvitePeople, Place, Remind, Reminder, ShowCard, Timer
from bot.errors import Refused

STEPS_BEFORE_MANAGERS: Final = 2
# How often what is in triage is asked about.
ASKED_EVERY: Final = timedelta(hours=1)


def decide(draft: Draft, command: TimerFired | ConfirmReminder | SnoozeUpdate) -> None:
    """Answer a timer, take note that a reminder is in the channel, or put the next update off."""
    match command:
        case TimerFired():
            _fired(draft, command)
        case ConfirmReminder():
            _confirmed(draft, command)
        case SnoozeUpdate():
            _snooze(draft, command)
        case _:
            assert_never(command)


def _fired(draft: Draft, command: TimerFired) -> None:
    """Answer a timer by what is true now."""
    match command.about:
        case Reminder.TRIAGE:
            _triage(draft)
        case _ if not draft.incident.status.is_running:
            return
        case Reminder.UPDATE:
            _update(draft)
        case Reminder.COMMAND:
            _command(draft)
        case _:
            assert_never(command.about)


def _confirmed(draft: Draft, command: ConfirmReminder) -> None:
    """The channel has seen reminder n; of an empty chair the next waits a turn when this one came late."""
    draft.happened(ReminderPosted(at=draft.now, about=command.about.value, n=command.n))
    incident = draft.incident
    if command.about is Reminder.COMMAND and incident.status.is_open and incident.commander is None:
        rearm_command(draft, draft.now + draft.policy.vacant_after_of(incident.severity) / 2)


def _snooze(draft: Draft, command: SnoozeUpdate) -> None:
    """Put the next update off; everybody reads until when, and why."""
    incident = draft.running_incident()
    reason = kept(command.reason, REASON_LIMIT).strip()
    if not reason:
        message = "Say why the update can wait: `/incident snooze 30m we wait for the provider`."
        raise Refused(message)
    if not SHORTEST <= command.lasts <= LONGEST:
        message = "An update can be put off for between 1 minute and 4 hours: `/incident snooze 30m why`."
        raise Refused(message)
    event = UpdateSnoozed(at=draft.now, by=command.by, until=draft.now + command.lasts, reason=reason)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.refresh()
    draft.do(Timer(incident=incident.id, about=Reminder.UPDATE), due=event.until)


def is_owed(incident: Incident, about: Reminder, now: datetime) -> bool:
    """Tell whether what a reminder asks for is still missing; one that waited for Slack may have been overtaken."""
    match about:
        case Reminder.UPDATE:
            return incident.update_due is not None and incident.update_due <= now
        case Reminder.COMMAND:
            return incident.status.is_running and incident.commander is None
        case Reminder.TRIAGE:
            return incident.status is Status.TRIAGE
        case _:
            assert_never(about)


def await_answer(draft: Draft) -> None:
    """Remind later of what is in triage, if nobody has said then what it is."""
    after = draft.policy.triage_after
    if after is not None:
        due = next_on_the_grid(draft.incident.declared_at + after, max(after, ASKED_EVERY), draft.now)
        draft.do(Timer(incident=draft.incident.id, about=Reminder.TRIAGE), due=due)


def next_on_the_grid(due: datetime, every: timedelta, now: datetime) -> datetime:
    """Return the first of due, due + every, due + 2 every … that lies after now: lateness does not add up."""
    return due if due > now else due + every * ((now - due) // every + 1)


def _update(draft: Draft) -> None:
    incident, due = draft.incident, draft.incident.update_due
    if due is None:
        return
    timer = Timer(incident=incident.id, about=Reminder.UPDATE)
    every = draft.policy.severities[incident.severity].update_every
    draft.do(timer, due=next_on_the_grid(due, every, draft.now))
    seen_at = incident.reminder_posted_at
    is_fresh = seen_at is not None and draft.now - seen_at < every / 2  # it came late: the next may wait a turn
    if draft.now < due or incident.reminded > incident.reminders_posted or is_fresh:
        return
    n = incident.reminded + 1
    called = _whom(draft, incident.overdue + 1)
    draft.happened(UpdateOverdue(at=draft.now, due=due, n=n, called=called))
    if strangers := tuple(user for user in called if user not in incident.responders):
        draft.do(InvitePeople(incident=incident.id, users=strangers))
    draft.do(Remind(incident=incident.id, about=Reminder.UPDATE, n=n), ShowCard(incident=incident.id))
    draft.follow_in_topic()


def _whom(draft: Draft, step: int) -> tuple[UserId, ...]:
    """Return whom a reminder calls: who owes it, then who tells everybody and who is in command, then the managers."""
    incident = draft.incident
    if step == 1:
        return tuple(filter(None, [incident.update_owner]))
    roles = (incident.roles.get(Role.COMMUNICATIONS), incident.commander or incident.caller)
    managers = draft.policy.managers if step > STEPS_BEFORE_MANAGERS else ()
    return tuple(dict.fromkeys(user for user in (*roles, *managers) if user))


def _triage(draft: Draft) -> None:
    """Ask what it is; one that waits for Slack has the number of the next, so that they are one."""
    incident = draft.incident
    if incident.status is not Status.TRIAGE or draft.policy.triage_after is None:
        return
    await_answer(draft)
    draft.do(Remind(incident=incident.id, about=Reminder.TRIAGE, n=incident.triage_reminders + 1))


def _command(draft: Draft) -> None:
    incident = draft.incident
    if incident.commander is not None:
        return
    first = rearm_command(draft, draft.now)
    if draft.now < first or incident.vacancies > incident.vacancies_posted:
        return
    n = incident.vacancies + 1
    draft.happened(CommandVacant(at=draft.now, n=n))
    draft.do(Remind(incident=incident.id, about=Reminder.COMMAND, n=n))


def regraded(draft: Draft, previous: Severity) -> None:
    """Let the empty chair be looked at when the severity that it has now wants it, if that is another moment."""
    before, after = (draft.policy.vacant_after_of(one) for one in (previous, draft.incident.severity))
    if before != after and draft.incident.commander is None:
        rearm_command(draft, draft.now)


def rearm_command(draft: Draft, after: datetime) -> datetime:
    """Set the timer of the empty chair to the first point of its grid after a moment; return the first of all."""
    every = draft.policy.vacant_after_of(draft.incident.severity)
    first = (draft.incident.running_since or draft.incident.declared_at) + every
    timer = Timer(incident=draft.incident.id, about=Reminder.COMMAND)
    draft.do(timer, due=next_on_the_grid(first, every, after))
    return first
