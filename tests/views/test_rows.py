"""How rows that people wrote are corrected: the list of them, the form of one, and how it shows."""

from dataclasses import replace
from typing import Any

from bot.domain.correcting import corrected
from bot.domain.ids import MessageTs
from bot.domain.keeping_events import RowCorrected, RowLeftOut
from bot.domain.postmortem import compile_postmortem
from bot.views.actions import Field
from bot.views.blocks import Block
from bot.views.postmortem import postmortem_markdown
from bot.views.rows import ROWS, editable_rows, row_form
from bot.views.timeline import timeline_message
from tests.views.happenings import DECLARED, EVENTS, SAID
from tests.views.limits import buttons, check, check_form, words
from tests.views.reader import seen
from tests.views.samples import AT, BO, CLEO, INCIDENT, NAMES, POLICY, timeline

NOTED = EVENTS["noted"]
EDIT = RowCorrected(at=AT, by=CLEO, row=2, text="traffic moved to eu-west-2", happened_at=AT)


def questions(form: Block) -> dict[str, dict[str, Any]]:
    blocks: Any = form["blocks"]
    return {one["block_id"]: one["element"] for one in blocks if one["type"] == "input"}


def test_the_list_has_what_people_wrote_with_a_button_each_and_says_what_is_left_out() -> None:
    out = RowLeftOut(at=AT, by=CLEO, row=3)
    incident, rows = timeline(DECLARED, NOTED, SAID, EVENTS["status"], EDIT, out)
    message = editable_rows(incident, rows)
    check(message)
    assert seen(message)[2:] == [
        "21 Nov 2026 14:30 UTC @U0BO noted: traffic moved to eu-west-2",
        "Edit Row",
        "21 Nov 2026 14:30 UTC @U0BO wrote: <@U0ANA> look [a.png] Left out by @U0CLEO.",
        "Edit Row",
    ]
    assert [one["value"] for one in buttons(message)] == ["42 2", "42 3"]


def test_a_deleted_message_is_not_offered_and_of_many_rows_the_last_are() -> None:
    incident, rows = timeline(DECLARED, SAID, EVENTS["deleted"])
    assert "Nobody has written anything that could be changed." in words(editable_rows(incident, rows))
    many = [replace(SAID, ts=MessageTs(f"{n}.1"), text="<&>" * 1000) for n in range(ROWS + 5)]
    message = editable_rows(*timeline(DECLARED, *many))
    check(message)
    assert len(buttons(message)) == ROWS


def test_the_form_of_a_note_asks_for_words_and_moment_that_of_a_message_only_whether_it_is_shown() -> None:
    _, rows = timeline(DECLARED, NOTED, SAID, EDIT)
    standing = corrected(rows)
    note = row_form(INCIDENT, standing.rows[1], left_out=False)
    check_form(note)
    asked = questions(note)
    assert list(asked) == [Field.TEXT, Field.WHEN, Field.LEFT_OUT]
    assert asked[Field.TEXT]["initial_value"] == "traffic moved to eu-west-2"
    assert asked[Field.WHEN]["initial_date_time"] == int(AT.timestamp())
    said = row_form(INCIDENT, standing.rows[2], left_out=True)
    check_form(said)
    (left_out,) = questions(said).values()
    assert left_out["initial_options"]


def test_what_was_corrected_says_so_and_by_whom_and_what_was_left_out_is_counted() -> None:
    incident, rows = timeline(DECLARED, NOTED, SAID, EDIT, RowLeftOut(at=AT, by=BO, row=3))
    shown = words(timeline_message(incident, rows))
    assert "noted: traffic moved to eu-west-2 (edited by <@U0CLEO>)" in shown
    assert "look" not in shown
    assert "1 left out by hand" in shown
    draft = postmortem_markdown(compile_postmortem(incident, rows, [], POLICY), NAMES)
    assert "traffic moved to eu-west-2 (edited by U0CLEO)" in draft
