"""Forms that were sent off.

Everything wrong with one is said at once, at its fields, and what was typed stays; what is right is kept before it
closes.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, assert_never

import structlog

from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SnoozeUpdate
from bot.domain.course_commands import Decline, Merge, Reopen
from bot.domain.ids import AlertId, IncidentId, ServiceName, UserId
from bot.domain.model import Severity
from bot.domain.spans import span_of
from bot.domain.text import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT, clean
from bot.errors import Refused
from bot.inbound.slack import acts, receipts
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.port import Ports
from bot.inbound.slack.reading import number_of, role_of
from bot.inbound.slack.response import Response, as_json
from bot.views.actions import Field, Form

# Slack shows the text at a field on one or two lines.
_FAULT_LIMIT: Final = 300
_log = structlog.get_logger("muster.slack")


class Faults(Exception):
    """What is wrong with a form: a sentence a field."""

    def __init__(self, by_field: Mapping[Field, str]) -> None:
        super().__init__("the form has faults")
        self.by_field = by_field


async def submit(payload: Payload, ports: Ports) -> Response:
    """Return the answer to a form: it closes, or its faults are shown. Raises Refused, Overloaded."""
    try:
        command = _command(payload)
    except Faults as faults:
        return as_json({"response_action": "errors", "errors": {str(at): why for at, why in faults.by_field.items()}})
    await acts.do(ports, command, receipts.of_view(payload))
    return as_json({"response_action": "clear"})


def refusal(payload: Payload, why: str) -> Response:
    """Return a refusal at the form's last field: the form stays open with all that was typed."""
    inputs = [text(block, "block_id") for block in items(payload, "view", "blocks") if block.get("type") == "input"]
    if not inputs:
        return as_json({"response_action": "clear"})
    return as_json({"response_action": "errors", "errors": {inputs[-1]: why[:_FAULT_LIMIT]}})


def _command(payload: Payload) -> Command:
    by = UserId(text(payload, "user", "id"))
    try:
        form = Form(text(payload, "view", "callback_id"))
    except ValueError:
        _log.warning("slack_form_unknown", form=text(payload, "view", "callback_id")[:40])
        raise Refused("I do not know this form any more: close it and open it anew.") from None
    about = _about(payload)
    match form:
        case Form.DECLARE:
            return _declare(payload, by, about)
        case Form.UPDATE:
            words = _words(payload, Field.TEXT, "Say how it stands.", TEXT_LIMIT)
            return SendUpdate(incident=_incident(about), text=words, by=by)
        case Form.RESOLVE:
            words = _words(payload, Field.TEXT, "Say what fixed it.", TEXT_LIMIT)
            return Resolve(incident=_incident(about), resolution=words, by=by)
        case Form.SNOOZE:
            reason = _words(payload, Field.TEXT, "Say why it can wait.", REASON_LIMIT)
            lasts = span_of(_chosen(payload, Field.LASTS)) or timedelta()
            return SnoozeUpdate(incident=_incident(about), lasts=lasts, reason=reason, by=by)
        case Form.HAND_OVER:
            return _hand_over(payload, by, about)
        case Form.REOPEN:
            words = _words(payload, Field.TEXT, "Say what happened.", TEXT_LIMIT)
            return Reopen(incident=_incident(about), reason=words, by=by)
        case Form.DECLINE:
            words = _words(payload, Field.TEXT, "Say why it is no incident.", TEXT_LIMIT)
            return Decline(incident=_incident(about), reason=words, by=by)
        case Form.MERGE:
            return _merge(payload, by, about)
        case _:
            assert_never(form)


def _declare(payload: Payload, by: UserId, about: Payload) -> Declare:
    faults: dict[Field, str] = {}
    title = ""
    try:
        title = _words(payload, Field.TITLE, "Say in a few words what is broken.", TITLE_LIMIT)
    except Faults as found:
        faults.update(found.by_field)
    severity, chosen = None, _chosen(payload, Field.SEVERITY)
    try:
        severity = Severity(chosen) if chosen else None
    except ValueError:
        faults[Field.SEVERITY] = "There is no such severity: choose one from the list."
    if faults:
        raise Faults(faults)
    service, alert = _chosen(payload, Field.SERVICE), text(about, "alert")
    return Declare(
        title=title,
        by=by,
        severity=severity,
        service=ServiceName(service) if service else None,
        alert=AlertId(alert) if alert else None,
        triage=bool(items(payload, "view", "state", "values", Field.TRIAGE, Field.TRIAGE, "selected_options")),
    )


def _hand_over(payload: Payload, by: UserId, about: Payload) -> AssignRole:
    role = _chosen(payload, Field.ROLE)
    user = text(payload, "view", "state", "values", Field.PERSON, Field.PERSON, "selected_user")
    faults = {Field.ROLE: "Choose a role."} if not role else {}
    if not user:
        faults[Field.PERSON] = "Choose who is asked."
    if faults:
        raise Faults(faults)
    return AssignRole(incident=_incident(about), role=role_of(role), user=UserId(user), by=by)


def _merge(payload: Payload, by: UserId, about: Payload) -> Merge:
    into = number_of(_chosen(payload, Field.INTO))
    if into is None:
        raise Faults({Field.INTO: "Choose the incident that goes on."})
    return Merge(incident=_incident(about), into=into, by=by)


def _words(payload: Payload, field: Field, missing: str, limit: int) -> str:
    words = clean(text(payload, "view", "state", "values", field, field, "value")).strip()
    if not words:
        raise Faults({field: missing})
    if len(words) > limit:
        raise Faults({field: f"At most {limit:,} characters; these are {len(words):,}."})
    return words


def _chosen(payload: Payload, field: Field) -> str:
    return text(payload, "view", "state", "values", field, field, "selected_option", "value")


def _about(payload: Payload) -> Payload:
    """Return what the form was opened for, as we wrote it into its private_metadata."""
    try:
        found: object = json.loads(text(payload, "view", "private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _incident(about: Payload) -> IncidentId:
    number = number_of(str(part(about, "incident") or ""))
    if number is None:
        raise Refused("I do not know any more which incident this form is for: close it and open it anew.")
    return number
