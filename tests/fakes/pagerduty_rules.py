"""What PagerDuty's documentation demands of a request, and what it promises of an answer. Pure.

Events: https://developer.pagerduty.com/docs/send-alert-event. On-calls: https://developer.pagerduty.com/api-reference
("List all of the on-calls"), pagination: https://developer.pagerduty.com/docs/pagination.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from multidict import MultiMapping

SEVERITIES: Final = ("critical", "error", "warning", "info")
ACTIONS: Final = ("trigger", "acknowledge", "resolve")
EVENT_FIELDS: Final = ("routing_key", "event_action", "dedup_key", "payload", "images", "links", "client", "client_url")
PAYLOAD_FIELDS: Final = (
    *("summary", "source", "severity", "timestamp", "component", "group", "class", "custom_details"),
)
QUESTIONS: Final = (
    *("limit", "offset", "total", "time_zone", "include[]", "user_ids[]", "escalation_policy_ids[]"),
    *("schedule_ids[]", "since", "until", "earliest"),
)
INCLUDES: Final = ("escalation_policies", "users", "schedules")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Somebody on call now. Without an e-mail address: a person who has left."""

    policy: str
    level: int = 1
    email: str | None
    start: str | None = None


def event_faults(event: object) -> list[str]:
    """Return what is wrong with an event; nothing when PagerDuty would take it."""
    if not isinstance(event, Mapping):
        return ["the event is not an object"]
    faults = [f"'{name}' is not a field of an event" for name in event if name not in EVENT_FIELDS]
    key, action, dedup = event.get("routing_key"), event.get("event_action"), event.get("dedup_key")
    if not isinstance(key, str) or len(key) != 32:
        faults.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if action not in ACTIONS:
        faults.append("'event_action' must be trigger, acknowledge or resolve")
    if dedup is not None and (not isinstance(dedup, str) or len(dedup) > 255):
        faults.append("'dedup_key' must be a string of at most 255 characters")
    if action in {"acknowledge", "resolve"} and not dedup:
        faults.append("'dedup_key' is missing or blank")
    if action == "trigger":
        faults += _payload_faults(event.get("payload"))
    return faults + _link_faults(event.get("links", []))


def _payload_faults(payload: object) -> list[str]:
    if not isinstance(payload, Mapping):
        return ["'payload' is missing or blank"]
    faults = [f"'payload.{name}' is not a field of a payload" for name in payload if name not in PAYLOAD_FIELDS]
    for name, longest in (("summary", 1024), ("source", 1024)):
        text = payload.get(name)
        if not isinstance(text, str) or not text:
            faults.append(f"'payload.{name}' is missing or blank")
        elif len(text) > longest:
            faults.append(f"'payload.{name}' is longer than {longest} characters")
    if payload.get("severity") not in SEVERITIES:
        faults.append("'payload.severity' is invalid (must be one of the following: critical, warning, error or info)")
    return faults


def _link_faults(links: object) -> list[str]:
    if not isinstance(links, list):
        return ["'links' must be a list"]
    good = [
        isinstance(link, Mapping) and set(link) <= {"href", "text"} and str(link.get("href", "")).startswith("http")
        for link in links
    ]
    return [] if all(good) else ["'links' must hold objects with 'href' and 'text'"]


def question_faults(query: MultiMapping[str]) -> list[str]:
    """Return what is wrong with a question for on-calls."""
    faults = [f"{name} is not a parameter" for name in query if name not in QUESTIONS]
    faults += [f"include {name} is not supported" for name in query.getall("include[]", []) if name not in INCLUDES]
    for name, highest in (("limit", 100), ("offset", 10_000)):
        given = query.get(name, "0")
        if not given.isdigit() or int(given) > highest:
            faults.append(f"{name} must be a number up to {highest}")
    if query.get("earliest", "true") not in {"true", "false"}:
        faults.append("earliest must be true or false")
    return faults


def on_call_page(on_calls: Iterable[OnCall], query: MultiMapping[str]) -> dict[str, object]:
    """Return a page of on-calls as documented: references without e-mail unless users are included."""
    wanted = query.getall("escalation_policy_ids[]", [])
    found = [entry for entry in on_calls if not wanted or entry.policy in wanted]
    if query.get("earliest") == "true":
        by_start = sorted(found, key=lambda entry: entry.start or "")
        first = {(e.policy, e.level, e.email): e for e in reversed(by_start)}
        found = [entry for entry in found if first[entry.policy, entry.level, entry.email] is entry]
    limit, offset = int(query.get("limit", "25")), int(query.get("offset", "0"))
    page = [_entry(entry, with_user="users" in query.getall("include[]", [])) for entry in found[offset:][:limit]]
    return {
        "oncalls": page,
        "limit": limit,
        "offset": offset,
        "more": offset + limit < len(found),
        "total": None,
    }


def _entry(entry: OnCall, *, with_user: bool) -> dict[str, object]:
    user: dict[str, object] = {
        "id": f"P{abs(hash(entry.email)) % 10**6:06}",
        "type": "user_reference",
        "summary": "Somebody",
    }
    if with_user and entry.email is not None:
        user |= {"type": "user", "email": entry.email, "name": "Somebody"}
    return {
        "user": user,
        "schedule": None,
        "escalation_policy": {"id": entry.policy, "type": "escalation_policy_reference"},
        "escalation_level": entry.level,
        "start": entry.start,
        "end": None,
    }
