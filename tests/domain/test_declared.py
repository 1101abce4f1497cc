"""Silences in the file: new ones are made, changed ones change without a gap, removed ones end, others stay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.declared import BY_FILE, FILE, Declared, steps
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from tests.domain.story import ANA, BO, START

HOUR = timedelta(hours=1)
REBUILD = Declared(name="rebuild", matchers=matchers_of("a=b"), until=START + HOUR, by=ANA, reason="It is rebuilt")


def made_of(one: Declared, number: int = 1, **changes: object) -> Silence:
    made = Silence(
        id=number,
        matchers=one.matchers,
        by=one.by,
        reason=one.reason,
        created_at=START,
        starts_at=START,
        ends_at=one.until,
        origin=FILE,
        far_id=one.name,
    )
    return replace(made, **changes)  # type: ignore[arg-type] # the test names real fields


def done(*declared: Declared, known: tuple[Silence, ...] = (), after: timedelta = timedelta()) -> list[object]:
    return [command for command, _ in steps(declared, known, START + after)]


def asked(one: Declared) -> SilenceAlerts:
    return SilenceAlerts(
        matchers=one.matchers, lasts=one.until, by=one.by, reason=one.reason, origin=FILE, name=one.name
    )


def test_what_is_new_is_made() -> None:
    assert done(REBUILD) == [asked(REBUILD)]


def test_what_stands_there_already_is_left_as_it_is() -> None:
    assert done(REBUILD, known=(made_of(REBUILD),)) == []


@pytest.mark.parametrize(
    "changed",
    [
        replace(REBUILD, matchers=matchers_of("a=c")),
        replace(REBUILD, until=START + 2 * HOUR),
        replace(REBUILD, by=BO),
        replace(REBUILD, reason="Another reason"),
    ],
)
def test_what_says_something_else_is_made_anew_before_the_old_one_ends(changed: Declared) -> None:
    assert list(steps([changed], [made_of(REBUILD)], START)) == [
        (asked(changed), 1),
        (EndSilence(silence=1, by=BY_FILE), 1),
    ]


def test_what_is_gone_from_the_file_ends_and_is_made_again_when_it_is_back() -> None:
    assert done(known=(made_of(REBUILD),)) == [EndSilence(silence=1, by=BY_FILE)]
    removed = made_of(REBUILD, ended_at=START, ended_by=BY_FILE)
    assert done(REBUILD, known=(removed,)) == [asked(REBUILD)]


@pytest.mark.parametrize("who", [ANA, None])
def test_what_somebody_ended_stays_ended_as_long_as_its_lines_stay(who: UserId | None) -> None:
    ended = made_of(REBUILD, ended_at=START, ended_by=who)
    assert done(REBUILD, known=(ended,)) == []
    changed = replace(REBUILD, reason="Another reason")
    assert done(changed, known=(ended,)) == [asked(changed)]


def test_what_is_over_by_its_own_time_is_not_made_again() -> None:
    assert done(REBUILD, after=2 * HOUR) == []
    assert done(REBUILD, known=(made_of(REBUILD),), after=2 * HOUR) == []


def test_what_was_left_half_done_is_ended_by_the_next_start() -> None:
    before = made_of(replace(REBUILD, reason="Before"))
    assert done(REBUILD, known=(before, made_of(REBUILD, 2))) == [EndSilence(silence=1, by=BY_FILE)]
