"""CloudWatch alarms, as Amazon SNS delivers them.

(https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html)

The alarm is JSON within the `Message` of SNS's envelope, which is signed (amazon_sns.py). Each delivery tells of one
change of state, so an end does not repeat when the alarm began.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
    SUMMARY,
    TITLE,
    as_labels,
    as_line,
    as_object,
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import first_moment

NAME = SourceName("cloudwatch")

_NOTIFICATION: Final = "Notification"
_ABOUT_THE_TOPIC: Final = frozenset({"SubscriptionConfirmation", "UnsubscribeConfirmation"})
_OK: Final = "OK"
# INSUFFICIENT_DATA is no OK, and comes only when somebody asked for it.
_STATES: Final = frozenset({_OK, "ALARM", "INSUFFICIENT_DATA"})
# arn:aws:cloudwatch:eu-west-1:111122223333:alarm:name
_PARTS_OF_ARN: Final = 7


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one delivery: an alert, or none when it is about the subscription.

    Raises:
        BadInput: it is none of SNS's, or its message is no change of an alarm's state.
    """
    envelope = as_object(read_json(body), "the body")
    kind = as_line(envelope.get("Type"), LABEL_VALUE)
    if kind in _ABOUT_THE_TOPIC:
        return ()
    if kind != _NOTIFICATION:
        raise BadInput("Type is none of Amazon SNS's: turn raw message delivery off")
    return (_alert(_message(envelope.get("Message"))),)


def _message(message: object) -> Mapping[str, object]:
    if not isinstance(message, str):
        raise BadInput("Message is missing")
    try:
        read = read_json(message.encode("utf-8", "replace"))
    except BadInput:
        raise BadInput("Message is no CloudWatch alarm: it is not JSON") from None
    return as_object(read, "the message")


def _alert(alarm: Mapping[str, object]) -> ReportedAlert:
    name, state = as_line(alarm.get("AlarmName"), TITLE), as_line(alarm.get("NewStateValue"), LABEL_VALUE)
    at = first_moment(alarm.get("StateChangeTime"))
    if not name or state not in _STATES or at is None:
        raise BadInput("it is no CloudWatch alarm: AlarmName, NewStateValue or StateChangeTime is missing")
    arn = as_line(alarm.get("AlarmArn"), LABEL_VALUE)
    region = _region(arn)
    return ReportedAlert(
        source=NAME,
        fingerprint=_fingerprint(alarm, arn),
        status=AlertStatus.RESOLVED if state == _OK else AlertStatus.FIRING,
        starts_at=at,
        ends_at=at if state == _OK else None,
        title=name,
        summary=as_text(alarm.get("NewStateReason"), SUMMARY),
        description=as_text(alarm.get("AlarmDescription"), DESCRIPTION),
        labels=_labels(alarm, region),
        source_url=_console(arn, region, as_text(alarm.get("AlarmName"), TITLE)),
    )


def _fingerprint(alarm: Mapping[str, object], arn: str) -> str:
    if arn:
        return fingerprint_of({"arn": arn})
    return fingerprint_of({name: alarm.get(name) for name in ("AWSAccountId", "Region", "AlarmName")})


def _labels(alarm: Mapping[str, object], region: str) -> dict[str, str]:
    trigger = as_table(alarm.get("Trigger"))
    dimensions = trigger.get("Dimensions")
    pairs = [as_table(one) for one in dimensions] if isinstance(dimensions, list) else []
    return {
        **as_labels({as_line(pair.get("name"), LABEL_VALUE): pair.get("value") for pair in pairs}),
        **as_labels(
            {
                "alarm": alarm.get("AlarmName"),
                "state": alarm.get("NewStateValue"),
                "account": alarm.get("AWSAccountId"),
                "region": region or alarm.get("Region"),
                "namespace": trigger.get("Namespace"),
                "metric": trigger.get("MetricName"),
            }
        ),
    }


def _region(arn: str) -> str:
    parts = arn.split(":")
    return parts[3] if len(parts) >= _PARTS_OF_ARN else ""


def _console(arn: str, region: str, name: str) -> str | None:
    """Return where the alarm is in AWS's console; the other partitions (China, GovCloud) have hosts of their own."""
    if not region or not arn.startswith("arn:aws:"):
        return None
    home = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    return as_url(f"{home}#alarmsV2:alarm/{quote(name, safe='')}")


SAMPLE = rb"""{
  "Type": "Notification",
  "MessageId": "7f3a1c52-0b9e-5d48-a6c7-41d2e8f09b35",
  "TopicArn": "arn:aws:sns:eu-west-1:111122223333:muster",
  "Subject": "ALARM: \"checkout-5xx\" in EU (Ireland)",
  "Message": "{\"AlarmName\": \"checkout-5xx\", \"AlarmDescription\": \"Checkout answers with errors\", \"AWSAccountId\": \"111122223333\", \"NewStateValue\": \"ALARM\", \"NewStateReason\": \"Threshold Crossed: 3 datapoints were greater than the threshold (40.0).\", \"StateChangeTime\": \"2026-03-02T09:14:27.512+0000\", \"Region\": \"EU (Ireland)\", \"AlarmArn\": \"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:checkout-5xx\", \"OldStateValue\": \"OK\", \"Trigger\": {\"MetricName\": \"HTTPCode_Target_5XX_Count\", \"Namespace\": \"AWS/ApplicationELB\", \"Dimensions\": [{\"name\": \"LoadBalancer\", \"value\": \"app/checkout/50dc6c495c0c9188\"}]}}",
  "Timestamp": "2026-03-02T09:14:27.571Z",
  "SignatureVersion": "2",
  "Signature": "c2lnbmF0dXJl",
  "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0000000000000000.pem",
  "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"
}"""  # noqa: E501 - the alarm is one text within the envelope
