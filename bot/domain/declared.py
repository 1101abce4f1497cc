"""Silences that stand in `muster.yaml`: what has to be made and ended so that what counts is what stands there. Pure.

A silence never changes: one that says something else than before is made anew, before the old one ends, so that nothing
is heard in between. What somebody ended by hand stays ended as long as its lines stay as they are.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.ids import UserId
from bot.domain.matchers import Matcher
from bot.domain.muting import Silence
from bot.domain.redaction import kept
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.domain.text import REASON_LIMIT, one_line

FILE: Final = "file"
# Whoever ends what is not declared any more.
BY_FILE: Final = UserId("muster.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A silence as the file has it; its name is what it is known by when it changes."""

    name: str
    matchers: tuple[Matcher, ...]
    until: datetime
    by: UserId
    reason: str

    def is_said_by(self, silence: Silence) -> bool:
        """Tell whether a silence is made of these very lines."""
        mine = (self.matchers, self.until, self.by, one_line(kept(self.reason), REASON_LIMIT))
        return (silence.matchers, silence.ends_at, silence.by, silence.reason) == mine


def steps(
    declared: Iterable[Declared], known: Collection[Silence], now: datetime
) -> Iterator[tuple[SilenceAlerts | EndSilence, int]]:
    """Yield what has to be done, and the number of the silence that it takes the place of or ends; 0 for none.

    `known` are those that came from the file and are not over, and the newest of each name that is declared.
    """
    newest = {one.far_id: one for one in sorted(known, key=lambda one: one.id)}
    stays: set[int] = set()
    for one in declared:
        before = newest.get(one.name)
        if before and one.is_said_by(before) and before.ended_by != BY_FILE:
            stays.add(before.id)
        elif one.until > now:
            made = SilenceAlerts(
                matchers=one.matchers, lasts=one.until, by=one.by, reason=one.reason, origin=FILE, name=one.name
            )
            yield made, before.id if before else 0
    for old in known:
        if old.id not in stays and not old.is_over(now):
            yield EndSilence(silence=old.id, by=BY_FILE), old.id
