"""A sender's list is asked for and what its webhooks never told is taken in; what they did tell is newer."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import select

from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.reconciling import Answer, Listed
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.engine.reconcile import AT_ONCE, WARN_AFTER, Reconciler, Sender
from bot.errors import BadInput, TryLater
from bot.inbound.alerts.alertmanager import NAME, SAMPLE
from bot.store.bodies import alert_body, read
from bot.store.tables import alerts
from tests.engine.world import World
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
ONE, TWO = "http://alertmanager-1:9093", "http://alertmanager-2:9093"


def report(fingerprint: str = "1", *, integration: str = "default") -> ReportedAlert:
    return ReportedAlert(
        source=NAME,
        integration=integration,
        fingerprint=fingerprint,
        status=AlertStatus.FIRING,
        starts_at=START - timedelta(hours=1),
        title="DiskFull",
    )


async def nothing() -> None:
    """What happens while a peer is asked, most of the time."""


class Peer:
    """An Alertmanager: what it lists, and how it fails."""

    def __init__(self, *shown: ReportedAlert) -> None:
        self.shown = list(shown)
        self.fails: Exception | None = None
        self.meanwhile: Callable[[], Awaitable[None]] = nothing

    async def ask(self) -> Answer:
        if self.fails:
            raise self.fails
        await self.meanwhile()
        return Answer(listed=tuple(Listed(report=one, spoken=True) for one in self.shown))


def reconciler(world: World, **peers: Peer) -> Reconciler:
    asked = {url: peer.ask for url, peer in zip((ONE, TWO), peers.values(), strict=False)}
    return Reconciler(world.engine, Sender(source=NAME, integration="default", peers=asked))


async def rows(world: World) -> dict[str, Alert]:
    """Return the newest episode of every series, by its fingerprint."""
    async with world.database.reading() as connection:
        bodies = (await connection.execute(select(alerts.c.body).order_by(alerts.c.starts_at))).scalars()
        return {alert.report.fingerprint: alert for alert in (read(alert_body, body) for body in bodies)}


async def minutes(world: World, ours: Reconciler, count: int) -> list[int]:
    """Let rounds come, one a minute; return how many alerts each changed."""
    changed = []
    for _ in range(count):
        changed.append(await ours.round())
        await world.advance(MINUTE)
    return changed


async def test_what_no_webhook_told_is_shown_and_what_is_over_ends(world: World) -> None:
    await world.do(ReportAlert(report=report("silenced, and over")))
    await world.do(ReportAlert(report=report("of another sender", integration="us")))
    peer = Peer(report("beyond the limit"))
    assert await minutes(world, reconciler(world, peer=peer), 7) == [1, 0, 0, 0, 0, 1, 0]
    now = await rows(world)
    assert {name: alert.status.value for name, alert in now.items()} == {
        "silenced, and over": "resolved",
        "of another sender": "firing",
        "beyond the limit": "firing",
    }
    assert now["silenced, and over"].ended_at == START, "when it was missed first"
    assert "2 of 3 firing" in world.slack.said("alerts")[0].text


async def test_who_does_not_answer_changes_nothing_and_is_logged_once(world: World) -> None:
    await world.do(ReportAlert(report=report()))
    one, two = Peer(), Peer(report())
    ours = reconciler(world, one=one, two=two)
    one.fails = TryLater("HTTP 503")
    with structlog.testing.capture_logs() as logged:
        assert await minutes(world, ours, 7) == [0] * 7
        two.fails = BadInput("the list is an object, not a list")
        assert await minutes(world, ours, 7) == [0] * 7
        one.fails = two.fails = None
        await minutes(world, ours, 2)
    assert [(line["event"], line["url"], line.get("reason")) for line in logged if "url" in line] == [
        ("list_not_had", ONE, "HTTP 503"),
        ("list_not_had", TWO, "the list is an object, not a list"),
        ("list_had_again", ONE, None),
        ("list_had_again", TWO, None),
    ]
    assert (await rows(world))["1"].status is AlertStatus.FIRING


async def test_the_administrators_hear_once_of_a_sender_that_is_long_away_and_once_of_its_return(world: World) -> None:
    peer = Peer()
    peer.fails = TryLater("HTTP 500")
    ours = reconciler(world, peer=peer)
    await minutes(world, ours, WARN_AFTER // MINUTE)
    assert world.said_in("muster-admin") == []
    await minutes(world, ours, 120)
    (told,) = world.said_in("muster-admin")
    assert "alertmanager/default has not answered for its list of alerts since 2026-03-02 09:00 UTC" in told
    peer.fails = None
    await minutes(world, ours, 3)
    (_, told) = world.said_in("muster-admin")
    assert "answers again" in told


async def test_a_list_waits_until_all_that_came_by_webhook_is_read(world: World) -> None:
    peer = Peer(report())

    async def deliver() -> None:
        now = world.clock.now()
        await keep(world.engine, [Delivery(source=NAME, received_at=now, body=SAMPLE)], world.clock)

    peer.meanwhile = deliver
    ours = reconciler(world, peer=peer)
    assert await ours.round() == 0
    await world.settle()
    peer.meanwhile = nothing
    assert await ours.round() == 1


async def test_what_came_while_it_was_asked_is_newer_than_its_answer(world: World) -> None:
    await world.do(ReportAlert(report=report()))
    peer = Peer()
    ours = reconciler(world, peer=peer)
    await minutes(world, ours, 5)

    async def fire_again() -> None:
        await world.do(ReportAlert(report=replace(report(), starts_at=world.clock.now())))

    peer.meanwhile = fire_again
    assert await ours.round() == 0
    assert (await rows(world))["1"].status is AlertStatus.FIRING


async def test_a_long_list_is_taken_in_part_by_part(world: World) -> None:
    many = 2 * AT_ONCE + 1
    peer = Peer(*(report(str(number)) for number in range(many)))
    ours = reconciler(world, peer=peer)
    assert await ours.round() == many
    assert await ours.round() == 0
    assert len(await rows(world)) == many
    peer.shown = []
    assert await minutes(world, ours, 6) == [0, 0, 0, 0, 0, many]


async def test_an_end_that_came_by_webhook_while_it_was_asked_is_the_true_one(world: World) -> None:
    await world.do(ReportAlert(report=report()))
    peer = Peer()
    ours = reconciler(world, peer=peer)
    await minutes(world, ours, 5)
    ended = world.clock.now() - timedelta(seconds=90)

    async def end() -> None:
        await world.do(ReportAlert(report=replace(report(), status=AlertStatus.RESOLVED, ends_at=ended)))

    peer.meanwhile = end
    assert await ours.round() == 0
    assert (await rows(world))["1"].ended_at == ended
