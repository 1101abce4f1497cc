"""Alert webhooks: who sends it, how much of it, is it understood, is it durable; only then 2xx.

What is authenticated is never refused for what it says: a payload that is not understood, even through a fault of ours,
is kept in quarantine and answered 202 with the reason. When we cannot keep it we say 503, which every sender repeats.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from hashlib import sha256
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.clock import Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.names import digest
from bot.engine.deliveries import Delivery
from bot.errors import BadInput, Overloaded
from bot.inbound.alerts import Source
from bot.inbound.amazon_sns import AmazonSns
from bot.inbound.authentication import (
    AMAZON_SNS,
    Head,
    Integration,
    known_by_head,
    known_by_signature,
    may_be_signed,
)
from bot.inbound.bodies import Bodies, Broken, Limits, TooLarge, TooSlow


class Deposit(Protocol):
    """Keeps a delivery; `told` is what it says, as far as somebody has read it."""

    async def __call__(self, delivery: Delivery, told: Sequence[ReportedAlert] = ()) -> bool:
        """Return when it is on disk; tell whether it is new, or was kept before under its receipt.

        Raises:
            Overloaded: it cannot be kept now; within seconds when nobody can tell.
        """


_log = structlog.stdlib.get_logger(__name__)
# Larger bodies are read in a thread: 4 MiB take some hundred milliseconds, and a Slack click waits for nobody.
_READ_IN_A_THREAD = 64 * 1024


class Result(StrEnum):
    """What became of a request; a label of `muster_deliveries_total`."""

    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    REPEATED = "repeated"
    UNREADABLE = "unreadable"
    UNKNOWN_SOURCE = "unknown_source"
    UNAUTHORISED = "unauthorised"
    ENCODED = "encoded"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BROKEN = "broken"
    OVERLOADED = "overloaded"
    FAILED = "failed"


_STATUS: Mapping[Result, int] = {
    Result.ACCEPTED: 202,
    Result.QUARANTINED: 202,
    Result.REPEATED: 202,
    Result.UNREADABLE: 422,
    Result.UNKNOWN_SOURCE: 404,
    Result.UNAUTHORISED: 401,
    Result.ENCODED: 415,
    Result.TOO_LARGE: 413,
    Result.TOO_SLOW: 408,
    Result.BROKEN: 400,
    Result.OVERLOADED: 503,
    Result.FAILED: 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the sender is told; `answer` is the same, ready to be sent."""

    result: Result
    content: Mapping[str, object]
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: Response | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a body was found to say, and the reason when not all of it could be read."""

    alerts: Sequence[ReportedAlert] = ()
    fault: str | None = None


def _receipt(source: Source, integration: str, head: Head, body: bytes) -> str:
    given = head.headers.get(source.delivery_id.header, "") if source.delivery_id else ""
    return receipt_of(source.name, integration, given, body)


def receipt_of(source: SourceName, integration: str, given: str, body: bytes) -> str:
    """Return what names a delivery for good, or nothing when its sender gives it no id.

    The body is part of it: an id that is given twice, for two things, must not cost the second.
    """
    return digest(source, integration, given, sha256(body).hexdigest()) if given else ""


def _enveloped(source: Source, head: Head, delivery: Delivery) -> Delivery:
    return replace(delivery, body=source.envelope(head.headers, delivery.body)) if source.envelope else delivery


def _headers(scope: Scope) -> Mapping[str, str]:
    """Return the headers by their names in lower case, as ASGI has them; of one that comes twice the first counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


@lru_cache
def _accepted(alerts: int) -> Reply:
    """Return what nearly every sender is told; put together once for each number of alerts."""
    content = {"accepted": alerts}
    answer = JSONResponse(content, _STATUS[Result.ACCEPTED])
    return Reply(result=Result.ACCEPTED, content=content, answer=answer)


def _stranger() -> Reply:
    # The same for a wrong proof and for a source that is not set up: neither is a stranger's business.
    challenge = {"WWW-Authenticate": 'Bearer realm="alerts"'}
    return Reply(result=Result.UNAUTHORISED, content={"error": "unauthorised"}, headers=challenge)


