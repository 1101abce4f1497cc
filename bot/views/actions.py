"""The names of buttons and forms, stable for ever: a message of last year must still be understood when pressed."""

from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """A button's action_id. Its value names the group of alerts (on old messages the alert) or the incident.

    Where an element has no place for a value, it stands behind a colon in its action_id.
    """

    ACKNOWLEDGE_ALERT = "alert.acknowledge"
    DECLARE_FROM_ALERT = "alert.declare"
    JOIN_INCIDENT = "alert.join"
    ASSIGN_ALERT = "alert.assign"
    JUDGE_USEFUL = "alert.useful"
    JUDGE_NOISE = "alert.noise"
    ALERT_MENU = "alert.menu"
    EXPLAIN_ALERT = "alert.why"
    OPEN_DECLARE = "incident.declare"
    SILENCE_ALERT = "alert.silence"
    END_SILENCE = "alert.end_silence"
    OPEN_RUNBOOK = "link.runbook"
    OPEN_SOURCE = "link.source"
    OPEN_CHANNEL = "link.channel"
    TAKE_COMMAND = "incident.take_command"
    WRITE_UPDATE = "incident.write_update"
    RESOLVE = "incident.resolve"
    REOPEN = "incident.reopen"
    CLOSE = "incident.close"
    ACCEPT = "incident.accept"
    DECLINE = "incident.decline"
    MERGE = "incident.merge"
    KEEP_OPEN = "incident.keep_open"
    SNOOZE = "update.snooze"
    TAKE_ROLE = "role.take"
    HAND_OVER = "role.hand_over"
    ACCEPT_HANDOVER = "handover.accept"
    DECLINE_HANDOVER = "handover.decline"
    WITHDRAW_HANDOVER = "handover.withdraw"
    TICK_DUTIES = "duties.tick"


# What is chosen in an alert's menu to hear what happened to it, in front of the group's id.
WHY: Final = "why"


class Form(StrEnum):
    """A modal's callback_id. Its private_metadata is JSON with what it was opened for."""

    DECLARE = "form.declare"
    UPDATE = "form.update"
    RESOLVE = "form.resolve"
    HAND_OVER = "form.hand_over"
    SNOOZE = "form.snooze"
    REOPEN = "form.reopen"
    DECLINE = "form.decline"
    MERGE = "form.merge"


class Field(StrEnum):
    """An input's block_id and action_id (the same word for both)."""

    TITLE = "title"
    SEVERITY = "severity"
    SERVICE = "service"
    TEXT = "text"
    TRIAGE = "triage"
    INTO = "into"
    ROLE = "role"
    PERSON = "person"
    LASTS = "lasts"
