"""Amazon SNS at the door: what its key signed for a topic that is listed, and nothing else."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.errors import Overloaded
from bot.inbound.amazon_sns import AmazonSns
from tests.fakes.clock import START
from tests.inbound.amazon import (
    CERTIFICATE,
    OTHER,
    SENDERS,
    TOPIC,
    Amazon,
    border_of,
    certificate,
    key,
    notification,
    sent,
    signed,
    subscription,
)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("without", ["", "Subject"])
async def test_what_amazon_signed_for_a_listed_topic_is_taken(version: str, without: str) -> None:
    border = border_of(amazon := Amazon())
    message = {name: value for name, value in notification().items() if name != without}
    assert await sent(border, signed(message, version=version)) == 202
    (kept,) = border.shelf.kept
    assert (kept.integration, kept.asks, kept.fault) == ("eu", None, None)
    assert amazon.asked == [CERTIFICATE]


async def test_a_message_is_kept_once_whatever_is_changed_in_it_that_is_not_signed() -> None:
    border = border_of(amazon := Amazon())
    message = signed(notification())
    assert await sent(border, message) == 202
    assert await sent(border, message | {"UnsubscribeURL": "https://elsewhere.example"}) == 202
    assert len(border.shelf.kept) == 1
    assert await sent(border, signed(notification(MessageId="c0ffee00-0000-4000-8000-000000000002"))) == 202
    assert len(border.shelf.kept) == 2
    assert amazon.asked == [CERTIFICATE], "a certificate is fetched once"


@pytest.mark.parametrize(
    "changes",
    [
        {"Message": "resolved"},
        {"MessageId": "x"},
        {"Subject": "another"},
        {"Timestamp": "2026-03-02T08:59:31.512Z"},
        {"Type": "SubscriptionConfirmation"},
        {"Signature": ""},
        {"Signature": "AAAA"},
        {"Signature": "not base64!"},
        {"Signature": "\u00e9"},
        {"SignatureVersion": "3"},
        {"SignatureVersion": "1"},
        {"Type": "Other"},
        {"Timestamp": "yesterday"},
        {"Timestamp": ""},
    ],
)
async def test_what_was_changed_after_it_was_signed_is_refused(changes: dict[str, str]) -> None:
    border = border_of(Amazon())
    assert await sent(border, signed(notification()) | changes) == 401
    assert border.shelf.kept == []


@pytest.mark.parametrize(
    "where",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-5f.pem",
        "https://evil.example/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-5f.pem",
        "https://sns.us-east-2.amazonaws.com/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com/mine/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-5f.pem?x",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-5f.pem\n",
        "https://snsxeu-west-1.amazonaws.com/SimpleNotificationService-5f.pem",
        "https://sns.eu-west-1.amazonaws.com/\u0661.pem",
        "",
    ],
)
async def test_nothing_is_fetched_from_anywhere_but_amazon_s_own_address(where: str) -> None:
    border = border_of(amazon := Amazon())
    assert await sent(border, signed(notification(SigningCertURL=where))) == 401
    assert (amazon.asked, border.shelf.kept) == ([], [])


@pytest.mark.parametrize("topic", [TOPIC + "x", TOPIC.upper(), "", "arn:aws:sns:eu-west-1:999999999999:shop-alarms"])
async def test_for_a_topic_that_is_not_listed_nothing_is_fetched(topic: str) -> None:
    border = border_of(amazon := Amazon())
    assert await sent(border, signed(notification(TopicArn=topic))) == 401
    assert (amazon.asked, border.shelf.kept) == ([], [])


async def test_the_topic_says_which_integration_it_is() -> None:
    border = border_of(Amazon())
    url = CERTIFICATE.replace("eu-west-1", "us-east-2")
    assert await sent(border, signed(notification(TopicArn=OTHER, SigningCertURL=url))) == 202
    assert await sent(border, signed(notification(TopicArn=TOPIC + ".fifo"))) == 202
    assert [kept.integration for kept in border.shelf.kept] == ["us", "eu"]


async def test_another_key_s_signature_is_refused() -> None:
    stranger = generate_private_key(public_exponent=65537, key_size=2048)
    assert await sent(border_of(Amazon()), signed(notification(), by=stranger)) == 401


@pytest.mark.parametrize(
    "content",
    [
        certificate(ec.generate_private_key(ec.SECP256R1())),
        certificate(key(), until=START - timedelta(seconds=1)),
        certificate(key(), since=START + timedelta(days=11), until=START + timedelta(days=20)),
    ],
)
async def test_a_certificate_of_another_kind_or_another_time_proves_nothing(content: bytes) -> None:
    assert await sent(border_of(Amazon(content=content)), signed(notification())) == 401


async def test_when_the_certificate_cannot_be_had_the_message_comes_again() -> None:
    border = border_of(amazon := Amazon(trouble=Overloaded("away")))
    assert await sent(border, signed(notification())) == 503
    amazon.trouble, amazon.content = None, b"<html>hello</html>"
    assert await sent(border, signed(notification())) == 503
    amazon.content = certificate(key())
    assert await sent(border, signed(notification())) == 202
    assert len(border.shelf.kept) == 1


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=5), 202), (timedelta(days=7), 401), (-timedelta(1), 401)])
async def test_what_is_older_than_our_memory_of_what_came_is_refused(age: timedelta, status: int) -> None:
    at = (START - age).isoformat().replace("+00:00", "Z")
    assert await sent(border_of(Amazon()), signed(notification(Timestamp=at))) == status


@pytest.mark.parametrize(
    "message",
    [b"", b"{}", b"[]", b"\xff", b"[" * 100_000, b'{"Type": 7}', b" " * 100_000 + b"{}", b'{"Type": "Notification"}'],
)
async def test_what_is_no_message_of_sns_is_refused(message: bytes) -> None:
    assert await sent(border_of(Amazon()), message) == 401


async def test_a_body_without_the_header_of_sns_is_not_even_read() -> None:
    assert await sent(border_of(Amazon()), signed(notification()), headers={}) == 401


@for_all(
    message=st.dictionaries(st.sampled_from([*signed(subscription()), "Subject"]), st.text(max_size=40) | st.none())
)
async def test_whatever_is_changed_in_a_message_it_is_refused_or_says_what_was_signed(
    message: dict[str, str | None],
) -> None:
    given = signed(subscription()) | message
    proved = await AmazonSns(Amazon().fetch).prove(json.dumps(given).encode(), SENDERS, START)
    unsigned = {"Subject", "UnsubscribeURL"}
    assert proved is None or {name for name in message if message[name] != signed(subscription()).get(name)} <= unsigned
