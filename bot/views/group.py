"""The living message of a group of alerts, and the notes in its thread.

One member is shown at full length (alert.py); of several what they share stands above, and a few of them below, told
apart by the labels in which they differ. What is over folds to one line.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.groups_model import GRAVEST_FIRST, Group
from bot.domain.kin import faces
from bot.domain.policy import Policy
from bot.domain.privacy import Outside
from bot.domain.text import cut
from bot.views.actions import Action
from bot.views.alert import (
    SAID_ELSEWHERE,
    acknowledged_line,
    alert_message,
    buttons,
    for_whom,
    incident_line,
    judged,
    measured,
    no_runbook,
    verdicts,
    why_button,
)
from bot.views.blocks import (
    HEADER_LIMIT,
    Block,
    Message,
    Moment,
    Safe,
    actions,
    bold,
    button,
    code,
    context,
    date,
    header,
    host,
    joined,
    line,
    lines,
    link,
    mention,
    message,
    section,
    utc,
)
from bot.views.flapping import flapped, flapping_line, since, state
from bot.views.graver import change_lines, changes, way
from bot.views.news import counts, latest_line, told
from bot.views.pictures import picture
from bot.views.quiet import quiet_line
from bot.views.silent import ending, some_unheard
from bot.views.standing import where
from bot.views.words import ALERT_SEVERITIES, and_more, duration, for_service, runbook_of, source_name

_MEMBERS: Final = 5
_NUMBER: Final = re.compile(r"\d+")
_DIGITS: Final = 20
_LABELS: Final = 4
_LABEL_LIMIT: Final = 120
_VALUES_LIMIT: Final = 80
_HEADLINE_LIMIT: Final = 200
_FOLDED_LIMIT: Final = 300
_SOURCES: Final = 3


def group_message(
    group: Group, members: Sequence[Alert], incident: Outside | None, policy: Policy, now: datetime
) -> Message:
    """Render a group as it stands; `members` are a few of it, what fires first. `incident` is the one it belongs to."""
    if group.is_closed:
        return _folded(group, incident)
    if group.total == 1 and members:
        return alert_message(members[0], group, incident, policy, now)
    firing = sorted(faces(one for one in members if one.status is AlertStatus.FIRING).values(), key=_in_order)
    runbook = next((alert.runbook_url for alert in members if host(alert.runbook_url)), None)
    runbook = runbook or runbook_of(group.service, policy)
    return message(
        _fallback(group),
        header(_heading(group)),
        section(_standing(group)),
        flapping_line(group),
        _members(group, firing),
        context(_times(group), *_sources(firing)),
        latest_line(group),
        incident_line(incident),
        acknowledged_line(group, incident),
        quiet_line(group),
        no_runbook(group.service, runbook),
        buttons(group, group.headline, incident, runbook),
        picture(firing, policy),
    )


def group_news(group: Group) -> Message:
    """Render what changed since the thread was last told."""
    news = group.news
    left = "" if group.is_over else f"{group.firing} of {group.total} firing now"
    return message(
        f"{', '.join([*changes(news), *counts(group, news)])}: {group.headline}",
        section(lines(*change_lines(news), joined(" · ", (told(group, news), left or None)))),
    )


def _in_order(alert: Alert) -> tuple[int, float, str]:
    """Return where an alert stands: the gravest first, then the latest, then by name, api-9 before api-10."""
    told = alert.report
    name = _NUMBER.sub(lambda found: found.group().zfill(_DIGITS), cut(told.headline, _HEADLINE_LIMIT))
    return GRAVEST_FIRST.index(told.severity), -told.starts_at.timestamp(), name


def _heading(group: Group) -> str:
    count = f"{group.firing} of {group.total} firing: "
    return count + for_whom(group.headline, group.service, HEADER_LIMIT - len(count))


def _fallback(group: Group) -> str:
    whom = for_service(group.service)
    count = f"{group.firing} of {group.total} firing"
    flaps = f" {since(group)}." if group.flapping else ""
    return f"{ALERT_SEVERITIES[group.severity]}{whom}: {cut(group.headline, _HEADLINE_LIMIT)}. {count}.{flaps}"


def _standing(group: Group) -> Safe:
    service = line("Service: ", bold(group.service)) if group.service else "Service not given"
    shared = [
        code(cut(f"{name}={value}", _LABEL_LIMIT))
        for name, value in sorted(group.labels.items())
        if value and name not in SAID_ELSEWHERE
    ]
    return joined(" · ", (bold(state(group)), bold(ALERT_SEVERITIES[group.severity]), service, *shared[:_LABELS]))


def _members(group: Group, firing: Sequence[Alert]) -> Block | None:
    """Return a few of those that fire, each with what sets it apart."""
    shown = firing[:_MEMBERS]
    differing = _differing(firing)
    rows = [_member(alert, differing) for alert in shown]
    more = and_more(group.firing - len(shown))
    return section(lines(*rows, more)) if rows else None


def _member(alert: Alert, differing: Sequence[str]) -> Safe:
    labels = alert.report.labels
    apart = [code(cut(f"{name}={labels[name]}", _LABEL_LIMIT)) for name in differing if labels.get(name)][:_LABELS]
    told = cut(alert.report.headline, _HEADLINE_LIMIT)
    since = line("since ", date(alert.report.starts_at, Moment.TIME))
    parts = (way(alert), measured(alert, _VALUES_LIMIT))
    more = [part for one in parts if one for part in (", ", one)]
    return line("• ", told, *(part for label in apart for part in (" ", label)), *more, ", ", since)


def _differing(alerts: Sequence[Alert]) -> list[str]:
    """Return the labels in which alerts differ."""
    names = sorted({name for alert in alerts for name in alert.report.labels if not name.startswith("__")})
    return [name for name in names if len({alert.report.labels.get(name) for alert in alerts}) > 1]


def _times(group: Group) -> Safe:
    return joined(
        " · ", (line("Since ", date(group.began_at)), line("Last change ", date(group.changed_at, Moment.TIME)))
    )


def _sources(firing: Sequence[Alert]) -> list[Safe]:
    found: dict[str, Safe] = {}
    for report in (alert.report for alert in firing):
        name, at = source_name(report.source), host(report.source_url)
        label = f"{name} at {at}" if at else name
        found.setdefault(label, link(report.source_url, label) if at else line(label))
    return list(found.values())[:_SOURCES]


def _folded(group: Group, incident: Outside | None) -> Message:
    """Render what is over: one line, under which it can be judged with one tap, once."""
    title = group.headline
    whom = for_service(group.service)
    what = for_whom(title, group.service, _FOLDED_LIMIT)
    began, ended = group.began_at, group.ended_at or group.changed_at
    parts = (
        line(bold(ending(group)), ": ", what),
        f"{group.total} alerts" if group.total > 1 else None,
        line(date(began), " to ", date(ended, Moment.TIME), f" ({duration(ended - began)})"),
        some_unheard(group),
        flapped(group),
        line("Acknowledged by ", mention(group.acknowledged.by)) if group.acknowledged else None,
        where(incident) if incident else None,
        judged(group),
    )
    folded = section(joined(" · ", parts))
    if group.judged:
        folded["accessory"] = verdicts(group)
    return message(
        f"{ending(group)}{whom}: {cut(title, _FOLDED_LIMIT)}. Ended {utc(ended)}.",
        folded,
        None if group.judged else _judging(group, title),
    )


def _judging(group: Group, title: str) -> Block | None:
    return actions(
        button("Useful", Action.JUDGE_USEFUL, group.id, spoken=f"Useful: {title}"),
        button("Noise", Action.JUDGE_NOISE, group.id, spoken=f"Noise: {title}"),
        why_button(group),
    )
