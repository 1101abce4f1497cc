"""What people do with a group of alerts besides taking it up: join its incident, give it to somebody, judge it.

A press on an old message is decided by how things stand now.
"""

from typing import assert_never

from bot.domain import grouping
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_commands import AssignAlert, JoinIncident, JudgeAlert
from bot.domain.group_work import TellAssignee
from bot.domain.groups_model import Assignment, Group, Judgement
from bot.domain.privacy import may_be_told
from bot.domain.work import InvitePeople
from bot.errors import Refused


def act(draft: Draft, command: JoinIncident | AssignAlert | JudgeAlert) -> None:
    """Do what somebody asks."""
    match command:
        case JoinIncident():
            _join(draft, command)
        case AssignAlert():
            _assign(draft, command)
        case JudgeAlert():
            _judge(draft, command)
        case _:
            assert_never(command)


def known_group(draft: Draft) -> Group:
    """Return the group that a button means, or refuse; an alert from before there were groups is its own."""
    alert = draft.state.alert
    group = draft.state.group or (grouping.alone(alert, draft.policy) if alert else None)
    if group is None:
        message = "I do not know this alert any more."
        raise Refused(message)
    if alert and alert.group is None:
        draft.alert = replace(alert, group=group.id)
    return group


def _join(draft: Draft, command: JoinIncident) -> None:
    incident = draft.state.incident
    if incident is None or not incident.status.is_open:
        message = "This alert belongs to no open incident any more."
        raise Refused(message)
    if not may_be_told(incident, command.by):
        message = "This alert is looked after in a private incident. Only its people can bring you in."
        raise Refused(message)
    if incident.channel is None:
        message = f"The channel of {incident.label} is being made. Press again in a moment."
        raise Refused(message)
    draft.do(InvitePeople(incident=incident.id, users=(command.by,)))


def _assign(draft: Draft, command: AssignAlert) -> None:
    group = known_group(draft)
    if group.is_closed:
        message = "This alert is resolved already; nothing is left to look after."
        raise Refused(message)
    if group.assigned and group.assigned.user == command.user:
        return
    count = group.assignments + 1
    assigned = Assignment(user=command.user, by=command.by, at=draft.now)
    grouping.show(draft, replace(group, assigned=assigned, assignments=count))
    if command.user != command.by:
        draft.do(TellAssignee(group=group.id, user=command.user, by=command.by, n=count))


def _judge(draft: Draft, command: JudgeAlert) -> None:
    group = known_group(draft)
    said = group.judged
    if said and (said.verdict, said.by) == (command.verdict, command.by):
        return
    judged = Judgement(verdict=command.verdict, by=command.by, at=draft.now)
    grouping.show(draft, replace(group, judged=judged))
