"""What a rule that holds does: it declares an incident from the group, or lets the group join one of its service.

Decided under the lock of the group, and one such decision after another (engine/around.py): so of two groups of one
service that hold at once the second finds the first one's incident.
"""

from typing import assert_never

from bot.domain import course, grouping, progress, proposing
from bot.domain.alerts import attached
from bot.domain.commands import Declare
from bot.domain.copying import replace
from bot.domain.declaring import declare
from bot.domain.draft import Draft
from bot.domain.group_commands import AutomateGroup, KeepOpen, ProposeResolve
from bot.domain.groups_model import Group
from bot.domain.model import Severity, Status
from bot.domain.policy import PROPOSED
from bot.domain.rules import DeclareRule, first_to_hold
from bot.domain.watching import look_at
from bot.domain.work import Place


def decide(draft: Draft, command: AutomateGroup | ProposeResolve | KeepOpen) -> None:
    """Do what rules would do with a group, or what is asked about the end of an incident."""
    match command:
        case AutomateGroup():
            _automate(draft)
        case ProposeResolve():
            proposing.propose(draft)
        case KeepOpen(by=by):
            proposing.keep(draft, by)
        case _:
            assert_never(command)


def _automate(draft: Draft) -> None:
    """Look at a group as it is now; `state.incident` is the open incident that it would join."""
    group = draft.state.group
    if group is None or group.watched is None:
        return
    draft.group = group = replace(group, watched=None)
    holding = first_to_hold(draft.policy.declare, group, draft.state.alerts, draft.now)
    if holding is None:
        return
    if holding.since > draft.now:
        look_at(draft, group, holding.since)
        return
    severity = holding.rule.severity or PROPOSED[holding.gravest]
    if draft.state.incident:
        _join(draft, group, holding.rule, severity)
    else:
        rule = holding.rule
        asked = Declare(
            by=None, rule=rule.name, alert=group.id, severity=severity, triage=rule.triage, pages=rule.pages
        )
        declare(draft, asked)


def _join(draft: Draft, group: Group, rule: DeclareRule, severity: Severity) -> None:
    """Let the group belong to the incident, which becomes as grave as the rule would have declared it.

    What was in triage is an incident now, when the rule would have declared one.
    """
    first, *others = draft.state.alerts
    event = attached(draft, first, rule=rule.name, all_of=len(draft.state.alerts))
    draft.say(draft.happened(event), event, Place.CHANNEL)
    for alert in others:
        draft.happened(attached(draft, alert))
    draft.alerts += [replace(alert, incident=draft.incident.id) for alert in draft.state.alerts]
    proposing.take_back(draft)
    if severity.rank < draft.incident.severity.rank:
        progress.regrade(draft, severity, by=None)
    if draft.incident.status is Status.TRIAGE and not rule.triage:
        course.accept(draft, by=None, rule=rule.name)
    draft.refresh()
    grouping.show(draft, replace(group, incident=draft.incident.id))
