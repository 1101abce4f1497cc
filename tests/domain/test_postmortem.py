"""A postmortem's facts are those of its timeline: moments, measures, roles, words; the unknown stays unknown."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.events import (
    ChannelOpened,
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.ids import ChannelId, MessageTs, ServiceName
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Milestone, Severity, Status
from bot.domain.note_events import MilestoneSet
from bot.domain.page_events import PagerAnswered
from bot.domain.policy import Policy
from bot.domain.postmortem import Holding, Measures, Postmortem, compile_postmortem
from bot.domain.roles_model import Role
from tests.views.samples import ALERT, ANA, AT, BO, CLEO, INCIDENT, timeline

EVERY = timedelta(minutes=10)
LINK = "https://northwind.slack.com/archives/C1/p1"


def after(minutes: float) -> datetime:
    """Return a moment so many minutes after the declaration."""
    return AT + timedelta(minutes=minutes)


DECLARED = IncidentDeclared(
    at=AT,
    by=ANA,
    incident=INCIDENT.id,
    title="checkout is down",
    severity=Severity.SEV2,
    service=ServiceName("checkout"),
    responders=(ANA, CLEO),
    channel_name="inc-42",
    update_every=EVERY,
)
ATTACHED = AlertAttached(
    at=AT, alert=ALERT.id, title="Checkout fails", starts_at=after(-5), source_url=ALERT.report.source_url
)
TOOK = RoleAssigned(at=after(2), by=BO, role=Role.COMMANDER, user=BO)
HANDED = RoleAssigned(at=after(40), by=BO, role=Role.COMMANDER, user=ANA, previous=BO)
MITIGATED = StatusChanged(at=after(30), by=BO, status=Status.MONITORING, previous=Status.INVESTIGATING)
OVER = IncidentResolved(at=after(65), by=ANA, resolution="Rolled back.")


def said(minutes: float, text: str, ts: str) -> MessagePosted:
    """Return a message."""
    return MessagePosted(at=after(minutes), by=BO, ts=MessageTs(ts), text=text, permalink=LINK)


def compiled(*events: Event, alerts: bool = True) -> Postmortem:
    """Compile a timeline, with the sample alert in the state or without any."""
    incident, rows = timeline(*events)
    return compile_postmortem(incident, rows, [ALERT] if alerts else [], Policy())


def test_each_measure_runs_between_its_two_moments() -> None:
    found = compiled(DECLARED, ATTACHED, TOOK, MITIGATED, OVER).measures
    assert found.to_detect == timedelta(minutes=1)  # began 14:25, Muster heard of it at 14:26
    assert found.to_acknowledge == timedelta(minutes=6)  # 14:26 to the first commander at 14:32
    assert found.to_mitigate == timedelta(minutes=35)
    assert found.to_resolve == timedelta(minutes=70)
    assert found.from_start


def test_what_people_say_of_a_milestone_goes_before_what_muster_saw() -> None:
    said_so = [
        MilestoneSet(at=after(90), by=ANA, milestone=milestone, happened_at=after(minutes))
        for milestone, minutes in {
            Milestone.IMPACT_STARTED: -30,
            Milestone.DETECTED: -10,
            Milestone.ACKNOWLEDGED: 0,
            Milestone.MITIGATED: 20,
            Milestone.RESOLVED: 60,
        }.items()
    ]
    found = compiled(DECLARED, ATTACHED, TOOK, MITIGATED, OVER, *said_so)
    assert found.measures == Measures(
        to_detect=timedelta(minutes=20),
        to_acknowledge=timedelta(minutes=10),
        to_mitigate=timedelta(minutes=50),
        to_resolve=timedelta(minutes=90),
        from_start=True,
    )
    assert found.timeline[0].event == said_so[0], "each stands where it happened"


def test_an_acknowledgement_before_the_declaration_counts() -> None:
    acknowledged = AlertAcknowledged(at=after(-2), by=CLEO, alert=ALERT.id, title="Checkout fails")
    assert compiled(DECLARED, ATTACHED, acknowledged, TOOK).measures.to_acknowledge == timedelta(minutes=2)


def test_without_an_alert_the_start_is_unknown_and_the_rest_counts_from_the_declaration() -> None:
    found = compiled(DECLARED, TOOK, OVER, alerts=False)
    assert found.moments.started is None
    assert found.measures.to_detect is None
    assert found.measures.to_acknowledge == timedelta(minutes=2)
    assert found.measures.to_resolve == timedelta(minutes=65)
    assert not found.measures.from_start
    assert found.signals == ()


def test_what_has_not_happened_is_unknown_not_zero() -> None:
    found = compiled(DECLARED, ATTACHED)
    assert (found.measures.to_acknowledge, found.measures.to_mitigate, found.measures.to_resolve) == (None, None, None)
    assert found.duration is None
    assert found.resolution is None
    assert found.resolved_by is None


def test_an_alert_that_began_after_people_knew_is_not_the_start() -> None:
    late = replace(ATTACHED, at=after(10), starts_at=after(9))
    incident, rows = timeline(DECLARED, late)
    alert = replace(ALERT, first_seen_at=after(10))
    found = compile_postmortem(incident, rows, [alert], Policy())
    assert found.moments.started is None
    assert found.moments.detected == AT
    assert found.measures.to_detect is None


def test_a_mitigation_that_was_taken_back_does_not_count() -> None:
    back = StatusChanged(at=after(35), by=BO, status=Status.INVESTIGATING, previous=Status.MONITORING)
    again = StatusChanged(at=after(50), by=BO, status=Status.MONITORING, previous=Status.INVESTIGATING)
    assert compiled(DECLARED, ATTACHED, MITIGATED, back, OVER).measures.to_mitigate is None
    assert compiled(DECLARED, ATTACHED, MITIGATED, back, again).measures.to_mitigate == timedelta(minutes=55)


def test_roles_are_told_over_time() -> None:
    scribe = RoleAssigned(at=after(3), by=ANA, role=Role.SCRIBE, user=CLEO)
    found = compiled(DECLARED, scribe, TOOK, HANDED, OVER)
    assert found.holdings == (
        Holding(role=Role.COMMANDER, user=BO, since=after(2), until=after(40)),
        Holding(role=Role.COMMANDER, user=ANA, since=after(40), until=after(65)),
        Holding(role=Role.SCRIBE, user=CLEO, since=after(3), until=after(65)),
    )
    assert found.commanders == (BO, ANA)
    assert set(found.people) == {ANA, BO, CLEO}


def test_severity_is_the_last_one_with_every_change() -> None:
    change = SeverityChanged(at=after(5), by=BO, severity=Severity.SEV1, previous=Severity.SEV2, update_every=EVERY)
    found = compiled(DECLARED, change)
    assert found.severity is Severity.SEV1
    assert found.severity_changes == (change,)
    assert found.severity_meaning.startswith("Critical")


def test_the_timeline_tells_what_mattered_in_the_order_in_which_it_happened() -> None:
    found = compiled(
        DECLARED,
        ATTACHED,
        ChannelOpened(at=after(0.1), channel=ChannelId("C1"), name="inc-42"),
        PagerAnswered(at=after(0.2), action="trigger"),
        CommandVacant(at=after(5), n=1),
        CommandVacant(at=after(10), n=2),
        replace(TOOK, at=after(11)),
        PagerAnswered(at=after(11.1), action="acknowledge"),
        UpdateOverdue(at=after(12), due=after(12), n=1),
        ReminderPosted(at=after(12), about="update", n=1),
        UpdateOverdue(at=after(22), due=after(12), n=2),
        UpdateSent(at=after(23), by=BO, text="rolling back", update_every=EVERY),
        UpdateOverdue(at=after(33), due=after(33), n=3),
        DeliveryFailed(at=after(34), what="slack.topic", reason="missing_scope"),
        AlertEnded(at=after(60), alert=ALERT.id, title="Checkout fails", ended_at=after(55)),
        OVER,
    )
    assert [entry.event.kind for entry in found.timeline] == [
        "alert_attached",
        "incident_declared",
        "pager_answered",
        "command_vacant",
        "role_assigned",
        "update_overdue",
        "update_sent",
        "update_overdue",
        "delivery_failed",
        "alert_ended",
        "incident_resolved",
    ]
    assert found.timeline[0].at == after(-5)
    assert found.timeline[-2].at == after(55)
    assert (found.updates, found.overdue, found.paged) == (1, 3, True)
    assert [failed.reason for failed in found.failures] == ["missing_scope"]


def test_messages_say_what_they_say_now_and_deleted_ones_say_nothing() -> None:
    found = compiled(
        DECLARED,
        said(1, "it is the databse", "1"),
        said(2, "my password is hunter2", "2"),
        MessageEdited(at=after(3), by=BO, ts=MessageTs("1"), text="it is the database", permalink=LINK),
        MessageEdited(at=after(3), by=BO, ts=MessageTs("2"), text="my password", permalink=LINK),
        MessageDeleted(at=after(4), ts=MessageTs("2")),
        said(5, "late", "3"),
    )
    messages = [entry for entry in found.timeline if isinstance(entry.event, MessagePosted)]
    assert [
        (one.event.text, one.edited, one.permalink) for one in messages if isinstance(one.event, MessagePosted)
    ] == [
        ("it is the database", True, LINK),
        ("late", False, LINK),
    ]
    assert "password" not in repr(found)


def test_signals_carry_what_the_alerts_know() -> None:
    found = compiled(DECLARED, ATTACHED)
    (signal,) = found.signals
    assert (signal.title, signal.first_seen_at, signal.source) == ("Checkout fails", after(-4), "alertmanager")
    assert found.services == ("checkout",)
    (unknown,) = compiled(DECLARED, ATTACHED, alerts=False).signals
    assert (unknown.first_seen_at, unknown.source) == (None, None)
