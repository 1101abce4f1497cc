"""What is remembered of an alert that is kept quiet. Why it is stands in muting.py."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MuteKind(StrEnum):
    """What keeps an alert quiet."""

    SILENCE = "silence"
    MAINTENANCE = "maintenance"
    INHIBITION = "inhibition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Why an alert is quiet: `name` names the silence, the maintenance or the alert that inhibits it.

    `until` is None when nobody knows yet.
    """

    kind: MuteKind
    name: str
    by: str = ""
    reason: str = ""
    until: datetime | None = None
