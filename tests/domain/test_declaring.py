"""Declaring: from words, from an alert, and what follows when the channel is there."""

from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertAcknowledged, AlertAttached
from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.course_commands import Reopen
from bot.domain.events import IncidentDeclared
from bot.domain.group_work import ShowGroup
from bot.domain.ids import ChannelId
from bot.domain.model import Severity, Status
from bot.domain.policy import Policy
from bot.domain.read_back import ReadBack
from bot.domain.result_commands import OpenedChannel
from bot.domain.work import Effect, InvitePeople, Page, PageAction, Reminder, Timer
from bot.errors import Refused
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, START, Story, reported


def test_a_declaration_pages_and_opens_a_channel_and_winds_both_clocks() -> None:
    story = Story().declared()
    assert story.incident.channel_name == "inc-42-checkout-is-down-7k3x"
    shown = ["slack.open_channel", "slack.card", "slack.announce"]
    assert story.kinds() == ["pager.page", "timer.page", *shown, "timer", "timer", "timer.acknowledge"]
    assert story.last.effects[0].work == Page(incident=story.incident.id, action=PageAction.TRIGGER)
    assert story.last.effects[5] == Effect(
        work=Timer(incident=story.incident.id, about=Reminder.UPDATE), due=START + timedelta(minutes=30), urgency=0
    )
    assert story.last.effects[6].due == START + timedelta(minutes=5)


def test_the_pager_goes_before_everything_else() -> None:
    story = Story().declared(Severity.SEV1)
    assert min(story.last.effects, key=lambda effect: effect.urgency).work.kind == "pager.page"


@pytest.mark.parametrize("severity", [Severity.SEV3, Severity.SEV4])
def test_a_minor_incident_wakes_nobody(severity: Severity) -> None:
    story = Story().declared(severity)
    assert not story.incident.paged
    assert "pager.page" not in story.kinds()


def test_without_a_pager_nothing_is_paged() -> None:
    assert "pager.page" not in Story(Policy()).declared(Severity.SEV1).kinds()


def test_the_declarer_and_whoever_is_on_call_come_first() -> None:
    assert Story().declared().incident.responders == (ANA, CLEO)


def test_a_title_is_asked_for() -> None:
    with pytest.raises(Refused, match="what is broken"):
        Story().do(Declare(title="  \x00 ", by=ANA))


def test_from_an_alert_come_title_severity_service_and_the_one_who_took_it_up() -> None:
    story = Story()
    story.do(ReportAlert(report=reported()))
    story.do(AcknowledgeAlert(alert=_id(story), by=BO), at=timedelta(minutes=1))
    story.do(Declare(by=ANA, alert=_id(story)), at=timedelta(minutes=2))
    incident = story.incident
    assert (incident.title, incident.severity, incident.service) == (
        "Checkout is burning its error budget",
        Severity.SEV1,
        CHECKOUT,
    )
    assert incident.responders == (ANA, CLEO, BO)
    assert [type(event) for event in story.last.events] == [IncidentDeclared, AlertAttached, AlertAcknowledged]
    assert incident.acknowledged_at == START + timedelta(minutes=1)
    assert story.alert
    assert story.alert.incident == incident.id
    assert "slack.group" in story.kinds()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (AlertSeverity.CRITICAL, Severity.SEV1),
        (AlertSeverity.HIGH, Severity.SEV2),
        (AlertSeverity.WARNING, Severity.SEV3),
        (AlertSeverity.UNKNOWN, Severity.SEV3),
        (AlertSeverity.INFO, Severity.SEV4),
    ],
)
def test_an_alert_proposes_a_severity(given: AlertSeverity, expected: Severity) -> None:
    story = Story()
    story.do(ReportAlert(report=reported(severity=given)))
    story.do(Declare(by=ANA, alert=_id(story)))
    assert story.incident.severity is expected


def test_one_alert_makes_one_incident() -> None:
    story = Story()
    story.do(ReportAlert(report=reported()))
    story.do(Declare(by=ANA, alert=_id(story)))
    with pytest.raises(Refused, match="INC-42 was already declared"):
        story.do(Declare(by=BO, alert=_id(story)))


def test_an_alert_that_outlives_its_incident_makes_another_one() -> None:
    story = Story()
    story.do(ReportAlert(report=reported()))
    story.do(Declare(by=ANA, alert=_id(story)))
    story.do(Resolve(incident=story.incident.id, resolution="Rolled back", by=ANA))
    assert ShowGroup(group=story.shown.id) in story.work(), "its message offers to declare again"
    story.do(Declare(by=BO, alert=_id(story)))
    assert (story.incident.status, story.incident.declared_by) == (Status.INVESTIGATING, BO)


def test_a_forgotten_alert_is_refused() -> None:
    with pytest.raises(Refused, match="do not know this alert"):
        Story().do(Declare(by=ANA, alert="gone"))  # type: ignore[arg-type] # as a button of last year has it


def test_when_the_channel_is_there_everything_goes_at_once_each_in_a_lane_of_its_own() -> None:
    story = Story().declared()
    story.do(OpenedChannel(incident=story.incident.id, channel=ChannelId("C1"), name="inc-42-checkout"))
    assert story.kinds() == ["slack.announce", "slack.invite", "slack.topic", "slack.bookmark", "slack.read_back"]
    assert InvitePeople(incident=story.incident.id, users=(ANA, CLEO)) in story.work()


def test_the_channel_is_read_ten_minutes_after_it_was_opened_unless_all_is_over() -> None:
    story = Story().declared().opened()
    (reading,) = [effect for effect in story.last.effects if isinstance(effect.work, ReadBack)]
    assert (reading.work, reading.due) == (ReadBack(incident=story.incident.id), START + timedelta(minutes=10))
    over = Story().declared()
    over.do(Resolve(incident=over.incident.id, resolution="Rolled back", by=ANA))
    assert "slack.read_back" not in over.opened().kinds()


def test_reopened_before_there_is_a_channel_it_is_read_once_there_is_one() -> None:
    story = Story().declared()
    number = story.incident.id
    story.do(Resolve(incident=number, resolution="Rolled back", by=ANA))
    story.do(Reopen(incident=number, reason="Errors are back", by=BO))
    assert "slack.read_back" not in story.kinds()
    assert ReadBack(incident=number) in story.opened().work()


def test_a_channel_that_is_there_already_changes_nothing() -> None:
    story = Story().declared()
    opened = OpenedChannel(incident=story.incident.id, channel=ChannelId("C1"), name="inc-42-checkout")
    story.do(opened)
    before = story.incident
    story.do(opened)
    assert (story.incident, story.work()) == (before, [])


def _id(story: Story):  # type: ignore[no-untyped-def]
    assert story.alert
    return story.alert.id
