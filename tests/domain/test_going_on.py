"""What cannot be told behind a route that goes on is found beforehand, where an alert may take both ways."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digests_model import NO_DIGEST, Digest
from bot.domain.going_on import Silent, named, silent, unheeded
from bot.domain.hours import Hours
from bot.domain.matchers import matchers_of
from bot.domain.routing import Route
from bot.domain.windows import Weekly

HOURLY = Digest(every=timedelta(hours=1))
NIGHTS = Hours(
    name="nights", spans=(Weekly(days=frozenset(range(7)), begins=time(22), ends=time(6), zone=ZoneInfo("UTC")),)
)
ALL = Route(channel="audit", goes_on=True)
TOLD = Route(channel="low", digest=HOURLY)


def of(text: str, **changes: object) -> Route:
    return Route(matchers=matchers_of(text), **changes)  # type: ignore[arg-type] # the test names real fields


def test_a_digest_behind_a_route_that_goes_on_would_not_tell_of_what_does() -> None:
    first, second = ("routes", 0), ("routes", 1)
    assert list(silent((ALL, TOLD))) == [Silent(at=second, first=first, further=second)]
    assert list(silent((TOLD, ALL))) == []
    assert list(silent((Route(channel="a"), TOLD))) == []
    assert list(silent((ALL, Route(channel="b"), Route(channel="c", digest=NO_DIGEST)))) == []


def test_what_is_told_in_a_digest_has_nothing_to_go_on_with() -> None:
    routes = (Route(goes_on=True, routes=(of("severity=info", digest=HOURLY),)), Route(channel="all"))
    inner = ("routes", 0, "routes", 0)
    assert list(silent(routes)) == [Silent(at=inner, first=inner, further=("routes", 1))]


def test_a_digest_that_stands_above_is_found_where_it_stands() -> None:
    whole = Route(digest=HOURLY, routes=(Route(channel="a", goes_on=True), Route(channel="b")))
    (found,) = silent((whole,))
    assert (found.at, named(found.first), named(found.further)) == (
        ("routes", 0),
        "routes[0].routes[0]",
        "routes[0].routes[1]",
    )
    below = Route(digest=HOURLY, routes=(Route(channel="a"), Route(channel="b", digest=NO_DIGEST)))
    assert [found.at for found in silent((ALL, below))] == [("routes", 1), ("routes", 1)]


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ("severity=critical", "severity=info", False),
        ("severity=~critical|high", "severity=~warning|info", False),
        ("severity!~critical|high", "severity=critical", False),
        ('severity=~"critical|high"', 'severity!="critical"', True),
        ("service=a", "service=b", False),
        ("service=a", "service!=a", False),
        ("service!=a", "service=a", False),
        ("service=~a|b", "service=~c|d", False),
        ("service=~a|b", "service=~b|c", True),
        ("service=~a.*", "service=b", False),
        ("service=~a.*", "service=~b.*", True),
        ("service!=a", "service!=b", True),
        ("service=a", "team=b", True),
    ],
)
def test_ways_that_exclude_each_other_never_meet(first: str, second: str, meet: bool) -> None:
    routes = (of(first, goes_on=True), of(second, digest=HOURLY))
    assert bool(list(silent(routes))) is meet


def test_what_stands_above_either_way_excludes_them_as_well() -> None:
    below = of("team=b", routes=(TOLD,))
    assert list(silent((of("team=a", goes_on=True), below))) == []
    assert len(list(silent((of("env=a", goes_on=True), below)))) == 1


def test_hours_that_one_way_has_and_the_other_leaves_out_keep_them_apart() -> None:
    at_night, by_day = Route(active=(NIGHTS,), goes_on=True), Route(mute=(NIGHTS,), digest=HOURLY)
    assert list(silent((at_night, by_day))) == []
    assert list(silent((Route(mute=(NIGHTS,), goes_on=True), Route(active=(NIGHTS,), digest=HOURLY)))) == []
    assert len(list(silent((at_night, Route(active=(NIGHTS,), digest=HOURLY))))) == 1


def test_what_a_further_route_says_of_its_groups_is_found_once() -> None:
    pods = Route(channel="b", group_by=("pod",), group_wait=timedelta(seconds=30))
    assert list(unheeded((ALL, Route(channel="c", goes_on=True), pods))) == [
        (("routes", 2), ("routes", 0), ("group_by", "group_wait"))
    ]
    assert list(unheeded((Route(channel="c"), pods))) == []
