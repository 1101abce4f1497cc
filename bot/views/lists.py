"""The list of incidents, those that people still work on or those that are over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from bot.domain.model import Incident
from bot.domain.text import cut, one_line
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    bold,
    channel_link,
    code,
    context,
    date,
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
_LOOKED_FOR: Final = 80


def incident_list(
    incidents: Sequence[Incident],
    now: datetime,
    *,
    what: Literal["open", "ended"] = "open",
    of_all: int | None = None,
) -> Message:
    """Render incidents in the order given; without any, how to declare one, or that none `of_all` is meant."""
    if not incidents and of_all:
        looked = (
            f"No {what} incident matches what you typed; {of_all} {'are open' if what == 'open' else 'ended last'}."
        )
        every = "/incident list" if what == "open" else "/incident list resolved"
        return message(looked, section(looked), context(line("To see all of them, type ", code(every))))
    if not incidents and what == "ended":
        return message("No incident has ended yet.", section("No incident has ended yet."))
    if not incidents:
        return message(
            "No incident is open.",
            section("No incident is open."),
            context(line("To open one, type ", code("/incident declare sev2 checkout is down"))),
        )
    count = f"{len(incidents)} {what} incident{'' if len(incidents) == 1 else 's'}"
    return message(
        f"{count}: {'; '.join(f'{named(one)} ({one.severity.label})' for one in incidents[:SHOWN])}",
        header(count),
        *(incident_row(incident, now) for incident in incidents[:SHOWN]),
        context(and_more(len(incidents) - SHOWN)),
    )


def incidents_found(incidents: Sequence[Incident], looked_for: str, now: datetime) -> Message:
    """Render what was found, or that nothing was."""
    shown_as = cut(one_line(looked_for), _LOOKED_FOR)
    if not incidents:
        return message(
            f"Nothing found for “{shown_as}”.",
            section(f"Nothing found for “{shown_as}”."),
            context("I look at titles, last updates and what ended them. Fewer words find more."),
        )
    head = f"Found for “{shown_as}”"
    return message(
        f"{head}: {'; '.join(named(one) for one in incidents)}",
        header(head),
        *(incident_row(incident, now) for incident in incidents),
    )


def incident_row(incident: Incident, now: datetime) -> Block:
    """Return an incident in two lines: what it is called, and how it stands."""
    return section(lines(line(bold(incident.label), " ", incident.title), _standing(incident, now)))


def _standing(incident: Incident, now: datetime) -> Safe:
    if incident.ended_at:
        took = f"took {duration(incident.ended_at - incident.declared_at)}"
        when = line("ended ", date(incident.ended_at))
        where = (*_seen_by(incident), channel_link(incident.channel, incident.channel_name))
        return joined(" · ", (incident.severity.label, STATUSES[incident.status], took, when, *where))
    commander = mention(incident.commander) if incident.commander else "nobody in command"
    return joined(
        " · ",
        (
            incident.severity.label,
            STATUSES[incident.status],
            commander,
            f"open for {duration(now - incident.declared_at)}",
            due(incident, now),
            *_seen_by(incident),
            channel_link(incident.channel, incident.channel_name),
        ),
    )


def _seen_by(incident: Incident) -> tuple[str, ...]:
    """Say of a private incident that it is one, so that nobody tells of it where others read along."""
    return ("private",) if incident.private else ()
