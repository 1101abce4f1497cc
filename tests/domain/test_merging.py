"""Merging: one incident goes on in another, with its alerts and its people; what cannot be merged says what to do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import Declare
from bot.domain.course_commands import Accept, Merge, Reopen
from bot.domain.course_events import IncidentAbsorbed
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.evolve import fold
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.model import Incident, Proposal, Status
from bot.domain.policy import Policy
from bot.domain.proposals import ShowProposal
from bot.domain.set_aside import SetAside
from bot.domain.work import InvitePeople, Page, PageAction, Say
from bot.errors import Refused
from tests.domain.company import Company
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story

N, OTHER = IncidentId(42), IncidentId(41)
NOW = START + timedelta(minutes=10)


def running(**changes: object) -> Incident:
    """Return the incident into which is merged."""
    incident = Story().declared().opened().incident
    there = replace(incident, id=OTHER, title="Checkout", channel=ChannelId("C41"), responders=(BO,))
    return replace(there, **changes)  # type: ignore[arg-type] # real fields


def merged(company: Company, into: Incident | None, *, policy: Policy = POLICY, to: IncidentId = OTHER) -> Decision:
    state = State(
        incident=company.incident,
        into=into,
        alerts=tuple(company.alerts.values()),
        groups=(company.newest,) if company.newest else (),
    )
    return decide(state, Merge(incident=N, into=to, by=CLEO), NOW, policy)


def declared(*, over: bool = False) -> Company:
    company = Company()
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=0)
    if over:
        company.tell("a", at=60, over=True)
    return company


def test_what_is_merged_goes_on_in_the_other_with_its_alerts_and_people() -> None:
    company = declared()
    told = merged(company, running())
    assert told.incident
    assert told.incident.set_aside == SetAside(at=NOW, by=CLEO, reason="INC-41 Checkout", into=OTHER)
    assert (told.incident.status, told.incident.alerts, told.incident.groups) == (Status.MERGED, (), ())
    assert [alert.incident for alert in told.alerts] == [OTHER]
    assert [group.incident for group in told.groups] == [OTHER]
    other = told.other
    assert other
    assert other.incident
    assert other.incident.responders == (BO, ANA, CLEO)
    assert (other.incident.groups, len(other.incident.alerts)) == ((company.group.id,), 1)
    assert [event.kind for event in other.events] == ["incident_absorbed", "alert_attached"]


def test_its_page_ends_its_channel_says_where_to_go_and_nothing_more_is_owed() -> None:
    told = merged(declared(), running())
    assert told.incident
    assert (told.incident.update_due, told.incident.ended_at) == (None, NOW)
    works = [effect.work for effect in told.effects]
    assert Page(incident=N, action=PageAction.RESOLVE) in works
    assert InvitePeople(incident=OTHER, users=(ANA, CLEO)) in works
    said = {(work.incident, work.place.value) for work in works if isinstance(work, Say)}
    assert said == {(N, "channel"), (N, "announcement"), (OTHER, "channel")}
    assert "slack.postmortem" not in [work.kind for work in works]
    assert "slack.group" in [work.kind for work in works]
    assert told.other
    assert told.other.effects == ()


def test_who_is_there_already_is_not_invited_again() -> None:
    told = merged(declared(), running(responders=(ANA, CLEO)))
    assert "slack.invite" not in [effect.work.kind for effect in told.effects]
    assert told.other
    event = told.other.events[0]
    assert isinstance(event, IncidentAbsorbed)
    assert event.called == ()


@pytest.mark.parametrize("over", [False, True])
def test_what_was_proposed_about_the_other_stands_only_if_nothing_that_comes_fires(over: bool) -> None:
    asked = Proposal(n=1, at=START, since=START)
    told = merged(declared(over=over), running(proposal=asked))
    assert told.other
    assert told.other.incident
    assert told.other.incident.proposal
    assert told.other.incident.proposal.stands is over
    shown = [effect.work for effect in told.effects if isinstance(effect.work, ShowProposal)]
    assert bool(shown) is not over


def test_each_is_the_fold_of_its_timeline() -> None:
    story = Story()
    events = [*story.declared().last.events]
    told = decide(State(incident=story.incident, into=running()), Merge(incident=N, into=OTHER, by=ANA), NOW, POLICY)
    assert fold([*events, *told.events]) == told.incident


def test_what_cannot_be_merged_says_what_to_do() -> None:
    company = declared()
    for into, to, why in (
        (running(), N, "INC-42 cannot be merged into itself"),
        (None, OTHER, "There is no INC-41"),
        (running(status=Status.RESOLVED), OTHER, "INC-41 is resolved.*`/incident reopen INC-41"),
        (running(status=Status.TRIAGE), OTHER, "INC-41 is still in triage.*`/incident accept INC-41`"),
    ):
        with pytest.raises(Refused, match=why):
            merged(company, into, to=to)


def test_what_was_merged_is_merged_no_more_and_not_reopened() -> None:
    company = declared()
    company.incident = merged(company, running()).incident
    for command in (Merge(incident=N, into=OTHER, by=ANA), Reopen(incident=N, reason="It is back", by=ANA)):
        with pytest.raises(Refused, match="INC-42 was merged into INC-41: go on there"):
            decide(State(incident=company.incident, into=running()), command, NOW, POLICY)
    with pytest.raises(Refused, match="INC-42 was merged into INC-41"):
        decide(State(incident=running(), into=company.incident), Merge(incident=OTHER, into=N, by=ANA), NOW, POLICY)


def test_what_is_in_triage_may_go_into_what_is_in_triage() -> None:
    company = declared()
    assert company.incident
    company.incident = replace(company.incident, status=Status.TRIAGE, unannounced=True, paged=False)
    told = merged(company, running(status=Status.TRIAGE, unannounced=True))
    assert told.incident
    assert told.incident.status is Status.MERGED
    assert "pager.page" not in [effect.work.kind for effect in told.effects]
    with pytest.raises(Refused, match="was merged"):
        decide(State(incident=told.incident), Accept(incident=N, by=ANA), NOW, POLICY)
