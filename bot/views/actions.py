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
    DECLARE_QUOTED = "incident.declare_quoted"
    DECLARE_ANYWAY = "incident.declare_anyway"
    JOIN_OPEN = "incident.join"
    SILENCE_ALERT = "alert.silence"
    END_SILENCE = "alert.end_silence"
    SUBSCRIBE = "updates.subscribe"
    UNSUBSCRIBE = "updates.unsubscribe"
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
    INCIDENT_MENU = "incident.menu"
    KEEP_OPEN = "incident.keep_open"
    KEEP_CHANNEL = "channel.keep"
    SNOOZE = "update.snooze"
    TAKE_ROLE = "role.take"
    HAND_OVER = "role.hand_over"
    ACCEPT_HANDOVER = "handover.accept"
    DECLINE_HANDOVER = "handover.decline"
    WITHDRAW_HANDOVER = "handover.withdraw"
    TICK_DUTIES = "duties.tick"
    EDIT_ROW = "row.edit"
    OPEN_COMMS = "comms.open"
    OPEN_CHECKLIST = "runbook.open"
    TICK_STEP = "runbook.tick"
    UNTICK_STEP = "runbook.untick"
    UNDO = "change.undo"
    UNLINK = "link.remove"
    ADD_ACTION = "action.add"
    END_ACTION = "action.done"
    REOPEN_ACTION = "action.reopen"


# What is chosen in an alert's menu to hear what happened to it, in front of the group's id.
WHY: Final = "why"


# What can be chosen behind the three dots of a card: the action's own name, in front of the incident's number.
IN_MENU: Final = {
    Action.MERGE: "Merge Into Another Incident",
    Action.ADD_ACTION: "Add Action Item",
    Action.SNOOZE: "Put Off Next Update",
    Action.OPEN_COMMS: "Open Comms Channel",
}


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
    EDIT_ROW = "form.row"
    ACTION = "form.action"
    CLOSE = "form.close"


class Field(StrEnum):
    """An input's block_id and action_id (the same word for both)."""

    TITLE = "title"
    SEVERITY = "severity"
    SERVICE = "service"
    TEXT = "text"
    TRIAGE = "triage"
    PRIVATE = "private"
    IMPACT = "impact"
    DOING = "doing"
    INTO = "into"
    ROLE = "role"
    PERSON = "person"
    LASTS = "lasts"
    WHEN = "when"
    LEFT_OUT = "left_out"
    DUE = "due"
