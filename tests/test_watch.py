"""The minute's round: the audit is shown to Prometheus, and the heart beats while work gets done, and only then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.chores import watch
from bot.engine.audit import Auditor
from bot.engine.loop import Loop
from bot.meters import Meters
from bot.outbound.heartbeat import Heartbeat
from bot.store.tables import effects
from tests.engine.world import World
from tests.invariants import damage
from tests.invariants.damage import SOURCE
from tests.peers.until import until

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class DeadMan:
    """A dead-man service on the loopback interface: what it heard, and how it answers."""

    heard: list[str] = field(default_factory=list)
    status: int = 200
    silent: bool = False
    url: str = ""
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(f"{request.method} {request.path_qs}")
        if self.silent:
            await self.left.wait()
        return web.Response(status=self.status, headers={"Location": f"{self.url}/elsewhere"})


@asynccontextmanager
async def dead_man() -> AsyncIterator[DeadMan]:
    service = DeadMan()
    application = web.Application()
    application.router.add_route("*", "/{any:.*}", service.hear)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield service
    service.left.set()
    await runner.cleanup()


class House:
    """A world that is watched, minute by minute."""

    def __init__(self, world: World, heartbeat: Heartbeat | None) -> None:
        self.world, self.loop, self.registry = world, Loop(world.dispatcher, world.clock), CollectorRegistry()
        meters = Meters(self.registry)
        auditor = Auditor(world.engine, world.clock, [SOURCE])
        self.watching = asyncio.create_task(watch(auditor, self.loop, meters, heartbeat, world.clock))

    async def minute(self, *, ticking: bool = True) -> None:
        """Let a minute pass and the round that comes after it end."""
        await until(lambda: self.world.clock.sleepers == 1, what="the watch waiting")
        self.world.clock.move(MINUTE)
        if ticking:
            await self.loop._tick()
        await until(lambda: self.world.clock.sleepers == 1, what="the round being over")

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@asynccontextmanager
async def watched(folder: Path, heartbeat: Heartbeat | None) -> AsyncIterator[House]:
    world = await World(f"sqlite+aiosqlite:///{folder}/muster.db").open()
    house = House(world, heartbeat)
    yield house
    house.watching.cancel()
    await asyncio.wait([house.watching])
    await world.close()


async def test_the_heart_beats_every_minute_while_work_gets_done(tmp_path: Path) -> None:
    async with dead_man() as service, watched(tmp_path, Heartbeat(f"{service.url}/ping/1?status=up")) as house:
        for _ in range(3):
            await house.minute()
        assert service.heard == ["POST /ping/1?status=up"] * 3
        assert house.metric("muster_heartbeat_beating") == 1


async def test_the_heart_stands_still_with_the_loop_and_beats_again_with_it(tmp_path: Path) -> None:
    async with dead_man() as service, watched(tmp_path, Heartbeat(service.url)) as house:
        await house.minute(ticking=False)
        assert service.heard == [], "a loop that has never ticked"
        running = asyncio.create_task(house.loop.run())
        await until(lambda: house.loop.last_tick == house.world.clock.now(), what="a tick")
        await house.minute(ticking=False)  # a tick of a minute ago is young enough
        assert len(service.heard) == 1
        house.loop.stop()
        await running
        await house.minute(ticking=False)
        await house.minute(ticking=False)
        assert len(service.heard) == 1
        assert house.metric("muster_heartbeat_beating") == 0
        await house.minute()
        assert len(service.heard) == 2


async def test_the_heart_stands_still_while_due_work_is_left_lying(tmp_path: Path) -> None:
    async with dead_man() as service, watched(tmp_path, Heartbeat(service.url)) as house:
        await damage.an_effect_has_no_lane(house.world)
        await house.minute()
        assert service.heard == []
        assert house.metric("muster_audit_violations", invariant="effect_overdue") == 1
        await damage.write(house.world, effects.delete())
        await house.minute()
        assert len(service.heard) == 1
        assert house.metric("muster_audit_violations", invariant="effect_overdue") == 0


async def test_the_heart_stands_still_while_the_database_is_away(tmp_path: Path) -> None:
    async with dead_man() as service, watched(tmp_path, Heartbeat(service.url)) as house:
        await house.minute()
        last = house.metric("muster_audit_last_round_timestamp_seconds")
        house.world.database.unreadable = 1_000
        with structlog.testing.capture_logs() as logged:
            await house.minute()
            await house.minute()
        assert len(service.heard) == 1
        assert house.metric("muster_heartbeat_beating") == 0
        assert house.metric("muster_audit_last_round_timestamp_seconds") == last
        assert [line["event"] for line in logged] == ["database_away"], "said once"
        house.world.database.unreadable = 0
        await house.minute()
        assert len(service.heard) == 2


async def test_a_flaw_in_the_record_is_shown_and_does_not_stop_the_heart(tmp_path: Path) -> None:
    async with dead_man() as service, watched(tmp_path, Heartbeat(service.url)) as house:
        await damage.an_effect_was_set_aside(house.world)
        await house.minute()
        assert house.metric("muster_audit_violations", invariant="effect_quarantined") == 1
        assert house.metric("muster_audit_violations", invariant="timeline_gap") == 0
        assert house.metric("muster_audit_duration_seconds") == 0
        assert len(service.heard) == 1


async def test_without_an_address_the_audit_goes_on(tmp_path: Path) -> None:
    async with watched(tmp_path, None) as house:
        await house.minute()
        assert house.metric("muster_heartbeat_beating") == 1


@pytest.mark.parametrize(("status", "reason"), [(500, "HTTP 500"), (404, "HTTP 404"), (302, "HTTP 302")])
async def test_a_service_that_refuses_is_logged_once_and_disturbs_nothing(status: int, reason: str) -> None:
    async with dead_man() as service:
        heartbeat = Heartbeat(f"{service.url}/hush")
        service.status = status
        with structlog.testing.capture_logs() as logged:
            await heartbeat.beat()
            await heartbeat.beat()
            service.status = 204
            await heartbeat.beat()
            await heartbeat.beat()
        assert service.heard == ["POST /hush"] * 4, "no redirect is followed"
        assert [(line["event"], line.get("reason")) for line in logged] == [
            ("heartbeat_not_heard", reason),
            ("heartbeat_heard_again", None),
        ]


async def test_a_service_that_is_not_there_or_does_not_answer_is_given_up() -> None:
    async with dead_man() as service:
        with structlog.testing.capture_logs() as logged:
            service.silent = True
            await Heartbeat(f"{service.url}/hush", patience=timedelta(milliseconds=50)).beat()
            await Heartbeat("http://127.0.0.1:1/hush").beat()
        reasons = [str(line["reason"]) for line in logged]
        assert len(reasons) == 2
        assert "hush" not in " ".join(reasons), "the address is as good as a password"
