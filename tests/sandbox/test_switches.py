"""What tests set over the control API, what the journal keeps, and what the oracle counts."""

import json
import re
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.control import routes
from bot.sandbox.errors import NotPossible
from bot.sandbox.faults import Rule, When
from bot.sandbox.journal import Direction, Journal, lines
from bot.sandbox.oracle import Count, Oracle
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from tests.fakes.clock import FakeClock
from tests.sandbox.here import ANA, METADATA, Here


def test_the_table_in_its_docstring_names_every_address_of_the_control_api(sandbox: Sandbox) -> None:
    table = re.findall(r"^\| ([a-z_/{}, ]+?) +\|", str(routes.__doc__), re.MULTILINE)
    named = {name for row in table for name in row.split(", ") if name.strip()}
    paths = {route.path.removeprefix("/sandbox/") for route in sandbox.control.routes()}

    assert {path.removeprefix("admin/") for path in paths} == named


async def test_faults_with_a_window_are_shown_as_they_stand(people: People) -> None:
    window = {"from": "2031-02-26T07:00:00+00:00", "until": "2031-02-26T16:28:00+00:00"}
    await people.faults({"when": "vanished", "method": "chat.*", "skip": 3, **window}, seed=104)

    (rule,) = (await people.get("faults"))["rules"]
    assert (rule["when"], rule["skip"], rule["from"], rule["until"]) == ("vanished", 3, *window.values())


@pytest.mark.parametrize(
    "rule", [{"when": "never"}, {"when": "down", "from": "2031-02-26T07:00:00"}, {"when": "down", "often": 2}]
)
async def test_what_is_no_fault_is_refused(people: People, rule: dict[str, object]) -> None:
    with pytest.raises(NotPossible, match=r"never|time zone|often"):
        await people.faults(rule)


def test_a_method_meets_the_same_faults_whatever_is_called_between(here: Here) -> None:
    def struck(*, with_others: bool) -> list[bool]:
        here.sandbox.faults.clear()
        here.sandbox.faults.add(before(0.3), before(0.2), seed=104)
        met = []
        for _ in range(50):
            met.append(here.sandbox.faults.strike("chat.postMessage") is not None)
            if with_others:
                here.sandbox.faults.strike("pins.add")
        return met

    alone = struck(with_others=False)
    assert struck(with_others=True) == alone
    assert 10 < sum(alone) < 35


def before(probability: float) -> Rule:
    return Rule(when=When.BEFORE, probability=probability)


async def test_delivery_is_set_and_shown(sandbox: Sandbox, people: People) -> None:
    sandbox.courier.health.disabled = True
    before = await people.get("delivery")
    after = await people.post(
        "delivery", {"enabled": True, "hourly_limit": 10, "spared_below": 5, "delayed_events": True}
    )

    assert (before["enabled"], before["hourly_limit"], before["spared_below"]) == (False, 30_000, 1_000)
    assert after == {
        "ok": True,
        "enabled": True,
        "hourly_limit": 10,
        "spared_below": 5,
        "delayed_events": True,
        "sockets": 0,
    }
    assert sandbox.courier.quota.limit == 10


async def test_subscriptions_sockets_and_de_duplication_are_set(sandbox: Sandbox, people: People) -> None:
    subscribed = await people.post("subscriptions", {"events": ["app_mention"], "domains": ["example.com"]})
    sockets = await people.post("sockets", {"enabled": False, "mute": True, "deaf": True, "cut": True})
    await people.post("dedupe", {"client_msg_id": True})

    assert (subscribed["events"], subscribed["domains"]) == (["app_mention"], ["example.com"])
    assert (sockets["enabled"], sockets["mute"], sockets["open"]) == (False, True, 0)
    assert sandbox.workspace.dedupe_client_msg_id
    with pytest.raises(NotPossible, match="tired"):
        await people.post("sockets", {"reason": "tired"})


