"""What nobody has acknowledged in time (acknowledging.py): what happens then, and the work around it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId
from bot.domain.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementMissed(Happening):
    """Nobody had acknowledged it `within` the target of its severity.

    `level` of its escalation path was called for that (0: none); `further`: it has a level that nobody has called yet.
    """

    kind: Literal["acknowledgement_missed"] = "acknowledgement_missed"
    severity: Severity
    within: timedelta
    level: int = 0
    further: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitAcknowledgement:
    """Hand in `AcknowledgementDue` when due: whether somebody has acknowledged the incident is looked at then."""

    kind: Literal["timer.acknowledge"] = "timer.acknowledge"
    incident: IncidentId
