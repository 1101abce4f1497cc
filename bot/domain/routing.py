"""The routing tree: which way an alert takes, and what each route on that way says of its channel and its grouping.

As in Alertmanager, the first route that matches is taken, then the first of its children; what a route does not say
its parent says. Behind one that says `continue` the next that matches is a way as well. A route may match in some hours
only. Then the time when the alert began counts, so that an alert
stays on its way however often it is told, and whoever looks again finds the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.alerts_model import ReportedAlert
from bot.domain.copying import replace
from bot.domain.digests_model import Digest
from bot.domain.flapping import FlapRule
from bot.domain.hours import Hours
from bot.domain.matchers import Matcher, seen_labels, text_of
from bot.domain.routed import ALL_LABELS, Routed, Step
from bot.domain.spans import short
from bot.domain.text import one_line

_QUOTED = 60

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Alerts that all `matchers` mean, and that began within `active` hours (if there are any) and not within `mute`.

    None: as the parent has it, or as nothing is said anywhere. With `goes_on` they go by the routes behind it as well.
    """

    matchers: tuple[Matcher, ...] = ()
    active: tuple[Hours, ...] = ()
    mute: tuple[Hours, ...] = ()
    channel: str | None = None
    group_by: tuple[str, ...] | None = None
    group_wait: timedelta | None = None
    group_interval: timedelta | None = None
    group_within: timedelta | None = None
    digest: Digest | None = None
    flapping: FlapRule | None = None
    resolve_after: timedelta | None = None
    goes_on: bool = False
    routes: tuple["Route", ...] = ()

    def objection(self, labels: Mapping[str, str], began: datetime) -> str | None:
        """Return why an alert does not take this route; None when it does."""
        for matcher in self.matchers:
            if not matcher.matches(labels):
                return difference(matcher, labels)
        if self.active and not any(hours.covers(began) for hours in self.active):
            return f"began outside {_names(self.active)}"
        covering = [hours for hours in self.mute if hours.covers(began)]
        return f"began within {_names(covering)}, which it leaves out" if covering else None

    def said(self) -> Iterator[tuple[str, str]]:
        """Yield what it says itself, as people read it: ("channel", "#payments"), ("group_wait", "30s")."""
        if self.channel:
            yield "channel", f"#{self.channel.removeprefix('#')}"
        if self.group_by is not None:
            yield "group_by", f"[{', '.join(self.group_by)}]"
        spans = (
            ("group_wait", self.group_wait),
            ("group_interval", self.group_interval),
            ("group_within", self.group_within),
        )
        yield from ((name, short(span)) for name, span in spans if span is not None)
        if self.digest is not None:
            yield "digest", str(self.digest)
        if flaps := self.flapping:
            yield "flapping", f"{flaps.transitions} within {short(flaps.within)}" if flaps.enabled else "off"
        if self.resolve_after is not None:
            yield "resolve_after", short(self.resolve_after) if self.resolve_after else "never"
        if self.goes_on:
            yield "continue", "true"

    def __str__(self) -> str:
        """Return whom it is for: `{service="payments"} in office-hours`."""
        active = f" in {_names(self.active)}" if self.active else ""
        mute = f" not in {_names(self.mute)}" if self.mute else ""
        return f"{text_of(self.matchers)}{active}{mute}"


@dataclass(slots=True)
class _Ways:
    """The ways of one alert, and every step when they are wanted."""

    labels: Mapping[str, str]
    began: datetime
    steps: list[Step] | None

    def below(self, routes: Sequence[Route], at: str, above: Routed) -> Iterator[Routed]:
        """Yield the way by the first of these that matches, by the first below it; by others as long as they go on."""
        for number, route in enumerate(routes):
            place = f"{at}routes[{number}]"
            objection = route.objection(self.labels, self.began)
            if self.steps is not None:
                why = objection or f"{route} matches{' and goes on' if route.goes_on else ''}"
                self.steps.append(Step(place=place, taken=objection is None, why=why))
            if objection is not None:
                continue
            here, ends = _by(route, above), True
            for way in self.below(route.routes, f"{place}.", here):
                ends = False
                yield way
            if ends:
                yield here
            if not route.goes_on:
                return


def way_of(report: ReportedAlert, routes: Sequence[Route], default: Routed, *, explain: bool = False) -> Routed:
    """Return which way an alert takes, and the further ones; what no route on it says is as in `default`."""
    ways = _Ways(seen_labels(report), report.starts_at, [] if explain else None)
    found, *further = tuple(ways.below(routes, "", default)) or (default,)
    if further:
        found = replace(found, further=tuple(further))
    return replace(found, why=tuple(ways.steps)) if ways.steps is not None else found


def _by(route: Route, above: Routed) -> Routed:
    return replace(
        above,
        path=f"{above.path}/{route}",
        channel=route.channel or above.channel,
        group_by=_or(route.group_by, above.group_by),
        group_wait=_or(route.group_wait, above.group_wait),
        group_interval=_or(route.group_interval, above.group_interval),
        group_within=_or(route.group_within, above.group_within),
        digest=_or(route.digest, above.digest),
        flapping=route.flapping or above.flapping,
        resolve_after=_or(route.resolve_after, above.resolve_after),
    )


def group_labels(routed: Routed, report: ReportedAlert) -> dict[str, str]:
    """Return the labels that an alert is grouped by, with their values; one that is not there is empty.

    By all labels, those are the alert's own and its name.
    """
    if routed.group_by == (ALL_LABELS,):
        return {"alertname": report.title, **report.labels}
    seen = seen_labels(report)
    return {name: seen.get(name, "").strip() for name in routed.group_by}


def every_route(routes: Sequence[Route], at: str = "") -> Iterator[tuple[str, Route]]:
    """Go through the tree from its top, each route with its place: `routes[0].routes[1]`."""
    for number, route in enumerate(routes):
        place = f"{at}routes[{number}]"
        yield place, route
        yield from every_route(route.routes, f"{place}.")


def never_reached(routes: Sequence[Route], at: str = "") -> Iterator[tuple[str, str]]:
    """Find routes that no alert can take, each with the one before it that takes them all.

    Looked for is what is sure: one that takes everything, or one for the same alerts at the same hours.
    """
    for number, route in enumerate(routes):
        place = f"{at}routes[{number}]"
        earlier = (other for other in range(number) if _takes_all_of(routes[other], route))
        first = next(earlier, None)
        if first is not None:
            yield place, f"{at}routes[{first}]"
        yield from never_reached(route.routes, f"{place}.")


def difference(matcher: Matcher, labels: Mapping[str, str]) -> str:
    """Return how labels differ from what a matcher wants: `severity is "info", wanted is severity="critical"`."""
    value = labels.get(matcher.name, "")
    is_there = f'is "{one_line(value, _QUOTED)}"' if value else "is not given"
    return f"{matcher.name} {is_there}, wanted is {matcher}"


def _takes_all_of(first: Route, second: Route) -> bool:
    if first.goes_on:
        return False
    if first.active and set(first.active) != set(second.active):
        return False
    if first.mute and set(first.mute) != set(second.mute):
        return False
    return set(first.matchers) <= set(second.matchers)


def _or(said: T | None, otherwise: T) -> T:
    return otherwise if said is None else said


def _names(hours: Sequence[Hours]) -> str:
    return " or ".join(one.name for one in hours)