class Intake:
    """The endpoints `POST /alerts/{source}` and `POST /alerts/{source}/{secret}`."""

    def __init__(
        self,
        *,
        deposit: Deposit,
        senders: Mapping[SourceName, Sequence[Integration]],
        sources: Mapping[SourceName, Source],
        bodies: Bodies,
        limits: Limits,
        registry: CollectorRegistry,
        clock: Clock,
        sns: AmazonSns,
    ) -> None:
        self._deposit = deposit
        self._senders = senders
        self._sources = sources
        self._bodies = bodies
        self._limits = limits
        self._clock = clock
        self._sns = sns
        counter = Counter(
            "muster_deliveries",
            "Alert webhooks by source and what became of them",
            ["source", "result"],
            registry=registry,
        )
        self._counted = cache(counter.labels)
        histogram = Histogram(
            "muster_delivery_seconds",
            "Seconds from an alert webhook's head to its answer",
            ["source"],
            buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
            registry=registry,
        )
        self._timed = cache(histogram.labels)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one webhook; `path_params` are in the scope."""
        began = self._clock.monotonic()
        source = self._sources.get(SourceName(scope["path_params"]["source"]))
        label = source.name if source else "unknown"  # never the path itself: anybody could fill our memory with labels
        result = Result.FAILED
        try:
            reply = await self._reply(source, scope, receive) if source else self._unknown()
            result = reply.result
        except Overloaded:
            result = Result.OVERLOADED
            raise
        finally:
            self._counted(label, result).inc()
            self._timed(label).observe(self._clock.monotonic() - began)
        answer = reply.answer or JSONResponse(dict(reply.content), _STATUS[result], dict(reply.headers))
        await answer(scope, receive, send)

    async def greet(self, source: Source, request: Request) -> Response:
        """Answer a sender that asks by OPTIONS whether it may send here: it may when it knows a secret of its source.

        https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
        """
        head = Head(headers=request.headers, path_secret=request.path_params.get("secret", ""))
        if known_by_head(source.authentication, head, self._senders.get(source.name, ())) is None:
            reply = _stranger()
            return JSONResponse(dict(reply.content), _STATUS[reply.result], dict(reply.headers))
        allowed = {"Allow": "POST"}
        if origin := request.headers.get("webhook-request-origin"):
            allowed |= {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"}
        return Response(headers=allowed)

    def _unknown(self) -> Reply:
        content = {"error": "there is no such alert source", "sources": sorted(self._sources)}
        return Reply(result=Result.UNKNOWN_SOURCE, content=content)

    async def _reply(self, source: Source, scope: Scope, receive: Receive) -> Reply:
        head = Head(headers=_headers(scope), path_secret=scope["path_params"].get("secret", ""))
        senders = self._senders.get(source.name, ())
        integration = known_by_head(source.authentication, head, senders)
        if integration is None and not may_be_signed(source.authentication, head):
            return _stranger()
        if head.headers.get("content-encoding", "identity").strip().lower() not in {"identity", ""}:
            # No alert source compresses by default, and a bomb is one line; the sender's own log shows this at set-up.
            error = {"error": "send the body without Content-Encoding"}
            return Reply(result=Result.ENCODED, content=error, headers={"Accept-Encoding": "identity"})
        try:
            async with self._bodies.of(head.headers, receive, self._limits.alert_body) as body:
                delivery = await self._proved(source, head, body, integration)
                return _stranger() if delivery is None else await self._keep(_enveloped(source, head, delivery))
        except TooLarge as error:
            return Reply(result=Result.TOO_LARGE, content={"error": str(error)})
        except TooSlow as error:
            return Reply(result=Result.TOO_SLOW, content={"error": str(error)})
        except Broken as error:
            return Reply(result=Result.BROKEN, content={"error": str(error)})

    async def _proved(self, source: Source, head: Head, body: bytes, integration: str | None) -> Delivery | None:
        """Return the delivery of whoever proves who they are; `integration` when its head has done so already."""
        ways, senders, now = source.authentication, self._senders.get(source.name, ()), self._clock.now()
        integration = integration or known_by_signature(ways, head, body, senders, now)
        if integration is not None:
            receipt = _receipt(source, integration, head, body)
            return Delivery(source=source.name, integration=integration, received_at=now, body=body, receipt=receipt)
        if AMAZON_SNS not in ways or (proved := await self._sns.prove(body, senders, now)) is None:
            return None
        return Delivery(
            source=source.name,
            integration=proved.integration,
            received_at=now,
            body=body,
            asks=proved.asks,
            receipt=digest(source.name, proved.integration, proved.message_id),
        )

    async def _keep(self, delivery: Delivery) -> Reply:
        understood = Understood() if delivery.asks else await self._understand(delivery)
        # What could be read is accepted, and the whole is kept in quarantine for what could not.
        fault = understood.fault
        found = delivery if fault is None else replace(delivery, fault=fault, partly=bool(understood.alerts))
        content: dict[str, object] = {}
        if understood.alerts or understood.fault is None:
            content["accepted"] = len(understood.alerts)
        if understood.fault is not None:
            content["quarantined"] = understood.fault
        if not await self._deposit(found, understood.alerts):
            return Reply(result=Result.REPEATED, content=content | {"repeated": True})
        if understood.fault is None:
            return _accepted(len(understood.alerts))
        _log.warning(
            "delivery_quarantined",
            source=delivery.source,
            reason=understood.fault,
            accepted=len(understood.alerts),
            bytes=len(delivery.body),
        )
        if self._sources[delivery.source].refuses and not understood.alerts:
            return Reply(result=Result.UNREADABLE, content=content | {"error": understood.fault})
        return Reply(result=Result.QUARANTINED, content=content)

    async def _understand(self, delivery: Delivery) -> Understood:
        """Read a body to know whether it can be read."""
        parse, body = self._sources[delivery.source].reader(delivery.integration), delivery.body
        faults: list[str] = []
        try:
            if len(body) > _READ_IN_A_THREAD:
                alerts = await asyncio.to_thread(parse, body, faults.append)
            else:
                alerts = parse(body, faults.append)
        except BadInput as error:
            return Understood(fault=str(error))
        if not faults:
            return Understood(alerts=alerts)
        return Understood(alerts=alerts, fault=f"{len(faults)} of {len(faults) + len(alerts)} not read: {faults[0]}")
