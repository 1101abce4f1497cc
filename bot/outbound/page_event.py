"""What a page says: an incident as an event of PagerDuty's Events API v2. Pure.

The fields and their limits: https://developer.pagerduty.com/docs/send-alert-event. An event that breaks one is refused
as a whole, and then nobody is paged: so everything is cut to size and doubtful links are left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypedDict
from urllib.parse import quote, urlsplit

from bot.domain.alerts_model import Alert
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.domain.privacy import Outside, is_hidden
from bot.domain.text import one_line

LONGEST_SUMMARY: Final = 1024
LONGEST_SOURCE: Final = 255
LONGEST_LINK: Final = 2000

PAGER_SEVERITY: Final[Mapping[Severity, str]] = {
    Severity.SEV1: "critical",
    Severity.SEV2: "error",
    Severity.SEV3: "warning",
    Severity.SEV4: "info",
}


class Payload(TypedDict):
    """What happened, where, how bad."""

    summary: str
    source: str
    severity: str
    timestamp: str
    custom_details: dict[str, str]


class Link(TypedDict):
    """A link under the page."""

    href: str
    text: str


class Event(TypedDict, total=False):
    """What goes with an action; only a trigger says anything."""

    payload: Payload
    links: list[Link]
    client: str


def trigger(incident: Outside, alerts: Iterable[Alert], policy: Policy, *, why: str = "") -> Event:
    """Return the event that pages somebody: "[SEV-1] INC-42 checkout is down", with what helps to begin, and why.

    The pager is outside: of a private incident it is told the number and the severity.
    """
    hidden = is_hidden(incident)
    title, called = ("private incident", "") if hidden else (incident.title, f": {why}" if why else "")
    event = Event(
        client="Muster",
        payload=Payload(
            summary=one_line(f"[{incident.severity.label}] {incident.label} {title}{called}", LONGEST_SUMMARY),
            source=one_line(incident.service or "", LONGEST_SOURCE) or "muster",
            severity=PAGER_SEVERITY[incident.severity],
            timestamp=incident.declared_at.isoformat(),
            custom_details={"incident": incident.label, "severity": incident.severity.label},
        ),
    )
    links = [] if hidden else list(_links(incident, alerts, policy))
    if links:
        event["links"] = links
    return event


def _links(incident: Outside, alerts: Iterable[Alert], policy: Policy) -> Iterator[Link]:
    if incident.channel:
        # https://docs.slack.dev/interactivity/deep-linking
        yield Link(
            href=f"https://slack.com/app_redirect?channel={quote(incident.channel, safe='')}", text="Slack channel"
        )
    service = policy.services.get(incident.service) if incident.service else None
    runbooks = [alert.runbook_url for alert in alerts] + [service.runbook_url if service else None]
    runbook = next((address for address in runbooks if address and _is_web_address(address)), None)
    if runbook:
        yield Link(href=runbook, text="Runbook")


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address) <= LONGEST_LINK
