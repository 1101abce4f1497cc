"""Reads the list of alerts that an Alertmanager gives on request, so that each is the same alert as by webhook.

In the list there is no status of "resolved": what is over is not in it any more. How an alert stands there is told by
`status.state` (active, suppressed by a silence or an inhibition, unprocessed) and by the receivers it is meant for.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.reconciling import Answer, Listed
from bot.errors import BadInput
from bot.inbound.alerts import alertmanager, grafana
from bot.inbound.members import MOST_ALERTS
from bot.inbound.payloads import as_list, as_moment, as_object, as_table, read_json

Read = Callable[[Mapping[str, object]], ReportedAlert]

_SUPPRESSED_BY = ("silencedBy", "inhibitedBy", "mutedBy")


def readers(organisation: str) -> Mapping[SourceName, Read]:
    """Return how an alert in the list of each kind of sender is read, those that have a list."""
    return {
        alertmanager.NAME: alertmanager.listed,
        grafana.NAME: partial(grafana.listed, organisation=organisation),
    }


def answer(body: bytes, status: bytes | None, read: Read, receiver: re.Pattern[str]) -> Answer:
    """Read a peer's list of alerts, and what it says of itself.

    Raises:
        BadInput: it is none. A member that cannot be read costs no other; the list is not whole then.
    """
    members = as_list(read_json(body), "the list")
    if len(members) > MOST_ALERTS:
        raise BadInput(f"the list has more than {MOST_ALERTS:,} members")
    listed: list[Listed] = []
    for member in members:
        try:
            alert = as_object(member, "the alert")
            listed.append(Listed(report=read(alert), spoken=_is_spoken(alert, receiver)))
        except BadInput:
            continue
    since = as_moment(as_object(read_json(status), "the status").get("uptime"), "uptime") if status else None
    return Answer(listed=tuple(listed), whole=len(listed) == len(members), since=since)


def _is_spoken(alert: Mapping[str, object], receiver: re.Pattern[str]) -> bool:
    status = as_table(alert.get("status"))
    given = alert.get("receivers")
    names = [as_table(one).get("name") for one in given] if isinstance(given, list) else []
    is_ours = any(isinstance(name, str) and receiver.fullmatch(name) for name in names)
    return is_ours and status.get("state") == "active" and not any(status.get(by) for by in _SUPPRESSED_BY)
