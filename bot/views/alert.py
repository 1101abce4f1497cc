"""An alert's living message: what is broken and for whom, since when, and what to do about it.

It is edited in place. Once somebody has acted, the record of it stands where the button was.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.model import Alert, AlertStatus, Incident
from bot.domain.policy import Policy
from bot.domain.text import cut, one_line
from bot.views.actions import Action
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
    message,
    section,
    utc,
)
from bot.views.words import ALERT_SEVERITIES, STATUSES, duration, source_name

_LABELS: Final = 8
_LABEL_LIMIT: Final = 120
_SUMMARY_LIMIT: Final = 600
_DESCRIPTION_LIMIT: Final = 1200
_SERVICE_LIMIT: Final = 40
# Said elsewhere in the message, or plumbing of the source.
_SAID_ELSEWHERE: Final = frozenset({"alertname", "service", "severity"})
_LONG: Final = timedelta(days=1)


def alert_message(alert: Alert, incident: Incident | None, policy: Policy, now: datetime) -> Message:
    """Render an alert as it stands; `incident` is the one that it belongs to."""
    runbook = alert.runbook_url or policy.runbook_for(alert.report)
    return message(
        _fallback(alert),
        header(_heading(alert)),
        section(_standing(alert)),
        *_said(alert),
        _labels(alert),
        context(_times(alert, now), _source(alert), _dashboard(alert)),
        _incident(incident),
        _acknowledged(alert),
        _no_runbook(alert, runbook),
        _buttons(alert, incident, runbook),
    )


def _is_over(alert: Alert) -> bool:
    return alert.status is AlertStatus.RESOLVED


def _resolved(alert: Alert) -> str:
    return "Resolved: " if _is_over(alert) else ""


def _heading(alert: Alert) -> str:
    """Return what is broken and for whom; the service only when the headline does not name it."""
    headline, service = alert.report.headline, one_line(alert.service or "")
    whom = f" ({cut(service, _SERVICE_LIMIT)})" if service and service.casefold() not in headline.casefold() else ""
    return cut(_resolved(alert) + headline, HEADER_LIMIT - len(whom)) + whom


def _fallback(alert: Alert) -> str:
    severity = ALERT_SEVERITIES[alert.report.severity]
    whom = f" for {one_line(alert.service)}" if alert.service else ""
    what = cut(alert.report.headline, _SUMMARY_LIMIT)
    if _is_over(alert):
        return f"Resolved{whom}: {what}"
    return f"{severity}{whom}: {what}. Firing since {utc(alert.report.starts_at)}."


def _standing(alert: Alert) -> Safe:
    state = "Resolved" if _is_over(alert) else "Firing"
    service = line("Service: ", bold(alert.service)) if alert.service else "Service not given"
    rule = line("Rule: ", code(cut(one_line(alert.report.title), _LABEL_LIMIT)))
    return joined(" · ", (bold(state), bold(ALERT_SEVERITIES[alert.report.severity]), service, rule))


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


def _labels(alert: Alert) -> Block | None:
    kept = sorted(
        (name, value)
        for name, value in alert.report.labels.items()
        if name not in _SAID_ELSEWHERE and not name.startswith("__") and value.strip()
    )
    shown = [code(cut(f"{name}={value}", _LABEL_LIMIT)) for name, value in kept[:_LABELS]]
    more = f"and {len(kept) - _LABELS} more" if len(kept) > _LABELS else None
    return context(joined(" ", shown), more) if shown else None


def _times(alert: Alert, now: datetime) -> Safe:
    began = alert.report.starts_at
    if alert.ended_at and _is_over(alert):
        return line(date(began), " to ", date(alert.ended_at), f" ({duration(alert.ended_at - began)})")
    days = f" ({duration(now - began)})" if now - began >= _LONG else ""
    return line("Since ", date(began), days)


def _source(alert: Alert) -> Safe:
    name, at = source_name(alert.report.source), host(alert.report.source_url)
    return line("Source: ", link(alert.report.source_url, f"{name} at {at}") if at else name)


def _dashboard(alert: Alert) -> Safe | None:
    at = host(alert.report.dashboard_url)
    return line("Dashboard: ", link(alert.report.dashboard_url, at)) if at else None


def _incident(incident: Incident | None) -> Block | None:
    if incident is None:
        return None
    where = channel_link(incident.channel, incident.channel_name)
    return section(
        joined(" · ", (line(bold(incident.label), " ", incident.title), STATUSES[incident.status], where)),
    )


def _acknowledged(alert: Alert) -> Block | None:
    if alert.acknowledged is None:
        return None
    return context(line("Acknowledged by ", mention(alert.acknowledged.by)), date(alert.acknowledged.at))


def _no_runbook(alert: Alert, runbook: str | None) -> Block | None:
    if host(runbook):
        return None
    if runbook:
        return context(line("Runbook (not an address that can be opened): ", code(cut(runbook, _LABEL_LIMIT))))
    if alert.service:
        return context(line("No runbook: add one under ", code(f"services.{alert.service}.runbook"), " in muster.yaml"))
    return context(line("No runbook: give the alert a ", code("service"), " label or a ", code("runbook_url")))


def _buttons(alert: Alert, incident: Incident | None, runbook: str | None) -> Block | None:
    firing, about = not _is_over(alert), f": {alert.report.headline}"
    acknowledge = button(
        "Acknowledge", Action.ACKNOWLEDGE_ALERT, alert.id, style="primary", spoken=f"Acknowledge{about}"
    )
    declare = button("Declare Incident", Action.DECLARE_FROM_ALERT, alert.id, spoken=f"Declare Incident{about}")
    return actions(
        acknowledge if firing and alert.acknowledged is None else None,
        declare if firing and not (incident and incident.status.is_open) else None,
        link_button("Runbook", Action.OPEN_RUNBOOK, runbook, spoken=f"Open Runbook{about}"),
    )
