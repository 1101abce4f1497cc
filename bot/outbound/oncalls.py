"""Who is on call, as PagerDuty's list tells it."""

from collections.abc import Iterable

from pydantic import BaseModel


class _Someone(BaseModel):
    email: str | None = None


class _EscalationPolicy(BaseModel):
    id: str


class OnCall(BaseModel):
    """An entry of GET /oncalls (https://developer.pagerduty.com/api-reference/3a6b910f11050-list-all-of-the-on-calls)."""

    user: _Someone
    escalation_policy: _EscalationPolicy
    escalation_level: int


class OnCalls(BaseModel):
    """A page of the list."""

    oncalls: list[OnCall]
    more: bool = False


def addresses(found: Iterable[OnCall], policy: str) -> tuple[str, ...]:
    """Return the e-mail addresses of who is on call by a policy, level 1 first."""
    entries = sorted((e for e in found if e.escalation_policy.id == policy), key=lambda entry: entry.escalation_level)
    return tuple(dict.fromkeys(entry.user.email.strip().lower() for entry in entries if entry.user.email))
