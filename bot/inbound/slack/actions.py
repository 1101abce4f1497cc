"""Buttons.

Anybody who sees one may press it, on a message of last year too: a press says what is wanted, and the rules decide
now.

A press cannot be answered in its acknowledgement: what it changed shows on the message itself, a refusal is said to
the presser alone. A list that only they see is told anew in its place.
"""

from typing import Final

import structlog

from bot.domain.commands import AcknowledgeAlert, Command, Declare
from bot.domain.comms_commands import OpenComms
from bot.domain.finding import wanted_of
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.groups_model import Verdict
from bot.domain.ids import AlertId, GroupId, UserId
from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence, SilenceGroup, UnsilenceGroup
from bot.domain.spans import span_of
from bot.errors import Overloaded, Refused
from bot.inbound.slack import declaring, modals, quoting, receipts
from bot.inbound.slack.asides import Aside
from bot.inbound.slack.incident_buttons import desk_of_press, hand_in, incident_of, press_of_incident, subscribe
from bot.inbound.slack.opening import open_form
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.people import asked_of_people
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.reading import explained, known_number
from bot.inbound.slack.tasks import asked_of_tasks, items_anew
from bot.views.actions import IN_MENU, WHY, Action, Form
from bot.views.declare_form import declare_form
from bot.views.firing import firing_list

_UNKNOWN: Final = "I do not know this button. Use `/incident help` to see what I understand."
_SUBSCRIBING: Final = frozenset({Action.SUBSCRIBE, Action.UNSUBSCRIBE})
_DECLARING: Final = frozenset({Action.OPEN_DECLARE, Action.DECLARE_ANYWAY, Action.DECLARE_QUOTED, Action.JOIN_OPEN})
_OF_ALERTS: Final = frozenset({Action.ACKNOWLEDGE_ALERT, Action.SILENCE_ALERT, Action.END_SILENCE})
_OF_ITEMS: Final = frozenset({Action.END_ACTION, Action.REOPEN_ACTION, Action.UNLINK})
_ON_LISTS: Final = _OF_ALERTS | _OF_ITEMS
_log = structlog.get_logger("muster.slack")


async def press(payload: Payload, ports: Ports, me: Identity) -> Aside | None:
    """Do what a button asks; return what is said of it. Raises Refused with the text for the presser, Overloaded."""
    button = items(payload, "actions")[0]
    if text(payload, "view", "callback_id") == Form.DECLARE and not text(button, "action_id").startswith(
        Action.JOIN_OPEN
    ):
        await declaring.answered(payload, modals.about(payload), ports)
        return None
    try:
        action, value, behind = _meant(button)
    except ValueError:
        _log.warning("slack_button_unknown", action=text(button, "action_id")[:40])
        raise Refused(_UNKNOWN) from None
    by = UserId(text(payload, "user", "id"))
    if action in _SUBSCRIBING:
        return await subscribe(action, payload, ports, by, value)
    if action in _DECLARING:
        return await _declare(action, payload, ports, by, value)
    if asked := _asked_why(action, button):
        return Aside(
            message=await explained(asked, await desk_of_press(payload, ports, by), ports.policy, me.url),
            about="What happened",
        )
    try:
        await _do(action, payload, ports, by, value)
    finally:
        if action in _ON_LISTS and text(payload, "container", "type") == "view":
            # The tab itself says what came of it, a refusal too: somebody may have been faster.
            await ports.desk.show_home(by)
    if action in _OF_ITEMS:
        desk = await desk_of_press(payload, ports, by)
        return await items_anew(action, payload, desk, value, ports.clock.now())
    return await _list_anew(payload, ports, me, by, behind) if action in _OF_ALERTS else None


def _meant(button: Payload) -> tuple[Action, str, str]:
    """Return what a button, or what was chosen in a card's menu, asks for; its value; and what its name carries.

    Raises ValueError when we know no such button.
    """
    name, _, behind = text(button, "action_id").partition(":")
    action = Action(name)
    if action is not Action.INCIDENT_MENU:
        return action, text(button, "value") or behind, behind
    chosen, _, number = text(button, "selected_option", "value").partition(" ")
    if (action := Action(chosen)) not in IN_MENU:
        raise ValueError(chosen)
    return action, number, ""


async def _declare(action: Action, payload: Payload, ports: Ports, by: UserId, value: str) -> Aside | None:
    if action is Action.DECLARE_ANYWAY:
        return await declaring.anyway(value, ports, by)
    if action is Action.DECLARE_QUOTED:
        await quoting.declare_quoted(payload, ports, value)
        return None
    if action is Action.JOIN_OPEN:
        await declaring.join(
            await incident_of(value, await desk_of_press(payload, ports, by)), ports, by, receipts.of_trigger(payload)
        )
        return None
    instead = "`/incident declare sev2 what is broken`"
    await open_form(ports.open_view, text(payload, "trigger_id"), declare_form(ports.policy), instead)
    return None


async def _do(action: Action, payload: Payload, ports: Ports, by: UserId, value: str) -> None:
    button = items(payload, "actions")[0]
    match action:
        case Action.OPEN_RUNBOOK | Action.OPEN_SOURCE | Action.OPEN_CHANNEL | Action.EXPLAIN_ALERT:
            return
        case Action.OPEN_DECLARE | Action.DECLARE_ANYWAY | Action.DECLARE_QUOTED | Action.JOIN_OPEN:
            return  # answered before: see `press`
        case Action.SUBSCRIBE | Action.UNSUBSCRIBE | Action.INCIDENT_MENU:
            return  # as those
        case Action.OPEN_COMMS:
            await hand_in(payload, ports, OpenComms(incident=known_number(value), by=by))
        case Action.ACKNOWLEDGE_ALERT | Action.DECLARE_FROM_ALERT:
            kind = AcknowledgeAlert if action is Action.ACKNOWLEDGE_ALERT else Declare
            await hand_in(payload, ports, kind(alert=AlertId(value), by=by))
        case Action.JOIN_INCIDENT | Action.ASSIGN_ALERT | Action.JUDGE_USEFUL | Action.JUDGE_NOISE | Action.ALERT_MENU:
            await hand_in(payload, ports, _of_group(action, button, value, by))
        case Action.SILENCE_ALERT | Action.END_SILENCE:
            quiet = _silence(button, by) if action is Action.SILENCE_ALERT else _unsilence(value, by)
            await hand_in(payload, ports, quiet)
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
            | Action.ADD_ACTION
            | Action.UNDO
            | Action.KEEP_OPEN
            | Action.KEEP_CHANNEL
            | Action.EDIT_ROW
        ):
            await press_of_incident(action, payload, ports, by, value)
        case _:
            await hand_in(payload, ports, asked_of_tasks(action, value, by))


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


def _silence(button: Payload, by: UserId) -> SilenceGroup:
    group, _, lasts = text(button, "selected_option", "value").partition(" ")
    return SilenceGroup(group=GroupId(group), lasts=span_of(lasts), by=by)


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
        finding = await (await desk_of_press(payload, ports, by)).firing(wanted_of(typed), by)
    except (Overloaded, ValueError):  # it is done; only the list stays as it was
        return None
    return Aside(message=firing_list(finding, me.url, ports.clock.now()), about="Alerts", replace=True)
