"""The timeline so far, for one person's eyes: the latest rows, oldest first, in UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final

from bot.domain.entries import moment_of
from bot.domain.events import Event, TimelineRow
from bot.domain.ids import MessageTs, UserId
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Incident
from bot.views.blocks import Message, Safe, clip, code, context, header, line, lines, link, message, section, utc
from bot.views.sentences import as_markup, as_text
from bot.views.telling import tell
from bot.views.words import named

ROWS: Final = 20
_ROW_LIMIT: Final = 600
_SECTION_ROWS: Final = 4


def describe(event: Event, names: Mapping[UserId, str]) -> str:
    """Return what happened as one plain line, people by name (by id where no name is known)."""
    return as_text(tell(event), names)


def timeline_message(incident: Incident, rows: Sequence[TimelineRow]) -> Message:
    """Render the latest twenty rows, in the order in which it happened: some rows are learnt of later."""
    rows = sorted(rows, key=lambda row: (moment_of(row.event), row.seq))
    gone = {row.event.ts for row in rows if isinstance(row.event, MessageDeleted)}
    latest = rows[-ROWS:]
    earlier = len(rows) - len(latest)
    shown = [_row(row.event, gone) for row in latest]
    groups = [shown[at : at + _SECTION_ROWS] for at in range(0, len(shown), _SECTION_ROWS)]
    return message(
        f"Timeline of {named(incident)}: {len(rows)} entries.",
        header(f"Timeline of {incident.label}"),
        context(incident.title, "Times are UTC", f"and {earlier} earlier" if earlier else None),
        *(section(lines(*group)) for group in groups),
        None if shown else section("Nothing has been recorded yet."),
    )


def _row(event: Event, gone: set[MessageTs]) -> Safe:
    when = code(f"{moment_of(event).astimezone(UTC):%d %b %H:%M}")
    said = as_markup(tell(event), moments=utc)
    if isinstance(event, (MessagePosted, MessageEdited)):
        if event.ts in gone:
            return line(when, " A message that was deleted later")
        return clip(line(when, " ", said, " (", link(event.permalink, "message"), ")"), _ROW_LIMIT)
    return clip(line(when, " ", said), _ROW_LIMIT)
