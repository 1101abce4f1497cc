"""Amazon SNS as the door sees it: messages signed by a key of our own, and where its certificate is fetched from."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.domain.alerts_model import ReportedAlert
from bot.errors import Overloaded
from bot.inbound.alerts import SOURCES
from bot.inbound.authentication import AMAZON_SNS, Integration
from tests.fakes.clock import START
from tests.inbound.border import ALERTMANAGER, Border

TOPIC = "arn:aws:sns:eu-west-1:210987654321:shop-alarms"
OTHER = "arn:aws:sns:us-east-2:210987654321:shop-alarms"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-5f3c1e9a7b2d4c60.pem"
SUBSCRIBE = f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336fee1"
SENDERS = (
    Integration(name="eu", topics=frozenset({TOPIC, TOPIC + ".fifo"})),
    Integration(name="us", topics=frozenset({OTHER})),
)
HEADERS = {"x-amz-sns-message-type": "Notification", "Content-Type": "text/plain; charset=UTF-8"}


@cache
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def certificate(
    of: RSAPrivateKey | ec.EllipticCurvePrivateKey, *, since: datetime = START, until: datetime | None = None
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    built = x509.CertificateBuilder(
        subject_name=name,
        issuer_name=name,
        public_key=of.public_key(),
        serial_number=7,
        not_valid_before=since - timedelta(days=10),
        not_valid_after=until or START + timedelta(days=10),
    )
    return built.sign(of, SHA256()).public_bytes(Encoding.PEM)


def signed(message: Mapping[str, str], *, by: RSAPrivateKey | None = None, version: str = "2") -> dict[str, str]:
    """Sign a message as Amazon documents it."""
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    algorithm = SHA256() if version == "2" else SHA1()  # noqa: S303 - Amazon's version 1
    signature = (by or key()).sign(text.encode(), PKCS1v15(), algorithm)
    return {**message, "SignatureVersion": version, "Signature": base64.b64encode(signature).decode()}


def notification(**changes: str) -> dict[str, str]:
    return {
        "Type": "Notification",
        "MessageId": "c0ffee00-0000-4000-8000-000000000001",
        "TopicArn": TOPIC,
        "Subject": "ALARM: caf\u00e9",
        "Message": "firing\nline two",
        "Timestamp": "2026-03-02T08:59:30.512Z",
        "SigningCertURL": CERTIFICATE,
        "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    } | changes


def subscription(**changes: str) -> dict[str, str]:
    message = notification(Type="SubscriptionConfirmation", SubscribeURL=SUBSCRIBE, Token="2336fee1") | changes
    del message["Subject"], message["UnsubscribeURL"]
    return message


@dataclass(slots=True)
class Amazon:
    """Where certificates are fetched from."""

    content: bytes = field(default_factory=lambda: certificate(key()))
    trouble: Overloaded | None = None
    asked: list[str] = field(default_factory=list)

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.trouble:
            raise self.trouble
        return self.content


def border_of(amazon: Amazon) -> Border:
    def parse(body: bytes, left_out: object = None) -> tuple[ReportedAlert, ...]:
        return ()

    source = replace(SOURCES[ALERTMANAGER], parse=parse, authentication=(AMAZON_SNS,))
    return Border(sources={ALERTMANAGER: source}, senders={ALERTMANAGER: SENDERS}, tokens={}, fetch=amazon.fetch)


async def sent(border: Border, message: Mapping[str, object] | bytes, headers: Mapping[str, str] = HEADERS) -> int:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    async with border.client() as client:
        answer = await client.post("/alerts/alertmanager", content=body, headers=headers)
    return answer.status_code
