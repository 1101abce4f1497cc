"""The timeline so far, for one person's eyes: the latest rows, oldest first, in UTC."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Final

from bot.domain.correcting import Corrected, corrected
from bot.domain.entries import in_runs, moment_of
from bot.domain.events import Event, TimelineRow
from bot.domain.heard import Heard, heard
from bot.domain.ids import MessageTs, UserId
from bot.domain.keeping_events import MarkEvent, RowEvent
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MemberMoved, MessageEdited, MessagePosted
from bot.domain.model import Incident
from bot.domain.noticed import HolderBack
from bot.domain.privacy import MemberBack, MemberLeft
from bot.views.blocks import (
    Message,
    Safe,
    clip,
    code,
    context,
    header,
    line,
    lines,
    link,
    mention,
    message,
    section,
    utc,
)
from bot.views.sentences import as_markup, as_text, marked_by
from bot.views.telling import tell
from bot.views.telling_of_keeping import tell_of_moves
from bot.views.words import named

ROWS: Final = 20
# That somebody came or went stands in a row of its own.
_TOLD_TWICE = LatecomerJoined | HolderBack | MemberLeft | MemberBack
_ROW_LIMIT: Final = 600
_SECTION_ROWS: Final = 4


def describe(event: Event, names: Mapping[UserId, str]) -> str:
    """Return what happened as one plain line, people by name (by id where no name is known)."""
    return as_text(tell(event), names)


def timeline_message(incident: Incident, rows: Sequence[TimelineRow]) -> Message:
    """Render the latest twenty rows, in the order in which it happened: some rows are learnt of later."""
    standing = corrected(rows)
    known = heard(row.event for row in rows)
    rows = [row for row in standing.shown if _is_told(row.event, known)]
    rows = sorted(rows, key=lambda row: (moment_of(row.event), row.seq))
    runs = list(in_runs(rows, lambda row: row.event))
    latest = runs[-ROWS:]
    earlier = len(runs) - len(latest)
    shown = [_row(run, known, standing) for run in latest]
    out = f"{len(standing.left_out)} left out by hand" if standing.left_out else None
    groups = [shown[at : at + _SECTION_ROWS] for at in range(0, len(shown), _SECTION_ROWS)]
    return message(
        f"Timeline of {named(incident)}: {len(runs)} entries.",
        header(f"Timeline of {incident.label}"),
        context(incident.title, "Times are UTC", f"and {earlier} earlier" if earlier else None, out),
        *(section(lines(*group)) for group in groups),
        None if shown else section("Nothing has been recorded yet."),
    )


def _is_told(event: Event, known: Mapping[MessageTs, Heard]) -> bool:
    """Tell whether a row is shown: a mark shows at its message, and what was kept for marks alone goes with them."""
    if isinstance(event, MarkEvent | RowEvent | _TOLD_TWICE):
        return False
    return not (isinstance(event, MessagePosted) and event.only_marked and not known[event.ts].is_marked)


def _row(run: Sequence[TimelineRow], known: Mapping[MessageTs, Heard], standing: Corrected) -> Safe:
    row, event = run[0], run[0].event
    when = code(f"{moment_of(event).astimezone(UTC):%d %b %H:%M}")
    moves = [one.event for one in run if isinstance(one.event, MemberMoved)]
    said = as_markup(tell_of_moves(moves) if moves else tell(event), moments=utc)
    if isinstance(event, (MessagePosted, MessageEdited)):
        about = known[event.ts]
        if about.deleted:
            return line(when, " A message that was deleted later")
        mark = marked_by(about.marked_by) if about.is_marked and isinstance(event, MessagePosted) else ()
        return clip(line(when, " ", said, " (", link(event.permalink, "message"), *mark, ")"), _ROW_LIMIT)
    by = standing.by.get(row.seq)
    return clip(line(when, " ", said, *((" (edited by ", mention(by), ")") if by else ())), _ROW_LIMIT)
