"""Which events are sent at all: what the app subscribed to and may know, and only so many; and what befalls them."""

import asyncio
from datetime import timedelta

import pytest

from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.faults import Rule, When
from bot.sandbox.state import installs, upheaval
from bot.sandbox.state.ids import ChannelId
from bot.sandbox.state.seed import BOT_TOKEN
from tests.sandbox.here import ANA, Here


async def tell(here: Here, times: int) -> None:
    for _ in range(times):
        here.tell()
    await here.settle()


async def test_beyond_the_hourly_limit_the_app_is_told_once_a_minute_and_of_nothing_else(here: Here) -> None:
    here.sandbox.courier.quota.limit = 3
    await tell(here, 5)
    await here.clock.advance(timedelta(minutes=1))
    await tell(here, 2)

    assert here.app.names == ["team_rename"] * 3 + ["app_rate_limited"] * 2
    first, second = here.app.payloads[-2:]
    assert (first["type"], first["team_id"], first["api_app_id"]) == ("app_rate_limited", "T0SANDBOX", "A0MUSTER")
    assert second["minute_rate_limited"] - first["minute_rate_limited"] == 60
    skipped = [entry.result["outcome"] for entry in here.sandbox.journal.deliveries("team_rename")]
    assert skipped.count("rate_limited") == 4


async def test_after_an_hour_events_come_again(here: Here) -> None:
    here.sandbox.courier.quota.limit = 1
    await tell(here, 2)
    await here.clock.advance(timedelta(minutes=60))
    await tell(here, 1)

    assert here.app.names == ["team_rename", "app_rate_limited", "team_rename"]


async def test_an_app_that_fails_too_often_is_told_nothing_until_it_is_enabled_again(here: Here) -> None:
    here.sandbox.courier.health.spared_below = 20
    here.app.outcome = Outcome(failure=Failure.REFUSED, no_retry=True)
    await tell(here, 20)
    disabled = here.sandbox.courier.health.disabled
    await tell(here, 5)
    here.app.outcome = Outcome()
    here.sandbox.courier.health.enable()
    await tell(here, 1)

    assert disabled
    assert len(here.app.came) == 21
    outcomes = [entry.result["outcome"] for entry in here.sandbox.journal.deliveries()]
    assert outcomes.count("disabled") == 5


@pytest.mark.parametrize(("events", "heard"), [(19, 0), (40, 2)], ids=["few events", "five of a hundred heard"])
async def test_an_app_is_spared_while_few_events_come_or_some_are_heard(here: Here, events: int, heard: int) -> None:
    here.sandbox.courier.health.spared_below = 20
    await tell(here, heard)
    here.app.outcome = Outcome(failure=Failure.REFUSED, no_retry=True)
    await tell(here, events - heard)

    assert not here.sandbox.courier.health.disabled


async def test_retries_end_when_the_subscription_is_disabled(here: Here) -> None:
    here.app.outcome = Outcome(failure=Failure.REFUSED)
    await tell(here, 1)
    here.sandbox.courier.health.disabled = True
    await here.clock.advance(timedelta(hours=1))

    assert [attempt for _, _, attempt in here.app.came] == [0, 1]


async def test_only_what_the_app_subscribed_to_comes(here: Here) -> None:
    here.sandbox.courier.subscriptions = {"message.groups", "app_mention"}
    hands = here.sandbox.control.hands
    await hands.say(ANA, here.general, "hello @muster")
    private = (await here.slack.call("conversations.create", name="secret", is_private=True)).body["channel"]["id"]
    await here.slack.call("chat.postMessage", channel=private, text="mine")
    await here.settle()

    assert [one["event"]["type"] for one in here.app.payloads] == ["app_mention", "message", "message"]
    assert {one["event"].get("channel_type") for one in here.app.payloads} == {None, "group"}


async def test_without_a_scope_its_events_stay_away(here: Here) -> None:
    granted = here.sandbox.workspace.tokens[BOT_TOKEN].scopes
    upheaval.set_scopes(here.sandbox.workspace, granted - {"channels:history", "reactions:read"})
    hands = here.sandbox.control.hands
    ts = (await hands.say(ANA, here.general, "hello @muster"))["ts"]
    await here.slack.call("reactions.add", channel="C0GENERAL", timestamp=ts, name="eyes")
    await here.slack.call("pins.add", channel="C0GENERAL", timestamp=ts)
    await here.settle()

    assert here.app.names == ["app_mention", "pin_added"]


async def test_an_uninstalled_app_hears_that_and_nothing_more(here: Here) -> None:
    installs.uninstall(here.sandbox.workspace)
    here.tell()
    await here.settle()

    assert here.app.names == ["tokens_revoked", "app_uninstalled"]
    assert await here.post() == "account_inactive"

    upheaval.reinstall(here.sandbox.workspace)
    assert await here.post() is None


async def test_an_event_may_come_twice(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.REPEATED, times=1))
    await tell(here, 2)

    ids = [one["event_id"] for one in here.app.payloads]
    assert (len(ids), len(set(ids)), ids[0]) == (3, 2, ids[1])


async def test_an_event_may_be_overtaken(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.REORDERED, times=1, delay=timedelta(seconds=9)))
    here.tell(name="first")
    here.tell(name="second")
    await here.clock.advance(timedelta(seconds=9))

    assert [one["event"]["name"] for one in here.app.payloads] == ["second", "first"]


async def test_when_the_first_attempt_gets_lost_a_retry_is_all_that_comes(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.UNDELIVERED, times=1))
    await tell(here, 1)

    assert here.app.came == [(0.0, "team_rename", 1)]


async def test_when_the_acknowledgement_gets_lost_the_event_comes_again(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.ACK_LOST, times=1))
    await tell(here, 1)
    await here.clock.advance(timedelta(minutes=1))

    assert here.app.came == [(0.0, "team_rename", 0), (3.0, "team_rename", 1)]


async def test_when_a_commands_answer_gets_lost_its_giver_sees_a_failure(here: Here) -> None:
    here.sandbox.faults.add(Rule(when=When.ACK_LOST, method="slash_command", times=1))
    hands, channel = here.sandbox.control.hands, here.sandbox.workspace.channels[ChannelId("C0INCIDENTS")]
    async with asyncio.TaskGroup() as tasks:
        giving = tasks.create_task(hands.say(ANA, channel, "/incident declare"))
        await here.clock.advance(timedelta(seconds=3))

    assert giving.result()["error"] == "operation_timeout"
    assert here.app.names == ["slash_command"]


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("team_join", "users:read"),
        ("team_rename", "team:read"),
        ("user_change", "users:read"),
        ("subteam_updated", "usergroups:read"),
        ("emoji_changed", "emoji:read"),
        ("app_home_opened", ""),
    ],
)
async def test_an_event_needs_its_scope_and_no_other(here: Here, kind: str, scope: str) -> None:
    workspace = here.sandbox.workspace
    upheaval.set_scopes(workspace, workspace.tokens[BOT_TOKEN].scopes - {scope})
    here.tell(kind)
    upheaval.set_scopes(workspace, {scope})
    here.tell(kind)
    await here.settle()

    assert here.app.names == [kind] * (1 if scope else 2)
