"""Forms that were sent off.

Everything wrong with one is said at once, at its fields, and what was typed stays; what is right is kept before it
closes.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, assert_never

import structlog

from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SnoozeUpdate
from bot.domain.copying import replace
from bot.domain.course_commands import Close, Decline, Merge, Reopen
from bot.domain.ids import IncidentId, UserId
from bot.domain.spans import span_of
from bot.domain.task_commands import AddAction
from bot.domain.text import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT, clean
from bot.engine.receipts import Handled
from bot.errors import Refused
from bot.inbound.slack import acts, declaring, receipts
from bot.inbound.slack.converting import existing
from bot.inbound.slack.payload import Payload, chosen, items, part, text
from bot.inbound.slack.port import Ports
from bot.inbound.slack.reading import number_of, role_of
from bot.inbound.slack.response import Response, as_json
from bot.inbound.slack.rows import edited_row
from bot.inbound.slack.tasks import by_their_clock, day_chosen
from bot.views.actions import Field, Form

# Slack shows the text at a field on one or two lines.
_FAULT_LIMIT: Final = 300
_log = structlog.get_logger("muster.slack")


class Faults(Exception):
    """What is wrong with a form: a sentence a field."""

    def __init__(self, by_field: Mapping[Field, str]) -> None:
        super().__init__("the form has faults")
        self.by_field = by_field


async def submit(payload: Payload, ports: Ports, done: Callable[[Command, Handled], None]) -> Response:
    """Return the answer to a form: it closes, or its faults are shown; what was `done` is told of.

    Raises Refused, Overloaded.
    """
    try:
        command = await _command(payload, ports)
    except Faults as faults:
        return as_json({"response_action": "errors", "errors": {str(at): why for at, why in faults.by_field.items()}})
    if isinstance(command, Response):
        return command
    done(command, await acts.do(ports, command, receipts.of_view(payload)))
    return as_json({"response_action": "clear"})


def refusal(payload: Payload, why: str) -> Response:
    """Return a refusal at the form's last field: the form stays open with all that was typed."""
    inputs = [text(block, "block_id") for block in items(payload, "view", "blocks") if block.get("type") == "input"]
    if not inputs:
        return as_json({"response_action": "clear"})
    return as_json({"response_action": "errors", "errors": {inputs[-1]: why[:_FAULT_LIMIT]}})


async def _command(payload: Payload, ports: Ports) -> Command | Response:  # noqa: C901 - one line or two a form
    by = UserId(text(payload, "user", "id"))
    try:
        form = Form(text(payload, "view", "callback_id"))
    except ValueError:
        _log.warning("slack_form_unknown", form=text(payload, "view", "callback_id")[:40])
        raise Refused("I do not know this form any more: close it and open it anew.") from None
    opened_for = about(payload)
    match form:
        case Form.DECLARE:
            return await _declare(payload, ports, by, opened_for)
        case Form.UPDATE:
            return _update(payload, by, opened_for)
        case Form.RESOLVE:
            words = _words(payload, Field.TEXT, "Say what fixed it.", TEXT_LIMIT)
            return Resolve(incident=_incident(opened_for), resolution=words, by=by)
        case Form.SNOOZE:
            reason = _words(payload, Field.TEXT, "Say why it can wait.", REASON_LIMIT)
            lasts = span_of(chosen(payload, Field.LASTS)) or timedelta()
            return SnoozeUpdate(incident=_incident(opened_for), lasts=lasts, reason=reason, by=by)
        case Form.HAND_OVER:
            return _hand_over(payload, by, opened_for)
        case Form.REOPEN:
            words = _words(payload, Field.TEXT, "Say what happened.", TEXT_LIMIT)
            return Reopen(incident=_incident(opened_for), reason=words, by=by)
        case Form.DECLINE:
            words = _words(payload, Field.TEXT, "Say why it is no incident.", TEXT_LIMIT)
            return Decline(incident=_incident(opened_for), reason=words, by=by)
        case Form.MERGE:
            return _merge(payload, by, opened_for)
        case Form.EDIT_ROW:
            return edited_row(payload, by, _incident(opened_for), opened_for)
        case Form.ACTION:
            return await by_their_clock(_action(payload, by, opened_for), ports)
        case Form.CLOSE:
            return Close(incident=_incident(opened_for), by=by, anyway=True)
        case _:
            assert_never(form)


