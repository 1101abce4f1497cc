"""Our silences in an Alertmanager: looked for before they are made, made at any peer, ended where they go on."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.domain.decisions import State
from bot.domain.group_work import MirrorSilence
from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.mirroring import mark_of
from bot.domain.muting import Silence
from bot.domain.work import RefreshOnCall, Work
from bot.engine.jobs import Done, Job, Perform
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.inbound.silence_lists import far_silences
from bot.outbound.alertmanager_api import AlertmanagerApi, Pass
from bot.outbound.silences import mirror_performer
from tests.fakes.clock import START, FakeClock
from tests.outbound.test_alertmanager_api import there

HOUR = timedelta(hours=1)
ANA = UserId("U0ANA")
SENDER = "alertmanager/default"
OURS = Silence(
    id=7,
    matchers=matchers_of('service!="search", pod=~"a|b"'),
    by=ANA,
    reason="known",
    created_at=START,
    starts_at=START,
    ends_at=START + HOUR,
)
AWAY = "http://127.0.0.1:1"


class Far:
    """An Alertmanager: its silences, and how it fails after it has done what was asked."""

    def __init__(self) -> None:
        self.silences: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.fails: int | None = None
        self.cuts = False

    async def strange(self, _request: web.Request) -> web.Response:
        return web.json_response({})

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.method)
        match request.method:
            case "GET":
                return web.json_response(list(self.silences.values()))
            case "POST":
                if self.fails is None:
                    name = f"f{len(self.silences)}"
                    made = {"id": name, "status": {"state": "active"}, "updatedAt": START.isoformat()}
                    self.silences[name] = made | await request.json()
            case _:
                self.silences[request.path.rpartition("/")[2]]["status"] = {"state": "expired"}
        if self.cuts and request.transport:
            request.transport.abort()
        return web.Response(status=self.fails or 200, text="bad <matcher>\n")


def performer(*urls: str, scale_is_own: bool = False) -> Perform:
    peers = [AlertmanagerApi(url, Pass()) for url in urls]
    return mirror_performer({SENDER: peers}, far_silences, FakeClock(), scale_is_own=scale_is_own)


def job(silence: Silence | None, sender: str = SENDER, work: Work | None = None, *, ours: bool = True) -> Job:
    return Job(
        work=work or MirrorSilence(silence=7, sender=sender),
        key="k",
        attempt=1,
        state=State(silence=silence),
        names={ANA: "Ana Lima"},
        still_ours=lambda: ours,
    )


@pytest.fixture
def far() -> Far:
    return Far()


async def test_a_silence_is_made_once_with_all_that_it_means(far: Far) -> None:
    async with there(far.handle) as url:
        mirror = performer(AWAY, url)
        assert await mirror(job(OURS)) == Done()
        await mirror(job(OURS))
    assert far.asked == ["GET", "POST", "GET"]
    (made,) = far.silences.values()
    assert made["matchers"] == [
        {"name": "service", "value": "search", "isRegex": False, "isEqual": False},
        {"name": "pod", "value": "a|b", "isRegex": True, "isEqual": True},
    ]
    assert (made["createdBy"], made["comment"]) == ("Ana Lima", f"known {mark_of(OURS)}")
    assert (made["startsAt"], made["endsAt"]) == (START.isoformat(), (START + HOUR).isoformat())


async def test_a_reply_that_was_lost_makes_no_second_one(far: Far) -> None:
    far.cuts = True
    async with there(far.handle) as url:
        mirror = performer(url)
        with pytest.raises(Uncertain):
            await mirror(job(OURS))
        far.cuts = False
        await mirror(job(OURS))
    assert len(far.silences) == 1


async def test_what_is_ended_here_is_ended_there_and_what_was_ended_there_is_not_made_again(far: Far) -> None:
    async with there(far.handle) as url:
        mirror = performer(url)
        await mirror(job(OURS))
        await mirror(job(replace(OURS, ended_at=START)))
        await mirror(job(replace(OURS, ended_at=START)))
        await mirror(job(OURS))
    assert [one["status"]["state"] for one in far.silences.values()] == ["expired"]
    assert far.asked == ["GET", "POST", "GET", "DELETE", "GET", "GET"]


async def test_one_of_theirs_is_only_ever_ended(far: Far) -> None:
    theirs = replace(OURS, sender=SENDER, far_id="f0")
    async with there(far.handle) as url:
        mirror = performer(url)
        await mirror(job(OURS))
        await mirror(job(replace(theirs, far_id="gone")))
        await mirror(job(replace(theirs, ended_at=START)))
    assert [one["status"]["state"] for one in far.silences.values()] == ["expired"]
    assert far.asked.count("POST") == 1


@pytest.mark.parametrize(
    "nothing", [replace(OURS, ends_at=START), replace(OURS, matchers=matchers_of("source=grafana, a=b"))]
)
async def test_what_is_over_or_about_others_is_not_made(nothing: Silence, far: Far) -> None:
    async with there(far.handle) as url:
        assert await performer(url)(job(nothing)) == Done()
    assert "POST" not in far.asked


async def test_who_shares_no_silences_any_more_and_what_is_not_known_need_nothing(far: Far) -> None:
    async with there(far.handle) as url:
        assert await performer(url)(job(OURS, "alertmanager/gone")) == Done()
        assert await performer(url)(job(None)) == Done()
        with pytest.raises(TypeError):
            await performer(url)(job(OURS, work=RefreshOnCall()))
    assert far.asked == []


async def test_whatever_goes_wrong_says_what_to_do(far: Far) -> None:
    with pytest.raises(TryLater, match="no list of silences: ClientConnectorError"):
        await performer(AWAY, AWAY)(job(OURS))
    async with there(far.strange) as url:
        with pytest.raises(TryLater, match="no list of silences: the list of silences is"):
            await performer(url)(job(OURS))
    async with there(far.handle) as url:
        mirror = performer(url)
        with pytest.raises(TryLater, match="lease"):
            await mirror(job(OURS, ours=False))
        far.fails = 400
        with pytest.raises(Undeliverable, match=r"S-7 in alertmanager/default: HTTP 400: bad <matcher>"):
            await mirror(job(OURS))
        far.fails = 503
        with pytest.raises(Uncertain, match="HTTP 503"):
            await mirror(job(OURS))
        with pytest.raises(TryLater, match="Connector"):
            await AlertmanagerApi(AWAY, Pass()).end_silence("x")
    assert json.dumps(list(far.silences)) == "[]"
