"""Reminders in the incident's channel: short, to one person, with the way out of it in the same message."""

from typing import assert_never

from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.work import Reminder
from bot.views.actions import Action
from bot.views.blocks import Message, actions, button, code, context, date, joined, line, mention, message, section


def reminder(incident: Incident, about: Reminder, n: int) -> Message:
    """Return reminder `n` (1 is the first) of what is owed."""
    match about:
        case Reminder.UPDATE:
            return _update(incident, n)
        case Reminder.COMMAND:
            return _command(incident, n)
        case Reminder.TRIAGE:
            return _triage(incident, n)
        case _:
            assert_never(about)


def _update(incident: Incident, n: int) -> Message:
    send = button(
        "Send Update",
        Action.WRITE_UPDATE,
        str(incident.id),
        style="primary",
        spoken=f"Send Update on {incident.label}",
    )
    snooze = button("Snooze", Action.SNOOZE, str(incident.id), spoken=f"Snooze the update on {incident.label}")
    what = "an update is due" if n == 1 else "the update is still due"
    since = line("Due since ", date(incident.update_due)) if n > 1 and incident.update_due else None
    return message(
        f"{incident.label}: {what}. Type /incident update and how it stands.",
        section(line(*_to(*incident.reminding), f"{what} on {incident.label}. Two sentences are enough.")),
        actions(send, snooze),
        context(line("Or type ", code("/incident update <how it stands>")), since, _count(n)),
    )


def _command(incident: Incident, n: int) -> Message:
    take = button(
        "Take Command",
        Action.TAKE_COMMAND,
        str(incident.id),
        style="primary",
        spoken=f"Take Command of {incident.label}",
    )
    caller = (incident.caller,) if incident.caller else ()
    still = "nobody is in command" if n == 1 else "still nobody is in command"
    return message(
        f"{incident.label}: {still}. Type /incident ic to take command.",
        section(line(*_to(*caller), f"{still} of {incident.label}. Whoever is here can take it.")),
        actions(take),
        context(
            line("Or type ", code("/incident ic"), ", for somebody else ", code("/incident ic @person")), _count(n)
        ),
    )


def _triage(incident: Incident, n: int) -> Message:
    caller = (incident.caller,) if incident.caller else ()
    label = incident.label
    accept, decline = f"/incident accept {label}", f"/incident decline {label} why"
    return message(
        f"{label} is still in triage: is it an incident? Type {accept}, or {decline}.",
        section(
            line(*_to(*caller), f"is {label} an incident? Nobody has said so since ", date(incident.declared_at), ".")
        ),
        context(
            line("Press Accept or Decline on the card above, or type ", code(accept), " or ", code(decline)), _count(n)
        ),
    )


def _to(*users: UserId) -> tuple[str, ...]:
    return (joined(", ", map(mention, users)), ": ") if users else ()


def _count(n: int) -> str | None:
    return f"Reminder {n}" if n > 1 else None