async def _declare(payload: Payload, ports: Ports, by: UserId, asked: Payload) -> Declare | Response:
    """Return what is to be declared, or the form anew: something is open on its service that it has not shown."""
    faults: dict[Field, str] = {}
    title = ""
    try:
        title = _words(payload, Field.TITLE, "Say in a few words what is broken.", TITLE_LIMIT)
    except Faults as found:
        faults.update(found.by_field)
    filled = declaring.filled_in(payload, asked, ports.policy)
    if chosen(payload, Field.SEVERITY) and filled.severity is None:
        faults[Field.SEVERITY] = "There is no such severity: choose one from the list."
    if faults:
        raise Faults(faults)
    anew = await declaring.unseen(filled, ports, by)
    if anew:
        return as_json({"response_action": "update", "view": anew})
    command = declaring.declaration(filled, title, by)
    if filled.converts is None:
        return command
    here = await existing(ports, filled.converts)
    return replace(command, existing=here, private=command.private or here.private)


def _update(payload: Payload, by: UserId, opened_for: Payload) -> SendUpdate:
    return SendUpdate(
        incident=_incident(opened_for),
        text=_words(payload, Field.TEXT, "Say what is happening.", TEXT_LIMIT),
        impact=_typed(payload, Field.IMPACT),
        doing=_typed(payload, Field.DOING),
        next_in=span_of(chosen(payload, Field.LASTS)),
        by=by,
    )


def _hand_over(payload: Payload, by: UserId, opened_for: Payload) -> AssignRole:
    role = chosen(payload, Field.ROLE)
    user = text(payload, "view", "state", "values", Field.PERSON, Field.PERSON, "selected_user")
    faults = {Field.ROLE: "Choose a role."} if not role else {}
    if not user:
        faults[Field.PERSON] = "Choose who is asked."
    if faults:
        raise Faults(faults)
    return AssignRole(incident=_incident(opened_for), role=role_of(role), user=UserId(user), by=by)


def _merge(payload: Payload, by: UserId, opened_for: Payload) -> Merge:
    into = number_of(chosen(payload, Field.INTO))
    if into is None:
        raise Faults({Field.INTO: "Choose the incident that goes on."})
    return Merge(incident=_incident(opened_for), into=into, by=by)


def _action(payload: Payload, by: UserId, opened_for: Payload) -> AddAction:
    words = _words(payload, Field.TEXT, "Say what is to be done.", REASON_LIMIT)
    values = ("view", "state", "values")
    return AddAction(
        incident=_incident(opened_for),
        text=words,
        by=by,
        owner=UserId(text(payload, *values, Field.PERSON, Field.PERSON, "selected_user")) or None,
        due=day_chosen(text(payload, *values, Field.DUE, Field.DUE, "selected_date")),
    )


def _typed(payload: Payload, field: Field) -> str:
    return clean(text(payload, "view", "state", "values", field, field, "value")).strip()


def _words(payload: Payload, field: Field, missing: str, limit: int) -> str:
    words = _typed(payload, field)
    if not words:
        raise Faults({field: missing})
    if len(words) > limit:
        raise Faults({field: f"At most {limit:,} characters; these are {len(words):,}."})
    return words


def about(payload: Payload) -> Payload:
    """Return what the form was opened for, as we wrote it into its private_metadata."""
    try:
        found: object = json.loads(text(payload, "view", "private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _incident(opened_for: Payload) -> IncidentId:
    number = number_of(str(part(opened_for, "incident") or ""))
    if number is None:
        raise Refused("I do not know any more which incident this form is for: close it and open it anew.")
    return number
