"""Action items: the list of an incident's, what an owner reads when one is given to them, and when it is due."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.domain.action_items import ActionItem, ActionState, zone_named
from bot.domain.model import Incident
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    code,
    context,
    header,
    joined,
    line,
    lines,
    mention,
    message,
    section,
)
from bot.views.words import and_more, named

# Of the fifty blocks that a message may have.
SHOWN: Final = 40
IN_SHORT: Final = 5
_STATES: Final = {ActionState.DONE: "Done", ActionState.DROPPED: "Not needed any more"}


def day(due: date) -> str:
    """Return a day as people say it, the same in every time zone: Fri 4 Dec 2026."""
    return f"{due:%a} {due.day} {due:%b %Y}"


def action_list(incident: Incident, now: datetime) -> Message:
    """Render all action items of an incident, what is open first."""
    every = sorted(incident.actions, key=lambda one: (not one.is_open, one.n))
    left = len(incident.open_actions)
    add = button(
        "Add Action Item", Action.ADD_ACTION, str(incident.id), spoken=f"Add an Action Item to {incident.label}"
    )
    if not every:
        none = f"{incident.label} has no action items yet."
        typed = code("/incident action write the runbook @person due friday")
        return message(none, section(none), actions(add), context(line("Or type ", typed)))
    return message(
        f"{left} of {len(every)} action items of {named(incident)} are open: {_texts(incident.open_actions)}",
        header(f"Action items of {incident.label}: {left} open"),
        *(_row(incident, one, now) for one in every[:SHOWN]),
        context(and_more(len(every) - SHOWN)),
        actions(add),
        context(
            line(code(f"/incident action {every[0].n} @person"), " gives it to somebody"),
            line(code(f"/incident action {every[0].n} due friday"), " says until when"),
            line(code(f"/incident action drop {every[0].n}"), " when it is not needed"),
        ),
    )


def action_given(incident: Incident, n: int, given: int, now: datetime) -> Message:
    """Render for an owner what was given to them: to do, or what has become of it."""
    one = incident.actions[n - 1]
    if one.given != given:
        whose = line("Now with ", mention(one.owner)) if one.owner else None
        return _dm(incident, one, "An action item is somebody else's now", now, context(whose))
    if not one.is_open:
        return _dm(incident, one, f"{_STATES[one.state]}: an action item", now, _ended(incident, one))
    return _dm(incident, one, "An action item is yours", now, _done_button(incident, one), _ways(one))


def action_reminder(incident: Incident, n: int, now: datetime) -> Message:
    """Render the question about what is due today, or was."""
    one = incident.actions[n - 1]
    what = "An action item is overdue" if one.is_overdue(now) else "An action item is due today"
    return _dm(incident, one, what, now, _done_button(incident, one), _ways(one))


def action_row(incident: Incident, one: ActionItem, now: datetime) -> Block:
    """Return one that is open, for its owner, with where it comes from."""
    where = channel_link(incident.channel, incident.channel_name)
    said = lines(one.text, joined(" · ", (incident.label, _until(one, now), where)))
    return section(said, _done(incident, one))


def open_actions(incident: Incident, now: datetime) -> Block | None:
    """Return what is still to do, for the summary; None when nothing is."""
    left = incident.open_actions
    if not left:
        return None
    rows = (line(f"{one.n}. ", one.text, " · ", joined(" · ", _facts(one, now))) for one in left[:IN_SHORT])
    return section(lines(bold("Action items"), *rows, and_more(len(left) - IN_SHORT)))


def count_of(incident: Incident) -> str | None:
    """Return how many are open, for the card's small print; None when there never were any."""
    if not incident.actions:
        return None
    left = len(incident.open_actions)
    return f"Action items: {left} of {len(incident.actions)} open"


def _dm(incident: Incident, one: ActionItem, what: str, now: datetime, *follows: Block | None) -> Message:
    where = channel_link(incident.channel, incident.channel_name)
    return message(
        f"{what}, {incident.label}: {one.text}",
        section(lines(bold(what), one.text)),
        context(named(incident), _until(one, now), line("From ", mention(one.by)), where),
        *follows,
    )


def _done_button(incident: Incident, one: ActionItem) -> Block | None:
    return actions(_done(incident, one, main=True))


def _done(incident: Incident, one: ActionItem, *, main: bool = False) -> Block:
    return button(
        "Mark Done",
        Action.END_ACTION,
        f"{incident.id} {one.n}",
        style="primary" if main else None,
        spoken=f"Mark Done: {one.text}",
    )


def _ways(one: ActionItem) -> Block | None:
    give, move = code(f"/incident action {one.n} @person"), code(f"/incident action {one.n} due friday")
    return context(line("Not yours, or not now? In the incident's channel: ", give, ", ", move))


def _ended(incident: Incident, one: ActionItem) -> Block | None:
    by = line(_STATES[one.state], " by ", mention(one.ended_by)) if one.ended_by else _STATES[one.state]
    return context(by, line("Reopen it: ", code(f"/incident action reopen {one.n}"), f" in {incident.label}"))


def _row(incident: Incident, one: ActionItem, now: datetime) -> Block:
    if one.is_open:
        return section(
            lines(line(bold(f"{one.n}."), " ", one.text), joined(" · ", _facts(one, now))), _done(incident, one)
        )
    again = button("Reopen", Action.REOPEN_ACTION, f"{incident.id} {one.n}", spoken=f"Reopen: {one.text}")
    by = line(" by ", mention(one.ended_by)) if one.ended_by else line("")
    return section(lines(line(bold(f"{one.n}."), " ", one.text), line(_STATES[one.state], by)), again)


def _facts(one: ActionItem, now: datetime) -> tuple[Safe, ...]:
    return (mention(one.owner) if one.owner else line("nobody's yet"), _until(one, now))


def _until(one: ActionItem, now: datetime) -> Safe:
    if one.due is None:
        return line("no due date")
    if one.is_overdue(now):
        return line(bold("overdue"), f" since {day(one.due)}")
    today = now.astimezone(zone_named(one.zone)).date()
    return line("due today") if one.is_open and one.due == today else line(f"due {day(one.due)}")


def _texts(left: Sequence[ActionItem]) -> str:
    return "; ".join(f"{one.n}. {one.text}" for one in left) or "none"
