"""Silences shared with real Alertmanagers: made there and here, ended there and here, in a cluster as alone."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.ids import SourceName
from bot.domain.matchers import matchers_of
from bot.domain.mirroring import Sharing
from bot.domain.muting import MutePolicy
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.engine.following import Follower
from bot.outbound.alertmanager_api import AlertmanagerApi, Pass
from bot.senders import silenced_at
from bot.settings.models import Listing, ReconcileSettings
from tests.engine.world import ANA, BO, POLICY, World
from tests.peers.alertmanager import needs_alertmanager, now
from tests.peers.cluster import Cluster, cluster, configuration
from tests.peers.until import until

pytestmark = [needs_alertmanager, pytest.mark.timeout(180)]

SENDER = "alertmanager/default"
HOUR = timedelta(hours=1)
MEANT = 'alertname="Latency", site!="south", pod=~"web-(1|2)", team!~"search|mail"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A Muster that goes by the real time, and the Alertmanagers with which it shares silences."""

    world: World
    monitoring: Cluster
    follower: Follower

    async def follow(self) -> None:
        await self.follower.round()
        await self.world.settle()

    async def silences(self, peer: int = 0) -> list[dict[str, Any]]:
        """Return those that are active there."""
        there = self.monitoring.peers[peer]
        found = (await there.client.get(f"{there.url}/api/v2/silences")).raise_for_status().json()
        return [one for one in found if one["status"]["state"] == "active"]

    async def expire(self, name: str) -> None:
        there = self.monitoring.peers[0]
        (await there.client.delete(f"{there.url}/api/v2/silence/{name}")).raise_for_status()

    async def make(self) -> int:
        told = SilenceAlerts(matchers=matchers_of(MEANT), lasts=HOUR, by=ANA, reason="known", origin="command")
        made = (await self.world.do(told)).silence
        assert made
        await self.world.settle()
        return made.id


@asynccontextmanager
async def place(folder: Path, url: str, peers: int = 1) -> AsyncIterator[Place]:
    policy = replace(POLICY, mute=MutePolicy(followed={SENDER: True}))
    async with cluster(peers, configuration("http://127.0.0.1:9/nobody", "none"), folder) as monitoring:
        world = await World(url, policy=policy).open()
        world.clock.move(now() - world.clock.now())
        how = ReconcileSettings(urls=tuple(monitoring.urls), silences=Sharing.BOTH)
        listing = Listing(source=SourceName("alertmanager"), integration="default", how=how, token=SecretStr("t"))
        world.sharing[SENDER] = [AlertmanagerApi(peer, Pass()) for peer in monitoring.urls]
        yield Place(world=world, monitoring=monitoring, follower=Follower(world.engine, silenced_at(listing)))
        await world.close()


def report(**labels: str) -> ReportedAlert:
    return ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint="1",
        status=AlertStatus.FIRING,
        starts_at=now() - HOUR,
        title="Latency",
        labels={"alertname": "Latency", **labels},
    )


async def test_a_silence_of_ours_is_made_there_and_its_end_on_either_side_is_an_end_on_both(
    tmp_path: Path, database_url: str
) -> None:
    async with place(tmp_path, database_url) as here:
        await here.monitoring.fire({"alertname": "Latency", "site": "north", "pod": "web-1"})
        number = await here.make()
        (made,) = await here.silences()
        told = {(one["name"], one["value"], one["isRegex"], one["isEqual"]) for one in made["matchers"]}
        assert told == {
            ("alertname", "Latency", False, True),
            ("site", "south", False, False),
            ("pod", "web-(1|2)", True, True),
            ("team", "search|mail", True, False),
        }
        (alert,) = await here.monitoring.peers[0].list()
        assert alert["status"]["silencedBy"] == [made["id"]], "it means there what it means here"
        await here.follow()
        assert [one.id for one in await here.world.desk.silences()] == [number], "it does not come back"
        await here.world.do(EndSilence(silence=number, by=BO))
        await here.world.settle()
        assert await here.silences() == []

        await here.make()
        (again,) = await here.silences()
        await here.expire(again["id"])
        await here.follow()
        assert await here.world.desk.silences() == ()
        await here.follow()
        assert await here.silences() == []


async def test_a_silence_of_theirs_counts_here_and_can_be_ended_here(tmp_path: Path, database_url: str) -> None:
    async with place(tmp_path, database_url) as here:
        await here.monitoring.peers[0].silence(alertname="Latency", site="north")
        await here.follow()
        await here.follow()
        (known,) = await here.world.desk.silences()
        assert (known.by, known.reason) == ("ana in Alertmanager", "known")
        done = await here.world.do(ReportAlert(report=report(site="north")))
        assert done.alert
        assert done.alert.mute
        assert len(await here.silences()) == 1, "it is not made there again"
        await here.world.do(EndSilence(silence=known.id, by=BO))
        await here.world.settle()
        assert await here.silences() == []
        await here.follow()
        assert await here.world.desk.silences() == ()


async def test_a_silence_of_theirs_ends_here_when_it_is_ended_or_changed_there(
    tmp_path: Path, database_url: str
) -> None:
    async with place(tmp_path, database_url) as here:
        peer = here.monitoring.peers[0]
        await peer.silence(alertname="Latency")
        await here.follow()
        (there,) = await here.silences()
        later: Mapping[str, Any] = there | {"endsAt": (now() + 5 * HOUR).isoformat(), "createdBy": "bo"}
        (await peer.client.post(f"{peer.url}/api/v2/silences", json=later)).raise_for_status()
        await here.follow()
        (known,) = await here.world.desk.silences()
        assert known.by == "bo in Alertmanager"
        assert known.ends_at > now() + 4 * HOUR
        (there,) = await here.silences()
        await here.expire(there["id"])
        await here.follow()
        assert await here.world.desk.silences() == ()


async def test_while_one_of_three_peers_is_away_another_has_it_and_nothing_ends(tmp_path: Path) -> None:
    async with place(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", peers=3) as here:
        await here.monitoring.peers[0].stop()
        number = await here.make()

        async def told() -> bool:
            return len(await here.silences(2)) == 1

        await until(told, what="the third peer hearing of it")
        await here.monitoring.peers[1].silence(alertname="Latency")
        await here.follow()
        assert len(await here.world.desk.silences()) == 2
        await here.monitoring.peers[0].start()
        await here.follow()
        assert number in {one.id for one in await here.world.desk.silences()}
        await until(lambda: here.silences(0), what="the peer that comes back hearing of it")
        await here.follow()
        assert len(await here.world.desk.silences()) == 2
