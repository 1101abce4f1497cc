"""The services that an incident affects. The first leads: its people are paged, its runbook is bookmarked."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.ids import ServiceName

MOST: Final = 10


def key_of(service: ServiceName) -> str:
    """Return a service's name as names are compared."""
    return service.strip().casefold()


def each_once(services: Iterable[ServiceName | None]) -> tuple[ServiceName, ...]:
    """Return those that are given, each once, as it was written first."""
    found: dict[str, ServiceName] = {}
    for one in services:
        if one:
            found.setdefault(key_of(one), one)
    return tuple(found.values())


def leading(services: Sequence[ServiceName]) -> ServiceName | None:
    """Return the one that leads; None where none is named."""
    return services[0] if services else None


def shared(some: Iterable[ServiceName], others: Iterable[ServiceName]) -> tuple[ServiceName, ...]:
    """Return those of `some` that are among `others`; how a name is written does not matter."""
    keys = {key_of(one) for one in others}
    return tuple(one for one in some if key_of(one) in keys)
