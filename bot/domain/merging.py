"""Merging: two incidents are one. Its alerts and its people go to the other, its page and its reminders end.

Both are decided under the locks of both, taken in the order of their numbers: of two merges at once one finds what the
other has made.
"""

from bot.domain import proposing, subscribers
from bot.domain.alerts import attached
from bot.domain.alerts_model import AlertStatus
from bot.domain.copying import replace
from bot.domain.course_commands import Merge
from bot.domain.course_events import IncidentAbsorbed, IncidentMerged
from bot.domain.decisions import State
from bot.domain.draft import Draft, groups_shown
from bot.domain.history import remembered
from bot.domain.model import Incident, Status
from bot.domain.over import why_over
from bot.domain.progress import put_away, tell
from bot.domain.work import InvitePeople, Place
from bot.errors import Refused


def merge(draft: Draft, command: Merge) -> None:
    """Let an incident go on in another."""
    source, target = draft.open_incident(), _target(draft, command)
    shown = tuple(groups_shown(source))
    telling = subscribers.planned(draft, command.by)
    merged = IncidentMerged(at=draft.now, by=command.by, into=target.id, title=target.title, channel=target.channel)
    tell(draft, telling.of(merged))
    subscribers.tell(draft, telling)
    draft.alerts += [replace(alert, incident=target.id) for alert in draft.state.alerts]
    draft.groups += [remembered(group, replace(group, incident=target.id), draft.now) for group in draft.state.groups]
    put_away(draft)
    draft.do(*shown)
    _absorb(draft, source, target, command)


def _target(draft: Draft, command: Merge) -> Incident:
    target, source = draft.state.into, draft.incident
    if command.into == source.id:
        message = f"{source.label} cannot be merged into itself: name the incident that goes on."
        raise Refused(message)
    if target is None:
        message = f"There is no INC-{command.into}."
        raise Refused(message)
    if not target.status.is_open:
        raise Refused(why_over(target))
    if target.private != source.private:
        message = (
            "One of them is private and the other is not: what is private must not be told elsewhere. Resolve one."
        )
        raise Refused(message)
    if target.status is Status.TRIAGE and source.status is not Status.TRIAGE:
        message = (
            f"{target.label} is still in triage. Accept it first (`/incident accept {target.label}`), or merge it here."
        )
        raise Refused(message)
    return target


def _absorb(draft: Draft, source: Incident, target: Incident, command: Merge) -> None:
    """Let the other have it all; it is told in its channel alone, where it goes on."""
    other = Draft(State(incident=target), draft.now, draft.policy)
    new = tuple(user for user in source.brought_in if user not in target.responders)
    event = IncidentAbsorbed(at=draft.now, by=command.by, incident=source.id, title=source.title, called=new)
    other.say(other.happened(event), event, Place.CHANNEL)
    for alert in draft.state.alerts:
        other.happened(attached(other, alert))
    if any(alert.status is AlertStatus.FIRING for alert in draft.state.alerts):
        proposing.take_back(other)
    if new:
        other.do(InvitePeople(incident=target.id, users=new))
    other.refresh()
    draft.effects += other.effects
    other.effects.clear()
    draft.other = other.decision()
