"""What PagerDuty posts of an incident (webhooks, version 3): as documented, with the fields that it always has.

https://developer.pagerduty.com/docs/webhooks-overview#webhook-payload
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tests.fakes.clock import START

USER = "user_reference"
STATUSES: Mapping[str, str] = {
    "triggered": "triggered",
    "acknowledged": "acknowledged",
    "unacknowledged": "triggered",
    "reopened": "triggered",
    "reassigned": "triggered",
    "resolved": "resolved",
}


def webhook(
    key: str, word: str, at: datetime, *, agent: str = "", to: Sequence[str] = (), status: str | None = None
) -> bytes:
    """Return the body of an event about the incident that a page of this key opened; without an agent nobody did it."""
    reference = {"id": "PAGENT1", "type": USER, "summary": agent}
    event = {
        "id": f"01{word}{at:%H%M%S%f}",
        "event_type": f"incident.{word}",
        "resource_type": "incident",
        "occurred_at": at.isoformat(),
        "agent": reference if agent else None,
        "client": None,
        "data": {
            "id": "Q1MUSTER",
            "type": "incident",
            "html_url": "https://example.pagerduty.com/incidents/Q1MUSTER",
            "number": 7,
            "status": status or STATUSES[word],
            "incident_key": key,
            "created_at": (START - timedelta(hours=1)).isoformat(),
            "title": "[SEV-1] INC-1 Checkout is down",
            "service": {"id": "PMUSTER", "type": "service_reference", "summary": "Muster"},
            "assignees": [{"id": "PX", "type": USER, "summary": name} for name in to],
            "escalation_policy": {"id": "PEP", "type": "escalation_policy_reference", "summary": "Everybody"},
            "teams": [],
            "priority": None,
            "urgency": "high",
            "resolve_reason": None,
        },
    }
    return json.dumps({"event": event}).encode()
