"""When all alerts of an incident are over for a while, its channel is asked whether it is over: once a quiet spell.

Nothing is ever resolved by itself. The question is taken back when an alert fires again, and asked anew when that is
over; who wants to keep the incident open says so with a button.
"""

from datetime import timedelta

from bot.domain.draft import Draft
from bot.domain.groups_model import Group
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.proposals import ProposalEnded, ProposeResolve, ResolveProposed, ShowProposal
from bot.errors import Refused


def steadied(draft: Draft, before: Group, after: Group) -> None:
    """Look at once whether all is over when what flapped turns out to be."""
    if draft.state.incident and after.is_closed and not before.is_closed:
        draft.do(ProposeResolve(incident=draft.incident.id))


def look_later(draft: Draft) -> None:
    """Look later whether all is over: a group of the incident is over now."""
    incident = draft.incident
    draft.do(ProposeResolve(incident=incident.id), due=draft.now + _patience(incident, draft.policy))


def propose(draft: Draft) -> None:
    """Propose to resolve the incident if all its groups are over for so long."""
    incident, last = draft.incident, draft.incident.last_alert_ended_at
    if not incident.status.is_open or last is None or not _is_quiet(draft):
        return
    if incident.proposal and incident.proposal.at >= last:
        return
    due = last + _patience(incident, draft.policy)
    if draft.now < due:  # one more has begun and ended since this look was planned
        draft.do(ProposeResolve(incident=incident.id), due=due)
        return
    n = incident.proposal.n + 1 if incident.proposal else 1
    draft.happened(ResolveProposed(at=draft.now, n=n, since=last))
    draft.do(ShowProposal(incident=incident.id, n=n))


def keep(draft: Draft, by: UserId) -> None:
    """Somebody wants to keep the incident open though its alerts are over."""
    incident = draft.open_incident()
    if not end(draft, by):
        message = f"{incident.label} is not proposed to be resolved any more. It stays open as it is."
        raise Refused(message)


def take_back(draft: Draft) -> None:
    """Take back what is proposed, if anything is: an alert fires again."""
    end(draft, None)


def show_end(draft: Draft) -> None:
    """Let a proposal say that the incident is resolved."""
    proposal = draft.incident.proposal
    if proposal and proposal.stands:
        draft.do(ShowProposal(incident=draft.incident.id, n=proposal.n))


def end(draft: Draft, by: UserId | None) -> bool:
    """End what is proposed, if anything is: somebody keeps the incident open, or (nobody) an alert fires again."""
    proposal = draft.incident.proposal
    if proposal is None or not proposal.stands:
        return False
    draft.happened(ProposalEnded(at=draft.now, by=by, n=proposal.n))
    draft.do(ShowProposal(incident=draft.incident.id, n=proposal.n))
    return True


def _is_quiet(draft: Draft) -> bool:
    return bool(draft.state.groups) and all(group.is_closed for group in draft.state.groups)


def _patience(incident: Incident, policy: Policy) -> timedelta:
    rule = next((one for one in policy.declare if one.name == incident.rule), None)
    return (rule and rule.propose_resolve_after) or policy.propose_resolve_after
