"""What comes by the thousand waits at one gate: while it is closed nobody asks, and when it opens the gravest goes."""

from datetime import timedelta

from sqlalchemy import select

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.ids import SourceName
from bot.engine.jobs import Done, Job, Perform
from bot.errors import NoSlot
from bot.store import lanes
from bot.store.tables import effects as effects_table
from tests.engine.world import World


class OneASecond:
    """A channel that takes one alert a second; `asked` is what was asked of it, in order."""

    def __init__(self, world: World) -> None:
        self.world, self.asked, self.free_at = world, list[str](), world.clock.now()

    def wrap(self, kind: str, perform: Perform) -> Perform:
        async def limited(job: Job) -> Done:
            self.asked.append(job.key)
            wait = self.free_at - self.world.clock.now()
            if wait > timedelta():
                raise NoSlot("used up", after=wait, opens=wait)
            self.free_at = self.world.clock.now() + timedelta(seconds=1)
            return await perform(job)

        return limited if kind == "slack.group" else perform


def one_a_second(world: World) -> OneASecond:
    channel = OneASecond(world)
    world.wrap = channel.wrap
    world.dispatcher = world.another()
    return channel


async def storm(world: World, alerts: int, severity: AlertSeverity = AlertSeverity.WARNING, first: int = 0) -> None:
    for number in range(first, first + alerts):
        report = ReportedAlert(
            source=SourceName("alertmanager"),
            fingerprint=str(number),
            status=AlertStatus.FIRING,
            starts_at=world.clock.now(),
            title=f"Alert {number}",
            severity=severity,
        )
        await world.do(ReportAlert(report=report))


def shown(world: World) -> int:
    return sum((said.marker or "").startswith("group:") for said in world.slack.said("alerts"))


async def test_when_a_channel_takes_no_more_nobody_else_asks_for_a_slot_in_it(world: World) -> None:
    channel = one_a_second(world)
    await storm(world, 30)
    await world.advance(timedelta(seconds=9))
    assert shown(world) == 10
    assert len(channel.asked) <= 10 * lanes.THROUGH_A_GATE, "not once for each of thirty alerts and second"
    await world.advance(timedelta(seconds=30))
    assert shown(world) == 30


async def test_when_a_slot_comes_free_the_gravest_alert_takes_it(world: World) -> None:
    one_a_second(world)
    await storm(world, 20)
    await world.settle()
    await storm(world, 1, AlertSeverity.CRITICAL, first=100)
    await world.advance(timedelta(seconds=1))
    assert "Alert 100" in str(world.slack.said("alerts")[-1].blocks) + world.slack.said("alerts")[-1].text


async def test_what_was_turned_away_was_not_tried(world: World) -> None:
    one_a_second(world)
    await storm(world, 5)
    await world.settle()
    async with world.database.reading() as connection:
        waiting = (await connection.execute(select(effects_table.c.attempts, effects_table.c.first_sent_at))).all()
    assert [tuple(row) for row in waiting] == [(0, None)] * 4
