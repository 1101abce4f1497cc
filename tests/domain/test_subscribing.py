"""Subscribers: who is told of an update, when, and what is told together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import AssignRole, Command, Declare, ReportAlert, Resolve, SendUpdate
from bot.domain.course_commands import Decline, Merge, Reopen
from bot.domain.course_events import IncidentReopened
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.events import DeliveryFailed, UpdateSent
from bot.domain.evolve import evolve
from bot.domain.ids import IncidentId, ServiceName, UserId
from bot.domain.model import Incident, Severity
from bot.domain.places import place
from bot.domain.result_commands import ReportFailure
from bot.domain.roles_model import Role
from bot.domain.subscriptions import ALL, Subscribe, TellSubscriber, Topic, of_incident, of_service, wanted_by
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story, reported

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
ITSELF, CHECKOUT = of_incident(N), of_service(ServiceName("Checkout"))


def tell(story: Story, at: timedelta, *subscribers: UserId, ends: bool = False, by: UserId = BO) -> Decision:
    """Let an update (or the end) be told while these are subscribed."""
    command = Resolve(incident=N, resolution="x", by=by) if ends else SendUpdate(incident=N, text="x", by=by)
    now = START + at
    decision = decide(State(incident=story.incident, subscribers=subscribers), command, now, POLICY)
    story.current, story.now = decision.incident, now
    return decision


def asked(
    story: Story, command: Command, at: timedelta, *subscribers: UserId, into: Incident | None = None
) -> Decision:
    """Let something else be done while these are subscribed."""
    now = START + at
    state = State(
        incident=story.current, alert=story.alert, group=story.group, into=into, on_call={}, subscribers=subscribers
    )
    decision = decide(state, command, now, POLICY)
    story.current, story.now = decision.incident or story.current, now
    return decision


def told(decision: Decision) -> list[tuple[UserId, timedelta]]:
    return [(one.work.user, one.due - START) for one in decision.effects if isinstance(one.work, TellSubscriber)]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([(ANA, ITSELF, True), (BO, CHECKOUT, True), (CLEO, ALL, True)], (ANA, BO, CLEO)),
        ([(ANA, ALL, True), (ANA, ITSELF, False), (BO, ALL, False)], ()),
        ([(ANA, ALL, False), (ANA, CHECKOUT, True), (BO, ITSELF, True), (BO, ALL, False)], (ANA, BO)),
    ],
)
def test_what_is_said_of_the_incident_itself_counts_more(
    said: list[tuple[UserId, Topic, bool]], wanted: tuple[UserId, ...]
) -> None:
    assert wanted_by(said, ITSELF) == wanted
    assert CHECKOUT == "service:checkout", "however it is written"


def test_the_first_is_told_at_once_and_what_follows_soon_together() -> None:
    story = Story().declared(Severity.SEV2).opened()
    assert told(tell(story, MINUTE, ANA, BO)) == [(ANA, MINUTE)], "who says it knows it"
    assert told(tell(story, 2 * MINUTE, ANA)) == [(ANA, 6 * MINUTE)]
    assert told(tell(story, 5 * MINUTE, ANA, CLEO)) == [(ANA, 6 * MINUTE), (CLEO, 6 * MINUTE)]
    assert told(tell(story, 7 * MINUTE, ANA)) == [(ANA, 11 * MINUTE)], "at most one in five minutes"
    assert told(tell(story, 20 * MINUTE)) == []
    assert told(tell(story, 21 * MINUTE, ANA)) == [(ANA, 21 * MINUTE)]
    assert told(tell(story, 22 * MINUTE, ANA, ends=True)) == [(ANA, 26 * MINUTE)]


def works(decision: Decision) -> list[TellSubscriber]:
    return [one.work for one in decision.effects if isinstance(one.work, TellSubscriber)]


def test_what_is_told_together_is_named_after_the_row_of_the_first_of_it() -> None:
    story = Story().declared(Severity.SEV2).opened()
    rows = []
    for minute in (1, 2, 3, 7):
        (work,) = works(tell(story, minute * MINUTE, ANA))
        rows.append(work.since)
    assert rows == [3, 4, 4, 6]
    assert story.incident.told_with == 6


def test_a_clock_that_is_set_back_makes_it_nothing_that_was_told_before() -> None:
    story = Story().declared(Severity.SEV2).opened()
    keys = [place(work).key for work in works(tell(story, 61 * MINUTE, ANA))]
    for minute in (1, 2, 61, 62):
        decision = tell(story, minute * MINUTE, ANA)
        keys += [place(work).key for work in works(decision)]
    assert keys == [f"subscribed:42:{row}:U0ANA" for row in (3, 4, 5, 6, 7)]


def test_what_waits_from_before_rows_were_named_is_left_as_it_is_and_what_follows_is_told_by_itself() -> None:
    story = Story().declared(Severity.SEV2).opened()
    before = UpdateSent(at=START, by=BO, text="x", update_every=MINUTE, told_at=START + 5 * MINUTE, subscribers=(ANA,))
    story.current = evolve(story.incident, before)
    old = TellSubscriber(incident=N, user=ANA, told_at=START + 5 * MINUTE)
    assert place(old).key == f"subscribed:42:{(START + 5 * MINUTE).timestamp():.6f}:U0ANA"
    (new,) = works(tell(story, 2 * MINUTE, ANA))
    assert (new.since, new.told_at) == (4, START + 2 * MINUTE)


def test_the_end_is_told_at_once_when_nothing_was_told_lately() -> None:
    story = Story().declared(Severity.SEV2).opened()
    assert told(tell(story, MINUTE, ANA, ends=True)) == [(ANA, MINUTE)]
    assert story.incident.told_at == START + MINUTE


def test_whoever_heard_of_the_end_hears_that_it_was_none_and_of_what_was_put_away() -> None:
    story = Story().declared(Severity.SEV2).opened()
    tell(story, MINUTE, ANA, ends=True)
    again = Reopen(incident=N, reason="It is back", by=BO)
    assert told(asked(story, again, 10 * MINUTE, ANA, BO)) == [(ANA, 10 * MINUTE)], "who says it knows it"
    assert told(tell(story, 12 * MINUTE, ANA)) == [(ANA, 15 * MINUTE)]
    into = IncidentId(41)
    merged = asked(story, Merge(incident=N, into=into, by=BO), 30 * MINUTE, ANA, into=replace(story.incident, id=into))
    assert told(merged) == [(ANA, 30 * MINUTE)]
    assert story.incident.told_at == START + 30 * MINUTE
    suspected = Story()
    suspected.do(Declare(title="Is it slow?", by=ANA, severity=Severity.SEV2, triage=True))
    declined = asked(suspected, Decline(incident=N, reason="A load test", by=ANA), 3 * MINUTE, CLEO)
    assert told(declined) == [(CLEO, 3 * MINUTE)]
    assert suspected.incident.told_at == START + 3 * MINUTE


def test_an_alert_that_reopens_it_is_told_to_all_of_them() -> None:
    story = Story()
    story.do(ReportAlert(report=reported()))
    assert story.alert
    story.do(Declare(by=ANA, severity=Severity.SEV2, alert=story.alert.id))
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=MINUTE)
    over = replace(reported(), status=AlertStatus.RESOLVED, ends_at=START + 2 * MINUTE)
    story.do(ReportAlert(report=over), at=2 * MINUTE)
    fires = ReportAlert(report=replace(reported(), starts_at=START + 3 * MINUTE))
    decision = asked(story, fires, 3 * MINUTE, ANA, BO)
    assert [event.kind for event in decision.events if event.kind == "incident_reopened"] == ["incident_reopened"]
    assert told(decision) == [(ANA, 3 * MINUTE), (BO, 3 * MINUTE)]


def test_of_a_private_incident_only_its_people_are_told() -> None:
    story = Story().declared(Severity.SEV2).opened()
    story.current = replace(story.incident, private=True)
    assert told(tell(story, MINUTE, ANA, UserId("U0STRANGER"), CLEO)) == [(ANA, MINUTE), (CLEO, MINUTE)]


def test_who_was_asked_to_take_a_role_before_the_end_of_a_private_incident_is_not_told_when_it_begins_anew() -> None:
    story = Story().declared(Severity.SEV2).opened()
    story.current = replace(story.incident, private=True)
    asked_to = UserId("U0EVE")
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=asked_to, by=ANA))
    assert told(tell(story, MINUTE, CLEO, asked_to, ends=True)) == [(CLEO, MINUTE), (asked_to, MINUTE)]
    decision = asked(story, Reopen(incident=N, reason="It is back", by=BO), 10 * MINUTE, CLEO, asked_to)
    assert told(decision) == [(CLEO, 10 * MINUTE)]
    assert [one.subscribers for one in decision.events if isinstance(one, IncidentReopened)] == [(CLEO,)]


def test_what_somebody_wants_is_handed_on_as_it_is() -> None:
    command = Subscribe(topic=ITSELF, by=ANA)
    assert decide(State(), command, START, POLICY) == Decision(subscribed=command)


def test_a_subscriber_whom_nobody_can_write_to_is_recorded_and_no_concern_of_the_commander() -> None:
    story = Story().declared(Severity.SEV2).opened()
    work = TellSubscriber(incident=N, user=ANA, told_at=START)
    decision = story.do(ReportFailure(incident=N, work=work, reason="user_disabled"))
    assert [type(event) for event in decision.events] == [DeliveryFailed]
    assert decision.effects == ()


def test_a_topic_fits_its_column_of_as_many_letters_as_names_are_compared_by() -> None:
    assert len(of_service(ServiceName("ﬃ" * 100))) == 200
