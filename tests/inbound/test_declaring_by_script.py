"""Incidents that a script declares by HTTP: once a key, in somebody's name, as if that person had typed it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from bot.domain.ids import IncidentId, ServiceName
from bot.domain.permissions import Act, Permissions, Rule
from bot.domain.policy import Service
from bot.inbound.api import api_of
from bot.store import acts
from tests.engine.world import ANA, POLICY, World
from tests.inbound.border import Border
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

TOKEN = "a-token-for-scripts"
TOLD = {"title": "Checkout is down", "by": "U0ANA", "severity": "P1", "service": "Checkout"}


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    world = await World(database_url).open()
    yield world
    await world.close()


async def declare(world: World, body: object = TOLD, key: str = "build-512", token: str = TOKEN) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}", **({"Idempotency-Key": key} if key else {})}
    async with Border(clock=world.clock, api=api_of((TOKEN,), world.engine)).client() as http:
        return await http.post("/api/incidents", json=body, headers=headers)


async def log(world: World) -> list[tuple[str, str, str, str, str]]:
    async with world.database.reading() as connection:
        rows = await acts.newest(connection, 100)
    return [(one.surface, one.actor, one.act, one.what, one.result.value) for one in reversed(rows)]


async def test_an_incident_is_declared_once_however_often_it_is_sent(world: World) -> None:
    answers = [await declare(world) for _ in range(3)]
    assert [one.status_code for one in answers] == [201] * 3
    assert {one.text for one in answers} == {answers[0].text}
    told = answers[0].json()
    assert (told["id"], told["severity"], told["service"], told["by"]) == ("INC-1", "sev2", "checkout", "U0ANA")
    await world.settle()
    incident = await world.incident()
    assert (incident.title, incident.declared_by) == ("Checkout is down", ANA)
    assert len(world.slack.channels_named("inc-1-")) == 1
    assert await log(world) == [("api", ANA, "declare", "Declare", "done")]
    must_hold(await of_world(world), at_rest=True)
    assert (await declare(world, key="build-513")).json()["id"] == "INC-2"


async def test_a_key_that_named_another_incident_is_refused(world: World) -> None:
    await declare(world)
    answer = await declare(world, {**TOLD, "title": "Search is down"})
    assert (answer.status_code, "another incident" in answer.json()["detail"]) == (422, True)
    assert [one.id for one in await world.desk.open_incidents()] == [1]


async def test_it_names_several_services_and_the_leading_one_first(world: World) -> None:
    both = {**TOLD, "services": ["Search", "CHECKOUT", "search"]}
    others = {ServiceName(name): Service(name=ServiceName(name)) for name in ("search", "checkout")}
    world.engine.policy = replace(POLICY, services=others)
    assert (await declare(world, both)).json()["services"] == ["checkout", "search"]
    told = (await declare(world, {**both, "service": None}, "second")).json()
    assert (told["service"], told["services"]) == ("search", ["search", "checkout"])
    incident = await world.incident()
    assert (incident.service, incident.also) == ("checkout", ("search",))
    assert (await declare(world, {**TOLD, "services": []}, "third")).json()["services"] == ["checkout"]


async def test_in_triage_or_private_it_is_as_if_it_had_been_typed_so(world: World) -> None:
    await declare(world, {**TOLD, "triage": True}, "a")
    await declare(world, {"title": "A laptop was stolen", "by": "U0ANA", "private": True}, "b")
    await world.settle()
    first, second = await world.incident(), await world.desk.incident(IncidentId(2))
    assert second
    assert (first.status.value, first.private) == ("triage", False)
    assert (second.status.value, second.private, second.severity) == ("investigating", True, POLICY.default_severity)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["title", "by"]),
        ({**TOLD, "title": " ", "by": "ana"}, ["title", "by"]),
        ({**TOLD, "severity": "banana"}, ["severity"]),
        ({**TOLD, "service": "payroll"}, ["service"]),
        ({**TOLD, "services": ["payroll", "people"]}, ["services"]),
        ({**TOLD, "services": "checkout"}, ["services"]),
        ({**TOLD, "services": [*"abcdefghijk"]}, ["services", "services"]),
        ({**TOLD, "services": [7]}, ["services"]),
        ({**TOLD, "private": "yes", "triage": 1}, ["triage", "private"]),
        ({**TOLD, "channel": "C1"}, ["channel"]),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_nothing_is_declared(
    world: World, body: object, fields: list[str]
) -> None:
    answer = await declare(world, body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"#/{field}" for field in fields]
    assert await world.desk.open_incidents() == ()


async def test_without_a_key_a_token_or_an_object_nothing_is_declared(world: World) -> None:
    assert (await declare(world, key="")).status_code == 400
    assert (await declare(world, [])).status_code == 400
    assert (await declare(world, token="another")).status_code == 401
    assert await world.desk.open_incidents() == ()


@pytest.mark.parametrize("act", [Act.DECLARE, Act.PRIVATE])
async def test_what_is_kept_for_some_scripts_may_not_unless_they_are_let(database_url: str, act: Act) -> None:
    rule = Rule(people=frozenset({ANA}))
    world = await World(database_url, replace(POLICY, permissions=Permissions(rules={act: rule}))).open()
    answer = await declare(world, {**TOLD, "private": True})
    assert (answer.status_code, answer.json()["who"]) == (403, [ANA])
    assert await log(world) == [("api", ANA, "declare", "Declare", "refused")]
    assert (await declare(world, key="public")).status_code == (403 if act is Act.DECLARE else 201)
    await world.close()


@pytest.mark.parametrize(
    ("configured", "told", "service"), [((), "Payroll", "Payroll"), (("PayRoll", "checkout"), "payroll", "PayRoll")]
)
async def test_a_service_is_named_in_any_case_and_where_none_is_configured_any_name_will_do(
    database_url: str, configured: tuple[str, ...], told: str, service: str
) -> None:
    services = {name: Service(name=name) for name in map(ServiceName, configured)}
    world = await World(database_url, replace(POLICY, services=services)).open()
    assert (await declare(world, {**TOLD, "service": told})).json()["service"] == service
    await world.close()
