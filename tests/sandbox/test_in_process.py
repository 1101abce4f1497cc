"""The same sandbox without a network, on a clock that the test moves: hours pass in no time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import SeededChance
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.faults import Rule, When, rule_of
from bot.sandbox.gate import ConnectionBroken
from bot.sandbox.inprocess import InProcess
from bot.sandbox.oracle import Oracle
from bot.sandbox.server import Sandbox
from bot.sandbox.state import passes
from bot.sandbox.state.ids import ChannelId, UserId
from tests.fakes.clock import FakeClock

ANA = UserId("U0ANA")
METADATA = {"event_type": "outbox", "event_payload": {"k": "card"}}


class App:
    """An app in the same process: it hears everything, and acknowledges once it is `awake`."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.awake = True
        self.came: list[tuple[float, str, int]] = []

    async def take(self, delivery: Delivery, attempt: int, reason: Failure | None) -> Outcome:
        assert (reason is None) == (attempt == 0)
        self.came.append((self._clock.monotonic(), delivery.name, attempt))
        if not self.awake:
            await self._clock.sleep(timedelta(hours=1))
        return Outcome()


class Stage:
    """A sandbox that was never started, an app beside it, and their clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sandbox = Sandbox(self.clock, SeededChance(1))
        self.slack: InProcess = self.sandbox.in_process()
        self.app = App(self.clock)
        self.slack.deliver_to(self.app.take)

    async def post(self) -> str | None:
        """Post the marked card; return Slack's error, if any."""
        reply = await self.slack.call("chat.postMessage", channel="C0GENERAL", text="card", metadata=METADATA)
        return reply.body.get("error")

    @property
    def texts(self) -> list[str]:
        """What stands in #general."""
        return [one.text for one in self.sandbox.workspace.channels[ChannelId("C0GENERAL")].messages.values()]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    ready = Stage()
    yield ready
    await ready.sandbox.stop()


async def test_an_event_that_nobody_acknowledges_comes_four_times_within_six_minutes(stage: Stage) -> None:
    stage.app.awake = False
    await stage.post()

    await stage.clock.advance(timedelta(hours=1))

    # Each attempt takes three seconds to fail.
    assert stage.app.came == [(0.0, "message", 0), (3.0, "message", 1), (66.0, "message", 2), (369.0, "message", 3)]


async def test_delayed_events_come_every_hour_for_a_day(stage: Stage) -> None:
    stage.app.awake = False
    stage.sandbox.courier.delayed_events = True
    await stage.post()

    await stage.clock.advance(timedelta(hours=20))
    stage.app.awake = True
    await stage.clock.advance(timedelta(days=2))

    assert len(stage.app.came) == 1 + 3 + 20
    assert stage.app.came[4][0] - stage.app.came[3][0] == timedelta(hours=1, seconds=3).total_seconds()


async def test_a_response_url_lives_for_thirty_minutes(stage: Stage) -> None:
    channel = stage.sandbox.workspace.channels[ChannelId("C0GENERAL")]
    url = passes.issue_response_url(stage.sandbox.workspace, ANA, channel)

    await stage.clock.advance(timedelta(minutes=30))
    first = await stage.slack.answer(url, text="in time", response_type="in_channel")
    await stage.clock.advance(timedelta(seconds=1))
    second = await stage.slack.answer(url, text="too late", response_type="in_channel")

    assert (first.status, second.status, second.body["error"]) == (200, 404, "expired_url")
    assert stage.texts == ["in time"]


async def test_a_scheduled_message_is_posted_when_its_time_comes(stage: Stage) -> None:
    at = int((stage.clock.now() + timedelta(hours=3)).timestamp())
    await stage.slack.call("chat.scheduleMessage", channel="C0GENERAL", text="still there?", post_at=at)

    await stage.clock.advance(timedelta(hours=2, minutes=59))
    before = list(stage.texts)
    await stage.clock.advance(timedelta(minutes=1))

    assert (before, stage.texts) == ([], ["still there?"])


async def test_an_outage_lasts_from_one_time_of_day_to_another(stage: Stage) -> None:
    stage.sandbox.faults.add(rule_of({"when": "down", "from": "09:10", "until": "18:28"}, stage.clock.now()))
    stage.sandbox.faults.add(rule_of({"when": "dropped", "from": "09:10", "until": "18:28"}, stage.clock.now()))
    statuses = []
    for hours in (0, 1, 8, 1):
        await stage.clock.advance(timedelta(hours=hours))
        statuses.append((await stage.slack.call("chat.postMessage", channel="C0GENERAL", text="card")).status)

    await stage.clock.advance(timedelta())

    assert statuses == [200, 503, 503, 200]
    assert [name for _, name, _ in stage.app.came] == ["message", "message"]


