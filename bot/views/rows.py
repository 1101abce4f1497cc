"""Rows of the timeline that people wrote, to be corrected: the last ones, each with a button that opens its form."""

from collections.abc import Sequence
from typing import Final

from bot.domain.correcting import Corrected, corrected, is_by_hand
from bot.domain.entries import moment_of
from bot.domain.events import TimelineRow
from bot.domain.heard import heard
from bot.domain.message_events import MessagePosted
from bot.domain.model import Incident
from bot.domain.note_events import NoteTaken
from bot.domain.text import TEXT_LIMIT
from bot.views.actions import Action, Field, Form
from bot.views.blocks import Block, Message, button, clip, context, date, header, line, mention, message, section
from bot.views.forms import form_view, input_block, option, text_box
from bot.views.sentences import as_markup
from bot.views.telling import tell
from bot.views.words import named

ROWS: Final = 15
_ROW_LIMIT: Final = 400


def editable_rows(incident: Incident, rows: Sequence[TimelineRow]) -> Message:
    """Return the last rows that people wrote, the newest at the end, each with a button; what is left out says so."""
    standing, known = corrected(rows), heard(row.event for row in rows)
    by_hand = [row for row in standing.rows if is_by_hand(row.event)]
    there = [row for row in by_hand if not (isinstance(row.event, MessagePosted) and known[row.event.ts].deleted)]
    latest = sorted(there, key=lambda row: (moment_of(row.event), row.seq))[-ROWS:]
    nothing = section("Nobody has written anything that could be changed.")
    return message(
        f"What people wrote in the timeline of {named(incident)}: {len(latest)} rows.",
        header(f"Edit the timeline of {incident.label}"),
        context("What stood there before stays in the record", "Notes can be corrected, messages left out"),
        *([_row(incident, row, standing) for row in latest] or [nothing]),
    )


def row_form(incident: Incident, row: TimelineRow, *, left_out: bool) -> Block:
    """Return the form of a row that somebody wrote: of a note what it says and of which moment, of all if it is shown.

    Metadata: {"incident": number, "row": number}.
    """
    out = option("Leave it out of the timeline", "out", "It stays in the record, for the audit")
    element: Block = {"type": "checkboxes", "options": [out], **({"initial_options": [out]} if left_out else {})}
    asked = [input_block(Field.LEFT_OUT, "Does it not belong here?", element, optional=True)]
    if isinstance(row.event, NoteTaken):
        when: Block = {"type": "datetimepicker", "initial_date_time": int(row.event.happened_at.timestamp())}
        box = text_box(row.event.text, TEXT_LIMIT, multiline=True)
        asked = [input_block(Field.TEXT, "What it says", box), input_block(Field.WHEN, "When", when), *asked]
    then = context("What stood there before stays in the record; the change has your name")
    metadata: dict[str, str | int | None] = {"incident": incident.id, "row": row.seq}
    return form_view(Form.EDIT_ROW, "Edit Timeline", "Save Row", metadata, [context(named(incident)), *asked, then])


def _row(incident: Incident, row: TimelineRow, standing: Corrected) -> Block:
    by = standing.left_out.get(row.seq)
    out = (" Left out by ", mention(by), ".") if by else ()
    told = line(date(moment_of(row.event)), " ", clip(as_markup(tell(row.event)), _ROW_LIMIT), *out)
    edit = button("Edit Row", Action.EDIT_ROW, f"{incident.id} {row.seq}", spoken=f"Edit row {row.seq}")
    return {**section(told), "accessory": edit}
