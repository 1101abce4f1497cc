"""What is quiet says so in its message; the answers about silences name what, by whom and until when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.groups_model import Group, Hush
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.mutes import Mute, MuteKind
from bot.domain.muting import Silence
from bot.views.blocks import Message
from bot.views.group import group_message
from bot.views.quiet import silence_list, silenced, unsilenced
from tests.views import reader
from tests.views.samples import ANA, NOW, POLICY
from tests.views.test_group import GROUP, MEMBERS, OVER

HOUR = timedelta(hours=1)
BY_ANA = Mute(kind=MuteKind.SILENCE, name="S-7", by=ANA, reason="disk <is> moved", until=NOW + HOUR)
SILENCE = Silence(
    id=7,
    matchers=matchers_of("service=search, team!='<!channel>'"),
    by=ANA,
    reason="rebuilding",
    created_at=NOW,
    starts_at=NOW,
    ends_at=NOW + HOUR,
)


def seen(message: Message) -> str:
    return "\n".join(reader.seen(message))


def group_says(group: Group) -> str:
    return seen(group_message(group, MEMBERS, None, POLICY, NOW))


@pytest.mark.parametrize(
    ("mute", "told"),
    [
        (BY_ANA, "disk <is> moved (S-7)"),
        (replace(BY_ANA, by="ops on call"), "by ops on call: disk"),
        (Mute(kind=MuteKind.MAINTENANCE, name="patches", until=NOW + HOUR), ": patches"),
        (Mute(kind=MuteKind.MAINTENANCE, name="patches"), "Maintenance: patches"),
        (
            Mute(kind=MuteKind.INHIBITION, name="a1", reason="Cluster is down"),
            "Quiet while this fires: Cluster is down",
        ),
    ],
)
def test_a_group_that_is_quiet_says_why(mute: Mute, told: str) -> None:
    assert told in group_says(replace(GROUP, muted=7, mute=mute))


def test_a_group_of_which_some_are_quiet_says_how_many() -> None:
    assert "2 of 7 are quiet: Silenced until" in group_says(replace(GROUP, muted=2, mute=BY_ANA))


def test_a_group_that_is_silenced_until_it_is_resolved_says_by_whom_and_how_to_end_it() -> None:
    hushed = replace(GROUP, hushed=Hush(by=ANA, at=NOW))
    assert "Silenced until it is resolved by" in group_says(hushed)
    assert _offers(hushed) == [("End Silence", "g1")]


def test_a_group_that_a_silence_keeps_quiet_offers_to_end_it_where_all_of_it_is_quiet() -> None:
    assert _offers(replace(GROUP, muted=7, mute=BY_ANA)) == [(f"End {BY_ANA.name}", f"g1 {BY_ANA.name}")]
    assert _offers(replace(GROUP, muted=2, mute=BY_ANA)) == []
    assert _offers(replace(GROUP, muted=7, mute=replace(BY_ANA, kind=MuteKind.MAINTENANCE))) == []


def _offers(group: Group) -> list[tuple[str, str]]:
    """Return what ends a silence."""
    (row,) = [block for block in group_message(group, MEMBERS, None, POLICY, NOW).blocks if block["type"] == "actions"]
    assert isinstance(row["elements"], list)
    wanted = [one for one in row["elements"] if one["action_id"] == "alert.end_silence"]
    return [(one["text"]["text"], one["value"]) for one in wanted]


def test_a_group_that_fires_can_be_silenced_for_an_hour_for_four_or_until_it_is_resolved() -> None:
    (row,) = [block for block in group_message(GROUP, MEMBERS, None, POLICY, NOW).blocks if block["type"] == "actions"]
    assert isinstance(row["elements"], list)
    (menu,) = [one for one in row["elements"] if one["type"] == "static_select"]
    assert [option["value"] for option in menu["options"]] == ["g1 1h", "g1 4h", "g1 "]


@pytest.mark.parametrize("group", [GROUP, replace(OVER, muted=0, mute=BY_ANA), replace(GROUP, mute=BY_ANA)])
def test_what_is_heard_or_over_says_nothing_of_silence(group: Group) -> None:
    assert "ilenced" not in group_says(group)


def test_a_silence_that_was_made_says_how_to_end_it() -> None:
    told = seen(silenced(SILENCE))
    assert "/incident unsilence S-7" in told
    assert 'service="search"' in told


def test_a_silence_that_was_ended_says_what_is_heard_again() -> None:
    assert seen(unsilenced(SILENCE)).startswith("S-7 is over")


def test_the_list_shows_some_and_counts_the_rest() -> None:
    assert "Nothing is silenced." in seen(silence_list([]))
    told = seen(silence_list([replace(SILENCE, id=number, by=UserId("ops")) for number in range(1, 13)]))
    assert all(part in told for part in ("S-10", "and 2 more", "rebuilding", "by ops"))
    assert "S-11" not in told


def test_no_silence_is_lost_to_long_matchers_and_reasons() -> None:
    long = replace(SILENCE, matchers=matchers_of(f"service={'x' * 280}"), reason="y" * 150)
    assert seen(silence_list([replace(long, id=number) for number in range(12)])).count(" by @U0ANA · y") == 10
