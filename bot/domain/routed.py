"""Where an alert goes, and with what it is grouped on its way: what the policy answers for each report."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

GROUP_BY: Final = ("alertname", "service")
GROUP_INTERVAL: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """The route taken.

    Alerts of one path and channel whose `group_by` labels are alike are one group. Its message comes `group_wait` after
    its first alert and is edited at most once a `group_interval` (what matters at once is shown at once).
    """

    channel: str
    path: str = ""
    group_by: tuple[str, ...] = GROUP_BY
    group_wait: timedelta = timedelta()
    group_interval: timedelta = GROUP_INTERVAL
