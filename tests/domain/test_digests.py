"""When a digest is told, and in which order it tells."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.digests import ranked
from bot.domain.digests_model import NO_DIGEST, Digest, digest_of
from bot.domain.groups_model import News
from bot.domain.ids import GroupId
from bot.domain.routed import Routed
from bot.domain.routing import Route, way_of
from tests.domain.company import Company
from tests.domain.story import reported

BERLIN = ZoneInfo("Europe/Berlin")
HOURLY, DAILY = Digest(every=timedelta(hours=1)), Digest(at=time(9), zone=BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("digest", "now", "due"),
    [
        (HOURLY, "2026-03-02 09:00", "2026-03-02 10:00"),
        (HOURLY, "2026-03-02 09:59:59", "2026-03-02 10:00"),
        (Digest(every=timedelta(minutes=45)), "2026-03-02 00:50", "2026-03-02 01:30"),
        (DAILY, "2026-03-02 07:59", "2026-03-02 08:00"),
        (DAILY, "2026-03-02 08:00", "2026-03-03 08:00"),
        (DAILY, "2026-03-28 23:30", "2026-03-29 07:00"),  # the clock was put forward that night
        (Digest(at=time(23, 30), zone=ZoneInfo("UTC")), "2026-03-02 23:45", "2026-03-03 23:30"),
    ],
)
def test_a_digest_is_told_at_the_next_of_its_moments(digest: Digest, now: str, due: str) -> None:
    assert digest.next_after(at(now)) == at(due)


@pytest.mark.parametrize("text", ["1h", "1d12h", "09:00 Europe/Berlin", "23:05 UTC", "off"])
def test_what_is_written_is_read_again(text: str) -> None:
    assert str(digest_of(text)) == text


def test_a_time_without_a_zone_is_utc() -> None:
    assert digest_of("7:30") == Digest(at=time(7, 30))


@pytest.mark.parametrize("text", ["", "0s", "24:00", "09:00 Nowhere/Town", "hourly", "09:00 ../UTC"])
def test_what_says_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time of a digest"):
        digest_of(text)


def test_a_route_says_whether_its_alerts_are_told_in_a_digest_and_one_below_may_take_it_back() -> None:
    grave = Route(digest=NO_DIGEST, active=(), mute=())
    tree = (Route(digest=HOURLY, routes=(grave,)),)
    assert way_of(reported(), (Route(digest=HOURLY),), Routed(channel="alerts")).digest == HOURLY
    assert way_of(reported(), tree, Routed(channel="alerts")).digest == NO_DIGEST
    assert [dict(route.said()) for route in (tree[0], grave)] == [{"digest": "1h"}, {"digest": "off"}]


def test_what_is_new_is_told_first_then_the_gravest_then_what_fired_most_often() -> None:
    company = Company()
    company.tell("a", at=0, severity=AlertSeverity.INFO)
    often, new = replace(company.group, news=News(fired=5)), replace(company.group, news=News(fired=1))
    old = replace(company.group, id=GroupId("old"), severity=AlertSeverity.CRITICAL)
    grave = replace(new, id=GroupId("grave"), severity=AlertSeverity.WARNING)
    assert ranked([old, new, often, grave]) == [grave, often, new, old]
