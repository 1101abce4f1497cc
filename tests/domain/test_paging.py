"""The second route: when the pager does not accept a page, who is on call is told in Slack, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Resolve, SetSeverity
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.ids import ChannelId, IncidentId, ServiceName, UserId
from bot.domain.model import Severity
from bot.domain.page_events import PagerSilent
from bot.domain.paging import SILENT_AFTER
from bot.domain.policy import Policy, Service
from bot.domain.result_commands import ConfirmPage, OpenedChannel, PageOverdue
from bot.domain.roles_model import Role
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.work import PageAction, Place, Say
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, POLICY, START, Story

N = IncidentId(42)
OVERDUE = PageOverdue(incident=N)


def asked_at(story: Story) -> list[timedelta]:
    return [effect.due - START for effect in story.last.effects if effect.work == AwaitPage(incident=N)]


def test_whoever_is_paged_is_looked_after_a_minute_later() -> None:
    story = Story().declared()
    assert asked_at(story) == [SILENT_AFTER]


def test_an_incident_that_turns_out_worse_is_looked_after_from_then_on() -> None:
    story = Story().declared(Severity.SEV3)
    assert asked_at(story) == []
    story.do(OVERDUE, at=timedelta(minutes=1))
    assert story.happened() == []
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), at=timedelta(minutes=9))
    assert asked_at(story) == [timedelta(minutes=9) + SILENT_AFTER]
    story.do(OVERDUE, at=timedelta(minutes=10))
    assert story.last.events == (PagerSilent(at=story.now, since=START + timedelta(minutes=9), called=(CLEO,)),)


def test_while_the_pager_is_silent_who_is_on_call_is_called_in_the_channel_and_in_a_direct_message() -> None:
    story = Story().declared()
    story.do(OVERDUE, at=SILENT_AFTER)
    event = PagerSilent(at=START + SILENT_AFTER, since=START, called=(CLEO,))
    assert story.last.events == (event,)
    said = Say(incident=N, place=Place.CHANNEL, seq=story.incident.events, event=event)
    assert story.work() == [said, CallPerson(incident=N, user=CLEO)]


def test_whoever_took_command_is_not_all_who_are_needed() -> None:
    story = Story().declared()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.do(OVERDUE, at=SILENT_AFTER)
    assert CallPerson(incident=N, user=CLEO) in story.work()


def test_what_the_pager_last_said_counts_before_the_configuration() -> None:
    story = Story().declared()
    state = State(incident=story.incident, on_call={CHECKOUT: (BO,)})
    decision = decide(state, OVERDUE, START + SILENT_AFTER, POLICY)
    assert CallPerson(incident=N, user=BO) in [effect.work for effect in decision.effects]


@pytest.mark.parametrize(
    ("services", "called"),
    [({CHECKOUT: Service(name=CHECKOUT, owners=(ANA, BO))}, (ANA, BO)), ({}, ())],
)
def test_without_anybody_on_call_the_owners_are_called_and_the_channel_is_told_in_any_case(
    services: dict[ServiceName, Service], called: tuple[UserId, ...]
) -> None:
    story = Story(replace(POLICY, services=services)).declared()
    story.do(OVERDUE, at=SILENT_AFTER)
    assert story.kinds() == ["slack.say", *["slack.call"] * len(called)]
    (event,) = story.last.events
    assert isinstance(event, PagerSilent)
    assert event.called == called


def test_an_incident_without_a_service_has_nobody_to_call() -> None:
    story = Story().declared()
    state = State(incident=replace(story.incident, service=None), on_call={})
    decision = decide(state, OVERDUE, START + SILENT_AFTER, POLICY)
    assert [effect.work.kind for effect in decision.effects] == ["slack.say"]


def test_what_the_pager_accepted_or_what_is_over_calls_nobody() -> None:
    accepted = Story().declared()
    accepted.do(ConfirmPage(incident=N, action=PageAction.TRIGGER))
    assert accepted.kinds() == []
    accepted.do(OVERDUE, at=SILENT_AFTER)
    assert (accepted.happened(), accepted.kinds()) == ([], [])
    over = Story().declared()
    over.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    over.do(OVERDUE, at=SILENT_AFTER)
    assert (over.happened(), over.kinds()) == ([], [])


def test_where_nobody_is_paged_nobody_is_called() -> None:
    story = Story(Policy()).declared()
    story.do(OpenedChannel(incident=N, channel=ChannelId("C1"), name="inc-42"))
    story.do(OVERDUE, at=SILENT_AFTER)
    assert (story.happened(), story.kinds()) == ([], [])


def test_who_was_told_that_no_phone_rang_is_told_when_one_does() -> None:
    story = Story().declared()
    story.do(OVERDUE, at=SILENT_AFTER)
    story.do(ConfirmPage(incident=N, action=PageAction.TRIGGER), at=timedelta(hours=1))
    assert story.kinds() == ["slack.say"]
    assert story.incident.page_missing_since is None
