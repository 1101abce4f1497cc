"""The one living message of a storm of groups: how many, of what, the gravest by name, and what becomes of the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.domain.alerts_model import AlertSeverity
from bot.domain.groups_model import GRAVEST_FIRST, Group
from bot.domain.policy import Policy
from bot.domain.storms import OTHERS
from bot.domain.storms_model import Storm
from bot.domain.text import cut, one_line
from bot.views.blocks import (
    Message,
    Moment,
    Safe,
    bold,
    code,
    context,
    date,
    header,
    line,
    lines,
    mention,
    message,
    section,
)
from bot.views.standing import near
from bot.views.words import ALERT_SEVERITIES, and_more, duration

_SERVICES: Final = 8
_NAMED: Final = 5
_TITLE_LIMIT: Final = 150


def storm_message(storm: Storm, gravest: Sequence[Group], firing: int, policy: Policy, now: datetime) -> Message:
    """Render a storm as it stands; `gravest` are a few of its groups that fire, `firing` counts them all."""
    head = _heading(storm, firing)
    worst = f". Gravest: {cut(gravest[0].headline, _TITLE_LIMIT)}" if gravest else ""
    return message(
        f"{head}{worst}",
        header(head),
        section(_what_to_do(storm, policy)) if storm.is_on else None,
        section(lines(bold("By service"), *_services(storm.counts))),
        section(lines(bold("Gravest that fire"), *_gravest(gravest, firing, now))) if gravest else None,
        context(_times(storm)),
    )


def _heading(storm: Storm, firing: int) -> str:
    if storm.is_on:
        return f"Alert storm: {firing} of {storm.groups} groups firing"
    return f"Alert storm over: {f'{firing} of {storm.groups} groups still firing' if firing else 'nothing of it fires'}"


def _what_to_do(storm: Storm, policy: Policy) -> Safe:
    many = f"More than {policy.storm.groups} new groups in {duration(policy.storm.within)}: not each has its message. "
    told = f"{storm.threaded} are in this thread, with their buttons; the first critical ones stand by themselves. "
    return line(many, told, "All that fires: ", code("/incident alerts"))


def _services(counts: Mapping[str, Mapping[AlertSeverity, int]]) -> list[Safe]:
    sizes = Counter({service: sum(of.values()) for service, of in counts.items() if service != OTHERS})
    shown = [service for service, _ in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))][:_SERVICES]
    rows = [line("• ", _service(name), ": ", _severities(counts[name])) for name in shown]
    rest = sum(sum(of.values()) for name, of in counts.items() if name not in shown)
    return [*rows, line(f"• others: {rest}")] if rest else rows


def _service(name: str) -> Safe:
    return bold(cut(one_line(name), _TITLE_LIMIT)) if name else line("service not given")


def _severities(counts: Mapping[AlertSeverity, int]) -> str:
    there = [f"{counts[one]} {ALERT_SEVERITIES[one].lower()}" for one in GRAVEST_FIRST if counts.get(one)]
    return ", ".join(there)


def _gravest(gravest: Sequence[Group], firing: int, now: datetime) -> list[str | None]:
    return [*(_named(group, now) for group in gravest[:_NAMED]), and_more(firing - _NAMED)]


def _named(group: Group, now: datetime) -> Safe:
    name = one_line(group.service or "")
    whom = line(" for ", bold(name)) if name and name.casefold() not in group.headline.casefold() else None
    taken = line(", acknowledged by ", mention(group.acknowledged.by)) if group.acknowledged else None
    title = cut(group.headline, _TITLE_LIMIT)
    since = line(", since ", near(group.began_at, now))
    return line("• ", ALERT_SEVERITIES[group.severity], ": ", title, *filter(None, (whom, since, taken)))


def _times(storm: Storm) -> Safe | None:
    if storm.began_at is None:
        return None
    if storm.ended_at is None:
        return line("Since ", date(storm.began_at, Moment.TIME))
    lasted = duration(storm.ended_at - storm.began_at)
    return line(date(storm.began_at), " to ", date(storm.ended_at, Moment.TIME), f" ({lasted}), {storm.groups} groups")
