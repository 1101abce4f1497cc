"""What is remembered of a group's past: when it was taken up, quiet, heard again, over; so that it can be told why.

Held against how it stood before, in one place, whatever changed it. It is kept in the group itself, so it costs no
statement; the last of it are enough. While it flaps its coming and going is not remembered.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.domain.copying import replace
from bot.domain.groups_model import Became, Group, Past
from bot.domain.mutes import Mute
from bot.domain.storms_model import Stand

KEPT: Final = 20


def remembered(before: Group | None, after: Group, now: datetime) -> Group:
    """Return a group that remembers what has become of it; `before` is how it stood, None when it is new."""
    new = tuple(_steps(before if before and before.id == after.id else None, after, now))
    return replace(after, past=(*after.past, *new)[-KEPT:]) if new else after


def _steps(before: Group | None, after: Group, now: datetime) -> Iterator[Past]:
    was_over = before is not None and before.is_over
    flapped = before.flapping if before else None
    if was_over and not after.is_over and not flapped:
        yield Past(at=now, what=Became.AGAIN)
    if after.flapping and not flapped:
        yield Past(at=now, what=Became.FLAPS)
    if flapped and not after.flapping:
        yield Past(at=now, what=Became.STEADY, text=after.status.value)
    if after.stand is not (before.stand if before else Stand.CHANNEL) and after.storm:
        yield Past(at=now, what=Became.ALONE if after.stand is Stand.CHANNEL else Became.STORM, text=after.stand.value)
    yield from _by_people(before, after, now)
    yield from _quiet(before, after, now)
    if after.incident and after.incident != (before and before.incident):
        yield Past(at=now, what=Became.JOINED, text=f"INC-{after.incident}")
    if after.is_over and not was_over and not flapped:
        yield Past(at=now, what=Became.OVER)


def _by_people(before: Group | None, after: Group, now: datetime) -> Iterator[Past]:
    taken, given, hushed = after.acknowledged, after.assigned, after.hushed
    if taken and taken != (before and before.acknowledged):
        yield Past(at=taken.at, what=Became.TAKEN, by=taken.by)
    if given and given != (before and before.assigned):
        yield Past(at=given.at, what=Became.GIVEN, by=given.by, text=given.user)
    if hushed and hushed != (before and before.hushed):
        yield Past(at=hushed.at, what=Became.HUSHED, by=hushed.by)
    if before and before.hushed and not hushed and not before.is_over:
        yield Past(at=now, what=Became.UNHUSHED, by=after.unhushed.by if after.unhushed else None)


def _quiet(before: Group | None, after: Group, now: datetime) -> Iterator[Past]:
    known = before.mute if before else None
    if after.mute and not _alike(known, after.mute):
        yield Past(at=now, what=Became.QUIET, mute=after.mute)
    if known and not after.mute and not after.is_over:
        yield Past(at=now, what=Became.HEARD)


def _alike(one: Mute | None, other: Mute) -> bool:
    return one is not None and (one.kind, one.name) == (other.kind, other.name)
