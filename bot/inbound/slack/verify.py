"""The first thing that a request from Slack meets: raw bytes are proved to be Slack's before anybody reads them.

It stands in front of Bolt, which parses before it verifies, answers 500 to a timestamp that is no number, and loses a
slash command whose text contains the word "payload". What leaves here is a plain dict.
(https://docs.slack.dev/authentication/verifying-requests-from-slack)
"""

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import NoReturn
from urllib.parse import parse_qsl

from bot.clock import Clock
from bot.errors import BadInput, ConfigError, Unauthorised
from bot.inbound.slack.payload import Payload

BODY_LIMIT = 1024 * 1024
FIELD_LIMIT = 100
DEPTH_LIMIT = 100
TOLERANCE = timedelta(seconds=300)

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class TooLarge(BadInput):
    """The body is longer than anything that Slack sends (HTTP 413)."""


class Verifier:
    """Knows the signing secret; two of them while it is being rotated."""

    def __init__(self, secrets: Sequence[str], clock: Clock) -> None:
        if not secrets or not all(secrets):
            raise ConfigError(["Slack's signing secret is empty: anybody could speak in Slack's name"])
        self._keys = tuple(secret.encode() for secret in secrets)
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return when Slack signed these bytes within the last five minutes, else raise Unauthorised (or TooLarge).

        `headers` have lower-case names. The comparison takes the same time wherever the signatures differ.
        """
        if len(body) > BODY_LIMIT:
            message = f"the body is longer than {BODY_LIMIT} bytes"
            raise TooLarge(message)
        timestamp = headers.get("x-slack-request-timestamp", "")
        if not _TIMESTAMP.fullmatch(timestamp):
            raise Unauthorised
        if abs(self._clock.now().timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
            raise Unauthorised
        given = headers.get("x-slack-signature", "").encode("utf-8", "backslashreplace")
        signed = b"v0:" + timestamp.encode("ascii") + b":" + body
        known = [hmac.compare_digest(signature(key, signed), given) for key in self._keys]
        if not any(known):
            raise Unauthorised


def signature(key: bytes, signed: bytes) -> bytes:
    """Return Slack's signature: HMAC-SHA256, hexadecimal, with the version in front."""
    return b"v0=" + hmac.new(key, signed, sha256).hexdigest().encode("ascii")


def read(headers: Mapping[str, str], body: bytes) -> Payload:
    """Return what a verified body says.

    An event as it is, a form's fields, or the JSON in a form's `payload` field. Raise BadInput otherwise.
    """
    if headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return _json(body)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELD_LIMIT)
    except ValueError as error:
        message = "the form cannot be read"
        raise BadInput(message) from error
    form: Payload = dict(pairs)
    wrapped = form.get("payload")
    if isinstance(wrapped, str) and "command" not in form:
        return _json(wrapped)
    return form


def _json(body: str | bytes) -> Payload:
    try:
        found: object = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        message = "the JSON cannot be read"
        raise BadInput(message) from error
    if not isinstance(found, dict):
        message = "the JSON is no object"
        raise BadInput(message)
    if _deeper_than(found, DEPTH_LIMIT):
        message = f"the JSON is nested deeper than {DEPTH_LIMIT}"
        raise BadInput(message)
    return found


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON"
    raise ValueError(message)


def _deeper_than(value: object, limit: int) -> bool:
    level: list[object] = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return False
    return True
