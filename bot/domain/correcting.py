"""The timeline as people corrected it: what they wrote says what it should, what does not belong there is left out.

The record itself never changes: a correction is a row of its own, and what stood there before can always be read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.events import Event, TimelineRow
from bot.domain.ids import UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.keeping_events import RowCorrected, RowLeftOut, RowPutBack
from bot.domain.message_events import MessagePosted
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.redaction import kept
from bot.domain.text import TEXT_LIMIT
from bot.domain.times import CLOCKS_DIFFER_BY
from bot.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A timeline as it is shown: `by` are those who corrected a row last, `left_out` who left one out."""

    rows: tuple[TimelineRow, ...]
    by: Mapping[int, UserId | None]
    left_out: Mapping[int, UserId | None]

    @property
    def shown(self) -> tuple[TimelineRow, ...]:
        """Return the rows without those that were left out."""
        return tuple(row for row in self.rows if row.seq not in self.left_out)


def corrected(rows: Sequence[TimelineRow]) -> Corrected:
    """Return a timeline as it is shown."""
    edits: dict[int, RowCorrected] = {}
    out: dict[int, UserId | None] = {}
    for event in (row.event for row in rows):
        match event:
            case RowCorrected(row=seq):
                edits[seq] = event
            case RowLeftOut(row=seq, by=by):
                out[seq] = by
            case RowPutBack(row=seq):
                out.pop(seq, None)
            case _:
                pass
    shown = tuple(_as_corrected(row, edits.get(row.seq)) for row in rows) if edits else tuple(rows)
    return Corrected(rows=shown, by={seq: edit.by for seq, edit in edits.items()}, left_out=out)


def is_by_hand(event: Event) -> TypeGuard[NoteTaken | MilestoneSet | MessagePosted]:
    """Tell whether a row is what a person wrote; what Muster saw itself is not for anybody to leave out."""
    return isinstance(event, NoteTaken | MilestoneSet | MessagePosted)


def edit(draft: Draft, command: EditRow) -> None:
    """Correct a row, leave it out or put it back; what stays as it was is not recorded."""
    standing = corrected(draft.state.rows)
    event = _by_hand(standing.rows, command.row)
    if isinstance(event, NoteTaken):
        _correct(draft, event, command)
    is_out = command.row in standing.left_out
    if command.left_out and not is_out:
        draft.happened(RowLeftOut(at=draft.now, by=command.by, row=command.row))
    if is_out and not command.left_out:
        draft.happened(RowPutBack(at=draft.now, by=command.by, row=command.row))


def _correct(draft: Draft, note: NoteTaken, command: EditRow) -> None:
    text = note.text if command.text is None else kept(command.text, TEXT_LIMIT).strip()
    happened_at = command.happened_at or note.happened_at
    if happened_at.replace(second=0, microsecond=0) == note.happened_at.replace(second=0, microsecond=0):
        happened_at = note.happened_at  # a form asks for the minute
    if not text:
        raise Refused("Say what it should say. To have it gone, leave it out of the timeline.")
    if happened_at > draft.now + CLOCKS_DIFFER_BY:
        raise Refused("That is still to come. Say when it happened.")
    if (text, happened_at) != (note.text, note.happened_at):
        draft.happened(RowCorrected(at=draft.now, by=command.by, row=command.row, text=text, happened_at=happened_at))


def _by_hand(rows: Iterable[TimelineRow], seq: int) -> NoteTaken | MilestoneSet | MessagePosted:
    event = next((row.event for row in rows if row.seq == seq), None)
    if event is None or not is_by_hand(event):
        raise Refused("Only what people wrote can be changed: notes, milestones and messages.")
    return event


def _as_corrected(row: TimelineRow, edit: RowCorrected | None) -> TimelineRow:
    if edit is None or not isinstance(row.event, NoteTaken):
        return row
    return replace(row, event=replace(row.event, text=edit.text, happened_at=edit.happened_at))
