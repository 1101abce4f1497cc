"""Whatever text comes in: what people see is that text, nothing in it is live, and Slack's limits hold."""

import ast
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.ids import ChannelId, UserId
from bot.domain.text import clean, one_line
from bot.views.actions import Action
from bot.views.blocks import (
    Moment,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    clip,
    code,
    context,
    date,
    divider,
    escape,
    fields,
    header,
    host,
    italic,
    joined,
    line,
    link,
    link_button,
    mention,
    message,
    prose,
    section,
    sections,
    web_address,
)
from bot.views.markup import LOOK_ALIKES
from tests.views.limits import check, texts
from tests.views.reader import decode, read

NASTY = st.sampled_from(
    (
        *"<>&*_~`|!@#:;/\\'\"()[]{}.,-^ \n\t",
        *("a", "B", "7", "é", "支", "😀", "\u200b", "\u202e", "\x00", "\ud800", "\u2028", "\r"),
        *("<!channel>", "<!here>", "<@U0ANA>", "<#C1|x>", "<!subteam^S1>", "<https://evil.example|pay here>"),
        *("&lt;", "&gt;", "&amp;", "&amp;lt;", "```", "*x*", "_x_", "~x~", "`x`", "> x", "http://a.b/c", ":fire:"),
        "<!date^0^{time}^https://evil.example|x>",
    )
)
TEXT = st.one_of(st.text(max_size=80), st.lists(NASTY, max_size=30).map("".join))
MANY = settings(max_examples=1000)


def literal(text: str) -> str:
    """Return what should be seen of a text: itself, its look-alikes undone on both sides."""
    for mark, alike in LOOK_ALIKES.items():
        text = text.replace(alike, mark)
    return text


@MANY
@given(TEXT)
@example("<!channel>")
@example("&lt;!channel&gt;")
@example("*a* _b_ ~c~ `d`")
@example("\n> quoted")
def test_escaped_text_is_seen_as_it_is_and_nothing_in_it_is_live(text: str) -> None:
    reading = read(escape(text))
    assert literal(reading.seen) == literal(clean(text))
    assert reading.controls == []
    assert reading.styled == []
    assert reading.quotes == 0


@MANY
@given(TEXT, TEXT)
def test_text_beside_markup_is_seen_on_one_line_and_only_the_markup_is_live(before: str, after: str) -> None:
    reading = read(line("Said ", before, " ", mention(UserId("U0ANA")), " ", after))
    assert reading.controls == ["@U0ANA"]
    assert "\n" not in reading.seen
    assert literal(one_line(clean(before))) in literal(one_line(reading.seen))


@MANY
@given(TEXT)
@example(" * ")
def test_no_text_breaks_out_of_bold_italics_or_code(text: str) -> None:
    for styled in (bold(text), italic(text), code(text)):
        reading = read(styled)
        assert reading.controls == []
        assert literal(one_line(reading.seen)) == literal(one_line(clean(text)))
        assert reading.styled == ([styled] if styled else [])


@MANY
@given(TEXT, TEXT)
def test_a_link_leads_where_it_says_and_its_label_is_only_text(tail: str, label: str) -> None:
    made = link(f"https://good.example/{tail}", label)
    reading = read(made)
    assert literal(one_line(reading.seen)) == literal(one_line(clean(label)))
    for control in reading.controls:
        target = decode(control.partition("|")[0])
        assert target.startswith("https://good.example/")
        assert not set(target) & set('<>|`" \n')


@MANY
@given(TEXT)
def test_what_a_person_wrote_is_seen_as_it_is_and_only_its_addresses_are_live(text: str) -> None:
    written = prose(clean(text))
    if not isinstance(written, Safe):
        assert written == clean(text)
        return
    reading = read(written)
    assert literal(reading.seen) == literal(clean(text))
    assert reading.controls
    for control in reading.controls:
        target, _, label = control.partition("|")
        assert target.startswith(("http://", "https://"))
        assert not label or web_address(literal(decode(label))) == decode(target)


@MANY
@given(TEXT, st.integers(min_value=1, max_value=60))
def test_clipping_never_leaves_half_a_token(text: str, limit: int) -> None:
    whole = line(link("https://a.example/x", text), " & ", mention(UserId("U1")), " ", text)
    clipped = clip(whole, limit)
    assert len(clipped) <= limit
    assert set(read(clipped).controls) <= set(read(whole).controls)
    assert clipped == whole or clipped.endswith("…")


@given(TEXT, st.sampled_from((1, 40, 400)))
def test_a_message_of_any_text_keeps_slacks_limits(text: str, times: int) -> None:
    long = text * times
    check(
        message(
            long or "x",
            header(long),
            divider(),
            section(long),
            section(escape(long)),
            context(long, bold(long)),
            fields([(long[:50], long)] * 12),
            actions(button(long, Action.ACKNOWLEDGE_ALERT, long, spoken=long)),
            *(section("x") for _ in range(60)),
        )
    )


