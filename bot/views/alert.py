"""An alert at full length: what is broken and for whom, since when, and what to do about it.

It is the message of a group that has no other member. Once somebody has acted, the record of it stands where the button
was.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.groups_model import Group
from bot.domain.ids import ServiceName
from bot.domain.mutes import MuteKind
from bot.domain.policy import Policy
from bot.domain.privacy import Outside, is_hidden
from bot.domain.text import cut, one_line
from bot.views.actions import WHY, Action
from bot.views.blocks import (
    HEADER_LIMIT,
    Block,
    Message,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    code,
    context,
    date,
    header,
    host,
    joined,
    line,
    link,
    link_button,
    mention,
    menu,
    message,
    overflow,
    people_menu,
    section,
    utc,
)
from bot.views.flapping import flapping_line, since, state
from bot.views.graver import grade
from bot.views.news import latest_line
from bot.views.pictures import picture
from bot.views.quiet import quiet_line
from bot.views.standing import IN_PRIVATE, in_pager
from bot.views.words import ALERT_SEVERITIES, STATUSES, VERDICTS, and_more, duration, for_service, source_name

_LABELS: Final = 8
_LABEL_LIMIT: Final = 120
_SUMMARY_LIMIT: Final = 600
_DESCRIPTION_LIMIT: Final = 1200
_VALUES_LIMIT: Final = 300
_SERVICE_LIMIT: Final = 40
# Said elsewhere in the message, or plumbing of the source.
SAID_ELSEWHERE: Final = frozenset({"alertname", "service", "severity"})
_LONG: Final = timedelta(days=1)


def alert_message(alert: Alert, group: Group, incident: Outside | None, policy: Policy, now: datetime) -> Message:
    """Render the one alert of a group that fires, or flaps; `incident` is the one that it belongs to."""
    runbook = alert.runbook_url or policy.runbook_for(alert.report)
    return message(
        _fallback(alert, group),
        header(_heading(alert)),
        section(_standing(alert, group)),
        flapping_line(group),
        *_said(alert),
        context(line("Measured: ", measured(alert))) if measured(alert) else None,
        _labels(alert),
        context(_times(alert, now), _source(alert), *_links(alert)),
        latest_line(group),
        incident_line(incident),
        acknowledged_line(group, incident),
        quiet_line(group),
        no_runbook(alert.service, runbook),
        buttons(group, alert.report.headline, incident, runbook),
        picture([alert], policy),
    )


def _heading(alert: Alert) -> str:
    """Return what is broken and for whom."""
    return for_whom(alert.report.headline, alert.service, HEADER_LIMIT)


def for_whom(headline: str, service: ServiceName | None, limit: int) -> str:
    """Return what is broken and for whom; the service only when the headline does not name it."""
    name = one_line(service or "")
    whom = f" ({cut(name, _SERVICE_LIMIT)})" if name and name.casefold() not in headline.casefold() else ""
    return cut(headline, limit - len(whom)) + whom


def _fallback(alert: Alert, group: Group) -> str:
    severity = ALERT_SEVERITIES[alert.report.severity]
    what = cut(alert.report.headline, _SUMMARY_LIMIT)
    when = since(group) or f"Firing since {utc(alert.report.starts_at)}"
    return f"{severity}{for_service(alert.service)}: {what}. {when}."


def _standing(alert: Alert, group: Group) -> Safe:
    service = line("Service: ", bold(alert.service)) if alert.service else "Service not given"
    rule = line("Rule: ", code(cut(one_line(alert.report.title), _LABEL_LIMIT)))
    return joined(" · ", (bold(state(group)), bold(grade(alert)), service, rule))


def _said(alert: Alert) -> list[Block]:
    """Return what the source says at more length than the heading holds."""
    report = alert.report
    whole: list[Block] = []
    summary, description = report.summary.strip(), report.description.strip()
    if one_line(summary) not in _heading(alert) or "\n" in summary:
        whole.append(section(cut(summary, _SUMMARY_LIMIT)))
    if description and description != summary:
        whole.append(section(cut(description, _DESCRIPTION_LIMIT)))
    if len(summary) > _SUMMARY_LIMIT or len(description) > _DESCRIPTION_LIMIT:
        at = host(report.source_url)
        more = context("Cut short", line("All of it: ", link(report.source_url, at)) if at else None)
        whole += [more] if more else []
    return whole


def measured(alert: Alert, limit: int = _VALUES_LIMIT) -> str:
    """Return what was measured when the source last told, on one line."""
    return cut(one_line(alert.report.values), limit)


def _labels(alert: Alert) -> Block | None:
    kept = sorted(
        (name, value)
        for name, value in alert.report.labels.items()
        if name not in SAID_ELSEWHERE and not name.startswith("__") and value.strip()
    )
    shown = [code(cut(f"{name}={value}", _LABEL_LIMIT)) for name, value in kept[:_LABELS]]
    more = and_more(len(kept) - _LABELS)
    return context(joined(" ", shown), more) if shown else None


def _times(alert: Alert, now: datetime) -> Safe:
    began = alert.report.starts_at
    days = f" ({duration(now - began)})" if now - began >= _LONG else ""
    return line("Since ", date(began), days)


def _source(alert: Alert) -> Safe:
    name, at = source_name(alert.report.source), host(alert.report.source_url)
    return line("Source: ", link(alert.report.source_url, f"{name} at {at}") if at else name)


def _links(alert: Alert) -> Iterator[Safe]:
    """Yield what the source links; its picture too, which may not be shown (pictures.py)."""
    report = alert.report
    there = (("Dashboard", report.dashboard_url), ("Picture", report.image_url), ("Silence there", report.silence_url))
    for name, url in there:
        if at := host(url):
            yield line(f"{name}: ", link(url, at))


def incident_line(incident: Outside | None) -> Block | None:
    """Return which incident alerts belong to, how it stands, and where it is."""
    if incident is None:
        return None
    if is_hidden(incident):
        return section(IN_PRIVATE)
    where = channel_link(incident.channel, incident.channel_name)
    return section(
        joined(" · ", (line(bold(incident.label), " ", incident.title), STATUSES[incident.status], where)),
    )


def acknowledged_line(group: Group, incident: Outside | None) -> Block | None:
    """Return who has taken a group up, or its incident's page; to whom it was given, and what was thought of it."""
    taken, given = group.acknowledged, group.assigned
    return context(
        *((line("Acknowledged by ", mention(taken.by)), date(taken.at)) if taken else ()),
        None if taken else in_pager(incident),
        line("Assigned to ", mention(given.user)) if given else None,
        judged(group),
    )


