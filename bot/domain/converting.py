"""An existing channel that becomes an incident's: what must be so, and what of its history is taken along.

Its name stays, its topic becomes the incident's. A private channel makes a private incident, announced to nobody.
"""

from typing import Final

from bot.domain.existing import Existing
from bot.domain.ids import IncidentId
from bot.domain.model import Incident
from bot.domain.policy import Channels
from bot.domain.read_back import ReadBack
from bot.errors import Refused

# How many of the channel's last messages become rows of the timeline, with their own times.
TAKEN: Final = 100


def must_be_free(existing: Existing, owner: Incident | None, channels: Channels, *, private: bool) -> None:
    """Refuse to take a channel that has another use, or that more people see than may know of a private incident.

    `owner` is the incident that it belongs to.
    """
    if owner:
        message = f"This channel is {owner.label}'s already. Declare another incident with `/incident declare`."
        raise Refused(message)
    used = {(one or "").lstrip("#") for one in (channels.alerts, channels.announcements, channels.admin)}
    if used & {existing.channel, existing.name}:
        message = "I write to this channel for everybody, so it cannot be an incident's. Use `/incident declare`."
        raise Refused(message)
    if private and not existing.private:
        message = "This channel is public, so no private incident can have it. Use `/incident declare private`."
        raise Refused(message)


def history(incident: IncidentId) -> ReadBack:
    """Return the work that takes the channel's last messages along."""
    return ReadBack(incident=incident, taking=TAKEN)
