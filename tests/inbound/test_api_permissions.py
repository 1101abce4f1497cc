"""What scripts may do over the HTTP API is said in `permissions`: 403 with who may, and a row of the audit log."""

from dataclasses import replace

import httpx2
import pytest

from bot.domain.ids import UserId
from bot.domain.permissions import Act, Permissions, Rule
from bot.inbound.api import api_of
from bot.store import acts
from tests.engine.world import ANA, POLICY, World
from tests.inbound.border import Border

TOKEN = "a-token-for-scripts"
SILENCE = {"matchers": "service=checkout", "author": "deploy-bot", "reason": "Deploy 512", "lasts": "1h"}
DEPLOY = {"service": "checkout", "version": "4.2.0", "by": "ci"}
KEPT = Rule(people=frozenset({ANA, UserId("U0BO")}))


async def asked(world: World, method: str, path: str, body: object = None) -> httpx2.Response:
    api = api_of((TOKEN,), world.engine)
    async with Border(clock=world.clock, api=api).client() as http:
        return await http.request(method, path, json=body, headers={"Authorization": f"Bearer {TOKEN}"})


async def world_of(world_url: str, act: Act, rule: Rule) -> World:
    return await World(world_url, replace(POLICY, permissions=Permissions(rules={act: rule}))).open()


async def log(world: World) -> list[tuple[str, str, str, str, str]]:
    async with world.database.reading() as connection:
        rows = await acts.newest(connection, 100)
    return [(one.surface, one.actor, one.act, one.what, one.result.value) for one in reversed(rows)]


@pytest.mark.parametrize(
    ("act", "method", "path", "body", "row"),
    [
        (Act.SILENCE, "POST", "/api/silences", SILENCE, ("deploy-bot", "silence", "SilenceAlerts")),
        (Act.SILENCE, "DELETE", "/api/silences/S-1?author=deploy-bot", None, ("deploy-bot", "silence", "EndSilence")),
        (Act.DEPLOY, "POST", "/api/deploys", DEPLOY, ("ci", "deploy", "TellDeploy")),
    ],
)
async def test_what_is_kept_for_some_is_refused_to_scripts_and_they_are_told_who_may(
    world_url: str, act: Act, method: str, path: str, body: object, row: tuple[str, str, str]
) -> None:
    world = await world_of(world_url, act, KEPT)
    answer = await asked(world, method, path, body)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    told = answer.json()
    assert (told["title"], told["status"], told["who"]) == ("Forbidden", 403, [ANA, "U0BO"])
    assert "The people who are named for it may, in Slack." in told["detail"]
    assert await log(world) == [("api", *row, "refused")]
    assert (await asked(world, "GET", "/api/silences")).json() == {"silences": []}
    await world.close()


@pytest.mark.parametrize("rule", [replace(KEPT, api=True), Rule(guests=True)])
async def test_where_they_are_let_they_may(world_url: str, rule: Rule) -> None:
    world = await world_of(world_url, Act.SILENCE, rule)
    assert (await asked(world, "POST", "/api/silences", SILENCE)).status_code == 201
    assert (await asked(world, "POST", "/api/deploys", DEPLOY)).status_code == 201
    assert (await asked(world, "DELETE", "/api/silences/S-1?author=deploy-bot")).status_code == 200
    await world.close()


async def test_a_deploy_that_was_told_of_is_in_the_log_once(world_url: str) -> None:
    world = await world_of(world_url, Act.SILENCE, Rule())
    assert [(await asked(world, "POST", "/api/deploys", DEPLOY)).status_code for _ in range(2)] == [201, 201]
    assert await log(world) == [("api", "ci", "deploy", "TellDeploy", "done")]
    await world.close()


async def test_what_every_member_may_can_be_forbidden_to_them_alone(world_url: str) -> None:
    world = await world_of(world_url, Act.DEPLOY, Rule(api=False))
    answer = await asked(world, "POST", "/api/deploys", {**DEPLOY, "by": ""})
    assert (answer.status_code, "who" in answer.json()) == (403, False)
    assert "Scripts may not tell of deploys here." in answer.json()["detail"]
    assert await log(world) == [("api", "api", "deploy", "TellDeploy", "refused")]
    await world.close()
