"""Calling people in: by pager where there is one, once, level after level; inviting wakes nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind, InviteGroup, PageCallee, PeopleCalled, TellCalled
from bot.domain.commands import Resolve
from bot.domain.course_commands import Reopen
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.paging import call_key, page_key
from bot.domain.people_commands import CallPeople, ConfirmCall, Escalate, Invite
from bot.domain.policy import Policy
from bot.domain.work import InvitePeople
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, POLICY, Story

N = IncidentId(42)
DITA = UserId("U0DITA")
A_PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
A_SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")
A_GROUP = Callee(kind=CalleeKind.GROUP, name="S0LEADS", label="@leads")
LEVELS = ((A_SERVICE,), (A_PERSON, A_GROUP))
SEV2 = replace(POLICY.severities[Severity.SEV2], escalation=LEVELS)
ESCALATING = replace(POLICY, severities={**POLICY.severities, Severity.SEV2: SEV2})


def story(policy: Policy = POLICY) -> Story:
    return Story(policy).declared().opened()


def page(*callees: Callee, why: str = "Nobody here knows it") -> CallPeople:
    return CallPeople(incident=N, callees=callees, why=why, by=ANA)


def works(of: Story, *kinds: type) -> list[object]:
    return [work for work in of.work() if isinstance(work, kinds)]


def test_whoever_is_on_call_for_a_service_is_paged_and_told_beside_it() -> None:
    told = story()
    told.do(page(A_SERVICE))
    (event,) = told.last.events
    assert isinstance(event, PeopleCalled)
    (one,) = event.calls
    assert (one.n, one.by_pager, one.told) == (1, True, (CLEO,))
    assert works(told, PageCallee, TellCalled) == [
        PageCallee(incident=N, n=1),
        TellCalled(incident=N, n=1, user=CLEO, by=ANA),
    ]
    assert call_key(told.incident, one) == f"{page_key(told.incident)}-1"


def test_a_person_without_a_pager_is_told_and_brought_in_and_one_with_one_is_paged_too() -> None:
    told = story()
    told.do(page(A_PERSON))
    assert works(told, PageCallee) == []
    assert works(told, TellCalled, InvitePeople) == [
        TellCalled(incident=N, n=1, user=BO, by=ANA),
        InvitePeople(incident=N, users=(BO,)),
    ]
    assert BO in told.incident.responders
    paged = story(replace(POLICY, own_pagers=frozenset({"person:U0BO"})))
    paged.do(page(A_PERSON))
    assert works(paged, PageCallee) == [PageCallee(incident=N, n=1)]


def test_what_was_called_before_it_was_reopened_is_over_and_may_be_called_at_once() -> None:
    told = story()
    told.do(page(A_SERVICE))
    told.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    told.do(Reopen(incident=N, reason="Errors are back", by=ANA))
    told.do(page(A_SERVICE))
    assert works(told, PageCallee) == [PageCallee(incident=N, n=2)]


def test_a_service_without_any_pager_is_told_to_its_owners_and_nobody_is_when_there_is_nobody() -> None:
    told = story(replace(POLICY, paging=False))
    told.do(page(A_SERVICE, Callee(kind=CalleeKind.SERVICE, name="search")))
    assert [(one.by_pager, one.told) for one in told.incident.calls] == [(False, (CLEO,)), (False, ())]
    assert works(told, PageCallee) == []


def test_the_same_is_not_called_twice_within_five_minutes() -> None:
    told = story()
    told.do(page(A_SERVICE, A_SERVICE))
    assert len(told.incident.calls) == 1
    with pytest.raises(Refused, match="less than 5 minutes ago"):
        told.do(page(A_SERVICE, why="Really"), at=timedelta(minutes=4))
    told.do(page(A_SERVICE, A_PERSON), at=timedelta(minutes=4))
    assert [one.callee for one in told.incident.calls] == [A_SERVICE, A_PERSON], "only who was not"
    told.do(page(A_SERVICE), at=timedelta(minutes=6))
    assert told.incident.calls[-1].n == 3


@pytest.mark.parametrize("why", ["", " \u202e "])
def test_why_is_asked_for(why: str) -> None:
    with pytest.raises(Refused, match="Say why they are called"):
        story().do(page(A_PERSON, why=why))


def test_what_the_pager_accepted_is_recorded_and_its_phones_are_quiet_when_it_is_over() -> None:
    told = story()
    told.do(page(A_SERVICE, A_PERSON))
    told.do(ConfirmCall(incident=N, n=1))
    assert [bool(one.accepted_at) for one in told.incident.calls] == [True, False]
    told.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert works(told, PageCallee) == [PageCallee(incident=N, n=1, over=True)]


def test_escalating_wakes_level_after_level_and_says_when_there_is_none() -> None:
    told = story(ESCALATING)
    told.do(Escalate(incident=N, why="", by=ANA))
    assert (told.incident.level, [one.callee for one in told.incident.calls]) == (1, [A_SERVICE])
    told.do(Escalate(incident=N, why="Nobody answers", by=ANA))
    assert told.incident.level == 2
    assert works(told, InviteGroup) == [InviteGroup(incident=N, group="S0LEADS")]
    told.do(page(DITA_CALLED))
    assert told.incident.level == 2
    with pytest.raises(Refused, match="All levels were woken already"):
        told.do(Escalate(incident=N, why="", by=ANA))
    with pytest.raises(Refused, match="No escalation path is configured for SEV-2"):
        story().do(Escalate(incident=N, why="", by=ANA))


DITA_CALLED = Callee(kind=CalleeKind.PERSON, name=DITA)


def test_inviting_brings_people_and_groups_in_without_waking_anybody() -> None:
    told = story()
    told.do(Invite(incident=N, users=(DITA, ANA, DITA), groups=(A_GROUP,), by=ANA))
    assert told.kinds() == ["slack.say", "slack.invite", "slack.invite_group", "slack.card", "slack.announce"]
    assert DITA in told.incident.responders
    with pytest.raises(Refused, match="already"):
        told.do(Invite(incident=N, users=(DITA,), groups=(), by=ANA))


def test_before_the_channel_is_open_groups_wait_for_nothing_and_people_are_brought_in_when_it_opens() -> None:
    told = Story().declared()
    told.do(Invite(incident=N, users=(DITA,), groups=(A_GROUP,), by=ANA))
    assert works(told, InvitePeople, InviteGroup) == []
    told.opened()
    assert works(told, InvitePeople) == [InvitePeople(incident=N, users=(ANA, CLEO, DITA))]
