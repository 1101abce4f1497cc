"""Selects whose options the app is asked for: what it offered last, so that somebody can choose from it.

Source: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element/#external_select
"""

from collections.abc import Sequence
from typing import Final

from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.outcome import Failure
from bot.sandbox.delivery.payloads import suggestion_delivery
from bot.sandbox.elements import check_element
from bot.sandbox.errors import NotPossible
from bot.sandbox.faultlist import Faults
from bot.sandbox.inputs import EXTERNAL, elements_of, find_element, options_of
from bot.sandbox.state.copies import copied
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.workspace import Workspace

# So much must be typed before the app is asked, unless the element says otherwise.
MIN_QUERY_LENGTH: Final = 3
# What Slack's client calls the two ways in which a command or click fails.
OPERATION_TIMEOUT: Final = "operation_timeout"
DISPATCH_FAILED: Final = "dispatch_failed"


def failure_code(failure: Failure) -> str:
    """Return how Slack's client names a failed delivery."""
    return OPERATION_TIMEOUT if failure is Failure.TIMEOUT else DISPATCH_FAILED


class Offers:
    """What the app offered to whom."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier
        self._offered: dict[tuple[UserId, str, str], list[Obj]] = {}

    async def ask(
        self, user: UserId, blocks: Sequence[Obj], action_id: str, *, block_id: str, typed: str, where: Obj
    ) -> Obj:
        """Ask the app for options; return {"options": [...]} or {"option_groups": [...]}, with "error" when it failed.

        Raises:
            NotPossible: there is no such select.
        """
        block, element = find_element(blocks, action_id, block_id)
        if element["type"] not in EXTERNAL:
            raise NotPossible(f"{action_id} has options of its own.")
        if len(typed) < int(element.get("min_query_length", MIN_QUERY_LENGTH)):
            return {"options": []}
        outcome = await self._courier.deliver(
            suggestion_delivery(self._workspace, user, block, element, typed, where), waited_for=False
        )
        if outcome.failure:
            return {"options": [], "error": failure_code(outcome.failure)}
        offer = {key: outcome.answer[key] for key in ("options", "option_groups") if outcome.answer.get(key)}
        if faults := _faults_of(offer):
            return {"options": [], "error": "invalid_options", "messages": faults}
        self._offered[user, str(block.get("block_id")), action_id] = options_of(offer)
        return offer or {"options": []}

    def dressed(self, user: UserId, blocks: Sequence[Obj]) -> list[Obj]:
        """Return the blocks with what was offered to that person as options of the selects."""
        if not self._offered or not any(element["type"] in EXTERNAL for _, element in elements_of(blocks)):
            return list(blocks)
        dressed = copied(list(blocks))
        for block, element in elements_of(dressed):
            if element["type"] in EXTERNAL:
                key = (user, str(block.get("block_id")), str(element["action_id"]))
                element["options"] = self._offered.get(key, [])
        return dressed


def _faults_of(offer: Obj) -> list[str]:
    """Return what is wrong with an offer; none at all is fine."""
    faults = Faults()
    if offer:
        check_element({"type": "static_select", "action_id": "x", **offer}, "", faults)
    return faults.all
