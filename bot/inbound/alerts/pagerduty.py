"""PagerDuty's webhooks, version 3 (https://developer.pagerduty.com/docs/webhooks-overview).

Each event is about one thing; those about an incident say how it stands now. An incident that was acknowledged goes on.
Of other things (a note, a service, a test) there is nothing to alert of. The incidents that our own pages opened are
no alerts, or an incident would come back as an alert of itself: what people do with them there is `page_news`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import IncidentId, SourceName
from bot.domain.page_commands import HearPager, PagerWord
from bot.errors import BadInput
from bot.inbound.payloads import (
    DESCRIPTION,
    LABEL_VALUE,
    TITLE,
    as_labels,
    as_line,
    as_object,
    as_severity,
    as_table,
    as_text,
    as_url,
    fingerprint_of,
    read_json,
)
from bot.inbound.templates import first_moment

NAME = SourceName("pagerduty")

_RESOLVED: Final = "resolved"
_REOPENED: Final = "incident.reopened"
_OUR_PAGES: Final = re.compile(r"muster-inc-(\d+)-", re.ASCII)  # what our pager calls an incident (its dedup_key)
_DIGITS: Final = 12
_ASSIGNEES: Final = 10
_WORDS: Final[Mapping[str, PagerWord]] = {
    "incident.acknowledged": "acknowledged",
    "incident.unacknowledged": "unacknowledged",
    _REOPENED: "unacknowledged",
    "incident.reassigned": "reassigned",
    "incident.resolved": "resolved",
}
_RINGS: Final = "triggered"


def parse(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG001 - one alert a body: it is read or refused
    """Read one event: an alert, or none when it is not about an incident.

    Raises:
        BadInput: it is no event, or an incident's without its id or its start.
    """
    event = as_object(as_object(read_json(body), "the body").get("event"), "`event`")
    kind = as_line(event.get("event_type"), LABEL_VALUE)
    if not kind:
        raise BadInput("event.event_type is missing")
    incident = as_table(event.get("data"))
    if incident.get("type") != "incident" or _OUR_PAGES.match(as_line(incident.get("incident_key"), LABEL_VALUE)):
        return ()
    return (_alert(kind, event, incident),)


def page_news(body: bytes) -> HearPager | None:
    """Read what was done with a page of ours, or nothing when it is about another thing, or says no more than we know.

    The agent is who did it; what is no user (an integration: us; a rule; time itself) has no name here.

    Raises:
        BadInput: it is no event.
    """
    event = as_object(as_object(read_json(body), "the body").get("event"), "`event`")
    incident = as_table(event.get("data"))
    key = as_line(incident.get("incident_key"), LABEL_VALUE)
    ours, word = _OUR_PAGES.match(key), _WORDS.get(as_line(event.get("event_type"), LABEL_VALUE))
    told_at = first_moment(event.get("occurred_at"))
    if ours is None or len(ours[1]) > _DIGITS or word is None or told_at is None:
        return None
    agent, assignees = as_table(event.get("agent")), incident.get("assignees")
    to = [_summary(one) for one in assignees[:_ASSIGNEES]] if isinstance(assignees, list) else []
    return HearPager(
        incident=IncidentId(int(ours[1])),
        key=key,
        word=word,
        name=_summary(agent) if agent.get("type") == "user_reference" else "",
        to=tuple(filter(None, to)) if word == "reassigned" else (),
        rings=word == "unacknowledged" or (word == "reassigned" and incident.get("status") == _RINGS),
        told_at=told_at,
    )


def _alert(kind: str, event: Mapping[str, object], incident: Mapping[str, object]) -> ReportedAlert:
    number = as_line(incident.get("id"), LABEL_VALUE)
    # A re-opened incident is a new episode, though its creation stays where it was.
    began = event.get("occurred_at") if kind == _REOPENED else incident.get("created_at")
    starts_at = first_moment(began, event.get("occurred_at"))
    if not number or starts_at is None:
        raise BadInput("data.id, data.created_at or occurred_at is missing")
    is_over = kind == f"incident.{_RESOLVED}" or incident.get("status") == _RESOLVED
    priority, urgency = _summary(incident.get("priority")), as_line(incident.get("urgency"), LABEL_VALUE)
    title = as_line(incident.get("title"), TITLE) or as_line(incident.get("summary"), TITLE)
    return ReportedAlert(
        source=NAME,
        fingerprint=fingerprint_of({"incident": number}),
        status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
        starts_at=starts_at,
        ends_at=first_moment(incident.get("resolved_at"), event.get("occurred_at")) if is_over else None,
        title=title or "Unnamed incident",
        description=as_text(as_table(incident.get("body")).get("details"), DESCRIPTION),
        severity=as_severity(priority, urgency),
        labels=_labels(incident, priority, urgency),
        source_url=as_url(incident.get("html_url")),
    )


def _labels(incident: Mapping[str, object], priority: str, urgency: str) -> dict[str, str]:
    teams = incident.get("teams")
    return as_labels(
        {
            "service": _summary(incident.get("service")),
            "priority": priority,
            "urgency": urgency,
            "escalation_policy": _summary(incident.get("escalation_policy")),
            "team": _summary(teams[0]) if isinstance(teams, list) and teams else "",
            "number": incident.get("number"),
        }
    )


def _summary(reference: object) -> str:
    """Return what a reference is called."""
    return as_line(as_table(reference).get("summary"), LABEL_VALUE)


SAMPLE = b"""{
  "event": {
    "id": "01HZX3N6RYV0C4F7QK2M9T5B8D",
    "event_type": "incident.triggered",
    "resource_type": "incident",
    "occurred_at": "2026-03-02T09:14:27.512Z",
    "agent": null,
    "client": {"name": "Monitoring Service"},
    "data": {
      "id": "Q1CHKT7A0B2C3D",
      "type": "incident",
      "html_url": "https://example.pagerduty.com/incidents/Q1CHKT7A0B2C3D",
      "number": 1288,
      "status": "triggered",
      "incident_key": "checkout-errors",
      "created_at": "2026-03-02T09:14:27Z",
      "title": "Checkout fails for 4.8 % of requests",
      "service": {"id": "PCHK001", "summary": "checkout", "type": "service_reference"},
      "escalation_policy": {"id": "PPAY001", "summary": "Payments", "type": "escalation_policy_reference"},
      "teams": [{"id": "PTEAM01", "summary": "Payments", "type": "team_reference"}],
      "priority": {"id": "PPRIO01", "summary": "P1", "type": "priority_reference"},
      "urgency": "high",
      "resolve_reason": null
    }
  }
}"""
