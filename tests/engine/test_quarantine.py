"""What is in quarantine is listed, shown and read again by another process beside the bot."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.clock import Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.engine import quarantine
from bot.engine.deliveries import Delivery
from bot.errors import Refused
from bot.inbound.alerts import SOURCES
from bot.inbound.remembering import reader_of
from bot.store import inbox
from bot.store.database import Database
from tests.engine.test_intake import ALERTMANAGER, SAMPLE, delivery, stored, writing  # noqa: F401 - a fixture
from tests.engine.world import World


def url_of(world: World) -> str:
    return world.database.url.render_as_string(hide_password=False)


async def set_aside(world: World, *given: Delivery) -> list[int]:
    for one in given:
        await world.intake.deposit(one)
    await world.settle()
    return [one.id for one in await quarantine.listed(url_of(world))]


async def the_test_s_clock(_database: Database, own: Clock) -> Clock:
    return own


async def retried(world: World, wanted: list[int]) -> list[tuple[int, str]]:
    done = await quarantine.retry(url_of(world), wanted, reader_of(SOURCES), world.clock, the_test_s_clock)
    return [(one.alerts, one.fault) for one in done]


async def test_what_is_in_quarantine_is_listed_the_oldest_first(writing: World) -> None:  # noqa: F811
    other = SourceName("generic")
    await set_aside(
        writing,
        delivery(writing, body=b"\x00one", fault="no JSON"),
        delivery(writing, source=other, integration="billing", fault="no title"),
        delivery(writing),
    )
    found = await quarantine.listed(url_of(writing))
    assert [(one.source, one.integration, one.fault, one.size) for one in found] == [
        (ALERTMANAGER, "default", "no JSON", 4),
        (other, "billing", "no title", len(SAMPLE)),
    ]
    assert [one.source for one in await quarantine.listed(url_of(writing), other)] == [other]
    about, body = await quarantine.shown(url_of(writing), found[0].id)
    assert (about, body) == (found[0], b"\x00one")


async def test_what_can_be_read_now_is_read_by_the_bot_and_shown(writing: World) -> None:  # noqa: F811
    (one,) = await set_aside(writing, delivery(writing, fault="our reader failed (KeyError)"))
    assert writing.slack.said("alerts") == []
    assert await retried(writing, [one]) == [(2, "")]
    assert await stored(writing) == [("waiting", SAMPLE)]
    await writing.settle()
    assert await stored(writing) == [("read", SAMPLE)]
    assert writing.slack.said("alerts")
    with pytest.raises(Refused, match=f"no delivery {one} in quarantine"):
        await retried(writing, [one])


async def test_what_still_cannot_be_read_stays_with_the_reason_of_today(writing: World) -> None:  # noqa: F811
    ids = await set_aside(writing, delivery(writing, body=b"?", fault="once"), delivery(writing, fault="once"))
    reason = "the body is not JSON (line 1, column 1)"
    assert await retried(writing, [*ids, *ids]) == [(0, reason), (2, "")]
    assert [one.fault for one in await quarantine.listed(url_of(writing))] == [reason]


async def test_of_what_is_half_understood_that_half_is_read_and_the_whole_stays(writing: World) -> None:  # noqa: F811
    def half(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        if left_out is not None:
            left_out("alerts[7]: startsAt is missing")
        return SOURCES[ALERTMANAGER].parse(body)

    (one,) = await set_aside(writing, delivery(writing, fault="once"))
    sources = {ALERTMANAGER: replace(SOURCES[ALERTMANAGER], parse=half)}
    (done,) = await quarantine.retry(url_of(writing), [one], reader_of(sources), writing.clock, the_test_s_clock)
    assert (done.alerts, done.fault) == (2, "1 of 3 not read: alerts[7]: startsAt is missing")
    await writing.settle()
    assert await stored(writing) == [("quarantined", SAMPLE), ("read", SAMPLE)]


async def test_an_old_report_of_an_alert_that_has_ended_since_opens_nothing(writing: World) -> None:  # noqa: F811
    over = SAMPLE.replace(b'"status": "firing"', b'"status": "resolved"')
    (one,) = await set_aside(writing, delivery(writing, fault="once"), delivery(writing, body=over))
    assert await retried(writing, [one]) == [(2, "")]
    await writing.settle()
    assert [said.text.split()[0] for said in writing.slack.said("alerts")] == ["Resolved"]


async def test_what_somebody_else_took_up_meanwhile_is_left_to_them(writing: World) -> None:  # noqa: F811
    await set_aside(writing, delivery(writing, fault="once"))
    (about,) = await quarantine.listed(url_of(writing))
    async with writing.database.transaction() as connection:
        await inbox.release(connection, about.id)
    done = await quarantine._retry(writing.database, about, reader_of(SOURCES), writing.clock)
    assert (done.alerts, done.fault) == (0, "somebody else has taken it up")
    assert await stored(writing) == [("waiting", SAMPLE)]


async def test_what_is_not_there_is_refused_before_anything_is_done(writing: World) -> None:  # noqa: F811
    (one,) = await set_aside(writing, delivery(writing, fault="once"))
    with pytest.raises(Refused, match="no delivery 77 in quarantine"):
        await quarantine.shown(url_of(writing), 77)
    with pytest.raises(Refused, match="no delivery 77 in quarantine"):
        await retried(writing, [one, 77])
    assert await stored(writing) == [("quarantined", SAMPLE)]
