"""What Prometheus is told of the engine: how much waits, what became of work, when the loop last ticked."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge


class Meters:
    """The engine's metrics; the HTTP border has its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._performed = Counter(
            "muster_effects", "Work by kind and what became of it", ["kind", "outcome"], registry=registry
        )
        self._waiting = Gauge("muster_backlog", "What waits or was set aside", ["what"], registry=registry)
        self._tick = Gauge("muster_last_tick_timestamp_seconds", "When the loop last ticked", registry=registry)

    def performed(self, kind: str, outcome: str) -> None:
        """Count a piece of work."""
        self._performed.labels(kind, outcome).inc()

    def look(self, backlog: Mapping[str, int], last_tick: datetime | None) -> None:
        """Take a fresh look at what waits."""
        for what, count in backlog.items():
            self._waiting.labels(what).set(count)
        if last_tick:
            self._tick.set(last_tick.timestamp())
