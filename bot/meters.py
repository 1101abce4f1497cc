"""What Prometheus is told of the engine: what waits, what became of work, the last tick, the auditor's findings."""

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.domain.tracks import Track
from bot.engine.audit import Round, Watched


class Meters:
    """The engine's metrics; the HTTP border has its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._performed = Counter(
            "muster_effects", "Work by kind and what became of it", ["kind", "outcome"], registry=registry
        )
        self._waiting = Gauge("muster_backlog", "What waits or was set aside", ["what"], registry=registry)
        self._tick = Gauge("muster_last_tick_timestamp_seconds", "When the loop last ticked", registry=registry)
        self._violations = Gauge(
            "muster_audit_violations", "What the auditor finds wrong now", ["invariant"], registry=registry
        )
        self._audited = Gauge(
            "muster_audit_last_round_timestamp_seconds", "When the auditor last looked at everything", registry=registry
        )
        self._took = Gauge("muster_audit_duration_seconds", "How long its last look took", registry=registry)
        self._beat = Gauge(
            "muster_heartbeat_beating", "1 while the engine makes progress, 0 while it does not", registry=registry
        )
        self._away = Gauge(
            "muster_far_side_away", "1 while Slack or the pager is away and only probed", ["track"], registry=registry
        )
        for what in Watched:
            self._violations.labels(what.value).set(0)

    def performed(self, kind: str, outcome: str) -> None:
        """Count a piece of work."""
        self._performed.labels(kind, outcome).inc()

    def far_sides(self, away: Mapping[Track, bool]) -> None:
        """Show which tracks' far sides are away."""
        for track, is_away in away.items():
            self._away.labels(track.value).set(is_away)

    def look(self, backlog: Mapping[str, int], last_tick: datetime | None) -> None:
        """Take a fresh look at what waits."""
        for what, count in backlog.items():
            self._waiting.labels(what).set(count)
        if last_tick:
            self._tick.set(last_tick.timestamp())

    def audited(self, done: Round) -> None:
        """Show what a round of the auditor found."""
        for what, count in done.counts.items():
            self._violations.labels(what.value).set(count)
        self._audited.set(done.at.timestamp())
        self._took.set(done.took.total_seconds())

    def progress(self, *, made: bool) -> None:
        """Show whether the engine makes progress, which is when the heartbeat beats."""
        self._beat.set(made)
