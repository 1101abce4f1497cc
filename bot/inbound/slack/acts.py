"""The one way in for what people do in Slack: whether they may is asked here, at that moment, and nowhere else.

Who somebody is is known from when they were last heard of (meeting.py); when it is not, Slack is asked, for a second at
most. Unknown people are not turned away while Slack does not answer: an incident does not wait for it.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Final, TypeVar

import structlog

from bot.domain.commands import Command
from bot.domain.ids import UserId
from bot.domain.permissions import act_of, denied, rule_of
from bot.engine.receipts import Handled, Receipt
from bot.errors import DeliveryError, Refused
from bot.inbound.slack.port import Ports

T = TypeVar("T")
PATIENCE: Final = timedelta(seconds=1)
_log = structlog.get_logger("muster.slack")


async def do(ports: Ports, command: Command, receipt: Receipt | None) -> Handled:
    """Hand in what somebody does, if they may.

    Raises:
        Refused: they may not (it says who may), or it cannot be done.
        Overloaded: nothing was kept.
    """
    act, by = act_of(command), getattr(command, "by", None)
    if act and by:
        rule = rule_of(command, act, ports.policy.permissions)
        number = getattr(command, "incident", None)
        incident = await ports.desk.incident(number) if rule.roles and number is not None else None
        account = await _known(ports.account_of(UserId(by)))
        groups = {group: await _is_in(ports, group, UserId(by)) for group in rule.groups}
        if denial := denied(act, rule, UserId(by), account, groups, incident):
            await ports.desk.refused(command, denial.text, receipt=receipt)
            raise Refused(denial.text, who=denial.who)
    return await ports.desk.handle(command, receipt=receipt)


async def _is_in(ports: Ports, group: str, user: UserId) -> bool | None:
    members = await _known(ports.members_of(group))
    return None if members is None else user in members


async def _known(asked: Awaitable[T]) -> T | None:
    """Return an answer of Slack's, or None when it does not give one in time."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await asked
    except (DeliveryError, TimeoutError) as error:
        _log.warning("slack_person_not_known", error=type(error).__name__)
        return None
