"""Deploys told of by HTTP: kept once before they are answered, in the timeline and on the card where they belong."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from bot.domain.commands import Declare, Resolve
from bot.domain.course_commands import Reopen
from bot.domain.deploys import Deploy, DeployNoticed
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.model import Severity
from bot.engine.deploy_desk import DeployDesk
from bot.engine.tidy import KEPT_FOR, tidy
from bot.errors import Overloaded
from bot.inbound.api import api_of
from bot.store import deploys
from tests.engine.world import ANA, CHECKOUT, World
from tests.inbound.border import Border
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

TOKEN = "a-token-for-scripts"
TOLD = {
    "service": "Checkout",
    "version": "4.2.0",
    "environment": "production",
    "by": "ci",
    "url": "https://ci.example/7",
}


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url).open()
    yield world
    await world.close()


async def tell(world: World, body: object = TOLD, key: str = "", token: str = TOKEN) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    async with Border(clock=world.clock, api=api_of((TOKEN,), world.engine)).client() as http:
        return await http.post("/api/deploys", json=body, headers=headers)


async def declare(
    world: World, service: ServiceName = CHECKOUT, *, also: tuple[ServiceName, ...] = (), private: bool = False
) -> IncidentId:
    asked = Declare(
        title="Salaries leaked" if private else "It is down",
        by=ANA,
        severity=Severity.SEV4,
        service=service,
        also=also,
        private=private,
    )
    incident = (await world.do(asked)).incident
    await world.settle()
    assert incident
    return incident.id


async def noticed(world: World, number: int = 1) -> list[Deploy]:
    events = [row.event for row in await world.timeline(number)]
    return [event.deploy for event in events if isinstance(event, DeployNoticed)]


def card(world: World, number: int = 1) -> str:
    (shown,) = world.slack.marked(f"card:{number}")
    return str(shown.blocks)


async def kept(world: World) -> int:
    async with world.database.reading() as connection:
        return len(await deploys.recent(connection, [CHECKOUT], world.clock.now() - timedelta(days=30)))


async def test_open_incidents_of_the_service_have_it_and_no_others_and_nobody_is_told_which(world: World) -> None:
    await declare(world)
    await declare(world, ServiceName("search"))
    hidden = await declare(world, private=True)
    answer = await tell(world)
    assert answer.status_code == 201
    assert answer.json() == {**TOLD, "id": 1, "at": "2026-03-02T09:00:00.000Z"}
    await world.settle()
    assert [one.version for one in await noticed(world)] == ["4.2.0"]
    assert await noticed(world, 2) == []
    assert [one.version for one in await noticed(world, hidden)] == ["4.2.0"]
    assert "4.2.0" in card(world)
    assert "4.2.0" not in card(world, 2)
    must_hold(await of_world(world), at_rest=True)


async def test_a_deploy_of_any_of_its_services_is_noticed_before_and_after_it_is_declared(world: World) -> None:
    await tell(world, {**TOLD, "service": "search", "version": "7"})
    await declare(world, also=(ServiceName("Search"), ServiceName("mail")))
    for service in ("mail", "checkout", "other"):
        await tell(world, {**TOLD, "service": service})
    await world.settle()
    assert [one.service for one in await noticed(world)] == ["search", "mail", "checkout"]
    must_hold(await of_world(world), at_rest=True)


async def test_an_incident_that_is_declared_shortly_after_has_it_and_a_later_one_has_not(world: World) -> None:
    await tell(world)
    world.clock.move(timedelta(minutes=12))
    await declare(world)
    assert "12 min before it was declared" in card(world)
    world.clock.move(timedelta(minutes=50))
    later = await declare(world)
    assert await noticed(world, later) == []


async def test_what_went_out_while_it_was_over_is_there_when_it_is_opened_again(world: World) -> None:
    number = await declare(world)
    await world.do(Resolve(incident=number, resolution="Rolled back", by=ANA))
    await tell(world)
    await world.settle()
    assert await noticed(world) == []
    await world.do(Reopen(incident=number, reason="Errors are back", by=ANA))
    await world.settle()
    assert [one.version for one in await noticed(world)] == ["4.2.0"]


async def test_a_request_that_is_sent_again_is_one_deploy_by_its_key_its_moment_or_its_words(world: World) -> None:
    for _ in range(2):
        assert (await tell(world, key="run-512")).json()["id"] == 1
        world.clock.move(timedelta(hours=1))
    dated = {**TOLD, "at": "2026-03-02T08:30:00Z"}
    for _ in range(2):
        assert (await tell(world, dated)).json()["at"] == "2026-03-02T08:30:00.000Z"
        world.clock.move(timedelta(hours=1))
    first = (await tell(world)).json()["id"]
    world.clock.move(timedelta(minutes=4))
    assert (await tell(world)).json()["id"] == first
    world.clock.move(timedelta(minutes=6))
    assert (await tell(world)).json()["id"] != first
    assert await kept(world) == 4


async def test_another_deploy_under_a_key_that_is_taken_is_not_lost_in_silence(world: World) -> None:
    assert (await tell(world, key="run-512")).status_code == 201
    world.clock.move(timedelta(minutes=1))
    other = {**TOLD, "service": "search"}
    answer = await tell(world, other, key="run-512")
    assert answer.status_code == 422
    assert "named another deploy before; give this one a key of its own" in answer.text
    assert (await tell(world, other, key="run-512-search")).status_code == 201
    assert await kept(world) == 1


async def test_a_name_that_grows_when_names_are_compared_fits(world: World) -> None:
    service = ServiceName("\u0390" * 100)
    await declare(world, service)
    assert (await tell(world, {**TOLD, "service": service})).status_code == 201
    await world.settle()
    assert [one.service for one in await noticed(world)] == [service]
    assert [one.service for one in await noticed(world, await declare(world, service))] == [service]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({**TOLD, "service": " "}, 422, "service"),
        ({**TOLD, "version": None}, 422, "version"),
        ({**TOLD, "url": "javascript:alert(1)"}, 422, "url"),
        ({**TOLD, "at": "2026-03-02T10:00:00Z"}, 422, "at"),
        ({**TOLD, "severity": "sev1"}, 422, "severity"),
        ({**TOLD, "at": "yesterday"}, 400, "at"),
        ([TOLD], 400, "the body"),
    ],
)
async def test_what_cannot_be_kept_says_what_to_change(world: World, body: object, status: int, field: str) -> None:
    answer = await tell(world, body)
    assert answer.status_code == status
    assert field in answer.text
    assert await kept(world) == 0


async def test_only_who_shows_a_token_may_and_what_cannot_be_kept_now_is_sent_again(world: World) -> None:
    assert (await tell(world, token="guessed")).status_code == 401
    assert (await tell(world, key="k" * 300)).status_code == 400
    world.database.unwritable = 1
    with pytest.raises(Overloaded):
        await DeployDesk(world.engine).tell(Deploy(service=CHECKOUT, version="1", at=world.clock.now()))
    world.database.unwritable = 1
    assert (await tell(world)).status_code == 503
    assert await kept(world) == 0


async def test_what_is_told_stays_text_and_secrets_in_it_are_not_kept(world: World) -> None:
    await declare(world)
    await tell(world, {**TOLD, "version": "<!channel> *x*", "by": "token=hunter2-22-hunter2"})
    await world.settle()
    assert "<!channel>" not in card(world)
    assert "hunter2" not in card(world)


async def test_deploys_are_forgotten_after_a_week_and_stay_in_the_timeline(world: World) -> None:
    await declare(world)
    await tell(world)
    await world.settle()
    await tidy(world.database, world.clock.now() + KEPT_FOR + timedelta(hours=1))
    assert await kept(world) == 0
    assert len(await noticed(world)) == 1
