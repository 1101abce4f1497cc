"""Who comes late: they are told once, in a direct message, what has happened so far.

Whom Muster itself brought in when the channel was made has seen it begin.
"""

from dataclasses import dataclass
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class LatecomerJoined(Happening):
    """Somebody came into the channel who had not been there before."""

    kind: Literal["latecomer_joined"] = "latecomer_joined"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSummary:
    """Tell somebody who came late what they need to know, in a direct message, once."""

    kind: Literal["slack.summary"] = "slack.summary"
    incident: IncidentId
    user: UserId
