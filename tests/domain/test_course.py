"""The course of an incident as a whole: reopened and closed, by people and by an alert that fires again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import Declare, Resolve, SetSeverity, SetStatus
from bot.domain.course_commands import Close, CourseCommand, Reopen
from bot.domain.course_events import IncidentReopened
from bot.domain.events import Event
from bot.domain.evolve import fold
from bot.domain.group_commands import AttachAlerts
from bot.domain.group_work import AttachAlerts as Attach
from bot.domain.groups_model import Hush
from bot.domain.ids import IncidentId
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity, Status
from bot.domain.muting import Quiet, Silence
from bot.domain.page_events import PagerAnswered
from bot.domain.paging import page_key
from bot.domain.places import place
from bot.domain.read_back import ReadBack
from bot.domain.result_commands import ConfirmPage, PageOverdue
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.work import Page, PageAction, PostPostmortem, Reminder, Timer
from bot.errors import Refused
from tests.domain.company import Company
from tests.domain.ruling import propose
from tests.domain.story import ANA, BO, CLEO, START, Story

N = IncidentId(42)
MINUTE = timedelta(minutes=1)


def over(severity: Severity = Severity.SEV2) -> Story:
    story = Story().declared(severity).opened()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=30 * MINUTE)
    return story


def missing(story: Story) -> timedelta | None:
    since = story.incident.page_missing_since
    return since - START if since else None


def test_reopened_it_is_under_way_again_and_what_ended_it_is_taken_back() -> None:
    story = over()
    story.do(Reopen(incident=N, reason=" Errors are back ", by=BO), at=40 * MINUTE)
    incident = story.incident
    assert (incident.status, incident.resolved_at, incident.resolution) == (Status.INVESTIGATING, None, None)
    assert (incident.reopened, incident.running_since) == (1, START + 40 * MINUTE)
    (event,) = story.last.events
    assert isinstance(event, IncidentReopened)
    assert (event.reason, event.by, event.n) == ("Errors are back", BO, 1)
    assert story.kinds() == [
        *("slack.say", "slack.say", "slack.card", "slack.announce", "slack.topic"),
        *("pager.page", "timer.page", "timer", "timer", "slack.read_back", "timer.acknowledge"),
    ]


def test_reopened_its_clocks_begin_anew_and_what_people_write_is_read_back() -> None:
    story = over()
    story.do(Reopen(incident=N, reason="Errors are back", by=BO), at=40 * MINUTE)
    due = {effect.work: effect.due - START for effect in story.last.effects}
    assert due[Timer(incident=N, about=Reminder.UPDATE)] == 70 * MINUTE
    assert due[Timer(incident=N, about=Reminder.COMMAND)] == 45 * MINUTE
    assert due[ReadBack(incident=N, since=START + 30 * MINUTE)] == 50 * MINUTE


def test_each_time_it_is_paged_under_a_key_of_its_own_that_nothing_of_before_can_end() -> None:
    story = over()
    first = page_key(story.incident)
    story.do(Reopen(incident=N, reason="Errors are back", by=BO), at=40 * MINUTE)
    assert Page(incident=N, action=PageAction.TRIGGER, reopened=1) in story.work()
    assert (page_key(story.incident), page_key(story.incident, 0)) == (f"{first}-again-1", first)
    keys = {place(Page(incident=N, action=action, reopened=n)).key for action in PageAction for n in range(3)}
    assert len(keys) == 9
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=50 * MINUTE)
    assert Page(incident=N, action=PageAction.RESOLVE, reopened=1) in story.work()


def test_what_the_pager_says_late_of_the_page_before_is_not_taken_for_the_new_one() -> None:
    story = over()
    story.do(Reopen(incident=N, reason="Errors are back", by=BO), at=40 * MINUTE)
    story.do(ConfirmPage(incident=N, action=PageAction.TRIGGER), at=41 * MINUTE)
    assert missing(story) == 40 * MINUTE
    story.do(PageOverdue(incident=N), at=41 * MINUTE)
    assert CallPerson(incident=N, user=CLEO, reopened=1) in story.work()
    assert place(CallPerson(incident=N, user=CLEO, reopened=1)) != place(CallPerson(incident=N, user=CLEO))
    story.do(ConfirmPage(incident=N, action=PageAction.TRIGGER), at=42 * MINUTE)
    assert story.kinds() == []
    story.do(ConfirmPage(incident=N, action=PageAction.TRIGGER, reopened=1), at=42 * MINUTE)
    assert missing(story) is None
    assert story.kinds() == ["slack.say"]
    event = story.last.events[0]
    assert isinstance(event, PagerAnswered)
    assert event.reopened == 1


def test_who_is_not_paged_for_such_a_severity_is_not_when_it_is_reopened_but_when_it_gets_worse() -> None:
    story = over(Severity.SEV3)
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    assert not story.incident.paged
    assert "pager.page" not in story.kinds()
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    assert Page(incident=N, action=PageAction.TRIGGER, reopened=1) in story.work()
    assert AwaitPage(incident=N) in story.work()


def test_the_next_end_has_a_draft_of_its_own() -> None:
    story = over()
    first = story.incident.events
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    story.do(Resolve(incident=N, resolution="Rolled back twice", by=ANA))
    assert PostPostmortem(incident=N, seq=first + 2) in story.work()
    assert story.incident.resolution == "Rolled back twice"


def test_what_is_resolved_is_closed_once_and_can_still_be_reopened() -> None:
    story = over()
    story.do(Close(incident=N, by=ANA))
    assert (story.incident.status, story.incident.resolved_at) == (Status.CLOSED, START + 30 * MINUTE)
    assert story.kinds() == ["slack.say", "slack.say", "slack.card", "slack.announce", "slack.topic"]
    with pytest.raises(Refused, match="closed already"):
        story.do(Close(incident=N, by=BO))
    with pytest.raises(Refused, match=r"INC-42 is closed, so it no longer changes.*/incident reopen INC-42"):
        story.do(SetStatus(incident=N, status=Status.MONITORING, by=ANA))
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    assert story.incident.status is Status.INVESTIGATING


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Reopen(incident=N, reason="It is back", by=ANA), "INC-42 is open"),
        (Close(incident=N, by=ANA), "not resolved yet: `/incident resolve INC-42"),
    ],
)
def test_what_is_open_is_neither_reopened_nor_closed(command: CourseCommand, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Story().declared().do(command)


def test_who_reopens_says_what_happened() -> None:
    with pytest.raises(Refused, match="/incident reopen INC-42 errors are back"):
        over().do(Reopen(incident=N, reason=" \u202e", by=ANA))


def test_the_incident_is_the_fold_of_its_timeline_however_often_it_was_reopened() -> None:
    story = Story()
    events: list[Event] = [*story.declared().last.events]
    for command in (
        Resolve(incident=N, resolution="Rolled back", by=ANA),
        Reopen(incident=N, reason="Errors are back", by=BO),
        SetStatus(incident=N, status=Status.MONITORING, by=ANA),
        Resolve(incident=N, resolution="Rolled back", by=ANA),
        Close(incident=N, by=ANA),
        Reopen(incident=N, reason="Still", by=BO),
    ):
        events += story.do(command).events
    assert fold(events) == story.incident
    assert (story.incident.reopened, story.incident.mitigated_at) == (2, None)


def _resolved(*, still_fires: bool = False) -> Company:
    """Return a company whose incident is resolved after two minutes; its alert was over after one, or fires on."""
    company = Company()
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=0)
    if not still_fires:
        company.tell("a", at=60, over=True)
    company.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=120)
    return company


def status(company: Company) -> Status:
    assert company.incident
    return company.incident.status


def test_an_alert_that_fires_again_soon_reopens_its_incident_and_pages_anew() -> None:
    company = _resolved()
    company.tell("a", at=300)
    assert [event.kind for event in company.last.events] == ["incident_reopened", "alert_attached"]
    event = company.last.events[0]
    assert isinstance(event, IncidentReopened)
    assert company.last.alert
    assert (event.by, event.reason, event.alert) == (None, "a fails", company.last.alert.id)
    works = [effect.work for effect in company.last.effects]
    assert Page(incident=N, action=PageAction.TRIGGER, reopened=1) in works
    assert company.last.alert.incident == N


@pytest.mark.parametrize(("at", "reopens"), [(120 + 1800, True), (121 + 1800, False)])
def test_soon_is_within_half_an_hour_of_the_end(at: int, reopens: bool) -> None:
    company = _resolved()
    company.tell("a", at=at)
    assert status(company).is_open is reopens


def test_what_ended_after_the_incident_and_fires_again_reopens_it_too() -> None:
    company = _resolved(still_fires=True)
    company.tell("a", at=3000, over=True)
    company.tell("a", at=3600)
    assert status(company) is Status.INVESTIGATING


def test_another_alert_that_joins_a_group_that_fires_on_reopens_nothing_but_one_that_comes_back_does() -> None:
    company = _resolved(still_fires=True)
    company.tell("b", at=180)
    assert status(company) is Status.RESOLVED
    assert company.last.events == ()
    company.tell("a", at=200, over=True)
    company.tell("a", at=220)
    assert status(company) is Status.INVESTIGATING


def test_what_is_closed_is_reopened_by_its_alert_as_well() -> None:
    company = _resolved()
    company.do(Close(incident=N, by=ANA), at=150)
    company.tell("a", at=300)
    assert status(company) is Status.INVESTIGATING


def test_what_is_quiet_reopens_nothing() -> None:
    company = _resolved()
    silence = Silence(
        id=1,
        matchers=matchers_of("pod=a"),
        by=ANA,
        reason="known",
        created_at=START,
        starts_at=START,
        ends_at=START + timedelta(days=1),
        origin="test",
    )
    company.quiet = Quiet(silences=(silence,))
    company.tell("a", at=300)
    assert status(company) is Status.RESOLVED
    hushed = _resolved(still_fires=True)
    hushed.tell("b", at=130)
    hushed.newest = replace(hushed.group, hushed=Hush(by=ANA, at=START))
    hushed.tell("a", at=140, over=True)
    hushed.tell("a", at=150)
    assert status(hushed) is Status.RESOLVED


def test_what_only_became_less_grave_reopens_nothing() -> None:
    company = Company()
    grave = {"service": "checkout", "pod": "a", "severity": "critical"}
    company.tell("a", at=0, labels=grave)
    company.do(Declare(by=ANA, alert=company.group.id), at=0)
    company.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=120)
    company.tell("a", at=200, over=True, labels=grave)
    company.tell("b", at=210, labels={**grave, "severity": "warning"}, severity=AlertSeverity.WARNING)
    assert company.last.alert
    assert company.last.alert.was is AlertSeverity.CRITICAL
    assert status(company) is Status.RESOLVED


def test_a_proposal_to_resolve_is_over_once_it_is_reopened() -> None:
    company = Company()
    company.tell("a", at=0)
    company.do(Declare(by=ANA, alert=company.group.id), at=0)
    company.tell("a", at=60, over=True)
    propose(company, 360)
    company.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=400)
    company.do(Reopen(incident=N, reason="Errors are back", by=BO), at=500)
    assert company.incident
    assert company.incident.proposal
    assert (company.incident.proposal.stands, company.incident.proposal.kept_by) == (False, BO)


def test_what_its_group_got_while_it_was_over_is_looked_up_once_it_is_reopened_and_belongs_to_it_once() -> None:
    company = _resolved(still_fires=True)
    company.tell("b", at=180)
    company.do(Reopen(incident=N, reason="Errors are back", by=BO), at=200)
    assert Attach(group=company.group.id) in [effect.work for effect in company.last.effects]
    company.do(AttachAlerts(group=company.group.id), at=201)
    assert [event.kind for event in company.last.events] == ["alert_attached"]
    assert [effect.work.kind for effect in company.last.effects] == ["slack.card", "slack.announce"]
    assert {one.incident for one in company.alerts.values()} == {N}
    assert company.incident
    assert company.incident.alerts == tuple(one.id for one in company.alerts.values())
    company.do(AttachAlerts(group=company.group.id), at=202)
    assert (company.last.events, company.last.effects) == ((), ())


def test_what_is_over_again_by_then_or_was_never_declared_gets_nothing() -> None:
    company, undeclared = _resolved(still_fires=True), Company()
    company.tell("b", at=180)
    undeclared.tell("a", at=0)
    for one in (company, undeclared):
        one.do(AttachAlerts(group=one.group.id), at=201)
        assert (one.last.events, one.last.alerts) == ((), ())
