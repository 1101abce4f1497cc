"""A page is acknowledged within a target; when that passes without, it is said once, and a level is called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind, PageCallee, PeopleCalled, TellCalled
from bot.domain.commands import AcknowledgeAlert, AssignRole, Command, Declare, ReportAlert, Resolve, SetSeverity
from bot.domain.course_commands import Accept, Reopen
from bot.domain.ids import AlertId, IncidentId
from bot.domain.model import Severity
from bot.domain.page_commands import HearPager
from bot.domain.paging import call_key, page_key
from bot.domain.people_commands import AcknowledgementDue, CallPeople, Escalate
from bot.domain.policy import DEFAULT_SEVERITIES, Policy
from bot.domain.roles_model import Role
from bot.domain.unacknowledged import AcknowledgementMissed, AwaitAcknowledgement
from bot.domain.work import Place, Say
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story, reported

N = IncidentId(42)
A_PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
A_SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")
DUE = AcknowledgementDue(incident=N)
LED = AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO)
RESOLVED = Resolve(incident=N, resolution="Rolled back", by=ANA)
REOPENED = Reopen(incident=N, reason="Errors are back", by=ANA)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def escalating(*levels: tuple[Callee, ...]) -> Policy:
    severities = {one: replace(here, escalation=levels) for one, here in DEFAULT_SEVERITIES.items()}
    return replace(POLICY, severities=severities)


def graded(severity: Severity) -> SetSeverity:
    return SetSeverity(incident=N, severity=severity, by=ANA)


def dues(story: Story) -> list[timedelta]:
    """Return when it is looked at, of what was decided last."""
    return [one.due - START for one in story.last.effects if isinstance(one.work, AwaitAcknowledgement)]


def missed(story: Story) -> list[AcknowledgementMissed]:
    return [event for event in story.last.events if isinstance(event, AcknowledgementMissed)]


def said(story: Story) -> list[Place]:
    return [
        work.place
        for work in story.work()
        if isinstance(work, Say) and isinstance(work.event, AcknowledgementMissed) and not work.aside
    ]


@pytest.mark.parametrize(
    ("severity", "target"), [(Severity.SEV1, [minutes(2)]), (Severity.SEV2, [minutes(5)]), (Severity.SEV4, [])]
)
def test_a_page_is_looked_at_when_the_target_of_its_severity_passes(
    severity: Severity, target: list[timedelta]
) -> None:
    pages = {**DEFAULT_SEVERITIES, severity: replace(DEFAULT_SEVERITIES[severity], page=True)}
    assert dues(Story(replace(POLICY, severities=pages)).declared(severity)) == target


def test_what_pages_nobody_has_no_target() -> None:
    assert dues(Story().declared(Severity.SEV3)) == []
    assert dues(Story(replace(POLICY, paging=False)).declared(Severity.SEV1)) == []


def test_a_target_that_passes_is_told_once_in_the_channel_and_under_the_announcement() -> None:
    story = Story().declared().opened()
    story.do(DUE, at=minutes(5))
    (event,) = missed(story)
    assert (event.severity, event.within, event.level, event.further) == (Severity.SEV2, minutes(5), 0, False)
    assert said(story) == [Place.CHANNEL, Place.ANNOUNCEMENT]
    story.do(DUE, at=minutes(6))
    assert (story.last.events, story.work()) == ((), [])


def test_compact_or_not_all_in_the_channel_see_it() -> None:
    compact = replace(DEFAULT_SEVERITIES[Severity.SEV2], compact=True)
    story = Story(replace(POLICY, severities={**DEFAULT_SEVERITIES, Severity.SEV2: compact})).declared().opened()
    story.do(DUE, at=minutes(5))
    assert said(story) == [Place.CHANNEL, Place.ANNOUNCEMENT]


@pytest.mark.parametrize("command", [LED, RESOLVED])
def test_nothing_is_told_when_somebody_commands_it_or_it_is_over(command: Command) -> None:
    story = Story().declared().opened()
    story.do(command, at=minutes(1))
    story.do(DUE, at=minutes(5))
    assert (story.last.events, story.work()) == ((), [])


def test_the_pagers_word_counts_a_persons_or_a_machines_until_it_is_taken_back() -> None:
    story = Story().declared().opened()
    heard = HearPager(incident=N, key=page_key(story.incident), word="acknowledged", told_at=START + minutes(1))
    story.do(heard, at=minutes(1))
    assert story.do(DUE, at=minutes(5)).events == ()
    story.do(replace(heard, word="unacknowledged", rings=True, told_at=START + minutes(6)), at=minutes(6))
    story.do(DUE, at=minutes(7))
    assert len(missed(story)) == 1


def test_who_takes_up_a_call_has_acknowledged_it() -> None:
    story = Story().declared().opened()
    story.do(CallPeople(incident=N, callees=(A_SERVICE,), why="It leaks", by=ANA))
    (call,) = story.incident.calls
    key = call_key(story.incident, call)
    told = HearPager(incident=N, key=key, word="acknowledged", name="Cleo", told_at=START + minutes(1))
    story.do(told, at=minutes(1))
    assert story.do(DUE, at=minutes(5)).events == ()
    story.do(RESOLVED)
    story.do(REOPENED)
    story.do(DUE, at=minutes(10))
    assert len(missed(story)) == 1, "what was taken up before it was reopened does not count"


@pytest.mark.parametrize("before", [True, False])
def test_who_acknowledges_an_alert_of_it_has_acknowledged_it(*, before: bool) -> None:
    story = Story()
    story.do(ReportAlert(report=reported()))
    assert story.alert
    take = AcknowledgeAlert(alert=AlertId("any"), by=BO)
    declare = Declare(by=ANA, severity=Severity.SEV1, alert=story.alert.id)
    for command in (take, declare) if before else (declare, take):
        story.do(command)
    assert story.do(DUE, at=minutes(2)).events == ()


def test_reopened_it_counts_anew() -> None:
    story = Story().declared().opened()
    story.do(DUE, at=minutes(5))
    story.do(RESOLVED, at=minutes(9))
    story.do(REOPENED, at=minutes(60))
    assert dues(story) == [minutes(65)]
    story.do(DUE, at=minutes(65))
    assert len(missed(story)) == 1
    story.do(LED)
    story.do(RESOLVED)
    story.do(REOPENED, at=minutes(70))
    assert story.do(DUE, at=minutes(75)).events == (), "who was in command is again"


def test_accepted_from_triage_it_counts_from_then() -> None:
    story = Story()
    story.do(Declare(title="Is it slow?", by=ANA, severity=Severity.SEV1, triage=True, pages=True))
    assert dues(story) == []
    assert story.do(DUE, at=minutes(2)).events == ()
    story.do(Accept(incident=N, by=BO), at=minutes(20))
    assert dues(story) == [minutes(22)]


def test_raising_the_severity_moves_the_target_and_never_tells_twice() -> None:
    story = Story().declared()
    story.do(graded(Severity.SEV1), at=minutes(1))
    assert dues(story) == [minutes(2)], "measured from when it runs"
    story.do(graded(Severity.SEV3), at=minutes(1.5))
    assert dues(story) == [minutes(30)]
    story.do(DUE, at=minutes(2))
    assert (story.last.events, dues(story)) == ((), [minutes(30)])
    story.do(graded(Severity.SEV4), at=minutes(3))
    assert dues(story) == []
    assert story.do(DUE, at=minutes(30)).events == (), "there is no target"
    story.do(graded(Severity.SEV1), at=minutes(40))
    assert dues(story) == [minutes(40)], "it has passed"
    story.do(DUE)
    assert len(missed(story)) == 1
    story.do(graded(Severity.SEV2), at=minutes(41))
    assert dues(story) == []


def test_what_is_worth_a_page_only_later_counts_from_the_page() -> None:
    story = Story().declared(Severity.SEV3)
    story.do(graded(Severity.SEV1), at=minutes(40))
    assert dues(story) == [minutes(42)]


def test_the_first_level_is_called_as_by_who_escalates() -> None:
    story = Story(escalating((A_SERVICE,), (A_PERSON,))).declared().opened()
    story.do(DUE, at=minutes(5))
    (event,) = missed(story)
    assert (event.level, event.further) == (1, True)
    called = story.last.events[1]
    assert isinstance(called, PeopleCalled)
    assert (called.by, called.level, called.why) == (None, 1, "nobody has acknowledged it within 5m")
    assert PageCallee(incident=N, n=1) in story.work()
    assert TellCalled(incident=N, n=1, user=CLEO, by=None) in story.work()
    story.do(Escalate(incident=N, why="", by=ANA))
    assert story.incident.level == 2, "who escalates then wakes the next"


def test_nobody_is_called_by_itself_when_somebody_has_escalated() -> None:
    story = Story(escalating((A_SERVICE,), (A_PERSON,))).declared().opened()
    story.do(Escalate(incident=N, why="", by=ANA), at=minutes(1))
    story.do(DUE, at=minutes(5))
    (event,) = missed(story)
    assert (event.level, event.further, story.happened()) == (0, True, ["acknowledgement_missed"])
    alone = Story(escalating((A_SERVICE,))).declared().opened()
    alone.do(Escalate(incident=N, why="", by=ANA), at=minutes(1))
    alone.do(DUE, at=minutes(5))
    assert not missed(alone)[0].further, "no level is left"


def test_who_was_called_a_moment_ago_is_not_called_again() -> None:
    story = Story(escalating((A_SERVICE, A_PERSON))).declared().opened()
    story.do(CallPeople(incident=N, callees=(A_SERVICE,), why="It leaks", by=ANA), at=minutes(4))
    story.do(DUE, at=minutes(5))
    assert [one.callee for one in story.incident.calls] == [A_SERVICE, A_PERSON]
    alone = Story(escalating((A_SERVICE,))).declared().opened()
    alone.do(CallPeople(incident=N, callees=(A_SERVICE,), why="It leaks", by=ANA), at=minutes(4))
    alone.do(DUE, at=minutes(5))
    assert (missed(alone)[0].level, missed(alone)[0].further, alone.incident.level) == (0, True, 0)


def test_a_private_incident_is_told_in_its_channel_alone() -> None:
    story = Story()
    story.do(Declare(title="A laptop was stolen", by=ANA, severity=Severity.SEV1, private=True))
    story.opened()
    story.do(DUE, at=minutes(2))
    assert said(story) == [Place.CHANNEL]
