"""An incident is found again by what was said of it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands import Resolve, SendUpdate
from bot.domain.ids import IncidentId
from bot.domain.searching import LONGEST_WORD, beginnings, indexed, says
from tests.domain.story import ANA, Story

N = IncidentId(42)


def test_all_words_must_stand_in_title_last_update_or_resolution_in_any_case() -> None:
    story = Story().declared()
    assert says(story.incident, ["checkout", "down"])
    assert not says(story.incident, ["checkout", "überlast"])
    story.do(SendUpdate(incident=N, text="ÜBERLAST in eu-west-1", by=ANA))
    assert says(story.incident, ["checkout", "überlast"])
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert says(story.incident, ["rolled", "checkout"])
    assert not says(story.incident, ["a load test"])


def test_a_word_is_found_by_its_beginning_and_where_none_is_parted_by_any_part() -> None:
    assert indexed(("Checkout: 100% down", "検索中")) == {"checkout", "100", "down", "検索中", "索中", "中"}
    assert beginnings(["check", "100%", "eu-west"]) == {"check", "100", "eu", "west"}
    assert indexed(("x" * 90,)) == beginnings(["X" * 70]) == {"x" * LONGEST_WORD}
    assert beginnings(["%"]) == frozenset()


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_said_and_stands_by_itself_is_found(before: str, word: str) -> None:
    assert all(any(one.startswith(start) for one in indexed((f"{before} {word}",))) for start in beginnings([word]))
