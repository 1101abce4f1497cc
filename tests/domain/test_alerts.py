"""Alerts: one episode, one message, whatever order the reports come in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertAcknowledged, AlertEnded
from bot.domain.alerts import identity
from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.group_work import ShowGroup
from bot.domain.ids import ChannelId, IncidentId, ServiceName, SourceName
from bot.domain.matchers import matcher_of
from bot.domain.model import Severity
from bot.domain.policy import Channels, Policy, Rule, Service
from bot.domain.result_commands import OpenedChannel
from bot.domain.routing import Route
from bot.errors import Refused
from tests.domain.story import ANA, BO, START, Story, reported

FIRING = ReportAlert(report=reported())


def ended(**changes: object) -> ReportAlert:
    given = {"status": AlertStatus.RESOLVED, "ends_at": START + timedelta(minutes=3)} | changes
    return ReportAlert(report=reported(**given))


def firing_story() -> Story:
    story = Story()
    story.do(FIRING)
    return story


def test_a_firing_alert_is_shown() -> None:
    story = firing_story()
    assert story.alert
    assert story.work() == [ShowGroup(group=story.shown.id, channel=story.shown.channel)]
    assert story.alert.runbook_url == "https://runbooks.example/checkout"


def test_an_alert_waits_behind_everything_that_an_incident_needs_and_the_gravest_goes_first() -> None:
    urgency = {}
    for severity in (AlertSeverity.WARNING, AlertSeverity.CRITICAL):
        story = Story()
        story.do(ReportAlert(report=reported(severity=severity)))
        urgency[severity] = story.last.effects[0].urgency
    declared = Story()
    declared.do(Declare(title="A blemish", by=ANA, severity=Severity.SEV4))
    declared.do(OpenedChannel(incident=IncidentId(1), channel=ChannelId("C1"), name="inc-1"))
    last = max(effect.urgency for effect in declared.last.effects)
    assert last < urgency[AlertSeverity.CRITICAL] < urgency[AlertSeverity.WARNING]


def test_an_end_by_a_clock_that_is_ahead_of_ours_ends_the_alert_and_is_not_before_its_start() -> None:
    story = Story()
    ahead = START + timedelta(minutes=30)
    story.do(ReportAlert(report=reported(starts_at=ahead)))
    story.do(ended(starts_at=ahead, ends_at=ahead + timedelta(minutes=2)))
    assert story.alert
    assert (story.alert.status, story.alert.ended_at) == (AlertStatus.RESOLVED, ahead)


def test_what_a_source_does_not_tell_of_time_is_when_we_heard_of_it() -> None:
    untold = reported(starts_at=WHEN_RECEIVED)
    assert untold.received(START) == replace(untold, starts_at=START)
    over = replace(untold, status=AlertStatus.RESOLVED)
    assert over.received(START) == replace(over, starts_at=START, ends_at=START)
    later = START + timedelta(minutes=9)
    began_later = replace(over, starts_at=later)
    assert began_later.received(START) == replace(began_later, ends_at=later)


def test_what_a_source_tells_of_time_stays() -> None:
    told = reported()
    assert told.received(START + timedelta(days=1)) is told
    over = replace(told, status=AlertStatus.RESOLVED, ends_at=START)
    assert over.received(START + timedelta(days=1)) is over


def test_the_same_report_again_changes_nothing() -> None:
    story = firing_story()
    story.do(FIRING, at=timedelta(minutes=1))
    assert (story.last.alert, story.work()) == (None, [])


def test_a_changed_report_is_shown_in_the_same_message() -> None:
    story = firing_story()
    before = story.alert
    story.do(ReportAlert(report=reported(summary="Worse", starts_at=START + timedelta(seconds=1))))
    assert story.alert
    assert before
    assert story.alert.id == before.id
    assert story.alert.report.summary == "Worse"
    assert story.alert.report.starts_at == before.report.starts_at


def test_an_end_is_shown_and_a_stale_firing_after_it_opens_nothing() -> None:
    story = firing_story()
    story.do(ended(), at=timedelta(minutes=3))
    assert story.alert
    assert story.alert.status is AlertStatus.RESOLVED
    assert story.alert.ended_at == START + timedelta(minutes=3)
    story.do(FIRING, at=timedelta(minutes=4))
    assert story.work() == []


def test_a_new_episode_is_a_new_message() -> None:
    story = firing_story()
    first = story.alert
    story.do(ended(), at=timedelta(minutes=3))
    story.do(ReportAlert(report=reported(starts_at=START + timedelta(minutes=10))), at=timedelta(minutes=10))
    assert story.alert
    assert first
    assert story.alert.id != first.id
    assert story.alert.status is AlertStatus.FIRING


@pytest.mark.parametrize("end", [ended(), ended(ends_at=None), ended(ends_at=START - timedelta(hours=1))])
def test_an_end_that_overtakes_its_firing_is_remembered_and_the_firing_shown_as_over(end: ReportAlert) -> None:
    story = Story()
    story.do(end)
    assert story.alert
    assert (story.alert.is_unseen, story.work()) == (True, [])
    story.do(FIRING, at=timedelta(minutes=4))
    assert (story.alert.status, story.alert.report) == (AlertStatus.RESOLVED, FIRING.report)
    assert story.work() == [ShowGroup(group=story.shown.id, channel=story.shown.channel)]
    story.do(FIRING, at=timedelta(minutes=5))
    assert story.work() == []


def test_the_end_of_a_later_episode_overtakes_its_firing_too() -> None:
    story = firing_story()
    first = story.alert
    story.do(ended(), at=timedelta(minutes=3))
    again = START + timedelta(minutes=10)
    story.do(ended(starts_at=again, ends_at=again + timedelta(minutes=1)), at=timedelta(minutes=12))
    assert first
    assert story.alert
    assert story.alert.id != first.id
    assert story.work() == []
    story.do(FIRING, at=timedelta(minutes=12))
    assert (story.alert.is_unseen, story.work()) == (True, [])
    story.do(ReportAlert(report=reported(starts_at=again)), at=timedelta(minutes=13))
    assert (story.alert.status, story.kinds()) == (AlertStatus.RESOLVED, ["slack.group"])


def test_of_ends_without_a_firing_the_last_is_remembered_in_one_place() -> None:
    story = Story()
    story.do(ended(), at=timedelta(minutes=3))
    first = story.alert
    later = START + timedelta(minutes=10)
    story.do(ended(starts_at=later, ends_at=later), at=timedelta(minutes=10))
    assert first
    assert story.alert
    assert (story.alert.id, story.alert.ended_at, story.alert.is_unseen) == (first.id, later, True)
    story.do(ended(), at=timedelta(minutes=11))
    assert story.alert.ended_at == later


def test_after_an_end_without_a_firing_a_new_episode_fires() -> None:
    story = Story()
    story.do(ended(), at=timedelta(minutes=3))
    story.do(ReportAlert(report=reported(starts_at=START + timedelta(minutes=10))), at=timedelta(minutes=10))
    assert story.alert
    assert (story.alert.status, story.kinds()) == (AlertStatus.FIRING, ["slack.group"])


def test_the_late_end_of_an_earlier_episode_does_not_end_what_fires_since() -> None:
    story = firing_story()
    again = START + timedelta(minutes=10)
    story.do(ReportAlert(report=reported(starts_at=again)), at=timedelta(minutes=10))
    assert story.work() == []
    story.do(FIRING, at=timedelta(minutes=11))
    story.do(ended(ends_at=START + timedelta(minutes=3)), at=timedelta(minutes=12))
    assert story.alert
    assert (story.alert.status, story.work()) == (AlertStatus.FIRING, [])
    story.do(ended(starts_at=again, ends_at=again + timedelta(minutes=5)), at=timedelta(minutes=16))
    assert story.alert.status is AlertStatus.RESOLVED


def test_an_end_from_before_the_episode_is_stale() -> None:
    story = firing_story()
    story.do(ended(ends_at=START - timedelta(hours=1)))
    assert story.work() == []


def test_an_end_in_the_senders_future_counts_from_now() -> None:
    story = firing_story()
    story.do(ended(ends_at=START + timedelta(days=1)), at=timedelta(minutes=3))
    assert story.alert
    assert story.alert.ended_at == START + timedelta(minutes=3)
    story.do(ended())
    assert story.work() == []


def test_an_end_without_a_time_ends_what_began_by_a_clock_ahead_of_ours() -> None:
    story = Story()
    ahead = ReportAlert(report=reported(starts_at=START + timedelta(hours=1)))
    story.do(ahead)
    story.do(ended(starts_at=START + timedelta(hours=1), ends_at=None), at=timedelta(minutes=3))
    assert story.alert
    assert (story.alert.status, story.alert.ended_at) == (AlertStatus.RESOLVED, START + timedelta(hours=1))
    story.do(ahead, at=timedelta(minutes=4))
    assert story.work() == []


def test_the_first_to_acknowledge_counts() -> None:
    story = firing_story()
    assert story.alert
    story.do(AcknowledgeAlert(alert=story.alert.id, by=BO), at=timedelta(minutes=1))
    assert story.shown.acknowledged
    assert story.shown.acknowledged.by == BO
    with pytest.raises(Refused, match="already acknowledged at 03:01 UTC"):
        story.do(AcknowledgeAlert(alert=story.alert.id, by=ANA))


def test_nothing_is_left_to_acknowledge_of_what_is_over_or_unknown() -> None:
    story = firing_story()
    assert story.alert
    alert = story.alert.id
    with pytest.raises(Refused, match="do not know this alert"):
        Story().do(AcknowledgeAlert(alert=alert, by=ANA))
    story.do(ended(), at=timedelta(minutes=3))
    with pytest.raises(Refused, match="resolved already"):
        story.do(AcknowledgeAlert(alert=alert, by=ANA))


def test_an_attached_alert_tells_the_incident_of_its_life() -> None:
    story = firing_story()
    assert story.alert
    story.do(Declare(by=ANA, alert=story.alert.id))
    story.do(AcknowledgeAlert(alert=story.alert.id, by=BO), at=timedelta(minutes=1))
    assert [type(event) for event in story.last.events] == [AlertAcknowledged]
    story.do(ended(), at=timedelta(minutes=3))
    assert [type(event) for event in story.last.events] == [AlertEnded]
    assert "slack.say" in story.kinds()


def test_an_end_after_the_incident_is_recorded_but_not_said() -> None:
    story = firing_story()
    assert story.alert
    story.do(Declare(by=ANA, alert=story.alert.id))
    story.do(Resolve(incident=IncidentId(42), resolution="Rolled back", by=ANA))
    story.do(ended(), at=timedelta(minutes=5))
    assert isinstance(story.last.events[0], AlertEnded)
    assert story.kinds() == ["slack.group"]


def test_no_two_series_look_alike() -> None:
    one = reported(source=SourceName("a"), integration="bc", fingerprint="d")
    other = reported(source=SourceName("ab"), integration="c", fingerprint="d")
    assert identity(one) != identity(other)


def test_the_first_route_that_matches_wins_then_the_service_then_the_default() -> None:
    name = ServiceName("checkout")
    service = Service(name=name, channel="payments", runbook_url=None)
    route = Route(matchers=(matcher_of("region=~eu-.*"),), channel="europe")
    policy = Policy(services={name: service}, routes=(route,), channels=Channels(alerts="alerts"))
    assert policy.routed(reported()).channel == "europe"
    assert policy.routed(reported(labels={"service": "checkout"})).channel == "payments"
    assert policy.routed(reported(labels={})).channel == "alerts"


def test_the_alerts_own_runbook_goes_before_its_rules_and_its_services() -> None:
    name = ServiceName("checkout")
    policy = Policy(
        services={name: Service(name=name, runbook_url="https://service.example")},
        rules={"CheckoutErrorBudgetBurn": Rule(runbook_url="https://rule.example")},
    )
    assert policy.runbook_for(reported(runbook_url="https://own.example")) == "https://own.example"
    assert policy.runbook_for(reported()) == "https://rule.example"
    assert policy.runbook_for(reported(title="Other")) == "https://service.example"
    assert policy.runbook_for(reported(title="Other", labels={})) is None
