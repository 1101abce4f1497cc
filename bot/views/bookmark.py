"""The one bookmark in the channel's bar: the runbook, else where the alert came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.text import cut, one_line
from bot.views.blocks import host, web_address
from bot.views.words import runbook_of, source_name

_TITLE_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A title and an address that may be followed."""

    title: str
    url: str


def bookmark(incident: Incident, alerts: Sequence[Alert], policy: Policy) -> Bookmark | None:
    """Return the bookmark, or None when neither a runbook nor a source is known."""
    runbooks = (*(alert.runbook_url for alert in alerts), runbook_of(incident.service, policy))
    for address in map(web_address, runbooks):
        if address:
            about = f": {one_line(incident.service)}" if incident.service else ""
            return Bookmark(cut(f"Runbook{about}", _TITLE_LIMIT), address)
    for report in (alert.report for alert in alerts):
        address = web_address(report.source_url)
        if address:
            return Bookmark(cut(f"{source_name(report.source)} at {host(address)}", _TITLE_LIMIT), address)
    return None
