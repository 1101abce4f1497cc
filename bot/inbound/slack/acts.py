"""The one way in for what people do in Slack: whether they may is asked here, at that moment, and nowhere else.

Who somebody is is known from when they were last heard of (meeting.py); when it is not, Slack is asked, for a second at
most. Unknown people are not turned away while Slack does not answer: an incident does not wait for it. A private
incident that is none of theirs is not there: they are told what they would be told if it were not.
"""

from bot.domain.commands import Command
from bot.domain.course_commands import Merge
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Incident
from bot.domain.permissions import Act, acts_of, denied, rule_of
from bot.domain.privacy import MUSTER, may_see
from bot.domain.task_commands import LinkThing, UnlinkThing
from bot.engine.receipts import Handled, Receipt
from bot.errors import Refused
from bot.inbound.slack.port import Ports
from bot.inbound.slack.sight import is_in, known, viewer


async def do(ports: Ports, command: Command, receipt: Receipt | None, here: str = "") -> Handled:
    """Hand in what somebody does, in the channel `here` if it was in one, if they may.

    Raises:
        Refused: they may not (it says who may), or it cannot be done.
        Overloaded: nothing was kept.
    """
    acts, by = acts_of(command), getattr(command, "by", None)
    if acts and by:
        number = getattr(command, "incident", None)
        asked = [(number, "There is no such incident.")]
        if other := _other(command):
            asked.append((other, f"There is no INC-{other}."))
        for wanted, otherwise in asked:
            if not await _sees(ports, UserId(by), here, wanted):
                await ports.desk.refused(command, otherwise, receipt=receipt)
                raise Refused(otherwise)
        for act in acts:
            await _must_be_allowed(ports, act, command, UserId(by), receipt)
    return await ports.desk.handle(command, receipt=receipt)


def _other(command: Command) -> IncidentId | None:
    """Return the second incident that a command names, if it does."""
    match command:
        case Merge(into=other) | LinkThing(to=other) | UnlinkThing(to=other):
            return other
        case _:
            return None


async def _sees(ports: Ports, user: UserId, here: str, number: IncidentId | None) -> bool:
    incident = await _incident(ports, number)
    return incident is None or not incident.private or may_see(incident, await viewer(ports, user, here))


async def _must_be_allowed(ports: Ports, act: Act, command: Command, by: UserId, receipt: Receipt | None) -> None:
    rule = rule_of(command, act, ports.policy.permissions)
    incident = await _incident(ports, getattr(command, "incident", None)) if rule.roles else None
    account = await known(ports.account_of(by))
    groups = {group: await is_in(ports, group, by) for group in rule.groups}
    if denial := denied(act, rule, by, account, groups, incident):
        await ports.desk.refused(command, denial.text, receipt=receipt)
        raise Refused(denial.text, who=denial.who)


async def _incident(ports: Ports, number: IncidentId | None) -> Incident | None:
    return None if number is None else await ports.desk.seen_by(MUSTER).incident(number)
