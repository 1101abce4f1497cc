"""The list of incidents that people still work on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.model import Incident
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    bold,
    channel_link,
    code,
    context,
    header,
    joined,
    line,
    lines,
    mention,
    message,
    section,
)
from bot.views.standing import due
from bot.views.words import STATUSES, and_more, duration, named

SHOWN: Final = 20


def incident_list(incidents: Sequence[Incident], now: datetime) -> Message:
    """Render incidents in the order given; without any, how to declare one."""
    if not incidents:
        return message(
            "No incident is open.",
            section("No incident is open."),
            context(line("To open one, type ", code("/incident declare sev2 checkout is down"))),
        )
    count = f"{len(incidents)} open incident{'' if len(incidents) == 1 else 's'}"
    return message(
        f"{count}: {'; '.join(f'{named(one)} ({one.severity.label})' for one in incidents[:SHOWN])}",
        header(count),
        *(incident_row(incident, now) for incident in incidents[:SHOWN]),
        context(and_more(len(incidents) - SHOWN)),
    )


def incident_row(incident: Incident, now: datetime) -> Block:
    """Return an incident in two lines: what it is called, and how it stands."""
    return section(lines(line(bold(incident.label), " ", incident.title), _standing(incident, now)))


def _standing(incident: Incident, now: datetime) -> Safe:
    commander = mention(incident.commander) if incident.commander else "nobody in command"
    return joined(
        " · ",
        (
            incident.severity.label,
            STATUSES[incident.status],
            commander,
            f"open for {duration(now - incident.declared_at)}",
            due(incident, now),
            channel_link(incident.channel, incident.channel_name),
        ),
    )
