"""Who may hand in alerts: told from the headers alone, before a byte of the body is read."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from enum import StrEnum


class Authentication(StrEnum):
    """How a source proves who it is."""

    TOKEN = "token"  # noqa: S105 - the name of a way, no secret
    """`Authorization: Bearer <token>`, or `Basic` with the token as the password and any user name."""


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


def is_one_of(token: bytes | None, valid: Iterable[str]) -> bool:
    """Tell in constant time whether the token is valid; several are at once while one is being replaced."""
    given = token or b""  # an empty token never is, even if an empty one were valid
    # A list, not a generator: all are compared whichever matches.
    same = [hmac.compare_digest(given, secret.encode()) for secret in valid]
    return bool(given) and any(same)