async def test_an_app_that_is_sold_outside_of_the_marketplace_reads_fifteen_messages_a_minute(here: Here) -> None:
    here.sandbox.limits.commercial = True
    hands = here.sandbox.control.hands
    for number in range(20):
        await hands.say(ANA, here.general, str(number))
    first = await here.slack.call("conversations.history", channel="C0GENERAL", limit=200)
    second = await here.slack.call("conversations.history", channel="C0GENERAL")
    await here.clock.advance(timedelta(minutes=1))
    third = await here.slack.call("conversations.history", channel="C0GENERAL")

    assert (len(first.body["messages"]), first.body["has_more"]) == (15, True)
    assert (second.status, second.headers["Retry-After"], third.status) == (429, "60", 200)
    assert (await here.slack.call("conversations.info", channel="C0GENERAL")).status == 200


async def test_limits_count_each_workspace_by_itself() -> None:
    limits = Sandbox(FakeClock(), SeededChance(1)).limits
    first = [limits.take("pins.add", "", team="T1") for _ in range(21)]

    assert first[20] is not None
    assert limits.take("pins.add", "", team="T2") is None


async def test_the_journal_is_read_as_json_lines(client: AsyncWebClient, sandbox: Sandbox) -> None:
    await client.auth_test()
    await client.api_test()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/sandbox/journal", params={"format": "jsonl", "since": "1"}) as answer,
    ):
        (entry,) = [json.loads(line) for line in (await answer.text()).splitlines()]

    assert (entry["method"], entry["n"], entry["status"]) == ("api.test", 2, 200)


async def test_every_call_and_delivery_is_appended_to_a_file_when_it_ends(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_text('{"n":0}\n')
    async with Sandbox(SystemClock(), SeededChance(1), journal_file=file) as sandbox:
        await sandbox.in_process().call("chat.postMessage", channel="C0GENERAL", text="card")
        written = file.read_text()

    entries = [json.loads(line) for line in written.splitlines()]
    (call,) = [entry for entry in entries if entry.get("method") == "chat.postMessage"]
    assert entries[0] == {"n": 0}
    assert (call["args"], call["status"]) == ({"channel": "C0GENERAL", "text": "card"}, 200)


def test_secrets_never_reach_the_journals_readers() -> None:
    journal = Journal(FakeClock())
    arguments = {"token": "xoxb-1-secret", "code": "c-secret", "text": "my token is xoxp-2-secret", "blocks": [{}]}
    entry = journal.begin(Direction.CALL, "oauth.v2.access", arguments)
    granted = {"access_token": "xoxb-3-secret", "authed_user": {"access_token": "xoxp-4-secret"}}
    journal.end(entry, status=200, result={"ok": True, "refresh_token": "xoxe-1-secret", **granted})

    assert "secret" not in lines([entry]).replace("(secret)", "")
    assert "(secret)" in str(entry.shape()["args"])


async def test_the_oracle_counts_posts_with_and_without_de_duplication(here: Here) -> None:
    async def post(**more: str) -> None:
        await here.slack.call("chat.postMessage", channel="C0GENERAL", text="x", metadata=METADATA, **more)

    for _ in range(2):
        await post(client_msg_id="1b4e28ba")
    await post(client_msg_id="6fa459ea")
    await post()
    oracle = Oracle(here.sandbox.workspace)
    loose = oracle.counts()["card"]
    here.sandbox.workspace.dedupe_client_msg_id = True
    await post(client_msg_id="6fa459ea")

    assert loose == Count(posts=4, standing=4, distinct=3)
    assert oracle.counts()["card"] == loose
    assert oracle.repeated() == ["card"]


async def test_the_oracle_is_asked_over_the_control_api(client: AsyncWebClient, people: People) -> None:
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="x", metadata=METADATA))["ts"]
    await client.chat_delete(channel="C0GENERAL", ts=ts)

    answer = await people.get("oracle")
    assert answer == {"markers": {"card": {"posts": 1, "standing": 0, "distinct": 1}}, "repeated": []}


async def test_a_channel_has_one_limit_by_whichever_name_it_is_called(here: Here) -> None:
    names = ["C0GENERAL", "#general", "general", "C0GENERAL", "#general", "general", "C0ALERTS"]
    replies = [await here.slack.call("chat.postMessage", channel=name, text="x") for name in names]

    assert [reply.status for reply in replies] == [200] * 5 + [429, 200]


@pytest.mark.parametrize("wait", ["soon", "nan", "1e400"])
async def test_waiting_for_no_number_of_seconds_is_refused(people: People, wait: str) -> None:
    with pytest.raises(NotPossible, match="number of seconds"):
        await people.get("changes", wait=wait)
