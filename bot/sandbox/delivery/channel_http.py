"""Delivery by signed HTTP requests to one address (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import aiohttp

from bot.clock import Clock
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome, read_answer, within
from bot.sandbox.delivery.payloads import Delivery, Envelope

_OK: Final = 300


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return Slack's signature of a body, version 0."""
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _encode(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and its type: events are JSON, commands a form, interactions a form with one field."""
    match delivery.kind:
        case Envelope.EVENT:
            return json.dumps(delivery.payload).encode(), "application/json"
        case Envelope.COMMAND:
            return urlencode(delivery.payload).encode(), "application/x-www-form-urlencoded"
        case Envelope.INTERACTIVE:
            form = {"payload": json.dumps(delivery.payload)}
            return urlencode(form).encode(), "application/x-www-form-urlencoded"


class HttpChannel:
    """Posts deliveries to the app's address."""

    def __init__(self, url: str, *, secret: str, clock: Clock) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Post one delivery; repeated ones say so in their headers."""
        body, content_type = _encode(delivery)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        if attempt and reason:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason.value}
        outcome = await within(self._clock, DEADLINE, self._post(body, headers))
        return outcome or Outcome(failure=Failure.TIMEOUT)

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Outcome:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100))
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as response:
                text = await response.text()
                no_retry = response.headers.get("X-Slack-No-Retry") == "1"
                if response.status >= _OK:
                    return Outcome(failure=Failure.REFUSED, status=response.status, no_retry=no_retry)
                answer, plain = read_answer(text)
                return Outcome(status=response.status, answer=answer, text=plain)
        except aiohttp.ClientError:
            return Outcome(failure=Failure.UNREACHABLE)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
