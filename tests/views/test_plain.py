"""A message in a terminal: the same words, without markup, whatever an alert says."""

from bot.domain.ids import UserId
from bot.views.actions import Action
from bot.views.blocks import (
    Moment,
    actions,
    bold,
    button,
    code,
    context,
    date,
    header,
    line,
    lines,
    link,
    mention,
    message,
    section,
)
from bot.views.markup import LOOK_ALIKES
from bot.views.plain import as_lines, unmarked
from tests.views.samples import ANA, AT, BO

STAR = LOOK_ALIKES["*"]
NAMES = {ANA: "Ana Ng"}


def test_it_says_line_by_line_what_a_reader_sees() -> None:
    told = message(
        "for notifications",
        header("Why: a < b"),
        section(lines(line(bold("Route & rules"), " by ", mention(ANA), ", ", mention(BO)), "a_b *c* <e>")),
        context(date(AT, Moment.SECONDS), code("x <y> *z*"), link("https://e.example/?a=1&b=2", "the graph")),
        actions(button("Why?", Action.EXPLAIN_ALERT, "g1")),
    )
    assert list(as_lines(told, NAMES)) == [
        "Why: a < b",
        f"Route & rules by @Ana Ng, @{BO}",
        f"a_b {STAR}c{STAR} <e>",
        "21 Nov 2026 14:30:00 UTC · x <y> *z* · the graph (https://e.example/?a=1&b=2)",
    ]


def test_a_name_with_marks_in_it_is_no_style() -> None:
    assert unmarked(line("pod_name_1 is at 2 * 3 * 4 of ", bold("its limit_s")), {UserId("U1"): ""}) == (
        "pod_name_1 is at 2 * 3 * 4 of its limit_s"
    )
