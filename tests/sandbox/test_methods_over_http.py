"""How arguments travel: query, form, multipart and JSON mean the same, and what is none of them is refused."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN


@pytest.fixture
async def session(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    async with aiohttp.ClientSession(f"{sandbox.url}/api/", headers=headers) as connected:
        yield connected


async def post(session: aiohttp.ClientSession, method: str, **how: Any) -> dict[str, Any]:
    async with session.post(method, **how) as answer:
        assert answer.status == 200
        document: dict[str, Any] = await answer.json()
        return document


def multipart(**fields: str) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value)
    return form


async def test_all_four_ways_mean_the_same(session: aiohttp.ClientSession) -> None:
    args = {"channel": "C0GENERAL", "text": "down", "reply_broadcast": "0"}
    ways: list[dict[str, Any]] = [
        {"params": args},
        {"data": args},
        {"data": multipart(**args)},
        {"json": {**args, "reply_broadcast": False}},
    ]
    answers = [await post(session, "chat.postMessage", **way) for way in ways]

    assert [answer["message"]["text"] for answer in answers] == ["down"] * 4
    async with session.get("conversations.history", params={"channel": "C0GENERAL", "limit": "2"}) as answer:
        assert len((await answer.json())["messages"]) == 2


async def test_lists_come_with_commas_or_as_json(session: aiohttp.ClientSession) -> None:
    ways: list[dict[str, Any]] = [
        {"data": {"users": "U0ANA,U0BO"}},
        {"data": {"users": '["U0ANA", "U0BO"]'}},
        {"json": {"users": ["U0ANA", "U0BO"]}},
    ]
    answers = [await post(session, "dnd.teamInfo", **way) for way in ways]

    assert [set(answer["users"]) for answer in answers] == [{"U0ANA", "U0BO"}] * 3


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"data": b"{}", "headers": {"Content-Type": "application/xml"}}, "invalid_post_type"),
        ({"data": b"{}", "headers": {"Content-Type": "application/json; charset=utf-16"}}, "invalid_charset"),
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        ({"data": b'{"a": "\xff"}', "headers": {"Content-Type": "application/json"}}, "invalid_json"),
        (
            {"data": b"a=\xff\xfe", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            "invalid_form_data",
        ),
        ({"data": b"[]", "headers": {"Content-Type": "application/json"}}, "json_not_object"),
        ({"data": {"users[]": "U0ANA"}}, "invalid_arg_name"),
        ({"json": {"x" * 256: 1}}, "invalid_arg_name"),
        ({"data": b"x", "skip_auto_headers": ["Content-Type"]}, "missing_post_type"),
    ],
)
async def test_a_body_that_slack_cannot_read_is_refused(
    session: aiohttp.ClientSession, how: dict[str, Any], code: str
) -> None:
    assert await post(session, "api.test", **how) == {"ok": False, "error": code}


async def test_a_call_without_a_body_needs_no_content_type(session: aiohttp.ClientSession) -> None:
    assert (await post(session, "auth.test", skip_auto_headers=["Content-Type"]))["user_id"] == "U0MUSTER"
