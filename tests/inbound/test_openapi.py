"""The OpenAPI document tells of every route, and of no other; its answers are those that the border gives."""

import pytest
from starlette.routing import Route

from bot.domain.policy import Policy
from bot.engine.handle import Engine
from bot.inbound import intake
from bot.inbound.api import Api, api_of
from bot.store.database import Database
from tests.fakes.clock import CountingChance, FakeClock
from tests.inbound.border import Border
from tests.inbound.test_http import SlackSide


async def told(border: Border) -> dict[str, dict[str, dict[str, object]]]:
    async with border.client() as client:
        answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    paths: dict[str, dict[str, dict[str, object]]] = answer.json()["paths"]
    return paths


def api() -> Api | None:
    """Return an API that nobody will ask anything."""
    database = Database("sqlite+aiosqlite://")
    return api_of(("token",), Engine(database, FakeClock(), CountingChance(), Policy()))


@pytest.mark.parametrize("api", [None, api()])
@pytest.mark.parametrize("slack", [None, SlackSide()])
async def test_it_tells_of_every_route_and_of_no_other(slack: SlackSide | None, api: Api | None) -> None:
    routes = [route for route in Border(slack=slack, api=api).app().routes if isinstance(route, Route)]
    served = {
        (route.path.rstrip("/"), method.lower()) for route in routes for method in (route.methods or set()) - {"HEAD"}
    }
    assert {
        (path, method) for path, methods in (await told(Border(slack=slack, api=api))).items() for method in methods
    } == served


async def test_it_tells_of_every_answer_to_an_alert() -> None:
    answers = (await told(Border()))["/alerts/{source}"]["post"]["responses"]
    assert isinstance(answers, dict)
    assert set(answers) == {str(status) for result, status in intake._STATUS.items() if result != intake.Result.FAILED}
