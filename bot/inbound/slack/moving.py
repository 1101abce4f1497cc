"""The forms that move an incident on: whether one is of any use now, and what can be typed in its place.

A button and a verb without words ask here alike.
"""

from datetime import datetime
from typing import Literal, assert_never

from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.errors import Refused
from bot.inbound.slack.port import Desk, FormView
from bot.inbound.slack.reading import must_be_in_triage, must_be_open, must_be_over, must_be_running, others_of
from bot.views.action_items import open_actions
from bot.views.actions import Action
from bot.views.forms import (
    action_form,
    close_form,
    decline_form,
    hand_over_form,
    merge_form,
    reopen_form,
    resolve_form,
    snooze_form,
    update_form,
)

ByForm = Literal[
    Action.WRITE_UPDATE,
    Action.RESOLVE,
    Action.HAND_OVER,
    Action.SNOOZE,
    Action.REOPEN,
    Action.DECLINE,
    Action.MERGE,
    Action.ADD_ACTION,
]


def closing(incident: Incident, now: datetime) -> tuple[FormView, str]:
    """Return the form that asks whether to close what has open action items, and what can be typed instead of it."""
    return close_form(incident, open_actions(incident, now)), f"`/incident close {incident.label} anyway`"


async def form_of(action: ByForm, incident: Incident, desk: Desk, by: UserId, policy: Policy) -> tuple[FormView, str]:
    """Return the form, and what can be typed instead of it; refuse before somebody fills it in for nothing."""
    label = incident.label
    match action:
        case Action.WRITE_UPDATE:
            return update_form(must_be_running(incident), policy), f"`/incident update {label} how it stands`"
        case Action.RESOLVE:
            return resolve_form(must_be_running(incident)), f"`/incident resolve {label} what fixed it`"
        case Action.HAND_OVER:
            if not must_be_open(incident).roles:
                raise Refused("Nobody holds a role yet. Give one with `/incident role ops @person`.")
            return hand_over_form(incident, by), f"`/incident handover {label} ic @person`"
        case Action.SNOOZE:
            return snooze_form(must_be_running(incident)), f"`/incident snooze {label} 30m why`"
        case Action.REOPEN:
            return reopen_form(must_be_over(incident)), f"`/incident reopen {label} what happened`"
        case Action.DECLINE:
            return decline_form(must_be_in_triage(incident)), f"`/incident decline {label} why it is none`"
        case Action.ADD_ACTION:
            return action_form(incident), f"`/incident action {label} what is to be done @person due friday`"
        case Action.MERGE:
            others = await others_of(incident, desk)
            return merge_form(incident, others), f"`/incident merge {label} {others[0].label}`"
        case _:
            assert_never(action)
