"""Declaring an incident, and what waits for its channel.

Two round trips: the channel; then everything that needs it, side by side.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.commands import Declare, OpenedChannel
from bot.domain.draft import Draft
from bot.domain.events import AlertAcknowledged, AlertAttached, ChannelOpened, IncidentDeclared
from bot.domain.model import Alert, ServiceName, UserId
from bot.domain.policy import PROPOSED
from bot.domain.record import READ_BACK_EVERY
from bot.domain.text import channel_name, clean, cut
from bot.domain.work import (
    AddBookmark,
    Announce,
    InvitePeople,
    OpenChannel,
    Page,
    PageAction,
    ReadBack,
    Reminder,
    SetTopic,
    ShowAlert,
    ShowCard,
    Timer,
)
from bot.errors import Refused

TITLE_LIMIT = 150


def declare(draft: Draft, command: Declare) -> None:
    """Open an incident, from an alert or from a person's word."""
    alert = _free_alert(draft, command)
    title = clean(command.title, TITLE_LIMIT).strip() or (cut(alert.report.headline, TITLE_LIMIT) if alert else "")
    if not title:
        message = "Say in a few words what is broken: `/incident declare sev2 checkout is down`."
        raise Refused(message)
    severity = command.severity or (PROPOSED[alert.report.severity] if alert else draft.policy.default_severity)
    service = command.service or (alert.service if alert else None)
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
            responders=_first_people(draft, command.by, service, alert),
            paged=draft.policy.paging and draft.policy.severities[severity].page,
            update_every=draft.policy.severities[severity].update_every,
        )
    )
    if alert:
        _attach(draft, alert)
    if draft.incident.paged:
        draft.do(Page(incident=number, action=PageAction.TRIGGER))
    # The card waits in the channel's lane, so it stands above all that is said; the announcement waits for nothing.
    draft.do(OpenChannel(incident=number), ShowCard(incident=number), Announce(incident=number))
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
    draft.do(*(ShowAlert(alert=alert) for alert in incident.alerts))
    if incident.status.is_open:
        draft.do(ReadBack(incident=incident.id), due=draft.now + READ_BACK_EVERY)


def _free_alert(draft: Draft, command: Declare) -> Alert | None:
    if command.alert is None:
        return None
    alert = draft.state.alert
    if alert is None:
        message = "I do not know this alert any more. Declare with `/incident declare <what is broken>`."
        raise Refused(message)
    earlier = draft.state.earlier
    if earlier and earlier.status.is_open:
        message = f"{earlier.label} was already declared from this alert. Join its channel instead."
        raise Refused(message)
    return alert


def _attach(draft: Draft, alert: Alert) -> None:
    title = cut(alert.report.headline, TITLE_LIMIT)
    draft.happened(
        AlertAttached(
            at=draft.now,
            alert=alert.id,
            title=title,
            starts_at=alert.report.starts_at,
            source_url=alert.report.source_url,
        )
    )
    if alert.acknowledged:
        taken = alert.acknowledged
        draft.happened(AlertAcknowledged(at=taken.at, by=taken.by, alert=alert.id, title=title))
    draft.alert = replace(alert, incident=draft.incident.id)
    draft.do(ShowAlert(alert=alert.id, channel=alert.channel))


def _first_people(
    draft: Draft, declarer: UserId, service: ServiceName | None, alert: Alert | None
) -> tuple[UserId, ...]:
    acknowledger = (alert.acknowledged.by,) if alert and alert.acknowledged else ()
    return _once((declarer, *on_call_for(draft, service), *acknowledger))


def on_call_for(draft: Draft, service: ServiceName | None) -> tuple[UserId, ...]:
    """Return who is on call for a service: as the pager last said, else as configured."""
    if service is None:
        return ()
    heard = (draft.state.on_call or {}).get(service, ())
    known = draft.policy.services.get(service)
    return heard or (known.on_call if known else ())


def _once(users: Iterable[UserId]) -> tuple[UserId, ...]:
    return tuple(dict.fromkeys(users))
