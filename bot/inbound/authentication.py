"""Who may hand in alerts, and which integration they are: the one whose secret they prove to know.

How a source proves it is declared, not programmed: each kind of sender has its ways, and any one of them is enough.
What the head alone tells is looked at before a byte of the body is read; a signature over the raw bytes is checked
before anybody parses them. Everything is compared in constant time, and with every secret that is valid.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

DEFAULT_INTEGRATION: Final = "default"
# How old a signed time may be, and how far ahead its sender's clock (Slack and Stripe recommend the same).
SIGNED_WITHIN: Final = timedelta(minutes=5)
_SECONDS: Final = re.compile(r"[0-9]{1,11}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)
_MOST_SIGNATURES: Final = 10


@dataclass(frozen=True, slots=True)
class Token:
    """`Authorization: Bearer <token>`, or `Basic` with the token as the password and any user name."""


@dataclass(frozen=True, slots=True)
class SecretPath:
    """`POST /alerts/<source>/<secret>`, for senders that can set no header. The path is never logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderToken:
    """The token in a header of its own; its name in lower case."""

    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """HMAC-SHA256 over the raw body, in hexadecimal; names of headers in lower case.

    The header holds one signature or several, parted by commas (a sender that replaces its secret sends two); each
    begins with `prefix`. When the request has `timestamp_header`, `<its value>:` is signed before the body, and it may
    be five minutes from now at most: cutting the header off breaks the signature.
    """

    header: str
    prefix: str = ""
    timestamp_header: str = ""


@dataclass(frozen=True, slots=True)
class SignedByAmazon:
    """Amazon SNS: a signature inside the message, by Amazon's own key, from a topic that is listed (amazon_sns.py).

    The header is there in every message; what it says is not signed, and not believed.
    """

    header: str = "x-amz-sns-message-type"


@dataclass(frozen=True, slots=True)
class Recipient:
    """By e-mail only: the secret is a part of the address that a mail is sent to, `alerts+<secret>@…`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryId:
    """The header (in lower case) in which a sender names each delivery, so that a repeated one is known."""

    header: str


Way = Token | SecretPath | HeaderToken | Signature | SignedByAmazon | Recipient
"""How a sender proves who it is."""

TOKEN: Final = Token()
SECRET_PATH: Final = SecretPath()
AMAZON_SNS: Final = SignedByAmazon()
RECIPIENT: Final = Recipient()
# https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
GRAFANA_SIGNATURE: Final = Signature(
    header="x-grafana-alerting-signature", timestamp_header="x-grafana-alerting-signature-timestamp"
)
# https://developer.pagerduty.com/docs/webhooks-webhook-signatures
PAGERDUTY_SIGNATURE: Final = Signature(header="x-pagerduty-signature", prefix="v1=")
# https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
SENTRY_SIGNATURE: Final = Signature(header="sentry-hook-signature")
# https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
GITHUB_SIGNATURE: Final = Signature(header="x-hub-signature-256", prefix="sha256=")
# https://docs.honeycomb.io/send-notifications/webhooks/
HONEYCOMB_TOKEN: Final = HeaderToken(header="x-honeycomb-webhook-token")

PAGERDUTY_DELIVERY: Final = DeliveryId(header="x-webhook-id")
SENTRY_DELIVERY: Final = DeliveryId(header="request-id")
GITHUB_DELIVERY: Final = DeliveryId(header="x-github-delivery")
HONEYCOMB_DELIVERY: Final = DeliveryId(header="x-honeycomb-webhook-delivery-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """One sender among those of its kind; several secrets are valid at once while one is being replaced.

    `topics` are those of Amazon SNS that it sends by: they need no secret.
    """

    name: str = DEFAULT_INTEGRATION
    secrets: tuple[str, ...] = field(default=(), repr=False)
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a request shows before its body: headers by their name in lower case, and what stands behind the source.

    Of a mail, whose headers prove nothing, it is what its recipient's address holds.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    path_secret: str = field(default="", repr=False)
    recipient_secret: str = field(default="", repr=False)


def known_by_head(ways: Sequence[Way], head: Head, integrations: Iterable[Integration]) -> str | None:
    """Return the integration whose secret the head shows, or None."""
    shown = [token for way in ways for token in _shown(way, head)]
    return _owner(integrations, lambda secret: _is_among(secret, shown))


def may_be_signed(ways: Sequence[Way], head: Head) -> bool:
    """Tell whether there is a signature at all: without one the body need not be read."""
    return any(isinstance(way, Signature | SignedByAmazon) and way.header in head.headers for way in ways)


def known_by_signature(
    ways: Sequence[Way], head: Head, body: bytes, integrations: Iterable[Integration], now: datetime
) -> str | None:
    """Return the integration whose secret signed the body, or None."""
    signed = [(_signatures(way, head), _what_is_signed(way, head, body, now)) for way in ways]

    def signs(secret: bytes) -> bool:
        right = [(given, hmac.digest(secret, what, "sha256")) for given, what in signed if what is not None]
        matching = [ours for given, ours in right if _is_among(ours, given)]
        return bool(matching)

    return _owner(integrations, signs)


def _is_among(right: bytes, given: Iterable[bytes]) -> bool:
    same = [hmac.compare_digest(one, right) for one in given]  # all are compared, whichever matches
    return any(same)


def _owner(integrations: Iterable[Integration], proved: Callable[[bytes], bool]) -> str | None:
    secrets = [(each.name, secret) for each in integrations for secret in each.secrets if secret]
    owners = [name for name, secret in secrets if proved(secret.encode())]
    return owners[0] if owners else None


def _shown(way: Way, head: Head) -> Iterator[bytes]:
    match way:
        case Token():
            token = token_of(head.headers.get("authorization"))
        case SecretPath():
            token = head.path_secret.encode(errors="replace")
        case Recipient():
            token = head.recipient_secret.encode(errors="replace")
        case HeaderToken(header=header):
            token = head.headers.get(header, "").encode("latin-1", errors="replace")
        case Signature() | SignedByAmazon():
            token = None
        case _:
            assert_never(way)
    if token:
        yield token


def _signatures(way: Way, head: Head) -> list[bytes]:
    if not isinstance(way, Signature):
        return []
    found = []
    for one in head.headers.get(way.header, "").split(",")[:_MOST_SIGNATURES]:
        digits = one.strip()
        if digits.startswith(way.prefix) and _SHA256.fullmatch(digits.removeprefix(way.prefix)):
            found.append(bytes.fromhex(digits.removeprefix(way.prefix)))
    return found


def _what_is_signed(way: Way, head: Head, body: bytes, now: datetime) -> bytes | None:
    """Return it; None when nothing is, or when it was signed too long ago."""
    if not isinstance(way, Signature):
        return None
    at = head.headers.get(way.timestamp_header) if way.timestamp_header else None
    if at is None:
        return body
    if not _SECONDS.fullmatch(at) or abs(now - datetime.fromtimestamp(int(at), UTC)) > SIGNED_WITHIN:
        return None
    return at.encode() + b":" + body


def token_of(authorization: str | None) -> bytes | None:
    """Return the token in an Authorization header (RFC 6750; RFC 7617), or None when there is none."""
    scheme, _, rest = (authorization or "").strip().partition(" ")
    value = rest.strip().encode("latin-1", errors="replace")
    match scheme.lower():
        case "bearer":
            return value or None
        case "basic":
            try:
                _, _, password = base64.b64decode(value, validate=True).partition(b":")
            except binascii.Error:
                return None
            return password or None
        case _:
            return None
