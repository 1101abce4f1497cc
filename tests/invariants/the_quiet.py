"""Who is not to be heard: what is silenced, in maintenance or inhibited is quiet as long as that lasts (I26)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.matchers import seen_labels
from bot.domain.muting import Quiet, why_mute
from bot.domain.silencing import inhibitor
from tests.invariants.picture import Picture, Wrong, differ, must

# A silence that ended within this of an alert may have been over before, by a clock that was set since.
SURELY: Final = timedelta(minutes=11)


@must("I26")
def what_is_hidden_has_no_message(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        if group.hidden:
            yield from differ(f"group {group.id} messages", 0, seen.posted.get(f"group:{group.id}", 0))


@must("I26")
def nothing_is_said_or_paged_of_what_was_quiet_from_its_first_moment(seen: Picture) -> Iterator[Wrong]:
    by_rule = {group: one for one in seen.incidents.values() if one.rule for group in one.groups}
    members: dict[str, list[Alert]] = {}
    for alert in seen.alerts:
        members.setdefault(alert.group or "", []).append(alert)
    for group in seen.groups:
        if not all(_was_quiet_throughout(seen, alert) for alert in members.get(group.id, [])):
            continue
        yield from differ(f"group {group.id} messages", 0, seen.posted.get(f"group:{group.id}", 0))
        if incident := by_rule.get(group.id):
            yield f"group {group.id}", "no incident by a rule", incident.label


def _was_quiet_throughout(seen: Picture, alert: Alert) -> bool:
    """Tell whether one thing kept an alert quiet from its first moment to its end, or until now."""
    labels, began, until = seen_labels(alert.report), alert.first_seen_at, alert.ended_at or seen.now
    for silence in seen.silences:
        known = max(silence.starts_at, silence.created_at)  # one of a sender's begins before it is heard of
        before = known + seen.set_back < began  # of one moment nobody knows what was first
        lasts = before and until + SURELY <= (silence.ended_at or silence.ends_at)
        if lasts and silence.means(labels, alert.report.labels) and seen.policy and seen.policy.mute.heeds(silence):
            return True
    for one in seen.policy.mute.maintenance if seen.policy else ():
        change = one.next_change(began)
        if all(matcher.matches(labels) for matcher in one.matchers) and one.covers(began) and change:
            return until + SURELY <= change
    return False


@must("I26", at_rest=True)
def who_is_quiet_is_so_for_a_reason_that_counts_now(seen: Picture) -> Iterator[Wrong]:
    if seen.policy is None:
        return
    firing = [alert for alert in seen.alerts if alert.status is AlertStatus.FIRING and alert.group]
    others = [alert for alert in firing if seen.policy.mute.may_inhibit(seen_labels(alert.report))]
    quiet = Quiet(silences=seen.silences, inhibitors={alert.id: inhibitor(alert) for alert in others})
    for alert in firing:
        labels, own = seen_labels(alert.report), alert.report.labels
        why = why_mute(alert.id, labels, quiet, seen.policy.mute, seen.now, own=own)
        if (why is None) is not (alert.mute is None):
            yield f"alert {alert.id}", f"quiet for {why}", alert.mute
