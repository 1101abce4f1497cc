"""What a group's turns, on and off, lead to: whether it flaps stands in flapping.py."""

from datetime import timedelta

from bot.domain.alert_events import AlertFlapping
from bot.domain.alerts_model import Alert
from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.flapping import Flapping
from bot.domain.groups_model import Group, News
from bot.domain.work import Place


def comes_back_within(draft: Draft, alert: Alert) -> timedelta:
    """Return how long what is over may fire again in the same message; flapping is looked for within one."""
    rule = draft.policy.routed(alert.report).flapping
    return max(draft.policy.reopen_within, rule.within) if rule.enabled else draft.policy.reopen_within


def turned(draft: Draft, member: Alert, group: Group) -> Group:
    """Return a group that has just ended, or come back; what flaps has no news, but for its digest."""
    turns = group.turns.turned(draft.now, draft.policy.routed(member.report).flapping)
    return replace(group, turns=turns, news=News() if turns.flapping and not group.digest else group.news)


def begins_to_flap(draft: Draft, before: Group, after: Group) -> bool:
    """Tell whether a group has begun to flap, and its incident's channel so."""
    begins = after.flapping is not None and before.flapping is None
    if begins:
        tell_incident(draft, after, after.flapping)
    return begins


def tell_incident(draft: Draft, group: Group, flapping: Flapping | None) -> None:
    """Tell the incident's channel that its alerts flap, or have just flapped, if they do."""
    incident = draft.state.incident
    if flapping and incident and incident.status.is_open:
        steady = None if group.flapping else group.status
        event = AlertFlapping(
            at=draft.now, alert=group.lead, title=group.title, since=flapping.since, turns=flapping.turns, steady=steady
        )
        draft.say(draft.happened(event), event, Place.CHANNEL)
