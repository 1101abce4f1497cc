"""Declaring an incident, and what waits for its channel.

Two round trips: the channel; then everything that needs it, side by side.
"""

from collections.abc import Iterable

from bot.domain import grouping
from bot.domain.alert_events import AlertAcknowledged
from bot.domain.alerts import attach
from bot.domain.commands import Declare
from bot.domain.copying import replace
from bot.domain.draft import Draft, groups_shown
from bot.domain.events import ChannelOpened, IncidentDeclared
from bot.domain.groups_model import Group
from bot.domain.ids import ServiceName, UserId
from bot.domain.paging import called_for, on_call_for, page
from bot.domain.policy import PROPOSED
from bot.domain.read_back import ReadBack
from bot.domain.record import READ_BACK_EVERY
from bot.domain.redaction import kept
from bot.domain.result_commands import OpenedChannel
from bot.domain.text import TITLE_LIMIT, channel_name, cut
from bot.domain.work import AddBookmark, Announce, InvitePeople, OpenChannel, Place, Reminder, SetTopic, ShowCard, Timer
from bot.errors import Refused


def declare(draft: Draft, command: Declare) -> None:
    """Open an incident, from an alert or from a person's word."""
    group = _free_group(draft, command)
    title = kept(command.title, TITLE_LIMIT).strip() or (cut(group.title, TITLE_LIMIT) if group else "")
    if not title:
        message = "Say in a few words what is broken: `/incident declare sev2 checkout is down`."
        raise Refused(message)
    severity = command.severity or (PROPOSED[group.severity] if group else draft.policy.default_severity)
    service = command.service or (group.service if group else None)
    number = draft.state.number
    draft.happened(
        IncidentDeclared(
            at=draft.now,
            by=command.by,
            incident=number,
            title=title,
            severity=severity,
            service=service,
            channel_name=channel_name(draft.policy.channel_prefix, number, title, draft.state.suffix),
            responders=_first_people(draft, command, service, group),
            paged=draft.policy.paging and (command.pages if command.triage else draft.policy.severities[severity].page),
            update_every=draft.policy.severities[severity].update_every,
            rule=command.rule,
            triage=command.triage,
        )
    )
    if group:
        _attach(draft, group)
    if draft.incident.paged:
        page(draft)
    # The card waits in the channel's lane, so it stands above all that is said; the announcement waits for nothing.
    draft.do(OpenChannel(incident=number), ShowCard(incident=number), Announce(incident=number))
    if command.triage:
        draft.say(1, draft.events[0], Place.CHANNEL)
        return
    draft.do(Timer(incident=number, about=Reminder.UPDATE), due=draft.incident.update_due)
    draft.do(Timer(incident=number, about=Reminder.COMMAND), due=draft.now + draft.policy.vacant_after)


def opened(draft: Draft, command: OpenedChannel) -> None:
    """Slack has made the channel: everything that waited for it may go, each in a lane of its own."""
    if draft.incident.channel is not None:
        return
    draft.happened(ChannelOpened(at=draft.now, channel=command.channel, name=command.name))
    incident = draft.incident
    draft.do(
        Announce(incident=incident.id),
        InvitePeople(incident=incident.id, users=incident.responders),
        SetTopic(incident=incident.id),
        AddBookmark(incident=incident.id),
    )
    draft.do(*groups_shown(incident))
    if incident.status.is_open:
        draft.do(ReadBack(incident=incident.id), due=draft.now + READ_BACK_EVERY)


def _free_group(draft: Draft, command: Declare) -> Group | None:
    if command.alert is None:
        return None
    alert = draft.state.alert
    group = draft.group or draft.state.group or (grouping.alone(alert, draft.policy) if alert else None)
    if group is None:
        message = "I do not know this alert any more. Declare with `/incident declare <what is broken>`."
        raise Refused(message)
    earlier = draft.state.earlier
    if earlier and earlier.status.is_open:
        message = f"{earlier.label} was already declared from this alert. Join its channel instead."
        raise Refused(message)
    return group


def _attach(draft: Draft, group: Group) -> None:
    for alert in draft.state.alerts:
        draft.alerts.append(attach(draft, replace(alert, group=group.id)))
    if taken := group.acknowledged:
        draft.happened(AlertAcknowledged(at=taken.at, by=taken.by, alert=group.lead, title=group.title))
    grouping.show(draft, replace(group, incident=draft.incident.id))


def _first_people(
    draft: Draft, command: Declare, service: ServiceName | None, group: Group | None
) -> tuple[UserId, ...]:
    acknowledger = (group.acknowledged.by,) if group and group.acknowledged else ()
    if command.by is None:  # a rule declared it: somebody must be there
        return _once(called_for(draft, service))
    on_call = () if command.triage else on_call_for(draft, service)
    return _once((command.by, *on_call, *acknowledger))


def _once(users: Iterable[UserId]) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys(users))
