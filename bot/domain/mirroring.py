"""Silences that Muster and an Alertmanager share: ours are made there, too, and theirs count here. Pure.

- What is ours there says so at the end of its comment (`mark_of`): so a lost reply makes no second one, and that it is
  seen there makes none here. It is ours as long as it means the same and ends when ours does: whatever somebody there
  has made of it since is theirs.
- Whoever ended it, on either side, ended it on both. Only what is said counts: a silence that is missing from the list
  is over when all peers answered and none has it; one of ours that is missing is made again.
- Ours must never keep more quiet there than here: Alertmanager would not tell us of it. So a condition on what only
  Muster knows (`source`, the common scale of `severity`) becomes one that means the same or less, or the silence is
  not made there at all; Muster keeps quiet what comes then.
- Theirs is for the alerts of this sender alone, and looks at their labels as the sender writes them.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.alerts_model import AlertSeverity
from bot.domain.group_work import MirrorSilence
from bot.domain.ids import UserId
from bot.domain.matchers import Matcher, Operator, all_match
from bot.domain.muting import Silence
from bot.domain.redaction import kept
from bot.domain.silence_commands import HearSilence, HearSilenceEnd
from bot.domain.text import REASON_LIMIT, one_line

_MARK: Final = re.compile(r"\[Muster S-(?P<number>[0-9]{1,9})/(?P<made>[0-9a-f]{1,16})\]")
# Alertmanager writes milliseconds.
_SAME: Final = timedelta(seconds=1)
_SETTLED: Final = timedelta(minutes=1)
_NAME_LIMIT: Final = 80


class Sharing(StrEnum):
    """Whose silences count for whom: BOTH for both, READ theirs here and not ours there."""

    BOTH = "both"
    READ = "read"
    OFF = "off"


class FarState(StrEnum):
    """How a silence stands at an Alertmanager."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class FarSilence:
    """A silence in an Alertmanager's list. `matchers` is None when some of it means nothing to us."""

    id: str
    matchers: tuple[Matcher, ...] | None
    by: str
    comment: str
    starts_at: datetime
    ends_at: datetime
    updated_at: datetime
    state: FarState

    @property
    def mark(self) -> str:
        """Return the mark that it bears, if it is one of ours."""
        found = _MARK.search(self.comment)
        return found[0] if found else ""

    @property
    def number(self) -> int | None:
        """Return the number of ours that it is, or was made of."""
        found = _MARK.search(self.comment)
        return int(found["number"]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The silences of a sender, the newest that any peer has of each, and ours that they may have to do with.

    `whole`: all peers answered. `shares`: ours are made there, too. `scale_is_own`: this organisation has words of its
    own for severities, so that the sender's tell nothing of the common scale.
    """

    sender: str
    far: Mapping[str, FarSilence]
    ours: Collection[Silence]
    now: datetime
    whole: bool
    shares: bool
    scale_is_own: bool = False


@dataclass(slots=True, kw_only=True)
class Steps:
    """What brings both sides together."""

    heard: list[HearSilence] = field(default_factory=list)
    ended: list[HearSilenceEnd] = field(default_factory=list)
    wanted: list[MirrorSilence] = field(default_factory=list)


def mark_of(silence: Silence) -> str:
    """Return what tells one of our silences apart for good: S-7 of a new database is another one than an old S-7."""
    made = int(silence.created_at.timestamp() * 1000)
    return f"[Muster {silence.label}/{made:x}]"


def newest(answers: Iterable[Iterable[FarSilence]]) -> dict[str, FarSilence]:
    """Return what peers show together: of each silence what was written last."""
    found: dict[str, FarSilence] = {}
    for one in (one for answer in answers for one in answer):
        known = found.get(one.id)
        if known is None or one.updated_at > known.updated_at:
            found[one.id] = one
    return found


def there(silence: Silence, sender: str, *, scale_is_own: bool) -> tuple[Matcher, ...] | None:
    """Return what one of our silences means at a sender; None when it cannot be said there, or is about others."""
    source, _, integration = sender.partition("/")
    known = {"source": source, "integration": integration}
    found: list[Matcher] = []
    for matcher in silence.matchers:
        match matcher.name:
            case "source" | "integration":
                if not matcher.matches(known):
                    return None
            case "severity":
                if (words := _words(matcher, scale_is_own=scale_is_own)) is None:
                    return None
                found += words
            case _:
                found.append(matcher)
    return None if all_match(found, {}) else tuple(found)


def _words(matcher: Matcher, *, scale_is_own: bool) -> tuple[Matcher, ...] | None:
    """Return a condition on the sender's word for the severity that means no more than one on the common scale."""
    meant = [one for one in AlertSeverity if matcher.matches({"severity": one.value})]
    if len(meant) == len(AlertSeverity):
        return ()
    words = [one.value for one in meant if one is not AlertSeverity.UNKNOWN]
    if scale_is_own or not words:
        return None
    operator = Operator.EQUAL if len(words) == 1 else Operator.MATCHES
    return (Matcher("severity", operator, "|".join(words)),)


def steps(sides: Sides) -> Steps:
    """Hold both sides against each other."""
    found = Steps()
    _take_theirs(sides, found)
    if sides.shares:
        _keep_ours(sides, found)
    return found


def _take_theirs(sides: Sides, found: Steps) -> None:
    by_mark = {mark_of(one): one for one in sides.ours if not one.sender}
    known = {one.far_id: one for one in sides.ours if one.sender == sides.sender}  # the newest of each comes last
    for far in sides.far.values():
        before, mirrored = known.get(far.id), by_mark.get(far.mark)
        if mirrored and _is_still(far, mirrored, sides):
            continue
        if before and not before.is_over(sides.now) and not _is_as(far, before):
            found.ended.append(HearSilenceEnd(silence=before.id))
        if far.state is FarState.ACTIVE and far.matchers and not (before and _is_as(far, before)):
            found.heard.append(_heard(far, sides.sender))
    for one in known.values():
        if one.far_id not in sides.far and sides.whole and not one.is_over(sides.now):
            found.ended.append(HearSilenceEnd(silence=one.id))


def _keep_ours(sides: Sides, found: Steps) -> None:
    marked: dict[str, list[FarSilence]] = {}
    for far in sides.far.values():
        marked.setdefault(far.mark, []).append(far)
    for one in sides.ours:
        if one.sender:
            theirs = sides.far.get(one.far_id) if one.sender == sides.sender and one.ended_at else None
            is_left = theirs is not None and _is_as(theirs, one)
        elif there(one, sides.sender, scale_is_own=sides.scale_is_own) is None:
            continue
        else:
            mirrors = marked.get(mark_of(one), [])
            stands = any(_is_still(far, one, sides) and far.state is not FarState.EXPIRED for far in mirrors)
            if not one.is_over(sides.now) and mirrors and not stands:
                found.ended.append(HearSilenceEnd(silence=one.id))
            is_missing = sides.whole and not mirrors and one.created_at <= sides.now - _SETTLED
            is_left = stands if one.ended_at else is_missing and not one.is_over(sides.now)
        if is_left:
            found.wanted.append(MirrorSilence(silence=one.id, sender=sides.sender))


def _is_still(far: FarSilence, ours: Silence, sides: Sides) -> bool:
    """Tell whether a silence there is what we made it."""
    meant = there(ours, sides.sender, scale_is_own=sides.scale_is_own)
    return _same(far.matchers, meant) and abs(far.ends_at - ours.ends_at) < _SAME


def _is_as(far: FarSilence, known: Silence) -> bool:
    """Tell whether a silence of theirs is as we know it, and not over there."""
    same = _same(far.matchers, known.matchers) and abs(far.ends_at - known.ends_at) < _SAME
    return same and far.state is not FarState.EXPIRED


def _same(one: Collection[Matcher] | None, other: Collection[Matcher] | None) -> bool:
    """Tell whether matchers are the same; Alertmanager keeps them in an order of its own."""
    return one is not None and other is not None and set(one) == set(other)


def _heard(far: FarSilence, sender: str) -> HearSilence:
    source, _, integration = sender.partition("/")
    place = source.capitalize() if integration == "default" else f"{source.capitalize()} {integration}"
    who = one_line(far.by, _NAME_LIMIT) or "somebody"
    return HearSilence(
        sender=sender,
        far_id=far.id,
        matchers=far.matchers or (),
        # Never a Slack id: no such has a space in it.
        by=UserId(f"{who} in {place}"),
        reason=one_line(kept(_MARK.sub("", far.comment)), REASON_LIMIT) or "no reason given",
        starts_at=far.starts_at,
        ends_at=far.ends_at,
    )


def numbers(far: Iterable[FarSilence]) -> Iterator[int]:
    """Yield the numbers of ours that silences there are, or were made of."""
    return (one.number for one in far if one.number is not None)
