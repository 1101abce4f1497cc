"""Requests with alerts, as whole HTTP/1.1 messages, made before the clock runs: for Muster and for Alertmanager."""

import itertools
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

STARTS_AT: Final = "2026-03-02T09:14:27.512Z"
NEVER: Final = "0001-01-01T00:00:00Z"
# So many alerts are of one rule, and so one message: 20,000 of them are 500 groups.
OF_A_RULE: Final = 40


class Kind(StrEnum):
    """Who is told, and so in which shape."""

    WEBHOOK = "webhook"
    """Alertmanager's webhook, as Muster takes it."""
    ALERTMANAGER = "alertmanager"
    """Alertmanager's own API, version 2, as Prometheus posts to it."""


def alert(
    kind: Kind, number: int, *, rule: str = "", service: str = "storm", summary: str = "", severity: str = "warning"
) -> dict[str, object]:
    """Return one firing alert of about 430 bytes; the number is its identity, and names its rule."""
    said: dict[str, object] = {
        "labels": {
            "alertname": rule or f"CheckoutErrorBudgetBurn{(number - 1) // OF_A_RULE}",
            "cluster": "eu-1",
            "instance": f"checkout-{number}",
            "service": service,
            "severity": severity,
        },
        "annotations": {
            "summary": summary or f"Checkout {number} fails for 4.8 % of requests",
            "runbook_url": "https://runbooks.example.com/checkout/error-budget",
        },
        "startsAt": STARTS_AT,
        "generatorURL": "https://prometheus.example.com/graph?g0.expr=slo_burn_rate1h+%3E+14.4&g0.tab=1",
    }
    if kind is Kind.WEBHOOK:
        said |= {"status": "firing", "endsAt": NEVER, "fingerprint": f"{number:016x}"}
    return said


def body(kind: Kind, alerts: list[dict[str, object]], *, labels: dict[str, str] | None = None) -> bytes:
    """Return the body that holds these alerts; `labels` are those of their group."""
    match kind:
        case Kind.WEBHOOK:
            group = {"receiver": "muster", "version": "4", "groupKey": json.dumps(labels or {}), "truncatedAlerts": 0}
            return json.dumps({**group, "groupLabels": labels or {}, "status": "firing", "alerts": alerts}).encode()
        case Kind.ALERTMANAGER:
            return json.dumps(alerts).encode()


def requests(kind: Kind, path: str, *, alerts: int, distinct: int, token: str = "") -> Iterator[bytes]:
    """Return requests for ever: `distinct` different ones, of so many alerts each, again and again."""
    made = []
    for number in range(distinct):
        first = 1 + number * alerts
        content = body(kind, [alert(kind, one) for one in range(first, first + alerts)])
        made.append(request(path, content, token=token))
    return itertools.cycle(made)


def request(path: str, content: bytes, *, token: str = "") -> bytes:
    """Return a whole POST."""
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{authorization}"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
