"""What stands for many groups at once, made of any words: the message of a storm, and of a digest."""

from collections.abc import Sequence

from bot.domain.alerts_model import AlertSeverity
from bot.domain.digests_model import Entry
from bot.domain.group_work import PostDigest
from bot.domain.groups_model import Group
from bot.domain.ids import ServiceName
from bot.domain.storms_model import Storm, StormId
from bot.views.blocks import Message
from bot.views.digest import digest_message
from bot.views.storm import storm_message
from tests.torture.steady import Dice
from tests.views import samples


def many(dice: Dice, words: Sequence[str], gravest: Sequence[Group]) -> Message:
    """Return one or the other, whose services and titles are these words."""
    return _digest(dice, words) if dice.below(2) else _storm(dice, words, gravest)


def _storm(dice: Dice, words: Sequence[str], gravest: Sequence[Group]) -> Message:
    """Return a storm's message, whose services have these names."""
    counts = {word[:80]: {dice.one_of(list(AlertSeverity)): 1 + dice.below(900)} for word in words}
    over = dice.one_of((None, samples.NOW))
    seen = Storm(id=StormId("a"), channel="alerts", began_at=samples.AT, ended_at=over, groups=900, counts=counts)
    return storm_message(seen, gravest, dice.below(99), samples.POLICY, samples.NOW)


def _digest(dice: Dice, words: Sequence[str]) -> Message:
    """Return a digest of what has these names, services and addresses."""
    at = samples.AT
    entries = tuple(
        Entry(title=word, service=ServiceName(word), severity=dice.one_of(list(AlertSeverity)),
              fired=dice.below(3), firing=dice.below(2), began_at=at, url=word)
        for word in words
    )  # fmt: skip
    work = PostDigest(channel="a", digest="1h", until=samples.NOW, entries=entries, groups=99, fired=99, firing=9)
    return digest_message(work)
