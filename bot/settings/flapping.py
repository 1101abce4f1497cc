"""What `muster.yaml` says of flapping: for all alerts, and for those of a route."""

from typing import Annotated

from pydantic import BeforeValidator, StrictBool

from bot.domain.flapping import FlapRule
from bot.settings.block import Block
from bot.settings.fields import Duration

FEWEST, MOST = 2, 100


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not FEWEST <= value <= MOST:
        raise ValueError(f"must be a whole number from {FEWEST} to {MOST}")
    return value


class FlappingBlock(Block):
    """When a group of alerts flaps; what is not said is as it is outside this block's route."""

    enabled: StrictBool | None = None
    transitions: Annotated[int, BeforeValidator(_count)] | None = None
    within: Duration | None = None

    def rule(self, outside: FlapRule) -> FlapRule:
        """Return it in the domain's words."""
        return FlapRule(
            enabled=outside.enabled if self.enabled is None else self.enabled,
            transitions=self.transitions or outside.transitions,
            within=self.within or outside.within,
        )
