"""Triage: few people look first, nobody else is told or paged, until it is accepted, declined, or over by a rule."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus, TimerFired
from bot.domain.course_commands import Accept, Close, Decline, Reopen
from bot.domain.course_events import IncidentAccepted
from bot.domain.events import Event
from bot.domain.evolve import fold
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.noticed import AwaitStructure
from bot.domain.proposals import ShowProposal
from bot.domain.reminders import is_owed
from bot.domain.result_commands import ConfirmReminder, ReportFailure
from bot.domain.roles_model import Role
from bot.domain.work import InvitePeople, Page, PageAction, Place, Remind, Reminder, Say, Timer
from bot.errors import Refused
from tests.domain.company import Company
from tests.domain.ruling import ANY, look, propose, ruled, works
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, POLICY, START, Story

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
SUSPECTED = Declare(title="Is checkout slow?", by=ANA, severity=Severity.SEV1, service=CHECKOUT, triage=True)


def suspected() -> Story:
    story = Story()
    story.do(SUSPECTED)
    return story


def test_in_triage_there_is_a_channel_with_few_people_and_nobody_is_told_paged_or_reminded() -> None:
    story = suspected()
    incident = story.incident
    assert (incident.status, incident.responders, incident.update_due) == (Status.TRIAGE, (ANA,), None)
    assert (incident.paged, incident.unannounced, incident.grave_since) == (False, True, None)
    assert story.kinds() == ["slack.open_channel", "slack.card", "timer", "timer.structure"]
    story.opened()
    assert "slack.announce" not in story.kinds()
    for about in (Reminder.UPDATE, Reminder.COMMAND):
        assert not is_owed(incident, about, START + timedelta(days=1))
        assert story.do(TimerFired(incident=N, about=about)).effects == ()


def test_who_says_so_is_paged_in_triage_and_not_again_when_it_is_accepted() -> None:
    story = Story()
    story.do(replace(SUSPECTED, pages=True))
    assert Page(incident=N, action=PageAction.TRIGGER) in story.work()
    story.do(Accept(incident=N, by=BO))
    assert "pager.page" not in story.kinds()
    assert story.incident.paged


def test_accepted_it_is_announced_paged_reminded_of_and_who_is_on_call_comes_in() -> None:
    story = suspected().opened()
    story.do(Accept(incident=N, by=BO), at=10 * MINUTE)
    incident = story.incident
    assert (incident.status, incident.responders, incident.unannounced) == (
        Status.INVESTIGATING,
        (ANA, BO, CLEO),
        False,
    )
    assert story.kinds() == [
        *("slack.say", "slack.card", "slack.announce", "slack.topic", "pager.page", "timer.page"),
        *("slack.invite", "timer", "timer", "timer.structure", "timer.acknowledge"),
    ]
    assert InvitePeople(incident=N, users=(BO, CLEO)) in story.work()
    due = {effect.work: effect.due - START for effect in story.last.effects}
    assert due[Timer(incident=N, about=Reminder.UPDATE)] == 20 * MINUTE
    assert due[Timer(incident=N, about=Reminder.COMMAND)] == 15 * MINUTE
    assert due[AwaitStructure(incident=N)] > 10 * MINUTE
    assert incident.grave_since == START + 10 * MINUTE


def test_who_is_there_already_is_not_called_in_again_and_a_low_severity_pages_nobody() -> None:
    story = Story()
    story.do(replace(SUSPECTED, severity=Severity.SEV4, service=None))
    story.do(Accept(incident=N, by=ANA))
    assert {"slack.invite", "pager.page"}.isdisjoint(story.kinds())
    event = story.last.events[0]
    assert isinstance(event, IncidentAccepted)
    assert (event.called, event.paged) == ((), False)


def test_how_bad_it_may_be_can_be_said_in_triage_and_starts_nothing() -> None:
    story = Story()
    story.do(replace(SUSPECTED, severity=Severity.SEV3))
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    assert (story.incident.severity, story.incident.update_due, story.incident.grave_since) == (
        Severity.SEV1,
        None,
        None,
    )
    assert {"pager.page", "timer", "slack.announce"}.isdisjoint(story.kinds())
    assert [work.place for work in story.work() if isinstance(work, Say)] == [Place.CHANNEL]
    story.do(Accept(incident=N, by=ANA))
    assert Page(incident=N, action=PageAction.TRIGGER) in story.work()


@pytest.mark.parametrize(
    "command",
    [
        SetStatus(incident=N, status=Status.MONITORING, by=ANA),
        SendUpdate(incident=N, text="It is slow", by=ANA),
        Resolve(incident=N, resolution="Rolled back", by=ANA),
    ],
)
def test_what_is_in_triage_is_accepted_before_it_moves_on(command: Command) -> None:
    with pytest.raises(Refused, match=r"in triage.*`/incident accept INC-42`.*`/incident decline INC-42 why`"):
        suspected().do(command)


def test_what_nobody_decides_upon_is_asked_about_after_a_quarter_of_an_hour_and_then_every_hour() -> None:
    story = suspected()
    (timer,) = [one for one in story.last.effects if one.work == Timer(incident=N, about=Reminder.TRIAGE)]
    assert timer.due == START + 15 * MINUTE
    asks = TimerFired(incident=N, about=Reminder.TRIAGE)
    story.do(asks, at=15 * MINUTE)
    assert Remind(incident=N, about=Reminder.TRIAGE, n=1) in story.work()
    assert [one.due for one in story.last.effects if isinstance(one.work, Timer)] == [START + 75 * MINUTE]
    story.do(asks, at=75 * MINUTE)
    assert Remind(incident=N, about=Reminder.TRIAGE, n=1) in story.work(), "Slack is away: both are one"
    story.do(ConfirmReminder(incident=N, about=Reminder.TRIAGE, n=1))
    story.do(asks, at=135 * MINUTE)
    assert Remind(incident=N, about=Reminder.TRIAGE, n=2) in story.work()
    assert is_owed(story.incident, Reminder.TRIAGE, story.now)
    story.do(Accept(incident=N, by=ANA))
    assert not is_owed(story.incident, Reminder.TRIAGE, story.now)
    story.do(asks, at=195 * MINUTE)
    assert story.last.effects == ()


def test_where_nobody_wants_to_be_asked_nobody_is() -> None:
    story = Story(replace(POLICY, triage_after=None))
    story.do(SUSPECTED)
    assert "timer" not in story.kinds()
    story.do(TimerFired(incident=N, about=Reminder.TRIAGE), at=15 * MINUTE)
    assert story.last.effects == ()


def test_a_reminder_that_cannot_be_told_is_followed_by_the_next() -> None:
    story = suspected()
    work = Remind(incident=N, about=Reminder.TRIAGE, n=1)
    story.do(ReportFailure(incident=N, work=work, reason="is_archived"))
    story.do(TimerFired(incident=N, about=Reminder.TRIAGE), at=75 * MINUTE)
    assert Remind(incident=N, about=Reminder.TRIAGE, n=2) in story.work()


def test_declined_it_ends_and_says_why() -> None:
    story = Story()
    story.do(replace(SUSPECTED, pages=True))
    story.opened()
    story.do(Decline(incident=N, reason=" A load test ", by=BO), at=5 * MINUTE)
    incident = story.incident
    assert incident.set_aside
    assert (incident.status, incident.set_aside.reason, incident.set_aside.by) == (Status.DECLINED, "A load test", BO)
    assert incident.ended_at == START + 5 * MINUTE
    assert story.kinds() == ["slack.say", "slack.card", "slack.topic", "timer.quiet", "pager.page", "slack.read_back"]
    assert Page(incident=N, action=PageAction.RESOLVE) in story.work()
    with pytest.raises(Refused, match="INC-42 is declined, so it no longer changes"):
        story.do(Accept(incident=N, by=ANA))


def test_who_is_not_paged_has_no_page_to_close() -> None:
    assert "pager.page" not in [one.work.kind for one in suspected().do(Decline(incident=N, reason="x", by=BO)).effects]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (Accept(incident=N, by=ANA), "INC-42 is an incident already: it is investigating"),
        (Decline(incident=N, reason="It is none", by=ANA), "INC-42 is an incident already"),
        (SetStatus(incident=N, status=Status.TRIAGE, by=ANA), "does not go back to triage"),
        (SetStatus(incident=N, status=Status.DECLINED, by=ANA), "Say what fixed it"),
    ],
)
def test_an_incident_does_not_go_back_to_triage(command: Command, why: str) -> None:
    with pytest.raises(Refused, match=why):
        Story().declared().do(command)


def test_who_declines_says_why() -> None:
    with pytest.raises(Refused, match="Say why it is none"):
        suspected().do(Decline(incident=N, reason=" ", by=ANA))


def test_what_was_declined_can_be_reopened_and_is_announced_then_for_the_first_time() -> None:
    story = suspected().opened()
    story.do(Decline(incident=N, reason="A load test", by=BO))
    with pytest.raises(Refused, match="not resolved yet"):
        story.do(Close(incident=N, by=ANA))
    story.do(Reopen(incident=N, reason="The test is over, it is still slow", by=ANA))
    assert (story.incident.status, story.incident.set_aside) == (Status.INVESTIGATING, None)
    assert [work.place for work in story.work() if isinstance(work, Say)] == [Place.CHANNEL]
    assert {"slack.announce", "pager.page"} <= set(story.kinds())


def test_the_incident_is_the_fold_of_its_timeline() -> None:
    story = Story()
    events: list[Event] = [*story.do(SUSPECTED).events]
    for command in (
        SetSeverity(incident=N, severity=Severity.SEV2, by=ANA),
        Decline(incident=N, reason="A load test", by=BO),
        Reopen(incident=N, reason="It is slow", by=ANA),
    ):
        events += story.do(command).events
    assert fold(events) == story.incident
    other = Story()
    events = [*other.do(SUSPECTED).events, *other.do(Accept(incident=N, by=ANA)).events]
    assert fold(events) == other.incident


TRIAGE = replace(ANY, triage=True)


def test_a_rule_opens_in_triage_calls_who_should_look_and_pages_only_when_it_says_so() -> None:
    company = ruled(TRIAGE)
    company.tell("a", at=0)
    look(company, 0)
    assert company.incident
    assert (company.incident.status, company.incident.rule, company.incident.responders) == (
        Status.TRIAGE,
        "any",
        (CLEO,),
    )
    assert works(company, Page) == []
    company = ruled(replace(TRIAGE, pages=True))
    company.tell("a", at=0)
    look(company, 0)
    assert works(company, Page) == [Page(incident=N, action=PageAction.TRIGGER)]


def _joins(rule: object) -> Company:
    """Return a company whose alert joins an incident of its service that is in triage."""
    company = ruled(rule)  # type: ignore[arg-type] # a rule
    other = suspected().opened()
    company.joins = other.incident
    company.tell("a", at=0)
    look(company, 0)
    return company


def test_a_rule_that_declares_accepts_what_is_in_triage_for_its_service() -> None:
    company = _joins(ANY)
    assert [event.kind for event in company.last.events] == ["alert_attached", "incident_accepted"]
    assert company.incident
    assert (company.incident.status, company.incident.paged) == (Status.INVESTIGATING, True)
    assert _joins(TRIAGE).incident == replace(
        _joins(TRIAGE).incident or company.incident, status=Status.TRIAGE, paged=False
    )


def test_a_rule_that_declares_raises_the_severity_before_it_accepts() -> None:
    company = ruled(replace(ANY, severity=Severity.SEV1))
    company.joins = replace(suspected().opened().incident, severity=Severity.SEV4)
    company.tell("a", at=0)
    look(company, 0)
    assert [event.kind for event in company.last.events] == ["alert_attached", "severity_changed", "incident_accepted"]
    assert works(company, Page) == [Page(incident=N, action=PageAction.TRIGGER)]


def test_a_role_can_be_held_in_triage() -> None:
    story = suspected().opened()
    assert story.incident.roles == {}
    story.current = replace(story.incident, roles={Role.COMMANDER: BO})
    story.do(Accept(incident=N, by=BO))
    assert story.incident.commander == BO


def test_what_is_over_in_triage_is_proposed_to_be_declined_and_shows_so() -> None:
    company = ruled(TRIAGE)
    company.tell("a", at=0)
    look(company, 0)
    company.tell("a", at=60, over=True)
    propose(company, 360)
    assert works(company, ShowProposal) == [ShowProposal(incident=N, n=1)]
    company.do(Decline(incident=N, reason="It went by itself", by=ANA), at=400)
    assert works(company, ShowProposal) == [ShowProposal(incident=N, n=1)]
    company.tell("a", at=500)
    assert company.incident
    assert company.incident.status is Status.DECLINED