def test_a_window_that_ends_before_it_begins_ends_the_next_day() -> None:
    rule = rule_of({"when": "down", "from": "22:00", "until": "06:00"}, FakeClock().now())

    assert rule.since is not None
    assert rule.until is not None
    assert rule.until - rule.since == timedelta(hours=8)


async def test_what_vanished_was_answered_as_if_all_were_well(stage: Stage) -> None:
    stage.sandbox.faults.add(Rule(when=When.VANISHED, method="chat.postMessage", times=1))

    assert await stage.post() is None
    assert (stage.texts, stage.app.came) == ([], [])
    assert Oracle(stage.sandbox.workspace).counts() == {}
    assert await stage.post() is None
    assert stage.texts == ["card"]


async def test_a_slow_call_is_made_and_answered_late(stage: Stage) -> None:
    stage.sandbox.faults.add(Rule(when=When.SLOW, times=1, delay=timedelta(seconds=40)))
    call = asyncio.create_task(stage.post())
    await stage.clock.advance(timedelta(seconds=39))
    before = list(stage.texts)
    await stage.clock.advance(timedelta(seconds=1))

    assert (before, await call, stage.texts) == ([], None, ["card"])


@pytest.mark.parametrize(("when", "posts"), [(When.BEFORE, 0), (When.AFTER, 1)])
async def test_an_error_of_slacks_own_may_hide_a_change(stage: Stage, when: When, posts: int) -> None:
    stage.sandbox.faults.add(Rule(when=when, times=1, error="internal_error"))

    assert await stage.post() == "internal_error"
    assert len(stage.texts) == posts


async def test_the_third_call_fails_when_two_are_to_pass(stage: Stage) -> None:
    stage.sandbox.faults.add(Rule(when=When.BEFORE, method="chat.*", skip=2, times=1, error="fatal_error"))

    assert [await stage.post() for _ in range(4)] == [None, None, "fatal_error", None]


async def test_a_lost_answer_breaks_the_call(stage: Stage) -> None:
    stage.sandbox.faults.add(Rule(when=When.LOST, times=1))

    with pytest.raises(ConnectionBroken):
        await stage.post()
    assert stage.texts == ["card"]


async def test_faults_strike_answers_at_response_urls_and_uploads(stage: Stage) -> None:
    channel = stage.sandbox.workspace.channels[ChannelId("C0GENERAL")]
    url = passes.issue_response_url(stage.sandbox.workspace, ANA, channel)
    upload = (await stage.slack.call("files.getUploadURLExternal", filename="a.txt", length=3)).body["upload_url"]
    stage.sandbox.faults.add(Rule(when=When.DOWN, method="response_url", times=1))
    stage.sandbox.faults.add(Rule(when=When.AFTER, method="upload", times=1))

    answered = [(await stage.slack.answer(url, text="x", response_type="in_channel")).status for _ in range(2)]
    uploaded = [(await stage.slack.upload(upload, b"log")).status for _ in range(2)]

    assert (answered, uploaded) == ([503, 200], [500, 200])
    assert stage.texts == ["x"]
    assert [entry.name for entry in stage.sandbox.journal.calls("upload")] == ["upload", "upload"]


async def test_commands_are_taken_and_answered(stage: Stage) -> None:
    async def take(delivery: Delivery, _attempt: int, _reason: Failure | None) -> Outcome:
        return Outcome(text=f"you said {delivery.payload['text']}")

    stage.slack.deliver_to(take)
    workspace = stage.sandbox.workspace
    channel = workspace.channels[ChannelId("C0GENERAL")]
    await stage.sandbox.control.hands.say(ANA, channel, "/incident help")

    assert [one.text for one in channel.whispers.values()] == ["you said help"]


async def test_nobody_holds_a_piece_of_slacks_state(stage: Stage) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"k": "card"}}
    reply = await stage.slack.call("chat.postMessage", channel="C0GENERAL", text="card", metadata=metadata)
    reply.body["message"]["metadata"]["event_payload"]["k"] = metadata["event_payload"] = {"k": "forged"}

    (message,) = stage.sandbox.workspace.channels[ChannelId("C0GENERAL")].messages.values()
    assert message.metadata == METADATA


async def test_limits_refill_on_the_same_clock(stage: Stage) -> None:
    async def status() -> int:
        return (await stage.slack.call("conversations.list")).status

    statuses = [await status() for _ in range(21)]
    await stage.clock.advance(timedelta(seconds=3))

    assert statuses == [200] * 20 + [429]
    assert await status() == 200
