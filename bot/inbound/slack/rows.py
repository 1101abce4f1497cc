"""Rows of the timeline that people correct: the button that opens a row's form, and what the form asks."""

from datetime import UTC, datetime
from typing import Final

from bot.domain.correcting import corrected, is_by_hand
from bot.domain.ids import IncidentId, UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.model import Incident
from bot.errors import Refused
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.port import Desk, FormView
from bot.inbound.slack.reading import number_of
from bot.views.actions import Field
from bot.views.rows import row_form

_GONE: Final = "I do not know this row any more. Use `/incident timeline edit` to see what can be changed."


async def form_of_row(incident: Incident, seq: str, desk: Desk) -> tuple[FormView, str]:
    """Return the form of the row that a button names, as it stands now, and what can be typed instead."""
    standing = corrected(await desk.timeline(incident.id))
    row = next((one for one in standing.rows if one.seq == number_of(seq) and is_by_hand(one.event)), None)
    if row is None:
        raise Refused(_GONE)
    form = row_form(incident, row, left_out=row.seq in standing.left_out)
    return form, f"`/incident note {incident.label} at 14:05 what happened`"


def edited_row(payload: Payload, by: UserId, incident: IncidentId, about: Payload) -> EditRow:
    """Return what the form asks; a field that it does not have stays as it is."""
    row = number_of(str(part(about, "row") or ""))
    if row is None:
        raise Refused(_GONE)
    values = part(payload, "view", "state", "values")
    said, chosen = part(values, Field.TEXT, Field.TEXT), part(values, Field.WHEN, Field.WHEN, "selected_date_time")
    return EditRow(
        incident=incident,
        row=row,
        by=by,
        left_out=bool(items(values, Field.LEFT_OUT, Field.LEFT_OUT, "selected_options")),
        text=text(said, "value") if said is not None else None,
        happened_at=datetime.fromtimestamp(chosen, UTC) if isinstance(chosen, int) else None,
    )
