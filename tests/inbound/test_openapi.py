"""The OpenAPI document tells of every route, and of no other; its answers are those that the border gives."""

import pytest
from starlette.routing import Route

from bot.inbound import intake
from tests.inbound.border import Border
from tests.inbound.test_http import SlackSide


async def told(border: Border) -> dict[str, dict[str, dict[str, object]]]:
    async with border.client() as client:
        answer = await client.get("/openapi.json")
    assert answer.status_code == 200
    paths: dict[str, dict[str, dict[str, object]]] = answer.json()["paths"]
    return paths


@pytest.mark.parametrize("slack", [None, SlackSide()])
async def test_it_tells_of_every_route_and_of_no_other(slack: SlackSide | None) -> None:
    routes = [route for route in Border(slack=slack).app().routes if isinstance(route, Route)]
    served = {
        (route.path.rstrip("/"), method.lower()) for route in routes for method in (route.methods or set()) - {"HEAD"}
    }
    assert {
        (path, method) for path, methods in (await told(Border(slack=slack))).items() for method in methods
    } == served


async def test_it_tells_of_every_answer_to_an_alert() -> None:
    answers = (await told(Border()))["/alerts/{source}"]["post"]["responses"]
    assert isinstance(answers, dict)
    assert set(answers) == {str(status) for result, status in intake._STATUS.items() if result != intake.Result.FAILED}
