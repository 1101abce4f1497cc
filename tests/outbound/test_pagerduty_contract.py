"""The fake PagerDuty keeps the documented contract, asked with plain HTTP: our pager is tested against no dream."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from tests.fakes.pagerduty import API_KEY, ROUTING_KEY, FakePagerDuty
from tests.fakes.pagerduty_rules import OnCall

TRIGGER = {
    "routing_key": ROUTING_KEY,
    "event_action": "trigger",
    "dedup_key": "k",
    "payload": {"summary": "s", "source": "host", "severity": "critical"},
}
ASKING = {"Authorization": f"Token token={API_KEY}", "Accept": "application/vnd.pagerduty+json;version=2"}
Answer = tuple[int, dict[str, object]]


@pytest.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as fake:
        yield fake


class TestContract:
    """Each test is a sentence of the documentation."""

    async def send(self, fake: FakePagerDuty, event: object) -> Answer:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{fake.url}/v2/enqueue", json=event) as response,
        ):
            return response.status, await response.json()

    async def ask(self, fake: FakePagerDuty, query: str = "", headers: Mapping[str, str] = ASKING) -> Answer:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{fake.url}/oncalls{query}", headers=headers) as response,
        ):
            return response.status, await response.json()

    async def test_an_event_is_accepted_with_its_key(self, pagerduty: FakePagerDuty) -> None:
        expected = {"status": "success", "message": "Event processed", "dedup_key": "k"}
        assert await self.send(pagerduty, TRIGGER) == (202, expected)

    async def test_a_trigger_without_a_key_is_given_one(self, pagerduty: FakePagerDuty) -> None:
        status, body = await self.send(pagerduty, {name: TRIGGER[name] for name in TRIGGER if name != "dedup_key"})
        assert status == 202
        assert body["dedup_key"]

    async def test_the_same_key_twice_pages_once(self, pagerduty: FakePagerDuty) -> None:
        await self.send(pagerduty, TRIGGER)
        await self.send(pagerduty, TRIGGER)
        assert pagerduty.alerts["k"].pages == 1
        assert len(pagerduty.alerts["k"].events) == 2

    async def test_a_trigger_after_the_end_pages_anew(self, pagerduty: FakePagerDuty) -> None:
        for action in ("trigger", "acknowledge", "resolve", "trigger"):
            await self.send(pagerduty, TRIGGER | {"event_action": action})
        assert pagerduty.alerts["k"].pages == 2
        assert pagerduty.alerts["k"].state == "triggered"

    async def test_resolving_what_is_not_known_is_accepted(self, pagerduty: FakePagerDuty) -> None:
        status, _ = await self.send(pagerduty, TRIGGER | {"event_action": "resolve"})
        assert status == 202
        assert pagerduty.alerts == {}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"routing_key": "short"},
            {"routing_key": "X" * 32},
            {"event_action": "shout"},
            {"dedup_key": "k" * 256},
            {"event_action": "resolve", "dedup_key": ""},
            {"payload": None},
            {"payload": {"summary": "s" * 1025, "source": "h", "severity": "info"}},
            {"payload": {"summary": "", "source": "h", "severity": "info"}},
            {"payload": {"summary": "s", "severity": "info"}},
            {"payload": {"summary": "s", "source": "h", "severity": "sev1"}},
            {"links": [{"text": "no href"}]},
            {"links": "https://x.example"},
            {"unknown": 1},
        ],
    )
    async def test_an_invalid_event_is_refused_with_its_errors(
        self, wrong: Mapping[str, object], pagerduty: FakePagerDuty
    ) -> None:
        status, body = await self.send(pagerduty, TRIGGER | dict(wrong))
        assert (status, body["status"]) == (400, "invalid event")
        assert body["errors"]
        assert pagerduty.alerts == {}

    async def test_on_calls_need_the_key(self, pagerduty: FakePagerDuty) -> None:
        wrong = {"Authorization": f"Bearer {API_KEY}"}
        assert (await self.ask(pagerduty, headers=ASKING | wrong))[0] == 401

    async def test_on_calls_need_the_version(self, pagerduty: FakePagerDuty) -> None:
        assert (await self.ask(pagerduty, headers=ASKING | {"Accept": "application/json"}))[0] == 406

    @pytest.mark.parametrize("query", ["?limit=101", "?policy_ids[]=P1", "?include[]=people", "?earliest=yes"])
    async def test_a_wrong_question_is_refused(self, query: str, pagerduty: FakePagerDuty) -> None:
        assert (await self.ask(pagerduty, query))[0] == 400

    async def test_on_calls_come_in_pages(self, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [OnCall(policy="P1", email=f"{n}@x.example") for n in range(5)]
        _, first = await self.ask(pagerduty, "?limit=3")
        _, second = await self.ask(pagerduty, "?limit=3&offset=3")
        assert [len(first["oncalls"]), first["more"]] == [3, True]  # type: ignore[arg-type]
        assert [len(second["oncalls"]), second["more"]] == [2, False]  # type: ignore[arg-type]

    async def test_only_the_policies_asked_for_are_told(self, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [OnCall(policy=policy, email="a@x.example") for policy in ("P1", "P2", "P3")]
        _, body = await self.ask(pagerduty, "?escalation_policy_ids[]=P1&escalation_policy_ids[]=P3")
        assert len(body["oncalls"]) == 2  # type: ignore[arg-type]

    async def test_addresses_are_told_only_when_users_are_included(self, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [OnCall(policy="P1", email="a@x.example")]
        assert "a@x.example" not in str((await self.ask(pagerduty))[1])
        assert "a@x.example" in str((await self.ask(pagerduty, "?include[]=users"))[1])

    async def test_earliest_tells_each_person_once_a_level(self, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [
            OnCall(policy="P1", email="a@x.example", start="2026-03-09T00:00:00Z"),
            OnCall(policy="P1", email="a@x.example", start="2026-03-02T00:00:00Z"),
            OnCall(policy="P1", email="a@x.example", level=2),
        ]
        _, body = await self.ask(pagerduty, "?earliest=true")
        entries = body["oncalls"]
        assert isinstance(entries, list)
        assert [(e["escalation_level"], e["start"]) for e in entries] == [(1, "2026-03-02T00:00:00Z"), (2, None)]
