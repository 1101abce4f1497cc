"""An Alertmanager's silences count here, ours count there, and each end is followed; on each database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import ReportAlert
from bot.domain.matchers import matchers_of
from bot.domain.mirroring import FarSilence, FarState, mark_of
from bot.domain.muting import MutePolicy, Silence
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.engine.following import Follower, SilencedAt
from bot.errors import BadInput, Refused, TryLater
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, BO, POLICY, World
from tests.fakes.clock import START

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
SENDER = f"{FIRST.source}/{FIRST.integration}"
MEANT = matchers_of("service=checkout")


class Far:
    """A cluster's list of silences, told by each of its peers."""

    def __init__(self) -> None:
        self.silences: dict[str, FarSilence] = {}
        self.fails: Exception | None = None

    def put(self, name: str = "f1", comment: str = "known", ends_at: datetime = START + HOUR) -> None:
        self.silences[name] = FarSilence(
            id=name,
            matchers=MEANT,
            by="<!here>",
            comment=comment,
            starts_at=START,
            ends_at=ends_at,
            updated_at=START,
            state=FarState.ACTIVE,
        )

    def end(self, name: str = "f1") -> None:
        self.silences[name] = replace(self.silences[name], state=FarState.EXPIRED, ends_at=START)

    async def ask(self) -> tuple[FarSilence, ...]:
        if self.fails:
            raise self.fails
        return tuple(self.silences.values())

    async def away(self) -> tuple[FarSilence, ...]:
        raise TryLater("away")


@pytest.fixture
async def sharing(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, policy=replace(POLICY, mute=MutePolicy(followed={SENDER: True}))).open()
    yield world
    await world.close()


@pytest.fixture
async def reading(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, policy=replace(POLICY, mute=MutePolicy(followed={SENDER: False}))).open()
    yield world
    await world.close()


def follower(world: World, far: Far, *, shares: bool = True, two: bool = False) -> Follower:
    peers = {"one": far.ask} | ({"two": far.away} if two else {})
    return Follower(world.engine, SilencedAt(label=SENDER, peers=peers, shares=shares))


async def round_of(world: World, ours: Follower) -> int:
    changed = await ours.round()
    await world.settle()
    return changed


async def silenced(world: World) -> Silence:
    told = SilenceAlerts(matchers=MEANT, lasts=HOUR, by=ANA, reason="known", origin="command")
    made = (await world.do(told)).silence
    assert made
    return made


def messages(world: World) -> list[str]:
    return [str(said.blocks) for said in world.slack.said("alerts") if said.thread is None]


async def test_what_is_silenced_there_is_quiet_here_by_whom_and_why_until_it_ends_there(reading: World) -> None:
    await reading.do(ReportAlert(report=FIRST))
    await reading.settle()
    far = Far()
    far.put()
    ours = follower(reading, far, shares=False)
    assert [await round_of(reading, ours), await round_of(reading, ours)] == [1, 0]
    (shown,) = messages(reading)
    assert "by &lt;!here&gt; in Alertmanager: known" in shown
    (made,) = await reading.desk.silences()
    assert (made.sender, made.far_id) == (SENDER, "f1")
    far.end()
    assert [await round_of(reading, ours), await round_of(reading, ours)] == [1, 0]
    (shown,) = messages(reading)
    assert "Silenced" not in shown
    assert await reading.desk.silences() == ()


async def test_two_replicas_take_it_over_once(world: World) -> None:
    far = Far()
    far.put()
    one, two = follower(world, far), follower(world, far)
    slow = far.ask

    async def meanwhile() -> tuple[FarSilence, ...]:
        found = await slow()
        await one.round()
        return found

    far.ask = meanwhile  # type: ignore[method-assign]
    late = follower(world, far)
    far.ask = slow  # type: ignore[method-assign]
    await late.round()
    await two.round()
    assert len(await world.desk.silences()) == 1


async def test_ours_that_is_there_is_no_news_and_its_end_there_is_ours(sharing: World) -> None:
    made, far = await silenced(sharing), Far()
    far.put("m1", comment=f"known {mark_of(made)}", ends_at=made.ends_at)
    ours = follower(sharing, far)
    sharing.clock.move(2 * MINUTE)
    assert await round_of(sharing, ours) == 0
    far.end("m1")
    assert await round_of(sharing, ours) == 1
    assert await sharing.desk.silences() == ()
    with pytest.raises(Refused, match="over already"):
        await sharing.do(EndSilence(silence=made.id, by=BO))


async def test_what_is_missing_there_is_asked_for_once_an_hour(sharing: World) -> None:
    made, far = await silenced(sharing), Far()
    await sharing.settle()
    ours = follower(sharing, far)
    assert await ours.round() == 0
    sharing.clock.move(2 * MINUTE)
    assert [await round_of(sharing, ours), await round_of(sharing, ours)] == [1, 0]
    far.put("m1", comment=mark_of(made), ends_at=made.ends_at)
    await sharing.do(EndSilence(silence=made.id, by=BO))
    await sharing.settle()
    assert [await round_of(sharing, ours), await round_of(sharing, ours)] == [1, 0], "its end is asked for by itself"
    sharing.clock.move(HOUR)
    assert await round_of(sharing, ours) == 1


async def test_what_was_ended_here_is_not_taken_over_again_however_long_it_goes_on_there(sharing: World) -> None:
    far = Far()
    far.put()
    ours = follower(sharing, far)
    await round_of(sharing, ours)
    (made,) = await sharing.desk.silences()
    await sharing.do(EndSilence(silence=made.id, by=BO))
    await round_of(sharing, ours)
    assert await sharing.desk.silences() == ()


async def test_who_does_not_answer_changes_nothing(world: World) -> None:
    far = Far()
    far.put()
    ours = follower(world, far, two=True)
    await round_of(world, ours)
    del far.silences["f1"]
    assert await round_of(world, ours) == 0, "the other may have it"
    for far.fails in (TryLater("HTTP 503"), BadInput("no list")):
        assert await round_of(world, ours) == 0
    assert len(await world.desk.silences()) == 1


async def test_alerts_of_other_senders_are_not_meant(reading: World) -> None:
    far = Far()
    far.put()
    await round_of(reading, follower(reading, far))
    await reading.do(ReportAlert(report=replace(FIRST, integration="eu", status=AlertStatus.FIRING)))
    await reading.settle()
    (shown,) = messages(reading)
    assert "Silenced" not in shown
