"""Asks who somebody is when they are first heard of, beside everything else: by the time that they act it is known.

Nobody is looked up who does nothing: a workspace's people are never listed.
"""

from typing import Final

import structlog

from bot.domain.ids import UserId
from bot.errors import DeliveryError
from bot.inbound.slack.background import Background
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import AccountOf

# How many people are remembered as met; beyond it all are met anew.
MOST: Final = 20_000
_log = structlog.get_logger("muster.slack")


class Meetings(Background):
    """Meets people; a failure changes nothing: whoever acts is asked about then."""

    def __init__(self, account_of: AccountOf) -> None:
        super().__init__()
        self._account_of = account_of
        self._met: set[UserId] = set()

    def meet(self, payload: Payload) -> None:
        """Begin to ask who sent this, if a person did whom we have not met."""
        user = UserId(_sender(payload))
        if not user or user in self._met:
            return
        if len(self._met) >= MOST:
            self._met.clear()
        self._met.add(user)
        self._begin(self._ask(user))

    async def _ask(self, user: UserId) -> None:
        try:
            await self._account_of(user)
        except DeliveryError as error:
            self._met.discard(user)
            _log.info("slack_person_not_met", error=type(error).__name__)


def _sender(payload: Payload) -> str:
    """Return who sent it: a command, a click or form, or an event of a person (whom bots have none)."""
    return text(payload, "user_id") or text(payload, "user", "id") or text(payload, "event", "user")
