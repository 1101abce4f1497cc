"""What is not heard of for long counts as over: for senders that never say that something is.

Nobody claims that its source has resolved it. The time when nobody could hear it does not count, and what was delivered
and is not read yet may be about it. Told again, it fires again.
"""

from bot.domain import alerts, grouping, silencing
from bot.domain.alerts_model import AlertStatus
from bot.domain.copying import replace
from bot.domain.draft import Draft


def review(draft: Draft) -> None:
    """Let those of a group count as over that were not heard of for long enough."""
    group, silent = draft.state.group, draft.state.silent
    if group is None or silent is None:
        return
    draft.group = replace(group, lapses_at=silent.next_at)
    for alert in silent.alerts:
        lasts = draft.policy.resolve_after(alert.report)
        at = silent.over_at(alert, lasts, draft.now) if lasts else None
        if lasts and at and at <= draft.now:
            over_at = max(draft.now, alerts.last_start(alert))  # the sender's clock may be ahead of ours
            gone = replace(alert, status=AlertStatus.RESOLVED, ended_at=over_at, unheard_for=lasts)
            gone = alerts.close(draft, alert, gone)
            draft.alerts.append(gone)
            draft.kin = [gone if one.id == gone.id else one for one in draft.kin]
            silencing.tell_others(draft, alert, gone)
        else:
            later = replace(alert, lapses_at=at)
            draft.alerts.append(later)
            grouping.expect(draft, later)
