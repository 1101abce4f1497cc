"""What the demo's monitoring sends: two alerts as a real Alertmanager would (webhook version 4), over HTTP.

The format: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import aiohttp

from bot.clock import Clock
from bot.errors import Overloaded

_NEVER: Final = "0001-01-01T00:00:00Z"
_ACCEPTED: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A rule that fires; it began `ago` before the demo."""

    name: str
    service: str
    severity: str
    fingerprint: str
    ago: timedelta
    summary: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    query: str


PAYMENTS: Final = Alert(
    name="PaymentsErrorBudgetBurn",
    service="payments",
    severity="critical",
    fingerprint="7d1c03e9a45b6f28",
    ago=timedelta(minutes=4),
    summary="Card payments fail for 4.8 % of requests",
    annotations={
        "description": "At this rate the monthly error budget is gone in 15 hours. It began with release 4.2.0.",
        "runbook_url": "https://runbooks.example.com/payments/error-budget",
        "dashboard_url": "https://grafana.example.com/d/payments/overview",
    },
    labels={"cluster": "eu-1", "slo": "availability"},
    query="slo%3Aburn_rate1h%7Bservice%3D%22payments%22%7D+%3E+14.4",
)
CHECKOUT: Final = Alert(
    name="CheckoutLatencyHigh",
    service="checkout",
    severity="warning",
    fingerprint="2f90b8d6c1e7345a",
    ago=timedelta(minutes=2),
    summary="Checkout takes 2.3 s at the 99th percentile",
    annotations={"description": "The budget is 2 s. Nothing fails yet."},
    labels={"cluster": "eu-1", "instance": "checkout-7"},
    query="checkout_latency_p99+%3E+2",
)


class Monitoring:
    """Sends alerts to the bot's webhook."""

    def __init__(self, address: str, token: str, clock: Clock) -> None:
        self._address = address
        self._token = token
        self._clock = clock
        self._began = clock.now()

    async def fire(self, *alerts: Alert) -> None:
        """Say that these fire; each is a group of its own."""
        for alert in alerts:
            await self._send(alert, ended=None)

    async def resolve(self, alert: Alert) -> None:
        """Say that this one is over."""
        await self._send(alert, ended=self._clock.now())

    async def _send(self, alert: Alert, ended: datetime | None) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{self._address}/alerts/alertmanager", json=self._payload(alert, ended)) as answer,
        ):
            if answer.status not in _ACCEPTED:
                raise Overloaded(f"The bot did not take the alert {alert.name}: HTTP {answer.status}")

    def _payload(self, alert: Alert, ended: datetime | None) -> dict[str, object]:
        status = "resolved" if ended else "firing"
        labels = {"alertname": alert.name, "service": alert.service, "severity": alert.severity, **alert.labels}
        member = {
            "status": status,
            "labels": labels,
            "annotations": {"summary": alert.summary, **alert.annotations},
            "startsAt": (self._began - alert.ago).isoformat(),
            "endsAt": ended.isoformat() if ended else _NEVER,
            "generatorURL": f"https://prometheus.example.com/graph?g0.expr={alert.query}&g0.tab=1",
            "fingerprint": alert.fingerprint,
        }
        return {
            "receiver": "muster",
            "status": status,
            "alerts": [member],
            "groupLabels": {"service": alert.service},
            "commonLabels": labels,
            "commonAnnotations": member["annotations"],
            "externalURL": "https://alertmanager.example.com",
            "version": "4",
            "groupKey": f'{{}}:{{service="{alert.service}"}}',
            "truncatedAlerts": 0,
        }
