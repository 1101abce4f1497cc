"""When the rules look at a group: planned at the first moment at which one of them could hold, and decided then.

Reports come by the thousand, so they only ask what costs nothing: whether a rule means the alert, and whether as many
fire as it wants. Everything else is decided by `AutomateGroup`, for which the group's members are looked up.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.domain.alerts_model import Alert
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.group_work import AutomateGroup
from bot.domain.groups_model import Group
from bot.domain.rules import is_for_rules, is_heard


def watch(draft: Draft, alerts: Iterable[Alert]) -> None:
    """Plan a look at the group because of alerts that are new or changed, unless one is planned as early."""
    rules, group = draft.policy.declare, draft.group
    if not rules or group is None or not is_for_rules(group):
        return
    possible = [rule for rule in rules if rule.may_hold(group)]
    moments = (
        alert.first_seen_at + rule.after
        for alert in alerts
        for rule in possible
        if is_heard(alert) and rule.means(alert.report)
    )
    first = min(moments, default=None)
    if first is not None:
        look_at(draft, group, max(first, draft.now))


def heard_again(draft: Draft) -> None:
    """Let the rules look at a group that was quiet."""
    group = draft.group
    if group and is_for_rules(group) and any(rule.may_hold(group) for rule in draft.policy.declare):
        look_at(draft, group, draft.now)


def look_at(draft: Draft, group: Group, at: datetime) -> None:
    """Let the rules look at a group at a moment, unless they do so before."""
    if group.watched is not None and group.watched <= at:
        return
    draft.group = replace(group, watched=at)
    draft.do(AutomateGroup(group=group.id), due=at)
