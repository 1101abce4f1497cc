"""`/incident public` and `/incident private`, which are no verbs: an incident stays as it was declared, and why.

Only what is true of the incident that is meant is said; where none is, what holds of all of them.
"""

from typing import Final

from bot.domain.model import Incident
from bot.errors import Refused
from bot.inbound.slack.commands.request import Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views.blocks import Message
from bot.views.help import not_to_be_had

_PUBLIC: Final = frozenset({"public", "publish"})
WORDS: Final = _PUBLIC | {"private", "hide", "secret"}
_STAYS_PRIVATE: Final = (
    "A private incident cannot be made public: its people wrote for themselves, and Slack lets no app open a private "
    "channel to all. Declare a public one with what everybody may know"
)
_STAYS_PUBLIC: Final = (
    "A public incident cannot be made private: what was announced has been read, and Slack lets no app close a public "
    "channel. Declare a private one"
)


async def answer(word: str, request: Request, desk: Desk) -> Message:
    """Say that it is so already, or why it cannot be and what can be typed instead."""
    try:
        incident = (await incident_meant(request, desk)).incident
    except Refused:
        incident = None
    over = incident is not None and not incident.status.is_open
    if word in _PUBLIC:
        return _why_not_public(incident, over=over)
    return _why_not_private(incident, over=over)


def _why_not_public(incident: Incident | None, *, over: bool) -> Message:
    if incident and not incident.private:
        return not_to_be_had(f"{incident.label} is public already: everybody finds it, and may come into its channel.")
    anew = "declare sev2 Checkout is down"
    if over:
        return not_to_be_had(f"{_STAYS_PRIVATE}:", anew)
    return not_to_be_had(f"{_STAYS_PRIVATE}, and resolve this one:", anew, "resolve goes on in INC-43")


def _why_not_private(incident: Incident | None, *, over: bool) -> Message:
    if incident and incident.private:
        already = f"{incident.label} is private already: only its people see it. Bring somebody in:"
        return not_to_be_had(already, "invite @ana")
    anew = "declare private sev2 A laptop was stolen"
    if over:
        return not_to_be_had(f"{_STAYS_PUBLIC}:", anew)
    return not_to_be_had(f"{_STAYS_PUBLIC}, and resolve this one without saying why:", anew, "resolve taken care of")
