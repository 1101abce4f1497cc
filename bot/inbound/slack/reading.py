"""What commands, buttons and forms read alike: an incident's number, whether it can still change, an alert's story."""

from bot.domain.ids import GroupId, IncidentId
from bot.domain.model import Incident, Status
from bot.domain.over import why_not_in_triage, why_not_reopened, why_not_running, why_over
from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole, CustomRole, Role
from bot.errors import Refused
from bot.inbound.slack.port import Desk
from bot.views.blocks import Message
from bot.views.why import why

_DIGITS = 9


def number_of(value: str) -> IncidentId | None:
    """Return the incident's number that a button or a form carries."""
    return IncidentId(int(value)) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None


def known_number(value: str) -> IncidentId:
    """Return the number that a button carries, or refuse: it is from a time of which nobody knows any more."""
    number = number_of(value)
    if number is None:
        raise Refused("I do not know this incident any more.")
    return number


def role_of(value: str) -> AnyRole:
    """Return the role that a button or a form carries."""
    return Role(value) if value in set(Role) else CustomRole(value)


def must_be_open(incident: Incident) -> Incident:
    """Return the incident, or refuse before somebody fills in a form for nothing."""
    if not incident.status.is_open:
        raise Refused(why_over(incident))
    return incident


def must_be_running(incident: Incident) -> Incident:
    """Return the incident, or refuse before somebody fills in a form: it is over, or still in triage."""
    if not incident.status.is_running:
        raise Refused(why_not_running(incident))
    return incident


def must_be_in_triage(incident: Incident) -> Incident:
    """Return the incident, or refuse before somebody says in a form why it is none."""
    if incident.status is not Status.TRIAGE:
        raise Refused(why_not_in_triage(incident))
    return incident


async def others_of(incident: Incident, desk: Desk) -> tuple[Incident, ...]:
    """Return the incidents that an open one can be merged into, or refuse when there is none."""
    if not incident.status.is_open:
        raise Refused(why_over(incident))
    runs = incident.status.is_running
    others = [one for one in await desk.open_incidents() if one.id != incident.id]
    found = tuple(one for one in others if (one.status.is_running or not runs) and one.private == incident.private)
    if not found:
        kind = "private incident" if incident.private else "incident"
        raise Refused(f"No other {kind} is open that {incident.label} could be merged into.")
    return found


def must_be_over(incident: Incident) -> Incident:
    """Return the incident, or refuse before somebody says in a form why it is not over."""
    if why_not := why_not_reopened(incident):
        raise Refused(why_not)
    return incident


async def explained(group: GroupId, desk: Desk, policy: Policy, url: str) -> Message:
    """Return what happened to an alert; raises Refused when nobody knows it."""
    known = await desk.explained(group)
    if known is None:
        raise Refused("I do not know this alert any more.")
    return why(known, policy, url)
