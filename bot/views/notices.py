"""What Muster says about itself: to the admin channel, and to the commander when something could not be done."""

from typing import Final

from bot.domain.model import Incident
from bot.domain.text import cut
from bot.views.blocks import Message, bold, channel_link, context, header, line, message, section
from bot.views.words import attempt, named

_TEXT_LIMIT: Final = 2900


def admin_notice(subject: str, text: str) -> Message:
    """Tell the people who run Muster what it could not do."""
    heading = f"Muster could not {attempt(subject)}" if attempt(subject) != subject else f"Muster: {subject}"
    shown = cut(text, _TEXT_LIMIT)
    return message(
        f"{heading}. {shown}",
        header(heading),
        section(shown) if shown.strip() else None,
    )


def failure(incident: Incident, what: str, reason: str) -> Message:
    """Tell a person what could not be done for an incident, and why; `what` is the kind of work."""
    return message(
        f"{named(incident)}: I could not {attempt(what)}: {reason}",
        section(line("I could not ", bold(attempt(what)), f" for {named(incident)}.")),
        section(cut(reason, _TEXT_LIMIT)) if reason.strip() else None,
        context(
            channel_link(incident.channel, incident.channel_name),
            "I have stopped trying: do it by hand, or tell whoever runs Muster",
        ),
    )
