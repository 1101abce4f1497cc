"""What routes behind one that says `continue` cannot do: found before an alert finds out. Pure.

One group has one message, in the channel of its first way; further ways have copies of it. So a digest cannot tell of
what has its message already, and what is told in a digest has no message to copy: either would leave a channel without
a word. What a further route says of grouping and times counts for those alerts alone whose first way it is.

Two routes whose matchers or hours exclude each other never meet in an alert; of all others it is assumed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.alerts_model import AlertSeverity
from bot.domain.digests_model import NO_DIGEST, Digest
from bot.domain.matchers import Matcher, Operator
from bot.domain.routing import Route

Place = tuple[str | int, ...]
_WORDS: Final = re.compile(r"[\w-]+(?:\|[\w-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A route with what those above it say; `digest` is the one that tells of its alerts."""

    place: Place
    route: Route
    above: tuple[Route, ...]
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Alerts that go on from `first` to `further`, where nobody would be told of them; `at` is the digest's place."""

    at: Place
    first: Place
    further: Place


def silent(routes: Sequence[Route]) -> Iterator[Silent]:
    """Find where an alert would go on to a channel and be told of there in no way."""
    for first, further in _met(routes):
        if first.digest:
            yield Silent(at=_said(first), first=first.place, further=further.place)
        elif further.digest:
            yield Silent(at=_said(further), first=first.place, further=further.place)


def unheeded(routes: Sequence[Route]) -> Iterator[tuple[Place, Place, tuple[str, ...]]]:
    """Find what a further route says and what does not count for those that go on to it, and from where they do."""
    seen: set[Place] = set()
    for first, further in _met(routes):
        names = tuple(name for name, _ in further.route.said() if name in _OF_A_GROUP)
        if names and further.place not in seen:
            seen.add(further.place)
            yield further.place, first.place, names


_OF_A_GROUP: Final = frozenset(
    {"group_by", "group_wait", "group_interval", "group_within", "flapping", "resolve_after"}
)


def named(place: Place) -> str:
    """Return a place as people read it: `routes[0].routes[1]`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def _met(
    routes: Sequence[Route], at: Place = ("routes",), above: tuple[Route, ...] = (), digest: Digest = NO_DIGEST
) -> Iterator[tuple[Way, Way]]:
    """Yield each two ways that one alert may take, the first and a further one."""
    for number, route in enumerate(routes):
        here = (*at, number)
        if route.goes_on:
            firsts = list(_ways(route, here, above, digest))
            for later in range(number + 1, len(routes)):
                for further in _ways(routes[later], (*at, later), above, digest):
                    yield from ((one, further) for one in firsts if not _exclude(one, further))
        told = digest if route.digest is None else route.digest
        yield from _met(route.routes, (*here, "routes"), (*above, route), told)


def _ways(route: Route, at: Place, above: tuple[Route, ...], digest: Digest) -> Iterator[Way]:
    """Yield a route and all below it."""
    told = digest if route.digest is None else route.digest
    yield Way(place=at, route=route, above=above, digest=told)
    for number, below in enumerate(route.routes):
        yield from _ways(below, (*at, "routes", number), (*above, route), told)


def _said(way: Way) -> Place:
    """Return where the digest of a way is said: by itself, or by one above it."""
    chain = (*way.above, way.route)
    depth = max(number for number, route in enumerate(chain) if route.digest is not None)
    return way.place[: 2 * depth + 2]


def _exclude(one: Way, other: Way) -> bool:
    """Tell whether no alert takes both ways, as far as that is sure."""
    mine, yours = (*one.above, one.route), (*other.above, other.route)
    matchers = [(a, b) for a in _matchers(mine) for b in _matchers(yours) if a.name == b.name]
    if any(_no_value_for(a, b) or _no_value_for(b, a) for a, b in matchers):
        return True
    return any(_at_other_hours(a, b) or _at_other_hours(b, a) for a in mine for b in yours)


def _matchers(chain: Sequence[Route]) -> list[Matcher]:
    return [matcher for route in chain for matcher in route.matchers]


def _at_other_hours(one: Route, other: Route) -> bool:
    return bool(one.active) and set(one.active) <= set(other.mute)


def _no_value_for(one: Matcher, other: Matcher) -> bool:
    """Tell whether the other matches no value that the first does, when those can be listed."""
    values = _values(one)
    return values is not None and not any(other.matches({other.name: value}) for value in values)


def _values(matcher: Matcher) -> list[str] | None:
    if matcher.name == "severity":
        return [value for value in AlertSeverity if matcher.matches({matcher.name: value})]
    match matcher.operator:
        case Operator.EQUAL:
            return [matcher.value]
        case Operator.MATCHES if _WORDS.fullmatch(matcher.value):
            return matcher.value.split("|")
        case _:
            return None