def judged(group: Group) -> Safe | None:
    """Return what was last said of the use of a group, and by whom."""
    said = group.judged
    return line(VERDICTS[said.verdict], ", says ", mention(said.by)) if said else None


def verdicts(group: Group) -> Block:
    """Return the menu with which anybody says whether a group was of use, or asks what happened to it."""
    choices = [(label, f"{verdict} {group.id}") for verdict, label in VERDICTS.items()]
    return overflow(Action.ALERT_MENU, [*choices, ("Why?", f"{WHY} {group.id}")])


def why_button(group: Group) -> Block:
    """Return the button that asks what happened to a group."""
    return button("Why?", Action.EXPLAIN_ALERT, group.id, spoken=f"What happened: {group.headline}")


def no_runbook(service: ServiceName | None, runbook: str | None) -> Block | None:
    """Return how to add a runbook, where there is none that can be opened."""
    if host(runbook):
        return None
    if runbook:
        return context(line("Runbook (not an address that can be opened): ", code(cut(runbook, _LABEL_LIMIT))))
    if service:
        return context(line("No runbook: add one under ", code(f"services.{service}.runbook"), " in muster.yaml"))
    return context(line("No runbook: give the alert a ", code("service"), " label or a ", code("runbook_url")))


def buttons(group: Group, headline: str, incident: Outside | None, runbook: str | None) -> Block | None:
    """Return what can be done about a group that fires: five elements at most.

    Who has taken it up may hand it on: Assign stands where Acknowledge stood.
    """
    about = f": {headline}"
    acknowledge = button(
        "Acknowledge", Action.ACKNOWLEDGE_ALERT, group.id, style="primary", spoken=f"Acknowledge{about}"
    )
    declare = button("Declare Incident", Action.DECLARE_FROM_ALERT, group.id, spoken=f"Declare Incident{about}")
    assign = people_menu("Assign", Action.ASSIGN_ALERT, group.id)
    return actions(
        acknowledge if group.acknowledged is None else assign,
        _join(group, incident) if incident and incident.status.is_open else declare,
        silence_menu(group),
        link_button("Runbook", Action.OPEN_RUNBOOK, runbook, spoken=f"Open Runbook{about}"),
        verdicts(group),
    )


def _join(group: Group, incident: Outside) -> Block | None:
    if is_hidden(incident):
        return None
    return button(f"Join {incident.label}", Action.JOIN_INCIDENT, group.id)


def silence_menu(group: Group, behind: str = "") -> Block:
    """Return the menu of how long a group can be silenced, or what ends the silence that keeps all of it quiet."""
    about = f": {group.headline}"
    if group.hushed:
        return button("End Silence", Action.END_SILENCE, group.id, spoken=f"End Silence{about}", behind=behind)
    if group.is_mute and group.mute and group.mute.kind is MuteKind.SILENCE:
        name, spoken = group.mute.name, f"End silence {group.mute.name}{about}"
        return button(f"End {name}", Action.END_SILENCE, f"{group.id} {name}", spoken=spoken, behind=behind)
    spans = (("1 hour", "1h"), ("4 hours", "4h"), ("Until resolved", ""))
    choices = [(label, f"{group.id} {span}") for label, span in spans]
    return menu("Silence", Action.SILENCE_ALERT, choices, behind=behind)
