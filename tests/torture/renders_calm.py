"""What stands for many groups at once, made of any words: the message of a storm."""

from collections.abc import Sequence

from bot.domain.groups_model import Group
from bot.domain.model import AlertSeverity
from bot.domain.storms_model import Storm, StormId
from bot.views.blocks import Message
from bot.views.storm import storm_message
from tests.torture.steady import Dice
from tests.views import samples


def storm(dice: Dice, words: Sequence[str], gravest: Sequence[Group]) -> Message:
    """Return a storm's message, whose services have these names."""
    counts = {word[:80]: {dice.one_of(list(AlertSeverity)): 1 + dice.below(900)} for word in words}
    over = dice.one_of((None, samples.NOW))
    seen = Storm(id=StormId("a"), channel="alerts", began_at=samples.AT, ended_at=over, groups=900, counts=counts)
    return storm_message(seen, gravest, dice.below(99), samples.POLICY)
