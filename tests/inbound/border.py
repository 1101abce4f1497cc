"""The HTTP border with everything that is handed in: a shelf instead of a database, and a Slack side that answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import httpx2
from prometheus_client import CollectorRegistry

from bot.clock import Clock
from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.engine.deliveries import Delivery
from bot.errors import Overloaded
from bot.inbound.alerts import SOURCES, Source
from bot.inbound.amazon_sns import Fetch
from bot.inbound.api import Api
from bot.inbound.authentication import Integration
from bot.inbound.bodies import Limits
from bot.inbound.doors import Doors
from bot.inbound.health import Probe
from bot.inbound.http import Slack, http_app
from tests.fakes.clock import CountingChance, FakeClock

TOKEN = "a-long-token-of-the-sender"
NEXT_TOKEN = "the-token-that-replaces-it"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ALERTMANAGER = SourceName("alertmanager")


@dataclass(slots=True)
class Shelf:
    """Keeps deliveries in memory, and what was told of them.

    `troubles` are raised, one a delivery, before anything is kept again.
    """

    kept: list[Delivery] = field(default_factory=list)
    told: list[Sequence[ReportedAlert]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    async def deposit(self, delivery: Delivery, told: Sequence[ReportedAlert] = ()) -> bool:
        if self.troubles:
            raise self.troubles.pop(0)
        if delivery.receipt and delivery.receipt in {one.receipt for one in self.kept}:
            return False
        self.kept.append(delivery)
        self.told.append(told)
        return True


async def nothing_to_fetch(_url: str) -> bytes:
    raise Overloaded("there is no network here")


@dataclass(slots=True, kw_only=True)
class Border:
    """What a test hands in, and afterwards looks at."""

    shelf: Shelf = field(default_factory=Shelf)
    tokens: Mapping[SourceName, Sequence[str]] = field(default_factory=lambda: {ALERTMANAGER: (TOKEN, NEXT_TOKEN)})
    senders: dict[SourceName, Sequence[Integration]] = field(default_factory=dict)
    sources: Mapping[SourceName, Source] = field(default_factory=lambda: SOURCES)
    slack: Slack | None = None
    health: Mapping[str, Probe] = field(default_factory=dict)
    clock: Clock = field(default_factory=FakeClock)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    fetch: Fetch = nothing_to_fetch
    limits: Limits = field(default_factory=Limits)
    api: Api | None = None
    _built: Doors | None = None

    def app(self) -> Doors:
        """Build it, once: it registers its metrics."""
        self._built = self._built or self._build()
        return self._built

    def _build(self) -> Doors:
        return http_app(
            deposit=self.shelf.deposit,
            senders={name: [Integration(secrets=tuple(tokens))] for name, tokens in self.tokens.items()} | self.senders,
            sources=self.sources,
            slack=self.slack,
            health=self.health,
            clock=self.clock,
            chance=CountingChance(),
            registry=self.registry,
            fetch=self.fetch,
            limits=self.limits,
            api=self.api,
        )

    def client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app()), base_url="http://muster")

    def counted(self, source: str, result: str) -> float:
        return self.registry.get_sample_value("muster_deliveries_total", {"source": source, "result": result}) or 0
