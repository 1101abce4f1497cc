"""Declaring an incident, and what waits for its channel.

Two round trips: the channel; then everything that needs it, side by side.
"""

from collections.abc import Iterable

from bot.domain import calling, grouping, reminders
from bot.domain.affected import MOST, each_once, leading
from bot.domain.alert_events import AlertAcknowledged
from bot.domain.alerts import attach
from bot.domain.calls import InviteGroup
from bot.domain.commands import Declare
from bot.domain.comms import ShowComms
from bot.domain.converting import history, must_be_free
from bot.domain.copying import replace
from bot.domain.draft import Draft, groups_shown
from bot.domain.events import ChannelOpened, IncidentDeclared
from bot.domain.groups_model import Group
from bot.domain.ids import ServiceName, UserId
from bot.domain.impact import derived, known
from bot.domain.model import Severity
from bot.domain.note_events import NoteTaken
from bot.domain.paging import called_for, on_call_for, page
from bot.domain.policy import PROPOSED
from bot.domain.read_back import ReadBack
from bot.domain.record import READ_BACK_EVERY
from bot.domain.redaction import kept
from bot.domain.result_commands import OpenedChannel
from bot.domain.text import TEXT_LIMIT, TITLE_LIMIT, channel_name, cut
from bot.domain.work import AddBookmark, Announce, InvitePeople, OpenChannel, Reminder, SetTopic, ShowCard, Timer
from bot.errors import Refused


def declare(draft: Draft, command: Declare) -> None:
    """Open an incident, from an alert or from a person's word."""
    group = _free_group(draft, command)
    existing = command.existing
    if existing:
        must_be_free(existing, draft.state.earlier, draft.policy.channels, private=command.private)
    private = command.private or (existing is not None and existing.private)
    title = _title(command, group)
    impact = known(draft.policy.impact, command.impact)
    severity = command.severity or derived(draft.policy.impact, impact) or _proposed(draft, group)
    services = _affected(command, group)
    number = draft.state.number
    pages = draft.policy.paging and (command.pages if command.triage else draft.policy.severities[severity].page)
    # Who tries to take the name of a private channel learns that it is there, so the title is not in it.
    named_after = "private" if private else title
    draft.happened(
        IncidentDeclared(
            at=draft.now,
            by=command.by,
            incident=number,
            title=title,
            severity=severity,
            service=leading(services),
            also=services[1:],
            channel_name=channel_name(draft.policy.channel_prefix, number, named_after, draft.state.suffix),
            responders=_first_people(draft, command, services, group, private=private, pages=pages),
            paged=pages,
            update_every=draft.policy.severities[severity].update_every,
            rule=command.rule,
            triage=command.triage,
            private=private,
            adopts=existing.channel if existing else None,
            impact=impact,
        )
    )
    _quote(draft, command)
    if group:
        _attach(draft, group)
    if draft.incident.paged:
        page(draft)
    # The card waits in the channel's lane, so it stands above all that is said; the announcement waits for nothing.
    draft.do(OpenChannel(incident=number), ShowCard(incident=number), Announce(incident=number))
    if command.triage:  # its card asks whether it is an incident
        reminders.await_answer(draft)
        return
    calling.bring_for(draft, severity)
    draft.do(Timer(incident=number, about=Reminder.UPDATE), due=draft.incident.update_due)
    draft.do(Timer(incident=number, about=Reminder.COMMAND), due=draft.now + draft.policy.vacant_after_of(severity))


def _quote(draft: Draft, command: Declare) -> None:
    if quoted := command.quoted:
        text = kept(f"{quoted.text}\n{quoted.link}", TEXT_LIMIT)
        draft.happened(NoteTaken(at=draft.now, by=quoted.by or command.by, text=text, happened_at=quoted.said_at))


def opened(draft: Draft, command: OpenedChannel) -> None:
    """Slack has made the channel: everything that waited for it may go, each in a lane of its own."""
    if draft.incident.channel is not None:
        return
    draft.happened(ChannelOpened(at=draft.now, channel=command.channel, name=command.name, members=command.members))
    incident = draft.incident
    draft.do(
        Announce(incident=incident.id),
        InvitePeople(incident=incident.id, users=incident.brought_in),
        SetTopic(incident=incident.id),
        AddBookmark(incident=incident.id),
    )
    if incident.status.is_running and not incident.private:
        groups = calling.groups_for(draft, incident.severity)
        draft.do(*(InviteGroup(incident=incident.id, group=one.name) for one in groups))
    draft.do(*groups_shown(incident))
    if incident.comms_channel:  # which names the incident's own channel
        draft.do(ShowComms(incident=incident.id))
    if incident.adopts:
        draft.do(history(incident.id))
    elif incident.status.is_open:
        draft.do(ReadBack(incident=incident.id), due=draft.now + READ_BACK_EVERY)


def _proposed(draft: Draft, group: Group | None) -> Severity:
    return PROPOSED[group.severity] if group else draft.policy.default_severity


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
        named = "A private incident" if earlier.private else earlier.label
        message = f"{named} was already declared from this alert. Join its channel instead."
        raise Refused(message)
    return group


def _attach(draft: Draft, group: Group) -> None:
    for alert in draft.state.alerts:
        draft.alerts.append(attach(draft, replace(alert, group=group.id)))
    if taken := group.acknowledged:
        draft.happened(AlertAcknowledged(at=taken.at, by=taken.by, alert=group.lead, title=group.title))
    grouping.show(draft, replace(group, incident=draft.incident.id))


def _title(command: Declare, group: Group | None) -> str:
    title = kept(command.title, TITLE_LIMIT).strip() or (cut(group.title, TITLE_LIMIT) if group else "")
    if not title:
        message = "Say in a few words what is broken: `/incident declare sev2 checkout is down`."
        raise Refused(message)
    return title


def _affected(command: Declare, group: Group | None) -> tuple[ServiceName, ...]:
    """Return the services, the leading one first; without one that was named the alerts' leads."""
    services = each_once((command.service or (group.service if group else None), *command.also))
    if len(services) > MOST:
        message = f"An incident names at most {MOST} services; these are {len(services)}."
        raise Refused(message)
    return services


def _first_people(
    draft: Draft,
    command: Declare,
    services: tuple[ServiceName, ...],
    group: Group | None,
    *,
    private: bool,
    pages: bool,
) -> tuple[UserId, ...]:
    """Return who comes into the channel first; into a private one nobody comes whose phone does not ring for it."""
    acknowledger = (group.acknowledged.by,) if group and group.acknowledged else ()
    if command.by is None:  # a rule declared it: somebody must be there
        return _once(called_for(draft, leading(services)))
    if private:
        return _once((command.by, *(called_for(draft, leading(services)) if pages else ())))
    on_call = () if command.triage else on_call_for(draft, services)
    return _once((command.by, *on_call, *acknowledger))


def _once(users: Iterable[UserId]) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys(users))
