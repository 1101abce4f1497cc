"""The same sandbox without a network, on a clock that the test moves: hours pass in no time."""

import asyncio
import contextlib
import copy
from datetime import timedelta

import pytest

from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.errors import NotPossible
from bot.sandbox.faults import Rule, When, rule_of
from bot.sandbox.gate import ConnectionBroken
from bot.sandbox.journal import lines
from bot.sandbox.oracle import Oracle
from bot.sandbox.state import passes
from bot.sandbox.state.ids import ChannelId, UserId
from tests.fakes.clock import FakeClock
from tests.sandbox.here import ANA, METADATA, Here


async def test_an_event_that_nobody_acknowledges_comes_four_times_within_six_minutes(here: Here) -> None:
    here.app.awake = False
    await here.post()

    await here.clock.advance(timedelta(hours=1))

    # Each attempt takes three seconds to fail.
    assert here.app.came == [(0.0, "message", 0), (3.0, "message", 1), (66.0, "message", 2), (369.0, "message", 3)]


async def test_delayed_events_come_every_hour_for_a_day(here: Here) -> None:
    here.app.awake = False
    here.sandbox.courier.delayed_events = True
    await here.post()

    await here.clock.advance(timedelta(hours=20))
    here.app.awake = True
    await here.clock.advance(timedelta(days=2))

    assert len(here.app.came) == 1 + 3 + 20
    assert here.app.came[4][0] - here.app.came[3][0] == timedelta(hours=1, seconds=3).total_seconds()


async def test_a_response_url_lives_for_thirty_minutes(here: Here) -> None:
    url = passes.issue_response_url(here.sandbox.workspace, ANA, here.general)

    await here.clock.advance(timedelta(minutes=30))
    first = await here.slack.answer(url, text="in time", response_type="in_channel")
    await here.clock.advance(timedelta(seconds=1))
    second = await here.slack.answer(url, text="too late", response_type="in_channel")

    assert (first.status, second.status, second.body["error"]) == (200, 404, "expired_url")
    assert here.texts == ["in time"]


async def test_a_scheduled_message_is_posted_when_its_time_comes(here: Here) -> None:
    at = int((here.clock.now() + timedelta(hours=3)).timestamp())
    await here.slack.call("chat.scheduleMessage", channel="C0GENERAL", text="still there?", post_at=at)

    await here.clock.advance(timedelta(hours=2, minutes=59))
    before = list(here.texts)
    await here.clock.advance(timedelta(minutes=1))

    assert (before, here.texts) == ([], ["still there?"])


async def test_an_outage_lasts_from_one_time_of_day_to_another(here: Here) -> None:
    here.sandbox.faults.add(rule_of({"when": "down", "from": "09:10", "until": "18:28"}, here.clock.now()))
    here.sandbox.faults.add(rule_of({"when": "dropped", "from": "09:10", "until": "18:28"}, here.clock.now()))
    statuses = []
    for hours in (0, 1, 8, 1):
        await here.clock.advance(timedelta(hours=hours))
        statuses.append((await here.slack.call("chat.postMessage", channel="C0GENERAL", text="card")).status)

    await here.settle()

    assert statuses == [200, 503, 503, 200]
    assert here.app.names == ["message", "message"]


def test_a_window_that_ends_before_it_begins_ends_the_next_day() -> None:
    rule = rule_of({"when": "down", "from": "22:00", "until": "06:00"}, FakeClock().now())

    assert rule.since is not None
    assert rule.until is not None
    assert rule.until - rule.since == timedelta(hours=8)


async def test_what_vanished_was_answered_as_if_all_were_well(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.VANISHED, method="chat.postMessage", times=1))

    assert await here.post() is None
    assert (here.texts, here.app.came) == ([], [])
    assert Oracle(here.sandbox.workspace).counts() == {}
    assert await here.post() is None
    assert here.texts == ["card"]


async def test_a_slow_call_is_made_and_answered_late(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.SLOW, times=1, delay=timedelta(seconds=40)))
    call = asyncio.create_task(here.post())
    await here.clock.advance(timedelta(seconds=39))
    before = list(here.texts)
    await here.clock.advance(timedelta(seconds=1))

    assert (before, await call, here.texts) == ([], None, ["card"])


@pytest.mark.parametrize(("when", "posts"), [(When.BEFORE, 0), (When.AFTER, 1)])
async def test_an_error_of_slacks_own_may_hide_a_change(here: Here, when: When, posts: int) -> None:
    here.sandbox.faults.add(Rule(when=when, times=1, error="internal_error"))

    assert await here.post() == "internal_error"
    assert len(here.texts) == posts


async def test_the_third_call_fails_when_two_are_to_pass(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.BEFORE, method="chat.*", skip=2, times=1, error="fatal_error"))

    assert [await here.post() for _ in range(4)] == [None, None, "fatal_error", None]


async def test_a_lost_answer_breaks_the_call(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.LOST, times=1))

    with pytest.raises(ConnectionBroken):
        await here.post()
    assert here.texts == ["card"]


async def test_faults_strike_answers_at_response_urls_and_uploads(here: Here) -> None:
    url = passes.issue_response_url(here.sandbox.workspace, ANA, here.general)
    upload = (await here.slack.call("files.getUploadURLExternal", filename="a.txt", length=3)).body["upload_url"]
    here.sandbox.faults.add(Rule(when=When.DOWN, method="response_url", times=1))
    here.sandbox.faults.add(Rule(when=When.AFTER, method="upload", times=1))

    answered = [(await here.slack.answer(url, text="x", response_type="in_channel")).status for _ in range(2)]
    uploaded = [(await here.slack.upload(upload, b"log")).status for _ in range(2)]

    assert (answered, uploaded) == ([503, 200], [500, 200])
    assert here.texts == ["x"]
    assert [entry.name for entry in here.sandbox.journal.calls("upload")] == ["upload", "upload"]


