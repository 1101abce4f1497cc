"""A proposal to resolve an incident (proposing.py): what happens to it, and the work around it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.happening import Happening
from bot.domain.ids import IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveProposed(Happening):
    """The channel is asked whether the incident is over: all its alerts are since `since`. `n` counts these."""

    kind: Literal["resolve_proposed"] = "resolve_proposed"
    n: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalEnded(Happening):
    """Proposal `n` does not stand any more: somebody keeps the incident open, or (nobody) an alert fires again."""

    kind: Literal["proposal_ended"] = "proposal_ended"
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeResolve:
    """Hand in the command of the same name when due: whether all alerts are over for long enough is looked at then."""

    kind: Literal["incident.propose"] = "incident.propose"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProposal:
    """Write proposal `n` to resolve an incident, or what has become of it."""

    kind: Literal["slack.proposal"] = "slack.proposal"
    incident: IncidentId
    n: int
