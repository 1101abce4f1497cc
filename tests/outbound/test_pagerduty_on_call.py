"""Who is on call, asked of a PagerDuty on loopback; and a pager without keys."""

from collections.abc import AsyncIterator, Iterator

import pytest
from structlog.testing import capture_logs

from bot.domain.ids import ServiceName
from bot.domain.policy import Policy, Service
from bot.errors import TryLater, Undeliverable
from bot.outbound.pagerduty import Pager
from tests.fakes.pagerduty import FakePagerDuty, Fault
from tests.fakes.pagerduty_rules import OnCall
from tests.outbound.paging import CHECKOUT, POLICY, SEARCH, job, pager_of


@pytest.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as fake:
        yield fake


@pytest.fixture
def pager(pagerduty: FakePagerDuty) -> Iterator[Pager]:
    with pager_of(pagerduty) as pager:
        yield pager


class TestOnCall:
    async def test_level_one_comes_first_and_everybody_once(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [
            OnCall(policy="PCHECK", level=2, email="boss@x.example"),
            OnCall(policy="PCHECK", level=1, email="Ana@x.example"),
            OnCall(policy="PCHECK", level=3, email="ana@x.example"),
            OnCall(policy="PCHECK", level=1, email=None),
            OnCall(policy="POTHER", level=1, email="eve@x.example"),
        ]
        assert await pager.who_is_on_call() == {CHECKOUT: ("ana@x.example", "boss@x.example"), SEARCH: ()}

    async def test_every_page_of_the_answer_is_read(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.on_calls = [OnCall(policy="PCHECK", email=f"p{n}@x.example") for n in range(250)]
        heard = await pager.who_is_on_call()
        assert len(heard[CHECKOUT]) == 250
        assert len(pagerduty.requests) == 3

    async def test_a_person_is_not_told_again_for_every_shift_to_come(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        shifts = [f"2026-03-{day:02}T{hour:02}:00:00Z" for day in range(1, 29) for hour in range(0, 24, 6)]
        pagerduty.on_calls = [OnCall(policy="PCHECK", email="ana@x.example", start=start) for start in shifts]
        assert (await pager.who_is_on_call())[CHECKOUT] == ("ana@x.example",)
        assert len(pagerduty.requests) == 1

    async def test_very_many_policies_are_asked_in_batches(self, pagerduty: FakePagerDuty) -> None:
        names = [ServiceName(f"s{n}") for n in range(120)]
        policy = Policy(services={name: Service(name=name, escalation_policy=f"P{name.upper()}") for name in names})
        pagerduty.on_calls = [OnCall(policy=f"P{name.upper()}", email=f"{name}@x.example") for name in names]
        with pager_of(pagerduty, policy=policy) as pager:
            heard = await pager.who_is_on_call()
        assert heard == {name: (f"{name}@x.example",) for name in names}
        assert len(pagerduty.requests) == 3

    @pytest.mark.parametrize("fault", [Fault.LIMITED, Fault.BROKEN, Fault.STRANGE, Fault.CUT])
    async def test_trouble_is_tried_later(self, fault: Fault, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.fault = fault
        with pytest.raises(TryLater):
            await pager.who_is_on_call()
        assert len(pagerduty.requests) == 1

    async def test_a_wrong_key_is_never_tried_again(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.api_key = "another"
        with pytest.raises(Undeliverable, match=r"does not accept the key \(401\)"):
            await pager.who_is_on_call()


class TestWithoutKeys:
    async def test_the_pager_is_off_and_says_so_once(self) -> None:
        with capture_logs() as logs:
            pager = Pager(POLICY)
            assert await pager.who_is_on_call() == {}
            with pytest.raises(Undeliverable, match="PAGERDUTY_ROUTING_KEY is not set"):
                await pager.page(job())
        pager.close()
        assert [(entry["event"], entry["missing"]) for entry in logs] == [
            ("pager_off", "PAGERDUTY_ROUTING_KEY"),
            ("pager_on_call_off", "PAGERDUTY_API_KEY"),
        ]