@pytest.mark.parametrize("text", ["pod_name_x", "2 * 3 = 6", "a ~ b", "x_1", "snake_case and more_of_it"])
def test_marks_that_style_nothing_stay_as_they_were_typed(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    "url",
    [
        *("", "javascript:alert(1)", "ftp://a.example", "//a.example", "https://", "http:///x", "data:text/html,x"),
        *(
            "https://good.example@evil.example/",
            "https://evil.example\\@good.example/",
            "https://g\u043e\u043egle.example/",
        ),
        *(
            "https://_pod_name_x.example/",
            "https://a._b.example/",
            "https://..",
            "https://.\u200f\ufeff\x07",
            "http://-/",
        ),
        *("http://[", "https://a.example:port/", f"https://a.example/{'x' * 3000}", "mailto:a@b.example"),
    ],
)
def test_an_address_that_may_mislead_is_dropped(url: str) -> None:
    assert web_address(url) is None
    assert host(url) is None
    assert link_button("Runbook", Action.OPEN_RUNBOOK, url) is None
    assert link(url, "Runbook") == "Runbook"


def test_an_address_keeps_its_meaning_and_loses_what_slack_would_read() -> None:
    url = "http://prometheus_a:9090/graph?g0.expr=up == 0 | x>1&b=%20ü#top"
    assert web_address(url) == "http://prometheus_a:9090/graph?g0.expr=up%20==%200%20%7C%20x%3E1&b=%20%C3%BC#top"
    assert host(url) == "prometheus_a:9090"
    assert link("https://a.example/?a=1&b=2", "a & b") == "<https://a.example/?a=1&amp;b=2|a &amp; b>"


def test_what_str_does_to_markup_is_text_again() -> None:
    spoilt = f"{bold('x')} <!channel>"
    assert not isinstance(spoilt, Safe)
    assert read(line(spoilt)).controls == []


def test_text_becomes_plain_text_and_markup_becomes_verbatim_mrkdwn() -> None:
    assert section("<!here> *a*")["text"] == {"type": "plain_text", "text": "<!here> *a*", "emoji": False}
    assert section(bold("a"))["text"] == {"type": "mrkdwn", "text": "*a*", "verbatim": True}


def test_people_and_channels_are_named_by_slack_ids_and_by_nothing_else() -> None:
    assert mention(UserId("U0ANA")) == "<@U0ANA>"
    assert mention(UserId("!channel")) == "!channel"
    assert read(mention(UserId("U1> <!channel"))).controls == []
    assert channel_link(ChannelId("C1"), "inc-1") == "<#C1>"
    assert channel_link(None, "inc-1") == "#inc-1"
    assert read(channel_link(ChannelId("C1|x"), "<!here>")).controls == []


def test_a_date_falls_back_to_utc() -> None:
    there = datetime(2026, 11, 21, 15, 30, tzinfo=timezone(timedelta(hours=1)))
    assert date(there, Moment.TIME) == "<!date^1795271400^{time}|14:30 UTC>"
    assert date(there) == "<!date^1795271400^{date_short_pretty} at {time}|21 Nov 2026 14:30 UTC>"
    assert date(datetime(2026, 1, 2, tzinfo=UTC)).endswith("|2 Jan 2026 00:00 UTC>")


def test_block_ids_change_with_any_change_and_only_then() -> None:
    one = message("x", section("a"), section("b"))
    same = message("x", section("a"), section("b"))
    other = message("x", section("a"), section("c"))
    ids = {str(block["block_id"]) for block in one.blocks}
    assert one == same
    assert ids.isdisjoint(str(block["block_id"]) for block in other.blocks)


def test_parts_that_are_not_there_leave_no_trace() -> None:
    assert joined(" · ", ("a", None, "", "b")) == "a · b"
    assert context(None, "") is None
    assert actions(None) is None
    assert fields([]) is None


def _made(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Safe":
            yield node


@given(st.lists(TEXT | st.text("&", max_size=500), max_size=30))
def test_lines_are_laid_out_in_paragraphs_so_that_none_is_lost(texts_: list[str]) -> None:
    rows = [line("• ", text) for text in texts_]
    laid_out = sections([None, *rows])
    for block in laid_out:
        check(message("x", block))
    assert [one for text in texts(laid_out) for one in str(text["text"]).split("\n")] == rows


def test_markup_is_made_in_one_module_only() -> None:
    sources = Path("bot").rglob("*.py")
    makers = {str(path) for path in sources if any(_made(ast.parse(path.read_text(encoding="utf-8"))))}
    assert makers == {"bot/views/markup.py"}


def test_no_view_writes_a_slack_text_object_by_hand() -> None:
    others = [path for path in Path("bot/views").glob("*.py") if path.name != "blocks.py"]
    assert [str(path) for path in others if '"mrkdwn"' in path.read_text(encoding="utf-8")] == []


def test_a_text_object_never_asks_slack_to_find_markup_by_itself() -> None:
    made = message("x", section(bold("a")), context("b"), fields([("n", "v")]))
    marked = [text for text in texts(made.blocks) if text["type"] == "mrkdwn"]
    assert len(marked) == 3
    assert all(text["verbatim"] for text in marked)
    json.dumps(made.blocks)
