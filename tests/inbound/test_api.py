"""The HTTP API for scripts: who may, what is made once, what is refused and what to change, what the log keeps."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.domain.matchers import matchers_of
from bot.domain.muting import MutePolicy
from bot.domain.silence_commands import HearSilence
from bot.inbound.api import api_of
from bot.store import acts
from tests.engine.test_silences import shown, told
from tests.engine.world import ANA, POLICY, World
from tests.inbound.border import BEARER, Border

PATH = "/api/silences"
TOKEN, NEXT = "a-token-for-scripts", "the-token-that-replaces-it-then"
MINE = {"Authorization": f"Bearer {TOKEN}"}
ASKED = {"matchers": "service=checkout", "author": "deploy-bot", "reason": "Deploy 512", "lasts": "1h"}


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url).open()
    yield world
    await world.close()


@pytest.fixture
async def unasked() -> AsyncIterator[World]:
    """A world whose database has no tables: whoever asks it fails."""
    world = World("sqlite+aiosqlite://")
    yield world
    await world.close()


def client(world: World) -> httpx2.AsyncClient:
    return Border(clock=world.clock, api=api_of((TOKEN, NEXT), world.engine)).client()


async def asked(world: World, body: object = ASKED, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client(world) as http:
        return await http.post(PATH, json=body, headers=MINE | named)


async def log(world: World) -> list[tuple[str, str, str, str]]:
    async with world.database.reading() as connection:
        rows = await acts.newest(connection, 100)
    return [(one.surface, one.actor, one.what, one.result.value) for one in reversed(rows)]


async def test_a_silence_is_made_followed_listed_and_ended(world: World) -> None:
    made = await asked(world)
    await told(world)
    assert shown(world) == []
    assert (made.status_code, made.headers["location"]) == (201, "/api/silences/S-1")
    assert made.json() == {
        "id": "S-1",
        "state": "active",
        "matchers": ['service="checkout"'],
        "author": "deploy-bot",
        "reason": "Deploy 512",
        "origin": "api",
        "created_at": "2026-03-02T09:00:00.000Z",
        "starts_at": "2026-03-02T09:00:00.000Z",
        "ends_at": "2026-03-02T10:00:00.000Z",
        "ended_at": None,
        "ended_by": None,
    }
    async with client(world) as http:
        assert (await http.get(PATH, headers=MINE)).json() == {"silences": [made.json()]}
        ended = await http.delete(f"{PATH}/S-1?author=U0ANA", headers=MINE)
        await world.settle()
        assert (ended.status_code, ended.json()["state"], ended.json()["ended_by"]) == (200, "over", ANA)
        assert (await http.get(PATH, headers=MINE)).json() == {"silences": []}
        assert (await http.get(f"{PATH}/s1", headers=MINE)).json() == ended.json()
        assert (await http.delete(f"{PATH}/S-1?author=U0BO", headers=MINE)).json() == ended.json()
    assert len(shown(world)) == 1
    assert await log(world) == [("api", "deploy-bot", "SilenceAlerts", "done"), ("api", ANA, "EndSilence", "done")]


@pytest.mark.parametrize("proof", [{}, BEARER, {"Authorization": "Bearer "}, {"Authorization": "Basic !"}])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_nobody_comes_in_without_a_token_of_the_api(unasked: World, method: str, proof: dict[str, str]) -> None:
    path = f"{PATH}/S-1" if method == "DELETE" else PATH
    async with client(unasked) as http:
        answer = await http.request(method, path, headers=proof)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="api"')
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_next_token_opens_it_too_and_a_user_name_is_not_looked_at(world: World) -> None:
    async with client(world) as http:
        assert (await http.get(PATH, headers={"Authorization": f"Bearer {NEXT}"})).status_code == 200
        assert (await http.get(PATH, auth=("anybody", TOKEN))).status_code == 200


async def test_without_a_token_of_its_own_there_is_no_api(world: World) -> None:
    assert api_of((), world.engine) is None
    async with Border().client() as http:
        assert (await http.get(PATH, headers=BEARER)).status_code == 404


async def test_a_request_that_is_told_again_makes_one_silence(world: World) -> None:
    answers = [await asked(world), *await asyncio.gather(*(asked(world) for _ in range(3)))]
    world.clock.move(timedelta(minutes=4))
    answers.append(await asked(world))
    assert {(one.status_code, one.text) for one in answers} == {(201, answers[0].text)}
    assert len(await log(world)) == 1


async def test_the_same_request_later_is_meant_anew_and_so_is_one_after_the_end(world: World) -> None:
    await asked(world)
    world.clock.move(timedelta(minutes=6))
    assert (await asked(world)).json()["id"] == "S-2"
    async with client(world) as http:
        await http.delete(f"{PATH}/S-2?author=U0ANA", headers=MINE)
    assert (await asked(world)).json()["id"] == "S-3"


async def test_many_at_once_make_one(world: World) -> None:
    answers = await asyncio.gather(*(asked(world, Idempotency_Key="deploy-512") for _ in range(10)))
    assert {one.json()["id"] for one in answers} == {"S-1"}
    assert len(await log(world)) == 1


async def test_of_two_that_come_at_once_under_one_key_one_is_told_that_it_is_taken(world: World) -> None:
    bodies = (ASKED, ASKED | {"lasts": "2h"})
    answers = await asyncio.gather(*(asked(world, body, Idempotency_Key="deploy-512") for body in bodies))
    assert sorted(one.status_code for one in answers) == [201, 422]
    assert len(await log(world)) == 1


async def test_a_key_makes_one_silence_for_good_and_names_no_other(world: World) -> None:
    first = await asked(world, Idempotency_Key="deploy-512")
    world.clock.move(timedelta(days=30))
    again = await asked(world, Idempotency_Key="deploy-512")
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (201, "S-1", "over")
    assert first.json()["id"] == "S-1"
    other = await asked(world, ASKED | {"lasts": "2h"}, Idempotency_Key="deploy-512")
    assert other.status_code == 422
    assert "a key of its own" in other.json()["detail"]
    assert (await asked(world, Idempotency_Key="deploy-513")).json()["id"] == "S-2"


async def test_it_ends_at_a_moment_and_takes_a_list_of_matchers(world: World) -> None:
    body = {name: value for name, value in ASKED.items() if name != "lasts"}
    body |= {"ends_at": "2026-03-03T01:00:00+01:00", "matchers": ["service!~a|b", 'pod="x,y"']}  # type: ignore[dict-item] # as JSON
    made = (await asked(world, body)).json()
    assert (made["ends_at"], made["matchers"]) == ("2026-03-03T00:00:00.000Z", ['service!~"a|b"', 'pod="x,y"'])
    assert (await asked(world, body)).json() == made


@pytest.mark.parametrize(
    ("changed", "field", "what"),
    [
        ({"matchers": "service"}, "matchers", "after 'service' one of = != =~ !~ is missing"),
        ({"matchers": "service=~("}, "matchers", ""),
        ({"matchers": []}, "matchers", "write text such as"),
        ({"matchers": [{}]}, "matchers", "write text such as"),
        ({"matchers": ["a=b"] * 21}, "matchers", "more than 20 matchers"),
        ({"matchers": None}, "matchers", "write text such as"),
        ({"author": "\u202e"}, "author", "write who says so"),
        ({"author": True}, "author", "write who says so"),
        ({"reason": " "}, "reason", "write why"),
        ({"reason": ["a"]}, "reason", "write why"),
        ({"lasts": "long"}, "lasts", "write for how long"),
        ({"lasts": 4}, "lasts", "write for how long"),
        ({"ends_at": "2026-03-02T00:00:00Z"}, "lasts", "write either this or ends_at"),
        ({"ends_at": "tomorrow"}, "ends_at", "this is not a time"),
        ({"ends_at": ""}, "ends_at", "no time; write such as"),
        ({"endsAt": "2026-03-02T00:00:00Z"}, "endsAt", "no such field; there are author, ends_at, lasts"),
    ],
)
async def test_what_is_wrong_is_told_by_its_field(
    unasked: World, changed: dict[str, object], field: str, what: str
) -> None:
    answer = await asked(unasked, ASKED | changed)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    found = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert found[f"#/{field}"].startswith(what)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"lasts": "91d"}, "A silence lasts for 1m to 90d."),
        ({"lasts": "9999999w"}, "A silence lasts for 1m to 90d."),
        ({"lasts": "0s"}, "A silence lasts for 1m to 90d."),
        ({"matchers": "service!=x"}, "These matchers mean every alert."),
    ],
)
async def test_what_cannot_be_made_is_refused_and_kept_in_the_log(
    world: World, changed: dict[str, object], what: str
) -> None:
    answer = await asked(world, ASKED | changed)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(what)
    assert await log(world) == [("api", "deploy-bot", "SilenceAlerts", "refused")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000, 400),
        (b" " * 70_000, 413),
        (b"\xff\xfe\x00", 400),
    ],
)
async def test_no_body_does_more_than_being_refused(unasked: World, body: bytes, status: int) -> None:
    async with client(unasked) as http:
        answer = await http.post(PATH, content=body, headers=MINE)
    assert answer.status_code == status
    assert answer.json()["status"] == status


async def test_an_encoded_body_and_an_endless_key_are_refused(world: World) -> None:
    assert (await asked(world, Content_Encoding="gzip")).status_code == 415
    assert (await asked(world, Idempotency_Key="k" * 256)).status_code == 400


async def test_a_head_that_lies_of_its_length_is_refused(world: World) -> None:
    async with client(world) as http:
        answer = await http.post(PATH, content=b"{}", headers=MINE | {"Content-Length": "many"})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["S-9", "it", "%00", "S-99999999999999999999"])
async def test_a_silence_that_is_not_there_is_not_found(world: World, name: str) -> None:
    async with client(world) as http:
        assert (await http.get(f"{PATH}/{name}", headers=MINE)).status_code == 404
        gone = await http.delete(f"{PATH}/{name}?author=U0ANA", headers=MINE)
    assert gone.status_code == 404
    assert "GET /api/silences lists those" in gone.json()["detail"]


async def test_who_ends_a_silence_has_a_name(world: World) -> None:
    await asked(world)
    async with client(world) as http:
        answer = await http.delete(f"{PATH}/S-1", headers=MINE)
    assert (answer.status_code, "?author=deploy-bot" in answer.json()["detail"]) == (422, True)


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("matchers", "author", "reason", "lasts", "ends_at", "x\u202e"),
            st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.just(ASKED["matchers"]),
        ),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_json_comes_is_answered_by_what_is_wrong(unasked: World, body: dict[str, object]) -> None:
    answer = await asked(unasked, body)
    assert answer.status_code == 422
    assert answer.json()["errors"] or answer.json()["detail"]


async def test_what_an_alertmanager_keeps_for_itself_is_ended_there(world_url: str) -> None:
    world = await World(world_url, replace(POLICY, mute=MutePolicy(followed={"alertmanager/eu": False}))).open()
    theirs = HearSilence(
        sender="alertmanager/eu",
        far_id="f-1",
        matchers=matchers_of("a=b"),
        by=UserId("ops in Alertmanager eu"),
        reason="known",
        starts_at=world.clock.now(),
        ends_at=world.clock.now() + timedelta(hours=1),
    )
    await world.do(theirs)
    async with client(world) as http:
        assert (await http.get(PATH, headers=MINE)).json()["silences"][0]["origin"] == "alertmanager/eu"
        answer = await http.delete(f"{PATH}/S-1?author=U0ANA", headers=MINE)
    assert (answer.status_code, answer.json()["detail"]) == (409, "S-1 is a silence of alertmanager/eu: end it there.")
    await world.close()
