"""The incident's card: the living message at the top of its channel, with what somebody who joins must know."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.deploys import Deploy
from bot.domain.kin import one_of_each
from bot.domain.model import Incident, Status
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole, Role, label_of
from bot.domain.text import cut
from bot.views.action_items import count_of
from bot.views.actions import IN_MENU, Action
from bot.views.blocks import (
    Block,
    Message,
    Moment,
    Safe,
    actions,
    bold,
    button,
    channel_link,
    context,
    date,
    fields,
    header,
    host,
    line,
    lines,
    link,
    mention,
    menu,
    message,
    overflow,
    section,
)
from bot.views.linked import linked
from bot.views.sentences import as_markup
from bot.views.standing import by_whom, due, in_pager, reopened, story, summary
from bot.views.telling_of_keeping import tell_of_deploy
from bot.views.turns import ending_buttons, triage_buttons, triage_notes
from bot.views.words import STATUSES, and_more, duration, named, runbook_of, services_of, source_name

_ALERTS: Final = 5
_DEPLOYS: Final = 2
_TITLE_LIMIT: Final = 120


def incident_card(incident: Incident, alerts: Sequence[Alert], policy: Policy, now: datetime) -> Message:
    """Render an incident as it stands."""
    return message(
        summary(incident),
        header(named(incident)),
        fields(_facts(incident, policy)),
        *story(incident),
        alert_list(alerts),
        linked(incident),
        context(due(incident, now), in_pager(incident), count_of(incident), *links(incident, alerts, policy)),
        deployed(incident),
        *triage_notes(incident),
        _buttons(incident, policy),
    )


def deployed(incident: Incident) -> Block | None:
    """Return the newest deploys of its services, each with how long before the declaration it was, or after."""
    newest = sorted(incident.deploys, key=lambda deploy: (deploy.at, deploy.id))[-_DEPLOYS:]
    return context(*(_deployed(deploy, incident) for deploy in newest))


def _deployed(deploy: Deploy, incident: Incident) -> Safe:
    ago = incident.declared_at - deploy.at
    when = f", {duration(abs(ago))} {'before' if ago >= timedelta() else 'after'} it was declared"
    return line(as_markup(tell_of_deploy(deploy)), when)


def _facts(incident: Incident, policy: Policy) -> list[tuple[str, str]]:
    commander = incident.commander
    declared = line(date(incident.declared_at), by_whom(incident) or "")
    given = [*Role, *(role for role in incident.roles if not isinstance(role, Role))]
    others = [(label_of(role), _holder(incident, role)) for role in given if role in incident.roles]
    services = services_of(incident)
    return [
        ("Severity", line(incident.severity.label, " · ", policy.severities[incident.severity].meaning)),
        ("Status", STATUSES[incident.status]),
        (Role.COMMANDER.label, _holder(incident, Role.COMMANDER) if commander else "Nobody yet"),
        (services[0], services[1] or "Not given"),
        ("Declared", declared),
        *_comms(incident),
        *reopened(incident),
        *others[1 if commander else 0 :],
    ]


def _comms(incident: Incident) -> list[tuple[str, Safe]]:
    channel, comms = incident.comms_channel, incident.comms
    return [("Communications", channel_link(channel, comms.name))] if channel and comms else []


def _holder(incident: Incident, role: AnyRole) -> Safe:
    """Return who holds a role, and who was asked to take it over."""
    asked = incident.offered(role)
    return line(mention(incident.roles[role]), *((", offered to ", mention(asked.to)) if asked else ()))


def _vacant(incident: Incident, policy: Policy) -> list[tuple[str, str]]:
    """Return the roles that nobody holds; command has a button of its own."""
    every = [role for role in (*Role, *policy.roles) if role is not Role.COMMANDER and role not in incident.roles]
    return [(label_of(role), f"{incident.id} {role}") for role in every]


def alert_list(alerts: Sequence[Alert]) -> Block | None:
    """Return the alerts of an incident, those that still fire first."""
    if not alerts:
        return None
    things = one_of_each(alerts)
    gravest = sorted(things, key=lambda alert: (alert.status is AlertStatus.RESOLVED, alert.report.starts_at))
    more = and_more(len(things) - _ALERTS)
    return section(lines(bold("Alerts"), *(_alert(alert) for alert in gravest[:_ALERTS]), more))


def _alert(alert: Alert) -> Safe:
    title = cut(alert.report.headline, _TITLE_LIMIT)
    if alert.ended_at and alert.status is AlertStatus.RESOLVED:
        how = f"Not heard of for {duration(alert.unheard_for)}" if alert.unheard_for else "Resolved"
        return line(f"{how}: ", title, ", ", date(alert.ended_at, Moment.TIME))
    return line("Firing: ", title, ", since ", date(alert.report.starts_at))


def links(incident: Incident, alerts: Sequence[Alert], policy: Policy) -> list[Safe]:
    """Return where to look: the runbook, then where the alerts come from."""
    runbook = next((alert.runbook_url for alert in alerts if host(alert.runbook_url)), None)
    runbook = runbook or runbook_of(incident.service, policy)
    found = [line("Runbook: ", link(runbook, host(runbook) or ""))] if host(runbook) else []
    seen: set[str | None] = set()
    for report in (alert.report for alert in alerts[:_ALERTS]):
        at = host(report.source_url)
        if at and report.source_url not in seen:
            seen.add(report.source_url)
            found.append(link(report.source_url, f"{source_name(report.source)} at {at}"))
    return found


def _buttons(incident: Incident, policy: Policy) -> Block | None:
    if incident.status is Status.TRIAGE:
        return triage_buttons(incident)
    if not incident.status.is_open:
        return ending_buttons(incident)
    value, label = str(incident.id), incident.label
    leads = incident.commander is not None  # the one main act: that somebody is in command, then that everybody hears
    take = button("Take Command", Action.TAKE_COMMAND, value, style="primary", spoken=f"Take Command of {label}")
    update = button(
        "Send Update", Action.WRITE_UPDATE, value, style="primary" if leads else None, spoken=f"Send Update on {label}"
    )
    hand_over = button("Hand Over Role", Action.HAND_OVER, value, spoken=f"Hand Over Role of {label}")
    vacant = _vacant(incident, policy)
    return actions(
        None if leads else take,
        update,
        button("Resolve Incident", Action.RESOLVE, value, spoken=f"Resolve Incident {label}"),
        menu("Take a role", Action.TAKE_ROLE, vacant) if vacant else None,
        hand_over if incident.roles else None,
        overflow(Action.INCIDENT_MENU, [(shown, f"{one} {value}") for one, shown in IN_MENU.items()]),
    )
