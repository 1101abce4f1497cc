"""Amazon SNS: every message is signed with a key whose certificate Amazon publishes; nobody shares a secret.

The message names where that certificate is to be fetched, so what it names is looked at first: only the address that
Amazon gives certificates of this topic's region, and only for topics that the configuration lists. The rules are those
of https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html.
"""

import asyncio
import base64
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, assert_never
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import Certificate, load_pem_x509_certificate

from bot.domain.work import ConfirmSubscription, WarnAdmins, Work
from bot.errors import BadInput, Overloaded
from bot.inbound.authentication import Integration
from bot.inbound.payloads import as_moment, as_object, read_json

Fetch = Callable[[str], Awaitable[bytes]]
"""Fetches a small file, following no redirect. Raises `Overloaded` when it cannot be had now."""

TOPIC: Final = re.compile(r"arn:aws(?:-[a-z]+){0,3}:sns:([a-z0-9-]{1,30}):[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")
# SNS gives up after hours; receipts are kept for a week, so that what is younger than this and repeated is known.
OLDEST: Final = timedelta(days=6)
_AHEAD: Final = timedelta(minutes=15)
_CERTIFICATE: Final = (
    r"https://sns\.{region}\.amazonaws\.com(?:\.cn)?/SimpleNotificationService-[A-Za-z0-9]{{1,64}}\.pem"
)
_SUBSCRIBE: Final = r"https://sns\.{region}\.amazonaws\.com(?:\.cn)?/\?[A-Za-z0-9_.~%:&=-]{{1,4000}}"
_MOST_CERTIFICATES: Final = 16
_LARGE: Final = 64 * 1024


class Kind(StrEnum):
    """What a message is."""

    NOTIFICATION = "Notification"
    SUBSCRIPTION = "SubscriptionConfirmation"
    UNSUBSCRIPTION = "UnsubscribeConfirmation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A message that Amazon signed: the integration whose topic it came by, its name, and what is to be done for it.

    `asks` is None when it is a notification: then it is to be read.
    """

    integration: str
    message_id: str
    asks: Work | None = None


class AmazonSns:
    """Checks messages. Certificates are fetched once, one at a time."""

    def __init__(self, fetch: Fetch) -> None:
        """Nothing is fetched yet."""
        self._fetch = fetch
        self._known: OrderedDict[str, Certificate] = OrderedDict()
        self._fetching = asyncio.Lock()

    async def prove(self, body: bytes, integrations: Iterable[Integration], now: datetime) -> Proved | None:
        """Return what Amazon signed, or None when it did not.

        Raises:
            Overloaded: the certificate cannot be fetched now; SNS sends it again.
        """
        try:
            payload = await asyncio.to_thread(read_json, body) if len(body) > _LARGE else read_json(body)
            message = as_object(payload, "the message")
            kind = Kind(_text(message, "Type"))
            signed_at = as_moment(message.get("Timestamp"), "Timestamp")
            signed, signature = _signed(kind, message), base64.b64decode(_text(message, "Signature"), validate=True)
        except (BadInput, ValueError):  # binascii's error is one
            return None
        topic = _text(message, "TopicArn")
        owner = next((one.name for one in integrations if topic in one.topics), None)
        region = TOPIC.fullmatch(topic)
        if owner is None or region is None or signed_at is None or not -_AHEAD <= now - signed_at <= OLDEST:
            return None
        where = _text(message, "SigningCertURL")
        if not re.fullmatch(_CERTIFICATE.format(region=re.escape(region[1])), where, re.ASCII):
            return None
        certificate = await self._certificate(where)
        if not _is_signed(certificate, signed, signature, _text(message, "SignatureVersion"), now):
            return None
        return Proved(
            integration=owner, message_id=_text(message, "MessageId"), asks=_asks(kind, topic, region[1], message)
        )

    async def _certificate(self, where: str) -> Certificate:
        async with self._fetching:
            if where not in self._known:
                self._known[where] = _certificate(await self._fetch(where))
                if len(self._known) > _MOST_CERTIFICATES:
                    self._known.popitem(last=False)
            return self._known[where]


def _certificate(content: bytes) -> Certificate:
    try:
        return load_pem_x509_certificate(content)
    except ValueError as error:  # not remembered: what Amazon's address answers may be right the next time
        raise Overloaded("what Amazon SNS gives as its certificate is none") from error


def _text(message: Mapping[str, object], name: str) -> str:
    value = message.get(name)
    return value if isinstance(value, str) else ""


def _signed(kind: Kind, message: Mapping[str, object]) -> bytes:
    match kind:
        case Kind.NOTIFICATION:
            names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        case Kind.SUBSCRIPTION | Kind.UNSUBSCRIPTION:
            names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        case _:
            assert_never(kind)
    there = [name for name in names if isinstance(message.get(name), str)]
    return "".join(f"{name}\n{_text(message, name)}\n" for name in there).encode()


def _is_signed(certificate: Certificate, signed: bytes, signature: bytes, version: str, now: datetime) -> bool:
    algorithm = {"1": SHA1(), "2": SHA256()}.get(version)  # noqa: S303 - version 1 is what SNS signs with by default
    key = certificate.public_key()
    if algorithm is None or not isinstance(key, RSAPublicKey):
        return False
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        return False
    try:
        key.verify(signature, signed, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _asks(kind: Kind, topic: str, region: str, message: Mapping[str, object]) -> Work | None:
    match kind:
        case Kind.NOTIFICATION:
            return None
        case Kind.SUBSCRIPTION:
            where = _text(message, "SubscribeURL")
            if _is_confirmation(where, topic, region):
                return ConfirmSubscription(topic=topic, url=where)
            text = f"The subscription of {topic} names an address for its confirmation that is not Amazon's."
            return WarnAdmins(subject=f"sns-{topic}", text=text)
        case Kind.UNSUBSCRIPTION:
            text = f"{topic} sends us no alerts any more: its subscription was ended."
            return WarnAdmins(subject=f"sns-{topic}", text=text)
        case _:
            assert_never(kind)


def _is_confirmation(where: str, topic: str, region: str) -> bool:
    """Tell whether an address is Amazon's own, in the topic's region, and confirms this topic and nothing else."""
    if not re.fullmatch(_SUBSCRIBE.format(region=re.escape(region)), where, re.ASCII):
        return False
    asked = parse_qs(urlsplit(where).query)
    return asked.get("Action") == ["ConfirmSubscription"] and asked.get("TopicArn") == [topic] and "Token" in asked
