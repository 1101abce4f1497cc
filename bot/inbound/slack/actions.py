"""Buttons.

Anybody who sees one may press it, on a message of last year too: a press says what is wanted, and the rules decide
now.

A press cannot be answered in its acknowledgement: what it changed shows on the message itself, a refusal is said to
the presser alone. A list that only they see is told anew in its place.
"""

from typing import Final, assert_never

import structlog

from bot.domain.commands import AcknowledgeAlert, Command, Declare
from bot.domain.finding import wanted_of
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert, KeepOpen
from bot.domain.groups_model import Verdict
from bot.domain.ids import AlertId, GroupId, UserId
from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence, SilenceGroup, UnsilenceGroup
from bot.domain.spans import span_of
from bot.errors import Overloaded, Refused
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.incident_buttons import hand_in, incident_of, press_of_incident
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.people import asked_of_people
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.reading import explained
from bot.views.actions import WHY, Action
from bot.views.firing import firing_list
from bot.views.forms import declare_form

_UNKNOWN: Final = "I do not know this button. Use `/incident help` to see what I understand."
_ON_LISTS: Final = frozenset({Action.ACKNOWLEDGE_ALERT, Action.SILENCE_ALERT, Action.END_SILENCE})
_log = structlog.get_logger("muster.slack")


async def press(payload: Payload, ports: Ports, me: Identity) -> Aside | None:
    """Do what a button asks; return what is said of it. Raises Refused with the text for the presser, Overloaded."""
    button = items(payload, "actions")[0]
    try:
        name, _, behind = text(button, "action_id").partition(":")
        action = Action(name)
    except ValueError:
        _log.warning("slack_button_unknown", action=text(button, "action_id")[:40])
        raise Refused(_UNKNOWN) from None
    by = UserId(text(payload, "user", "id"))
    if asked := _asked_why(action, button):
        return Aside(message=await explained(asked, ports, me.url), about="What happened")
    try:
        await _do(action, payload, ports, by, text(button, "value") or behind)
    finally:
        if action in _ON_LISTS and text(payload, "container", "type") == "view":
            # The tab itself says what came of it, a refusal too: somebody may have been faster.
            await ports.desk.show_home(by)
    return await _list_anew(payload, ports, me, by, behind) if action in _ON_LISTS else None


async def _do(action: Action, payload: Payload, ports: Ports, by: UserId, value: str) -> None:
    button = items(payload, "actions")[0]
    match action:
        case Action.OPEN_RUNBOOK | Action.OPEN_SOURCE | Action.OPEN_CHANNEL | Action.EXPLAIN_ALERT:
            return
        case Action.ACKNOWLEDGE_ALERT:
            await hand_in(payload, ports, AcknowledgeAlert(alert=AlertId(value), by=by))
        case Action.DECLARE_FROM_ALERT:
            await hand_in(payload, ports, Declare(alert=AlertId(value), by=by))
        case Action.JOIN_INCIDENT | Action.ASSIGN_ALERT | Action.JUDGE_USEFUL | Action.JUDGE_NOISE | Action.ALERT_MENU:
            command = _of_group(action, button, value, by)
            if command:
                await hand_in(payload, ports, command)
        case Action.SILENCE_ALERT:
            group, _, lasts = text(button, "selected_option", "value").partition(" ")
            await hand_in(payload, ports, SilenceGroup(group=GroupId(group), lasts=span_of(lasts), by=by))
        case Action.END_SILENCE:
            await hand_in(payload, ports, _unsilence(value, by))
        case Action.OPEN_DECLARE:
            instead = "`/incident declare sev2 what is broken`"
            await open_form(ports.open_view, text(payload, "trigger_id"), declare_form(ports.policy), instead)
        case Action.KEEP_OPEN:
            await hand_in(payload, ports, KeepOpen(incident=(await incident_of(value, ports)).id, by=by))
        case (
            Action.TAKE_COMMAND
            | Action.TAKE_ROLE
            | Action.ACCEPT_HANDOVER
            | Action.DECLINE_HANDOVER
            | Action.WITHDRAW_HANDOVER
            | Action.TICK_DUTIES
        ):
            await hand_in(payload, ports, asked_of_people(action, button, value, by))
        case (
            Action.WRITE_UPDATE
            | Action.RESOLVE
            | Action.HAND_OVER
            | Action.SNOOZE
            | Action.REOPEN
            | Action.CLOSE
            | Action.ACCEPT
            | Action.DECLINE
            | Action.MERGE
        ):
            await press_of_incident(action, payload, ports, by, value)
        case _:
            assert_never(action)


def _asked_why(action: Action, button: Payload) -> GroupId | None:
    """Return the group of which somebody asks what happened to it."""
    if action is Action.EXPLAIN_ALERT:
        return GroupId(text(button, "value"))
    asked, _, group = text(button, "selected_option", "value").partition(" ")
    return GroupId(group) if action is Action.ALERT_MENU and asked == WHY else None


def _of_group(action: Action, button: Payload, value: str, by: UserId) -> Command | None:
    """Return what is asked about a group of alerts; a menu of people that was emptied asks for nothing."""
    user, group = UserId(text(button, "selected_user")), GroupId(value)
    match action:
        case Action.JOIN_INCIDENT:
            return JoinIncident(alert=group, by=by)
        case Action.ASSIGN_ALERT:
            return AssignAlert(alert=group, user=user, by=by) if user else None
        case Action.JUDGE_USEFUL:
            return JudgeAlert(alert=group, verdict=Verdict.USEFUL, by=by)
        case Action.JUDGE_NOISE:
            return JudgeAlert(alert=group, verdict=Verdict.NOISE, by=by)
        case _:
            return _judged(text(button, "selected_option", "value"), by)


def _unsilence(value: str, by: UserId) -> EndSilence | UnsilenceGroup:
    group, _, silence = value.partition(" ")
    number = Silence.number_in(silence)
    return UnsilenceGroup(group=GroupId(group), by=by) if number is None else EndSilence(silence=number, by=by)


def _judged(chosen: str, by: UserId) -> JudgeAlert:
    verdict, _, group = chosen.partition(" ")
    if verdict not in set(Verdict):
        raise Refused(_UNKNOWN)
    return JudgeAlert(alert=GroupId(group), verdict=Verdict(verdict), by=by)


async def _list_anew(payload: Payload, ports: Ports, me: Identity, by: UserId, typed: str) -> Aside | None:
    """Return the list on which something was pressed as it is now; what was looked for stands in its buttons' names."""
    if part(payload, "container", "is_ephemeral") is not True:
        return None
    try:
        finding = await ports.desk.firing(wanted_of(typed), by)
    except (Overloaded, ValueError):  # it is done; only the list stays as it was
        return None
    return Aside(message=firing_list(finding, me.url, ports.clock.now()), about="Alerts", replace=True)
