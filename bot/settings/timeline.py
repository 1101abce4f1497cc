"""What `muster.yaml` says of the timeline: which messages are kept."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from bot.domain.kept import Kept
from bot.settings.block import Block
from bot.settings.fields import Duration

# Deploys are kept for a week.
_LONGEST: Final = timedelta(days=3)


def _kept(value: object) -> Kept:
    if isinstance(value, str) and value in set(Kept):
        return Kept(value)
    raise ValueError("must be all, leads (of whoever holds a role) or marked (with 📌, a pin, or Add to Timeline)")


def _short(value: timedelta) -> timedelta:
    if value > _LONGEST:
        raise ValueError("is too long before an incident to be its cause; write at most 3d")
    return value


class TimelineBlock(Block):
    """Which messages are recorded though nobody marks them, and how long before it a deploy belongs to an incident."""

    messages: Annotated[Kept, BeforeValidator(_kept)] = Kept.ALL
    deploys: Annotated[Duration, AfterValidator(_short)] | None = None
