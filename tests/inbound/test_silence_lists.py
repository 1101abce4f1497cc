"""The list of silences that an Alertmanager gives, and what in it is none."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.matchers import text_of
from bot.domain.mirroring import FarState
from bot.errors import BadInput
from bot.inbound.silence_lists import MOST_SILENCES, far_silences

GIVEN: dict[str, object] = {
    "id": "f8d2",
    "status": {"state": "active"},
    "updatedAt": "2026-03-02T09:00:01.5Z",
    "comment": "the disk\nis being moved",
    "createdBy": "ana",
    "startsAt": "2026-03-02T09:00:00.000Z",
    "endsAt": "2026-03-02T11:00:00.000+01:00",
    "matchers": [
        {"name": "a", "value": "1", "isRegex": False, "isEqual": True},
        {"name": "b", "value": "2|3", "isRegex": True, "isEqual": True},
        {"name": "c", "value": "", "isRegex": False, "isEqual": False},
        {"name": "d", "value": "x.*", "isRegex": True, "isEqual": False},
        {"name": "e", "value": "of an old version", "isRegex": False},
    ],
}


def body(*silences: object) -> bytes:
    return json.dumps(silences).encode()


def test_a_silence_means_here_what_it_means_there() -> None:
    (found,) = far_silences(body(GIVEN))
    assert found.matchers
    assert text_of(found.matchers) == '{a="1", b=~"2|3", c!="", d!~"x.*", e="of an old version"}'
    assert (found.id, found.by, found.comment, found.state) == (
        "f8d2", "ana", "the disk is being moved", FarState.ACTIVE,
    )  # fmt: skip
    hour = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (found.starts_at, found.ends_at) == (hour, hour.replace(hour=10))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": None},
        {"id": "x" * 81},
        {"status": None},
        {"status": {"state": "dreaming"}},
        {"startsAt": "soon"},
        {"endsAt": None},
        {"updatedAt": None},
    ],
)
def test_what_is_no_silence_costs_no_other(changes: dict[str, object]) -> None:
    assert [one.id for one in far_silences(body(GIVEN | changes, None, GIVEN))] == ["f8d2"]


@pytest.mark.parametrize(
    "matchers",
    [
        None,
        [],
        [7],
        [{"name": "a"}],
        [{"name": "", "value": "x"}],
        [{"name": "a", "value": "(", "isRegex": True}],
        [{"name": "a", "value": "x"}] * 21,
        [{"name": "a", "value": "x" * 1_000}] * 5,
        [{"name": "a", "value": "x\0y"}],
    ],
)
def test_one_that_could_mean_something_else_here_is_known_and_means_nothing(matchers: object) -> None:
    (found,) = far_silences(body(GIVEN | {"matchers": matchers}))
    assert found.matchers is None


def test_what_is_no_list_or_too_long_a_one_is_refused() -> None:
    with pytest.raises(BadInput):
        far_silences(b"{}")
    assert far_silences(body(*[{}] * MOST_SILENCES)) == ()
    with pytest.raises(BadInput, match="more than 20,000 silences"):
        far_silences(body(*[{}] * (MOST_SILENCES + 1)))