async def test_commands_are_taken_and_answered(here: Here) -> None:
    async def take(delivery: Delivery, _attempt: int, _reason: Failure | None) -> Outcome:
        return Outcome(text=f"you said {delivery.payload['text']}")

    here.slack.deliver_to(take)
    await here.sandbox.control.hands.say(ANA, here.general, "/incident help")

    assert [one.text for one in here.general.whispers.values()] == ["you said help"]


async def test_nobody_holds_a_piece_of_slacks_state(here: Here) -> None:
    metadata = {"event_type": "outbox", "event_payload": {"k": "card"}}
    reply = await here.slack.call("chat.postMessage", channel="C0GENERAL", text="card", metadata=metadata)
    reply.body["message"]["metadata"]["event_payload"]["k"] = metadata["event_payload"] = {"k": "forged"}

    (message,) = here.general.messages.values()
    assert message.metadata == METADATA


async def test_limits_refill_on_the_same_clock(here: Here) -> None:
    async def status() -> int:
        return (await here.slack.call("conversations.list")).status

    statuses = [await status() for _ in range(21)]
    await here.clock.advance(timedelta(seconds=3))

    assert statuses == [200] * 20 + [429]
    assert await status() == 200


async def test_a_script_says_what_goes_wrong_and_when(here: Here) -> None:
    steps = [
        {"at": "09:30", "do": "faults", "rules": [{"when": "down", "until": "18:28"}]},
        {"at": "+1200", "do": "say", "as": "bo", "channel": "general", "text": "all quiet"},
        {"at": "2026-03-02T19:00:00+00:00", "do": "admin/deactivate", "user": "cleo"},
        {"at": "+0", "do": "archive", "channel": "general"},
    ]
    await here.sandbox.control.script.take({"steps": steps})
    await here.clock.advance(timedelta(minutes=29))
    quiet, before = list(here.texts), await here.post()
    await here.clock.advance(timedelta(hours=2))
    during = (await here.slack.call("auth.test")).status
    await here.clock.advance(timedelta(hours=8))

    assert (quiet, before, during) == (["all quiet"], None, 503)
    assert await here.post() is None
    assert here.sandbox.workspace.people[UserId("U0CLEO")].deleted
    assert here.sandbox.control.script.failed == ["archive: cant_archive_general"]


@pytest.mark.parametrize("step", [{"do": "dance"}, {"at": "noon", "do": "say"}])
async def test_a_script_with_a_faulty_step_is_not_taken(here: Here, step: dict[str, object]) -> None:
    with pytest.raises(NotPossible, match=r"dance|noon"):
        await here.sandbox.control.script.take({"steps": [{"do": "say", "channel": "general", "text": "x"}, step]})
    await here.settle()

    assert here.texts == []


async def tell_a_story(seed: int) -> str:
    """Return the journal of a busy hour in which a seventh of all calls and deliveries goes wrong."""
    here = Here(seed)
    calls = [When.BEFORE, When.AFTER, When.LOST, When.LATE, When.APPLIED_LATE, When.VANISHED, When.LIMITED]
    broken = [*calls, When.DROPPED, When.REPEATED, When.UNDELIVERED]
    here.sandbox.faults.add(*[Rule(when=when, probability=0.02) for when in broken], seed=seed)

    async def call(number: int) -> None:
        with contextlib.suppress(ConnectionBroken):
            channel = (await here.slack.call("conversations.create", name=f"inc-{number}")).body.get("channel")
            await here.slack.call("chat.postMessage", channel=channel["id"] if channel else "C0GENERAL", text="card")

    for number in range(60):
        calling = asyncio.create_task(call(number))
        await here.clock.advance(timedelta(minutes=1))
        await calling
    story = lines(here.sandbox.journal.since(0))
    await here.sandbox.stop()
    return story


async def test_the_same_seed_tells_the_same_story() -> None:
    first = await tell_a_story(104)

    assert await tell_a_story(104) == first
    assert await tell_a_story(105) != first
    assert first.count('"fault":') > 5


async def test_what_only_seemed_to_be_done_leaves_no_trace(here: Here) -> None:
    await here.post()
    (ts,) = here.general.messages
    before = copy.deepcopy(here.general)
    here.sandbox.faults.add(Rule(when=When.VANISHED))
    where = {"channel": "C0GENERAL"}
    for method, arguments in (
        ("reactions.add", {**where, "timestamp": ts, "name": "eyes"}),
        ("chat.postMessage", {**where, "thread_ts": ts, "text": "reply"}),
        ("chat.update", {**where, "ts": ts, "text": "changed"}),
        ("pins.add", {**where, "timestamp": ts}),
        ("bookmarks.add", {"channel_id": "C0GENERAL", "title": "x", "type": "link", "link": "https://example.com/"}),
        ("conversations.setTopic", {**where, "topic": "t"}),
        ("conversations.leave", {"channel": "C0INCIDENTS"}),
        ("chat.delete", {**where, "ts": ts}),
    ):
        assert (await here.slack.call(method, **arguments)).body["ok"], method

    await here.settle()
    assert here.general == before
    assert here.sandbox.workspace.bot in here.sandbox.workspace.channels[ChannelId("C0INCIDENTS")].members
    assert here.app.names == ["message"]
