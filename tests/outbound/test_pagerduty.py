"""The pager against a PagerDuty on loopback: what a page says; every outcome is sorted by what to do about it."""

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.domain.calls import Call, Callee, CalleeKind, PageCallee
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.model import Severity, Status
from bot.domain.result_commands import ConfirmPage
from bot.domain.work import PageAction, RefreshOnCall
from bot.engine.jobs import Done
from bot.errors import TryLater, Undeliverable
from bot.outbound.pagerduty import Pager
from tests.fakes.pagerduty import API_KEY, ROUTING_KEY, AlertState, FakePagerDuty, Fault
from tests.outbound.paging import CHECKOUT, INCIDENT, POLICY, RUNBOOK, job, pager_of

KEY = "muster-inc-42-7kq2"
IMPATIENT = timedelta(milliseconds=500)


@pytest.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as fake:
        yield fake


@pytest.fixture
def pager(pagerduty: FakePagerDuty) -> Iterator[Pager]:
    with pager_of(pagerduty) as pager:
        yield pager


@pytest.fixture
def impatient(pagerduty: FakePagerDuty) -> Iterator[Pager]:
    with pager_of(pagerduty, IMPATIENT) as pager:
        yield pager


class TestPaging:
    async def test_a_trigger_says_what_is_wrong_where_and_how_bad(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        done = await pager.page(job())
        assert done == Done(command=ConfirmPage(incident=IncidentId(42), action=PageAction.TRIGGER))
        (event,) = pagerduty.alerts[KEY].events
        assert event == {
            "event_action": "trigger",
            "dedup_key": KEY,
            "client": "Muster",
            "payload": {
                "summary": "[SEV-1] INC-42 checkout is down",
                "source": "checkout",
                "severity": "critical",
                "timestamp": "2026-11-21T02:47:00+00:00",
                "custom_details": {"incident": "INC-42", "severity": "SEV-1"},
            },
            "links": [{"href": RUNBOOK, "text": "Runbook"}],
        }

    async def test_a_page_that_comes_after_the_channel_links_to_it(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        await pager.page(job(incident=replace(INCIDENT, channel=ChannelId("C042"), service=None)))
        (event,) = pagerduty.alerts[KEY].events
        assert event["links"] == [{"href": "https://slack.com/app_redirect?channel=C042", "text": "Slack channel"}]
        assert "'source': 'muster'" in str(event)

    @pytest.mark.parametrize(
        ("severity", "theirs"),
        [
            (Severity.SEV1, "critical"),
            (Severity.SEV2, "error"),
            (Severity.SEV3, "warning"),
            (Severity.SEV4, "info"),
        ],
    )
    async def test_a_severity_is_theirs(
        self, severity: Severity, theirs: str, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        await pager.page(job(incident=replace(INCIDENT, severity=severity)))
        assert f"'severity': '{theirs}'" in str(pagerduty.alerts[KEY].events)

    async def test_the_longest_title_and_an_unusable_runbook_still_page(self, pagerduty: FakePagerDuty) -> None:
        odd = replace(POLICY.services[CHECKOUT], runbook_url="see the wiki")
        with pager_of(pagerduty, policy=replace(POLICY, services={CHECKOUT: odd})) as pager:
            await pager.page(job(incident=replace(INCIDENT, title="down " * 1000 + "\n\x00")))
        assert pagerduty.alerts[KEY].pages == 1

    async def test_an_incident_is_one_alert_from_trigger_to_resolve(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        states = []
        for action in PageAction:
            await pager.page(job(action))
            states.append(pagerduty.alerts[KEY].state)
        assert states == [AlertState.TRIGGERED, AlertState.ACKNOWLEDGED, AlertState.RESOLVED]

    async def test_a_page_that_waited_until_all_was_over_wakes_nobody(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        assert await pager.page(job(incident=replace(INCIDENT, status=Status.RESOLVED))) == Done()
        assert pagerduty.requests == []

    async def test_a_lost_lease_sends_nothing(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        with pytest.raises(TryLater):
            await pager.page(replace(job(), still_ours=lambda: False))
        assert pagerduty.requests == []


class TestOutcomes:
    async def test_a_refused_connection_may_be_tried_later(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        await pagerduty.go_down()
        with pytest.raises(TryLater, match="no answer"):
            await pager.page(job())
        await pagerduty.come_up()
        await pager.page(job())
        assert pagerduty.alerts[KEY].pages == 1

    async def test_a_host_that_has_no_address_may_be_tried_later(self, pagerduty: FakePagerDuty) -> None:
        pager = Pager(POLICY, routing_key=SecretStr(ROUTING_KEY), events_url="http://nowhere.invalid")
        with pytest.raises(TryLater, match="no answer"):
            await pager.page(job())
        pager.close()

    @pytest.mark.parametrize(
        ("fault", "said", "after"),
        [
            (Fault.LIMITED, "17", timedelta(seconds=17)),
            (Fault.LIMITED, None, None),
            (Fault.LIMITED, "soon", None),
            (Fault.LIMITED, "99999999999999999999", timedelta(hours=1)),
            (Fault.BROKEN, "3", timedelta(seconds=3)),
            (Fault.BROKEN, None, None),
            (Fault.CUT, None, None),
            (Fault.ELSEWHERE, None, None),
            (Fault.STRANGE, None, None),
        ],
    )
    async def test_trouble_is_tried_later_when_pagerduty_says(
        self, fault: Fault, said: str | None, after: timedelta | None, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.fault, pagerduty.retry_after = fault, said
        with pytest.raises(TryLater) as raised:
            await pager.page(job())
        assert raised.value.after == after
        assert len(pagerduty.requests) == 1  # it is not repeated behind the dispatcher's back

    @pytest.mark.parametrize("fault", [Fault.CUT, Fault.SLOW])
    async def test_a_page_repeated_in_doubt_pages_once(
        self, fault: Fault, impatient: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.fault = fault
        with pytest.raises(TryLater):
            await impatient.page(job())
        pagerduty.fault = None
        await impatient.page(job())
        assert pagerduty.alerts[KEY].pages == 1
        assert len(pagerduty.alerts[KEY].events) == 2

    async def test_a_page_that_pagerduty_accepts_and_loses_looks_done(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.fault = Fault.LOSING
        await pager.page(job())
        assert pagerduty.alerts == {}

    @pytest.mark.parametrize(
        ("fault", "told"), [(Fault.SLOW, "no answer.*ReadTimeout"), (Fault.DRIPPING, r"did not answer within 0\.5 s")]
    )
    async def test_silence_is_given_up_and_its_thread_ends(
        self, fault: Fault, told: str, impatient: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.fault = fault
        with pytest.raises(TryLater, match=told):
            await impatient.page(job())
        pagerduty.leave()
        impatient.close()
        await asyncio.to_thread(_wait_for_threads)

    async def test_hanging_on_call_questions_do_not_hold_up_a_page(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.fault = Fault.SLOW
        hanging = [asyncio.ensure_future(pager.who_is_on_call()) for _ in range(3)]
        await pagerduty.has_had(3)
        pagerduty.fault = None
        await asyncio.wait_for(pager.page(job()), 5)
        for question in hanging:
            question.cancel()

    async def test_a_key_that_is_refused_is_never_tried_again(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.fault = Fault.REFUSING
        with pytest.raises(Undeliverable, match=r"does not accept the key \(403\)"):
            await pager.page(job())

    async def test_an_event_that_is_refused_is_never_tried_again_and_the_reason_is_told(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        pagerduty.routing_key = "another-key"
        with pytest.raises(Undeliverable, match=r"refuses the request \(400\): 'routing_key' is invalid"):
            await pager.page(job())

    async def test_no_error_and_no_log_holds_a_key(self, pager: Pager, pagerduty: FakePagerDuty) -> None:
        pagerduty.api_key = "another"
        with capture_logs() as logs, pytest.raises(Undeliverable) as raised:
            await pager.who_is_on_call()
        assert API_KEY[-4:] not in "".join(traceback.format_exception(raised.value)) + str(logs)

    async def test_each_call_has_a_key_of_its_own_and_what_was_over_before_a_reopening_wakes_nobody(
        self, pager: Pager, pagerduty: FakePagerDuty
    ) -> None:
        first = Call(n=1, callee=Callee(kind=CalleeKind.SERVICE, name=CHECKOUT), by_pager=True, why="It leaks")
        again = replace(INCIDENT, reopened=1, calls=(first, replace(first, n=2, reopened=1)))
        for n in (1, 2):
            await pager.call(job(incident=again, work=PageCallee(incident=IncidentId(42), n=n)))
        assert list(pagerduty.alerts) == [f"{KEY}-again-1-2"]
        over = PageCallee(incident=IncidentId(42), n=1, over=True)
        await pager.call(job(incident=replace(INCIDENT, calls=(first,)), work=replace(over, over=False)))
        await pager.call(job(incident=again, work=over))
        assert pagerduty.alerts[f"{KEY}-1"].state is AlertState.RESOLVED

    async def test_work_of_others_is_refused(self, pager: Pager) -> None:
        with pytest.raises(TypeError):
            await pager.page(job(work=RefreshOnCall()))

    async def test_an_unknown_incident_is_never_paged(self, pager: Pager) -> None:
        with pytest.raises(Undeliverable):
            await pager.page(job(incident=None))


def _wait_for_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("pager"):
            thread.join(timeout=10)
            assert not thread.is_alive()
