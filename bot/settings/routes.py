"""The routing tree in `muster.yaml`: its blocks, what is wrong with them, and the domain's routes made of them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from bot.domain.alerts_model import AlertSeverity
from bot.domain.flapping import FlapRule
from bot.domain.going_on import named, silent
from bot.domain.hours import Hours
from bot.domain.matchers import Matcher, Operator, all_match
from bot.domain.policy import AlertSeverities
from bot.domain.routing import Route
from bot.domain.windows import Weekly
from bot.settings.block import Block
from bot.settings.calm import DigestTime
from bot.settings.document import Document, Plain
from bot.settings.faults import Fault, Where
from bot.settings.fields import Channel, Duration, Pattern, Silence, Text
from bot.settings.flapping import FlappingBlock
from bot.settings.route_fields import Days, GroupBy, Matchers, Times, Wait, Zone, matchers, unknown_name

ALL_DAYS = frozenset(range(7))
# What tells a route whom it is for.
_WHOM = frozenset({"match", "matchers", "active", "mute", "continue"})
ALL_DAY = ((time(), time()),)


class TimeWindowBlock(Block):
    """Hours of the week; every day, the whole day and UTC unless something else is said."""

    days: Days = ALL_DAYS
    times: Times = ALL_DAY
    time_zone: Zone = ZoneInfo("UTC")


class AlertSeveritiesBlock(Block):
    """What the words of senders mean here, and the label that has them."""

    label: Text = "severity"
    words: Annotated[dict[Text, AlertSeverity], Field(min_length=1)]

    @field_validator("words")
    @classmethod
    def _are_plain(cls, words: dict[str, AlertSeverity]) -> dict[str, AlertSeverity]:
        return {word.lower(): severity for word, severity in words.items()}


class RouteBlock(Block):
    """Alerts whose labels all match, and what becomes of them; what is not said is as the route above has it."""

    match: Annotated[dict[str, Pattern], Field(min_length=1)] | None = None
    matchers: Matchers = ()
    channel: Channel | None = None
    group_by: GroupBy | None = None
    group_wait: Wait | None = None
    group_interval: Duration | None = None
    group_within: Duration | None = None
    digest: DigestTime | None = None
    flapping: FlappingBlock | None = None
    resolve_after: Silence | None = None
    active: tuple[Text, ...] = ()
    mute: tuple[Text, ...] = ()
    goes_on: Annotated[bool, Field(alias="continue")] = False
    routes: tuple["RouteBlock", ...] = ()


def spans_of(block: TimeWindowBlock) -> tuple[Weekly, ...]:
    """Return the hours of a block, a span each."""
    return tuple(
        Weekly(days=block.days, begins=begins, ends=ends, zone=block.time_zone) for begins, ends in block.times
    )


def hours_of(blocks: Mapping[str, TimeWindowBlock]) -> Mapping[str, Hours]:
    """Return the hours that have names."""
    return {name: Hours(name=name, spans=spans_of(block)) for name, block in blocks.items()}


def routes_of(blocks: Sequence[RouteBlock], hours: Mapping[str, Hours], flapping: FlapRule) -> tuple[Route, ...]:
    """Return the tree; the names of hours have been looked at. `flapping` is the rule outside these routes."""
    return tuple(
        _route(block, hours, block.flapping.rule(flapping) if block.flapping else flapping) for block in blocks
    )


def _route(block: RouteBlock, hours: Mapping[str, Hours], flapping: FlapRule) -> Route:
    return Route(
        matchers=(*matched(block.match or {}), *block.matchers),
        active=tuple(hours[name] for name in block.active if name in hours),
        mute=tuple(hours[name] for name in block.mute if name in hours),
        channel=block.channel,
        group_by=block.group_by,
        group_wait=block.group_wait,
        group_interval=block.group_interval,
        group_within=block.group_within,
        digest=block.digest,
        flapping=flapping if block.flapping else None,
        resolve_after=block.resolve_after,
        goes_on=block.goes_on,
        routes=routes_of(block.routes, hours, flapping),
    )


def severities_of(block: AlertSeveritiesBlock | None) -> AlertSeverities:
    """Return what the words of senders mean."""
    return AlertSeverities(label=block.label, words=block.words) if block else AlertSeverities()


def route_faults(document: Document) -> Iterator[Fault]:
    """Find routes that say nothing to do, names of hours that there are not, and severities that no alert has here."""
    yield from _faults(document, document.data.get("routes"), ("routes",))


def continue_faults(document: Document, routes: Sequence[Route]) -> Iterator[Fault]:
    """Find digests of which alerts that go on would not hear, or because of which they would not be heard."""
    known: set[Where] = set()
    for one in silent(routes):
        at: Where = (*one.at, "digest")
        if at in known:
            continue
        known.add(at)
        if one.at == one.further[: len(one.at)]:
            text = f"does not tell of what goes on to it from {named(one.first)}, as that has its message there already"
            then = f"put this route before {named(one.first)}, or take one of the two away"
        else:
            text = f"what is told here has no message, so {named(one.further)} would have none to copy"
            then = "take `continue` away above it, or this digest"
        yield Fault(mark=document.value_mark(at), where=at, text=f"{text}; {then}")


def plain_routes(value: Plain, where: Where) -> Iterator[tuple[Where, Mapping[str, Plain]]]:
    """Go through what may be routes, however they are written, each with its place."""
    for at, route in enumerate(value if isinstance(value, list) else ()):
        if isinstance(route, dict):
            yield (*where, at), route
            yield from plain_routes(route.get("routes"), (*where, at, "routes"))


def severity_faults(document: Document, route: Mapping[str, Plain], place: Where) -> Iterator[Fault]:
    """Find severities that no alert has here among the matchers of a block."""
    for at, matcher in _severity_matchers(route, place):
        if not any(all_match([matcher], {matcher.name: severity}) for severity in AlertSeverity):
            words = ", ".join(AlertSeverity)
            text = f"no alert has it: severities are {words} here, whatever their senders say; write one of these"
            yield Fault(mark=document.value_mark(at), where=at, text=text)


def matched(match: Mapping[str, re.Pattern[str]]) -> Iterator[Matcher]:
    """Return the matchers that `match` is short for."""
    for name, pattern in match.items():
        yield Matcher(name, Operator.MATCHES, pattern.pattern)


def _faults(document: Document, value: Plain, where: Where) -> Iterator[Fault]:
    for place, route in plain_routes(value, where):
        if not route.keys() - _WHOM:
            text = "says whom it is for and not what to do; give it a channel, or routes below it"
            yield Fault(mark=document.value_mark(place), where=place, text=text)
        if route.get("continue") is True and (route.get("digest") or "off") != "off":
            text = "what is told in a digest has no message to copy; say `continue` or `digest`, not both"
            yield Fault(mark=document.value_mark((*place, "continue")), where=(*place, "continue"), text=text)
        for key in ("active", "mute"):
            names = route.get(key)
            for number, name in enumerate(names if isinstance(names, list) else ()):
                wrong = unknown_name(name, document.data.get("time_windows")) if isinstance(name, str) else None
                if wrong:
                    at: Where = (*place, key, number)
                    yield Fault(mark=document.value_mark(at), where=at, text=wrong)
        yield from severity_faults(document, route, place)


def _severity_matchers(route: Mapping[str, Plain], place: Where) -> Iterator[tuple[Where, Matcher]]:
    match = route.get("match")
    said = match.get("severity") if isinstance(match, dict) else None
    try:
        if isinstance(said, str) and said:
            yield (*place, "match", "severity"), Matcher("severity", Operator.MATCHES, said)
        for one in matchers(route["matchers"]) if "matchers" in route else ():
            if one.name == "severity":
                yield (*place, "matchers"), one
    except ValueError:
        return  # it is no matcher, and that is told anyway
