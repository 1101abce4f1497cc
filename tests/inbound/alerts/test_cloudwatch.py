"""What CloudWatch sends through SNS."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import cloudwatch
from tests.inbound.alerts.sent import only, payload, read
from tests.inbound.alerts.test_every_source import ODD, with_one_odd_value


def test_everything_that_an_alarm_tells_is_kept() -> None:
    alert = only("cloudwatch", "episode-1-alarm")
    assert alert == ReportedAlert(
        source=cloudwatch.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 4, 11, 19, 40, 10, 730_000, tzinfo=UTC),
        title="mail queue (outgoing)",
        summary="Threshold Crossed: 1 datapoint [4310.0] was greater than the threshold (4000.0).",
        description="The outgoing queue is long",
        labels={
            "QueueName": "outgoing",
            "alarm": "mail queue (outgoing)",
            "state": "ALARM",
            "account": "444455556666",
            "region": "us-east-1",
            "namespace": "AWS/SQS",
            "metric": "ApproximateNumberOfMessagesVisible",
        },
        source_url="https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1"
        "#alarmsV2:alarm/mail%20queue%20%28outgoing%29",
    )


def test_ok_ends_the_alarm_when_its_state_changed() -> None:
    alarm, ok = only("cloudwatch", "episode-1-alarm"), only("cloudwatch", "episode-3-ok")
    assert (ok.fingerprint, ok.status) == (alarm.fingerprint, AlertStatus.RESOLVED)
    assert ok.ends_at == datetime(2026, 4, 11, 19, 52, 10, 730_000, tzinfo=UTC)


def test_too_little_data_is_no_ok() -> None:
    assert only("cloudwatch", "episode-2-insufficient-data").status is AlertStatus.FIRING


def test_without_an_arn_account_and_region_tell_alarms_of_one_name_apart() -> None:
    given = payload("cloudwatch", "no-arn-composite")
    other = given | {"Message": given["Message"].replace("444455556666", "777788889999")}
    assert only("cloudwatch", given).fingerprint != only("cloudwatch", other).fingerprint
    assert only("cloudwatch", given).source_url is None


def test_an_alarm_of_another_partition_has_no_link_to_the_wrong_console() -> None:
    given = payload("cloudwatch", "episode-1-alarm")
    message = given["Message"].replace("arn:aws:cloudwatch", "arn:aws-cn:cloudwatch")
    alert = only("cloudwatch", given | {"Message": message})
    assert (alert.source_url, alert.labels["region"]) == (None, "us-east-1")


def test_of_a_subscription_there_is_nothing_to_alert() -> None:
    assert read("cloudwatch", "subscription-confirmation") == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "Type is none of Amazon SNS's: turn raw message delivery off"),
        (b'{"AlarmName": "a", "NewStateValue": "ALARM"}', "turn raw message delivery off"),
        (b'{"Type": "Notification"}', "Message is missing"),
        (b'{"Type": "Notification", "Message": "A budget"}', "Message is no CloudWatch alarm: it is not JSON"),
        (b'{"Type": "Notification", "Message": "\\ud800[]"}', "Message is no CloudWatch alarm: it is not JSON"),
        (b'{"Type": "Notification", "Message": "[]"}', "the message is a list, not an object"),
        (b'{"Type": "Notification", "Message": "{\\"a\\": 1}"}', "it is no CloudWatch alarm"),
    ],
)
def test_what_is_no_alarm_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        cloudwatch.parse(body)


def test_one_odd_value_anywhere_in_the_message_is_read_or_refused() -> None:
    envelope = payload("cloudwatch", "episode-1-alarm")
    for odd in ODD:
        for changed in with_one_odd_value(json.loads(envelope["Message"]), odd):
            try:
                (alert,) = read("cloudwatch", envelope | {"Message": json.dumps(changed)})
            except BadInput:
                continue
            assert alert.title
            assert "\x00" not in "".join((alert.title, *alert.labels.values()))
