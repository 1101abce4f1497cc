"""An incident that affects several services: the first leads and is paged, of all of them people are invited."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.affected import MOST, each_once, shared
from bot.domain.commands import Declare, ReportAlert
from bot.domain.course_commands import Accept
from bot.domain.deploys import Deploy, is_of
from bot.domain.evolve import fold
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Severity
from bot.domain.policy import Service
from bot.domain.postmortem import compile_postmortem
from bot.domain.result_commands import PageOverdue
from bot.domain.second_route import CallPerson
from bot.domain.work import InvitePeople, Page
from bot.errors import Refused
from tests.domain.story import ANA, CHECKOUT, CLEO, POLICY, START, Story, reported

SEARCH, LEDGER = ServiceName("search"), ServiceName("ledger")
DAN = UserId("U0DAN")
SEVERAL = replace(
    POLICY,
    services={
        **POLICY.services,
        SEARCH: Service(name=SEARCH, on_call=(DAN, CLEO)),
        LEDGER: Service(name=LEDGER, owners=(UserId("U0EVE"),)),
    },
)
BOTH = Declare(title="Both are down", by=ANA, severity=Severity.SEV2, service=CHECKOUT, also=(SEARCH, LEDGER))


def story(command: Declare = BOTH) -> Story:
    told = Story(SEVERAL)
    told.do(command)
    return told


def test_the_first_leads_and_on_call_people_of_all_of_them_are_invited_once() -> None:
    told = story()
    assert (told.incident.service, told.incident.also) == (CHECKOUT, (SEARCH, LEDGER))
    assert told.incident.services == (CHECKOUT, SEARCH, LEDGER)
    assert told.incident.responders == (ANA, CLEO, DAN)
    assert fold(told.last.events) == told.incident
    told.opened()
    (invited,) = [one.users for one in told.work() if isinstance(one, InvitePeople)]
    assert invited == (ANA, CLEO, DAN)


def test_what_is_named_twice_counts_once_as_it_was_written_first() -> None:
    told = story(replace(BOTH, also=(ServiceName("Checkout"), SEARCH, ServiceName(" SEARCH "), CHECKOUT)))
    assert told.incident.services == (CHECKOUT, SEARCH)
    assert each_once((None, SEARCH, ServiceName("Search"))) == (SEARCH,)
    assert shared((CHECKOUT, SEARCH), (ServiceName("SEARCH"), LEDGER)) == (SEARCH,)


def test_without_a_leading_one_the_alerts_own_leads_else_the_first_of_the_others() -> None:
    assert story(replace(BOTH, service=None)).incident.services == (SEARCH, LEDGER)
    told = Story(SEVERAL)
    told.do(ReportAlert(report=reported()))
    assert told.alert
    told.do(replace(BOTH, title="", service=None, also=(SEARCH,), alert=told.alert.id))
    assert told.incident.services == (CHECKOUT, SEARCH)
    assert Story().declared().incident.also == ()


def test_more_than_ten_are_refused() -> None:
    many = tuple(ServiceName(f"service-{n}") for n in range(MOST))
    assert len(story(replace(BOTH, service=None, also=many)).incident.services) == MOST
    with pytest.raises(Refused, match="at most 10 services; these are 11"):
        story(replace(BOTH, also=many))


def test_accepted_from_triage_all_of_them_are_invited() -> None:
    told = story(replace(BOTH, triage=True))
    assert [*told.incident.responders] == [ANA]
    told.do(Accept(incident=told.incident.id, by=ANA))
    assert told.incident.responders == (ANA, CLEO, DAN)


def test_into_a_private_one_only_those_come_whose_phone_rings_for_it() -> None:
    assert story(replace(BOTH, private=True)).incident.responders == (ANA, CLEO)
    accepted = story(replace(BOTH, private=True, triage=True))
    accepted.do(Accept(incident=accepted.incident.id, by=ANA))
    assert accepted.incident.responders == (ANA, CLEO)


def test_the_leading_ones_people_are_paged_and_called_and_no_others() -> None:
    told = story()
    assert len([one for one in told.work() if isinstance(one, Page)]) == 1
    told.do(PageOverdue(incident=told.incident.id), at=timedelta(minutes=10))
    assert [one.user for one in told.work() if isinstance(one, CallPerson)] == [CLEO]


def test_the_postmortem_names_all_of_them() -> None:
    told = story()
    assert compile_postmortem(told.incident, (), (), SEVERAL).services == (CHECKOUT, SEARCH, LEDGER)


def test_the_deploys_of_each_are_its_own() -> None:
    services = story().incident.services
    deploys = [Deploy(service=ServiceName(name), version="1", at=START) for name in ("Search", "mail")]
    assert [is_of(one, services) for one in deploys] == [True, False]
