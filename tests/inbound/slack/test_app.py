"""The app as a whole.

Few listeners, nothing answered before it is kept, no call to Slack, and logs that keep a secret.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.listener.async_listener import AsyncListener

from bot.domain.commands import Command
from bot.engine.receipts import Handled, Receipt
from bot.inbound.slack import marking, people
from bot.inbound.slack.payload import items, kind_of, part, text
from bot.inbound.slack.response import Response
from tests.inbound.slack.counter import FakeDesk
from tests.inbound.slack.front import ANA, INCIDENT_CHANNEL, WORKSPACE, Front


class SlowDesk(FakeDesk):
    """A desk that takes its time to write."""

    def __init__(self, desk: FakeDesk) -> None:
        super().__init__(desk.clock, desk.policy, desk.incidents, desk.alerts)
        self.writing, self.written = asyncio.Event(), asyncio.Event()

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        self.writing.set()
        await self.written.wait()
        return await super().handle(command, receipt=receipt)


def slow_front() -> tuple[Front, SlowDesk]:
    front = Front()
    desk = SlowDesk(front.desk)
    front.desk = desk
    front.build()
    return front, desk


MESSAGE = {"type": "message", "user": ANA, "text": "hi", "ts": "1596183880.004200", "channel": INCIDENT_CHANNEL}


SENDERS: dict[str, Callable[[Front], Awaitable[Response]]] = {
    "a command": lambda front: front.command("declare Checkout is down"),
    "a press": lambda front: front.click("alert.acknowledge", "a1"),
    "a message": lambda front: front.event(MESSAGE),
}


@pytest.mark.parametrize("what", list(SENDERS))
async def test_nothing_is_acknowledged_before_it_is_on_disk(what: str) -> None:
    front, desk = slow_front()
    sending = asyncio.ensure_future(SENDERS[what](front))
    await asyncio.wait_for(desk.writing.wait(), 5)
    assert not sending.done()
    desk.written.set()
    assert ((await sending).status, len(desk.taken)) == (200, 1)


def test_bolt_has_one_listener_a_kind_and_no_token() -> None:
    bolt = Front().app._bolt
    listeners: list[AsyncListener] = bolt._async_listeners
    assert len(listeners) == 7 + len(people.EVENTS) + len(marking.EVENTS)
    assert (bolt._token, bolt.client.token, bolt.client.retry_handlers) == (None, None, [])
    assert bolt.process_before_response


@pytest.mark.parametrize("word", ["payload", "payload=", "a payload={} b", "ssl_check=1", '{"type": "event_callback"}'])
async def test_no_word_in_a_command_changes_what_it_is(word: str) -> None:
    front = Front()
    await front.command(f"update {word}")
    assert [getattr(command, "text", None) for command in front.desk.taken] == [word]


async def test_a_field_named_payload_beside_a_command_changes_nothing() -> None:
    front = Front()
    answer = await front.command("list", payload="{}")
    assert "open incidents" in answer.body.decode()


async def test_answers_say_what_they_are() -> None:
    front = Front()
    answer = await front.command("list")
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.body)["blocks"]


async def test_nothing_that_anybody_wrote_is_logged(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    front = Front()
    caplog.set_level("DEBUG")
    front.desk.fail = ValueError("secret words")
    await front.command("update secret words", token="xoxb-secret")
    await front.click("button secret words", "secret words")
    await front.event({**MESSAGE, "text": "secret words"}, token="xoxb-secret")
    await front.event({"type": "secret", "text": "secret words"})
    await front.interaction({"type": "shortcut", "callback_id": "secret words", "trigger_id": "t"})
    await front.app.drain()
    printed = capsys.readouterr()
    everything = printed.out + printed.err + caplog.text
    assert "slack_listener_failed" in everything
    assert "xoxb-secret" not in everything
    assert [
        line for line in everything.splitlines() if "secret words" in line and "slack_button_unknown" not in line
    ] == []


async def test_fifty_commands_at_once_are_all_answered() -> None:
    front = Front()
    body = urlencode({"command": "/incident", "text": "list", "team_id": WORKSPACE, "user_id": ANA, "channel_id": "C1"})
    answers = await asyncio.gather(*(front.post(body.encode(), "application/x-www-form-urlencoded") for _ in range(50)))
    assert {answer.status for answer in answers} == {200}


@pytest.mark.parametrize(
    "payload", [{}, {"a": None}, {"a": 1}, {"a": []}, {"a": [1, None]}, {"a": {"b": 3}}, {"a": "text"}]
)
def test_reading_a_payload_of_any_shape_gives_something_empty(payload: Mapping[str, object]) -> None:
    assert text(payload, "a", "b", "c") == ""
    assert part(payload, "a", "b", "c") is None
    assert items(payload, "a") == ()
    assert kind_of(payload) is None


NAMES = st.sampled_from(
    ["type", "event", "actions", "view", "user", "team", "team_id", "enterprise", "authorizations", "channel", "id",
     "message", "container", "text", "user_id", "channel_id", "trigger_id", "response_url", "is_enterprise_install",
     "function_data", "bot_access_token", "state", "values", "blocks", "private_metadata", "callback_id", "value"]
)  # fmt: skip
SEEDS: list[dict[str, object]] = [
    {"type": "event_callback", "event": {"type": "message", "user": ANA, "ts": "1.000000", "channel": "C1"}},
    {"type": "block_actions", "actions": [{"action_id": "incident.take_command", "value": "42"}]},
    {"type": "view_submission", "view": {"callback_id": "form.update"}},
    {"command": "/incident", "text": "ic"},
]
LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@given(st.sampled_from(SEEDS), st.dictionaries(NAMES, JSON, max_size=5))
async def test_a_signed_payload_of_any_shape_is_answered(seed: dict[str, object], strange: dict[str, object]) -> None:
    front = Front()
    answer = await front.post(json.dumps({**strange, **seed}).encode(), "application/json")
    await front.app.drain()
    assert answer.status in {200, 500}
