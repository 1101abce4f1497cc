"""What the channel for communications makes of an incident: the part of evolve.py for comms.py."""

from typing import assert_never

from bot.domain.comms import Comms, CommsArchived, CommsAsked, CommsEvent, CommsOpened
from bot.domain.copying import replace
from bot.domain.events import DeliveryFailed
from bot.domain.model import Incident


def told_apart(incident: Incident, event: CommsEvent | DeliveryFailed) -> Incident:
    """Return the incident after an event; a failure is one to make the channel."""
    comms = incident.comms
    match event:
        case CommsAsked(n=n, at=at, by=by) if by:
            return replace(incident, comms=Comms(n=n, at=at, by=by))
        case CommsOpened(channel=channel, name=name) if comms:
            return replace(incident, comms=replace(comms, channel=channel, name=name, over=False))
        case CommsArchived() | DeliveryFailed():
            return replace(incident, comms=replace(comms, over=True) if comms else None)
        case CommsAsked() | CommsOpened():
            return incident
        case _:
            assert_never(event)
