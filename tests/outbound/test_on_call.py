"""Who is on call becomes a roster of Slack users; nobody's absence from Slack stops the others."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.domain.decisions import State
from bot.domain.ids import ServiceName, UserId
from bot.domain.places import place
from bot.domain.policy import Policy, Service
from bot.domain.result_commands import RecordOnCall
from bot.domain.work import RefreshOnCall
from bot.engine.jobs import Job, Perform
from bot.errors import TryLater, Undeliverable
from bot.outbound.on_call import on_call_performer
from bot.outbound.pagerduty import Pager
from tests.fakes.pagerduty import API_KEY, FakePagerDuty
from tests.fakes.pagerduty_rules import OnCall

CHECKOUT, SEARCH, WIKI = ServiceName("checkout"), ServiceName("search"), ServiceName("wiki")
ANA, BO, CLEO = UserId("U0ANA"), UserId("U0BO"), UserId("U0CLEO")
POLICY = Policy(
    services={
        CHECKOUT: Service(name=CHECKOUT, on_call=(CLEO,), escalation_policy="PCHECK"),
        SEARCH: Service(name=SEARCH, on_call=(BO,)),
        WIKI: Service(name=WIKI, owners=(ANA,)),
    }
)
JOB = Job(work=RefreshOnCall(), key=place(RefreshOnCall()).key, attempt=1, state=State())


class Directory:
    """A Slack that knows some people by e-mail, and may ask for patience after some questions."""

    def __init__(self, people: Mapping[str, UserId], patience: int = 1000) -> None:
        self.people, self.patience = people, patience
        self.asked: list[str] = []

    async def find(self, address: str) -> UserId | None:
        if len(self.asked) >= self.patience:
            raise TryLater("too many questions")
        self.asked.append(address)
        return self.people.get(address)


SLACK = {"ana@x.example": ANA, "bo@x.example": BO}


@pytest.fixture
async def pagerduty() -> AsyncIterator[FakePagerDuty]:
    async with FakePagerDuty() as fake:
        yield fake


@pytest.fixture
async def pager(pagerduty: FakePagerDuty) -> AsyncIterator[Pager]:
    pager = Pager(POLICY, api_key=SecretStr(API_KEY), api_url=pagerduty.url)
    yield pager
    pager.close()


async def roster(perform: Perform) -> Mapping[ServiceName, tuple[UserId, ...]]:
    command = (await perform(JOB)).command
    assert isinstance(command, RecordOnCall)
    return command.roster


async def test_pagerduty_names_people_and_the_file_those_it_is_not_asked_about(
    pager: Pager, pagerduty: FakePagerDuty
) -> None:
    pagerduty.on_calls = [
        OnCall(policy="PCHECK", level=2, email="bo@x.example"),
        OnCall(policy="PCHECK", level=1, email="ana@x.example"),
    ]
    perform = on_call_performer(pager, Directory(SLACK).find, POLICY)
    assert await roster(perform) == {CHECKOUT: (ANA, BO), SEARCH: (BO,)}


async def test_without_an_api_key_the_file_names_everybody() -> None:
    pager = Pager(POLICY)
    perform = on_call_performer(pager, Directory(SLACK).find, POLICY)
    assert await roster(perform) == {CHECKOUT: (CLEO,), SEARCH: (BO,)}
    pager.close()


async def test_an_address_that_slack_does_not_know_is_skipped_and_said_once(
    pager: Pager, pagerduty: FakePagerDuty
) -> None:
    addresses = ("stranger@x.example", "ana@x.example")
    pagerduty.on_calls = [OnCall(policy="PCHECK", email=address) for address in addresses]
    perform = on_call_performer(pager, Directory(SLACK).find, POLICY)
    with capture_logs() as logs:
        assert (await roster(perform))[CHECKOUT] == (ANA,)
        assert (await roster(perform))[CHECKOUT] == (ANA,)
    assert [(entry["event"], entry["email"]) for entry in logs] == [("on_call_unknown_in_slack", "stranger@x.example")]


async def test_when_nobody_is_on_call_the_file_steps_in_and_the_gap_is_said_once(
    pager: Pager, pagerduty: FakePagerDuty
) -> None:
    perform = on_call_performer(pager, Directory(SLACK).find, POLICY)
    with capture_logs() as logs:
        assert (await roster(perform))[CHECKOUT] == (CLEO,)
        await roster(perform)
        pagerduty.on_calls = [OnCall(policy="PCHECK", email="ana@x.example")]
        await roster(perform)
        pagerduty.on_calls = []
        await roster(perform)
    assert [(entry["event"], entry["service"]) for entry in logs] == [("nobody_on_call", CHECKOUT)] * 2


async def test_a_person_is_looked_up_once_so_that_a_long_list_gets_done_in_steps(
    pager: Pager, pagerduty: FakePagerDuty
) -> None:
    people = {f"p{n}@x.example": UserId(f"U{n}") for n in range(4)}
    pagerduty.on_calls = [OnCall(policy="PCHECK", email=address) for address in people]
    slack = Directory(people, patience=2)
    perform = on_call_performer(pager, slack.find, POLICY)
    with pytest.raises(TryLater):
        await perform(JOB)
    slack.patience = 4
    assert (await roster(perform))[CHECKOUT] == tuple(people.values())
    assert slack.asked == list(people)


async def test_a_refused_key_is_told_and_not_hidden_by_the_file(pager: Pager, pagerduty: FakePagerDuty) -> None:
    pagerduty.api_key = "another"
    with pytest.raises(Undeliverable):
        await on_call_performer(pager, Directory(SLACK).find, POLICY)(replace(JOB))
