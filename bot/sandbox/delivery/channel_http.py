"""Delivery by signed HTTP requests to one address (https://docs.slack.dev/authentication/verifying-requests-from-slack)."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urljoin

import aiohttp

from bot.clock import Clock
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome, read_answer, within
from bot.sandbox.delivery.payloads import Delivery, Envelope, verification_delivery

# How many deliveries are under way at a time, and how many redirects are followed.
CONNECTIONS: Final = 100
REDIRECTS: Final = 2
_OK: Final = 300
_REDIRECTS: Final = {301, 302, 307, 308}


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

    # Slack gives up on a request URL that fails too often.
    may_be_disabled = True

    def __init__(self, url: str, *, secret: str, clock: Clock) -> None:
        self.url = url
        self._secret = secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        # Who waits for a free connection is not late yet: the three seconds are the app's.
        self._lanes = asyncio.Semaphore(CONNECTIONS)

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Post one delivery; repeated ones say so in their headers."""
        body, content_type = _encode(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if attempt and reason:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason.value}
        async with self._lanes:
            timestamp = str(int(self._clock.now().timestamp()))
            headers |= {
                "X-Slack-Request-Timestamp": timestamp,
                "X-Slack-Signature": sign(self._secret, timestamp, body),
            }
            outcome = await within(self._clock, DEADLINE, self._post(body, headers))
        return outcome or Outcome(failure=Failure.TIMEOUT)

    async def verify(self, challenge: str) -> bool:
        """Challenge the address as Slack does when it is entered; say whether it gave the challenge back."""
        outcome = await self.send(verification_delivery(challenge))
        echoed = {outcome.answer.get("challenge"), outcome.text, outcome.text.removeprefix("challenge=")}
        return outcome.failure is None and challenge in echoed

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> Outcome:
        try:
            return await self._follow(body, headers)
        except aiohttp.ClientSSLError:
            return Outcome(failure=Failure.TLS)
        except aiohttp.ClientConnectorError:
            return Outcome(failure=Failure.UNREACHABLE)
        except aiohttp.ClientError:
            return Outcome(failure=Failure.UNKNOWN)

    async def _follow(self, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Post, and follow at most two redirects. That Slack posts again, with the same body, is our assumption."""
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        url = self.url
        for _ in range(1 + REDIRECTS):
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS or "Location" not in response.headers:
                    return await _read(response)
                url = urljoin(url, response.headers["Location"])
        return Outcome(failure=Failure.REDIRECTED)

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: aiohttp.ClientResponse) -> Outcome:
    text = await response.text(errors="replace")
    if response.status >= _OK:
        no_retry = response.headers.get("X-Slack-No-Retry") == "1"
        return Outcome(failure=Failure.REFUSED, status=response.status, no_retry=no_retry)
    answer, plain = read_answer(text)
    return Outcome(status=response.status, answer=answer, text=plain)
