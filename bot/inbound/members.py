"""How a notification of many alerts is read: member by member, so that one which cannot be read costs no other."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import ReportedAlert
from bot.errors import BadInput
from bot.inbound.payloads import as_list, as_object

MOST_ALERTS: Final = 20_000  # a real one takes 370 bytes: 4 MiB hold 11,000
_FAULTS_NAMED: Final = 3


def each_of(
    members: object,
    name: str,
    read: Callable[[Mapping[str, object]], ReportedAlert],
    left_out: Callable[[str], None] | None,
) -> tuple[ReportedAlert, ...]:
    """Read every member of the list `name`; tell `left_out` why one could not be read, once for each such member.

    Raises:
        BadInput: it is no list, it is too long, or none of its members can be read.
    """
    alerts: list[ReportedAlert] = []
    faults: list[str] = []
    given = as_list(members, f"`{name}`")
    if len(given) > MOST_ALERTS:
        raise BadInput(f"`{name}` has more than {MOST_ALERTS:,} members")
    for number, member in enumerate(given):
        try:
            alerts.append(read(as_object(member, "the alert")))
        except BadInput as error:
            faults.append(f"{name}[{number}]: {error}")
    if faults and not alerts:
        raise BadInput(_some(faults))
    if left_out is not None:
        for fault in faults:
            left_out(fault)
    return tuple(alerts)


def _some(faults: list[str]) -> str:
    more = len(faults) - _FAULTS_NAMED
    return "; ".join(faults[:_FAULTS_NAMED]) + (f"; and {more} more" if more > 0 else "")
