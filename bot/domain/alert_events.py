"""What can have happened to an incident by its alerts: the part of events.py that they need."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.alerts_model import AlertStatus
from bot.domain.happening import Happening
from bot.domain.ids import AlertId, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAttached(Happening):
    """An alert belongs to the incident from now on; `starts_at` is when its source says that it began.

    `group` is the group that it is a member of; what joins that later belongs to the incident as well. When a `rule`
    let a whole group join, `all_of` counts its alerts; the first of them says so.
    """

    kind: Literal["alert_attached"] = "alert_attached"
    alert: AlertId
    title: str
    starts_at: datetime
    source_url: str | None = None
    group: GroupId | None = None
    rule: str | None = None
    all_of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertAcknowledged(Happening):
    """Somebody took up attached alerts, a group at once: `alert` opened it (`at` may lie before the declaration).

    `takes_page`: the page that was out is taken up with it.
    """

    kind: Literal["alert_acknowledged"] = "alert_acknowledged"
    alert: AlertId
    title: str
    takes_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEnded(Happening):
    """The source says that an attached alert is over; `all_of` is how many its group had, when it was the last.

    With `unheard_for` its source says nothing: it was not heard of for so long.
    """

    kind: Literal["alert_ended"] = "alert_ended"
    alert: AlertId
    title: str
    ended_at: datetime
    all_of: int = 0
    unheard_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFlapping(Happening):
    """Attached alerts, a group at once, go on and off again and again; or no more, and this is their `steady` state.

    `alert` opened the group. While it flaps the channel is not told when it is over.
    """

    kind: Literal["alert_flapping"] = "alert_flapping"
    alert: AlertId
    title: str
    since: datetime
    turns: int
    steady: AlertStatus | None = None
