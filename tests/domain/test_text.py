"""Text from outside can be kept and shown after cleaning; channel names are names that Slack takes."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.text import channel_name, clean, comms_name, cut, one_line, slug

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)
UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"


@given(ANYTHING)
@example("a\ud800b")
@example("é\u200d\u200da")
@example("\u200d\x00\u200d")
def test_cleaned_text_can_be_stored_anywhere_and_hides_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set(UNSEEN)
    assert all(letter in "\n\t" or unicodedata.category(letter) != "Cc" for letter in cleaned)
    assert clean(cleaned) == cleaned


@given(ANYTHING, st.integers(min_value=0, max_value=50))
def test_a_limit_holds_and_a_cut_shows(text: str, limit: int) -> None:
    short, whole = clean(text, limit), clean(text)
    assert len(short) <= limit
    assert short == whole or short.endswith("…") or limit == 0


@pytest.mark.parametrize(
    "text", ["plain", "Grüße, 支付 ✓", "a\tb\nc", "👩\u200d👩\u200d👧", "\u0645\u06cc\u200c\u062e\u0648", "e\u0301"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_line_breaks_of_every_kind_become_one_kind() -> None:
    assert clean("a\r\nb\rc\u2028d\u2029e\x85f\x0bg") == "a\nb\nc\nd\ne\nf\ng"


def test_surrogates_that_belong_together_are_joined_and_lone_ones_are_marked() -> None:
    assert clean("\ud83d\ude00 \ud83d") == "😀 \ufffd"


def test_a_cut_never_splits_an_emoji_or_takes_its_accent_from_a_letter() -> None:
    family = "👩\u200d👩\u200d👧"
    assert cut(f"ab{family}", 5) == "ab…"
    assert cut("cafe\u0301 au lait", 5) == "caf…"
    assert cut("👍🏽👍🏽", 2) == "…"
    assert cut("e" + "\u0301" * 100, 50) == "e" + "\u0301" * 48 + "…"


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\n b\t c ") == "a b c"
    assert one_line("a b c", 3) == "a…"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Checkout is down", "checkout-is-down"),
        ("  API: 500s (eu-west-1)!  ", "api-500s-eu-west-1"),
        ("Straße & Łódź, ærø", "strasse-lodz-aero"),
        ("支付失败", "incident"),
        ("", "incident"),
        ("<!channel>", "channel"),
        ("The checkout service of the European shop fails", "the-checkout-service-of-the-european"),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_title_becomes_a_readable_part_of_a_name(title: str, name: str) -> None:
    assert slug(title) == name


@given(ANYTHING, st.integers(min_value=1, max_value=10**9), ANYTHING, st.from_regex(r"[0-9a-z]{3,6}", fullmatch=True))
def test_every_channel_name_is_one_that_slack_takes(prefix: str, number: int, title: str, suffix: str) -> None:
    name = channel_name(prefix, number, title, suffix)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 80
    assert f"-{number}-" in name
    assert name.endswith(f"-{suffix}")


def test_a_channel_name_reads_well() -> None:
    assert channel_name("inc", 42, "Checkout is down", "7k3") == "inc-42-checkout-is-down-7k3"


@given(
    ANYTHING,
    st.integers(min_value=1, max_value=10**9),
    ANYTHING,
    st.from_regex(r"[0-9a-z]{4}(-[23])?(-r[1-9])?", fullmatch=True),
    st.integers(min_value=1, max_value=99),
)
def test_every_name_of_a_channel_for_communications_is_one_that_slack_takes_also_with_a_number_behind(
    prefix: str, number: int, title: str, suffix: str, n: int
) -> None:
    own = channel_name(prefix, number, title, suffix[:4]) + suffix[4:]
    name = comms_name(own[:80], number, n)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(f"{name}-3") <= 80
    assert f"-{number}-comms-" in name
    assert f"{name}-".count(f"-{suffix[:4]}-") >= 1


@pytest.mark.parametrize(
    ("own", "n", "name"),
    [
        ("inc-42-checkout-is-down-7kq2", 1, "inc-42-comms-checkout-is-down-7kq2"),
        ("inc-42-checkout-is-down-7kq2-2", 3, "inc-42-comms-checkout-is-down-7kq2-2-r3"),
        ("ops-42-7kq2", 1, "ops-42-comms-7kq2"),
        ("checkout-talk", 1, "inc-42-comms-checkout-talk"),
        ("x" * 80, 2, f"inc-42-comms-{'x' * 62}-r2"),
    ],
)
def test_a_channel_for_communications_tells_itself_apart_at_the_beginning_of_its_name(
    own: str, n: int, name: str
) -> None:
    assert comms_name(own, 42, n) == name


def test_a_joiner_that_joins_nothing_cannot_hide_in_a_word() -> None:
    assert clean("pass\u200dword\u200c") == "password"
    assert clean("\u200d👩\u200d\u200d👧") == "👩👧"
