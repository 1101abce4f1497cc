"""What somebody needs who comes late: one calm message, how it stands before how it came to that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.entries import Entry, entries_of
from bot.domain.events import TimelineRow
from bot.domain.model import Incident
from bot.domain.note_events import NoteTaken
from bot.domain.policy import Policy
from bot.domain.roles_model import Role
from bot.views.action_items import open_actions
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    bold,
    channel_link,
    clip,
    code,
    context,
    date,
    fields,
    header,
    line,
    lines,
    link,
    mention,
    message,
    section,
)
from bot.views.card import alert_list, deployed, links
from bot.views.linked import linked
from bot.views.sentences import as_markup
from bot.views.standing import due, in_pager, near, story, summary
from bot.views.telling import tell
from bot.views.words import STATUSES, duration, named, services_of

TRIED: Final = 5
_ROW_LIMIT: Final = 500


def incident_summary(
    incident: Incident, rows: Sequence[TimelineRow], alerts: Sequence[Alert], policy: Policy, now: datetime
) -> Message:
    """Render what has happened so far, for somebody who was not there."""
    told = story(incident)
    nothing = section("No update has been sent yet.") if incident.status.is_open and not told else None
    return message(
        summary(incident),
        header(named(incident)),
        fields(_facts(incident, policy, now)),
        *told,
        nothing,
        _tried(rows, now),
        open_actions(incident, now),
        linked(incident),
        alert_list(alerts),
        deployed(incident),
        context(due(incident, now), in_pager(incident), *links(incident, alerts, policy)),
        context(
            channel_link(incident.channel, incident.channel_name),
            line("All that has happened: ", code(f"/incident timeline {incident.label}")),
        ),
    )


def _facts(incident: Incident, policy: Policy, now: datetime) -> list[tuple[str, str]]:
    ended = incident.ended_at
    lasted = f", {duration(now - incident.declared_at)} ago" if ended is None else ""
    holder, services = incident.commander, services_of(incident)
    return [
        ("Severity", line(incident.severity.label, " · ", policy.severities[incident.severity].meaning)),
        ("Status", STATUSES[incident.status]),
        ("Since", line(date(incident.declared_at), lasted)),
        (Role.COMMANDER.label, mention(holder) if holder else "Nobody yet"),
        (services[0], services[1] or "Not given"),
    ]


def _tried(rows: Sequence[TimelineRow], now: datetime) -> Block | None:
    """Return the last things that somebody found worth remembering, noted or marked, the newest at the end."""
    kept = [one for one in entries_of(rows) if one.marked or isinstance(one.event, NoteTaken)][-TRIED:]
    return section(lines(bold("Worth knowing"), *(_row(entry, now) for entry in kept))) if kept else None


def _row(entry: Entry, now: datetime) -> Safe:
    source = (" (", link(entry.permalink, "message"), ")") if entry.permalink else ()
    return line(near(entry.at, now), " ", clip(as_markup(tell(entry.event)), _ROW_LIMIT), *source)
