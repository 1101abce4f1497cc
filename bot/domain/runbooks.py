"""Runbooks: what is known of how to mend what breaks, and which of them fit an incident. Steps are text, nothing more.

The best fit first: the one that an alert names, then those for an alert's name, then those for the service.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.ids import ServiceName


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """A runbook as its file has it; `name` is the file's. `left_out` counts the steps beyond those that are kept."""

    name: str
    title: str
    steps: tuple[str, ...]
    services: tuple[ServiceName, ...] = ()
    alerts: tuple[str, ...] = ()
    url: str | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What an incident is about: its services, and of its alerts the names and the addresses of their runbooks."""

    services: frozenset[ServiceName] = frozenset()
    alerts: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()


def fitting(runbooks: Iterable[Runbook], seen: Seen) -> tuple[Runbook, ...]:
    """Return the runbooks that fit, the best first."""
    ranked = [(rank, one) for one in runbooks if (rank := _rank(one, seen)) is not None]
    return tuple(one for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1].name)))


def saying(runbooks: Iterable[Runbook], words: Sequence[str]) -> tuple[Runbook, ...]:
    """Return the runbooks of which the title, the name or a service has all of these words."""
    wanted = [word.lower() for word in words]
    return tuple(one for one in runbooks if all(word in _said(one) for word in wanted))


def _said(one: Runbook) -> str:
    return " ".join((one.title, one.name, *one.services)).lower()


def _rank(one: Runbook, seen: Seen) -> int | None:
    if one.url in seen.urls or any(_stem(url) == one.name.lower() for url in seen.urls):
        return 0
    if {name.lower() for name in one.alerts} & {name.lower() for name in seen.alerts}:
        return 1
    return 2 if {*one.services} & seen.services else None


def _stem(url: str) -> str:
    """Return the last part of an address without its ending, as a file of that name would be called."""
    last = url.partition("#")[0].partition("?")[0].rstrip("/").rpartition("/")[2]
    return last.removesuffix(".md").removesuffix(".html").lower()
