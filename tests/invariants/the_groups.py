"""Groups of alerts: each alert that people see is in one, and a group is what its members are (I25)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.kin import faces
from bot.domain.storms_model import Stand
from tests.invariants.picture import Picture, Wrong, differ, must


@must("I25")
def each_alert_that_is_shown_is_in_a_group(seen: Picture) -> Iterator[Wrong]:
    there = {group.id for group in seen.groups}
    for alert in seen.alerts:
        if not alert.is_unseen and alert.group not in there:
            yield f"alert {alert.id}", "a group", alert.group


@must("I25")
def a_group_counts_its_members(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        members = [alert for alert in seen.alerts if alert.group == group.id]
        firing = [alert for alert in members if alert.status is AlertStatus.FIRING]
        stand = faces(firing).values()
        yield from differ(f"group {group.id} series", _things(members), group.total)
        yield from differ(
            f"group {group.id} firing", Counter(one.report.severity for one in stand), Counter(group.severities)
        )
        yield from differ(f"group {group.id} quiet", sum(one.mute is not None for one in stand), group.muted)
        yield from differ(f"group {group.id} is over", not firing, group.is_over)


def _things(members: Iterable[Alert]) -> int:
    """Return how many things alerts tell of: episodes of a series are of one, and so are those of a kin."""
    things: list[set[str]] = []
    for one in members:
        names = {identity(one.report), *filter(None, [one.kin])}
        same = [thing for thing in things if thing & names]
        things = [thing for thing in things if not thing & names] + [names.union(*same)]
    return len(things)


@must("I25")
def of_one_key_only_the_newest_group_fires(seen: Picture) -> Iterator[Wrong]:
    newest = {group.key: group.number for group in sorted(seen.groups, key=lambda one: one.number)}
    for group in seen.groups:
        if not group.is_over and group.within is None:  # one with a window is followed by another while it fires
            yield from differ(f"group {group.id} number", newest[group.key], group.number)


@must("I25")
def what_is_planned_for_a_group_waits(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        key = f"review:{group.id}"
        if group.next_moment and not seen.waits("group.review", key):
            yield key, "waiting", None
        look = f"automate:{group.id}"
        if group.watched and not seen.waits("group.automate", look):
            yield look, "waiting", None


@must("I25")
def rules_declare_a_group_once(seen: Picture) -> Iterator[Wrong]:
    # A rule declares from one group, the first; others may join later, by people too.
    declared = Counter(one.groups[0] for one in seen.incidents.values() if one.rule and one.groups)
    for group, times in declared.items():
        yield from differ(f"group {group} incidents by rule", 1, times)


@must("I25")
def a_storm_counts_its_groups(seen: Picture) -> Iterator[Wrong]:
    came = Counter(group.storm for group in seen.groups if group.storm)
    for storm in seen.storms:
        counted = sum(sum(of.values()) for of in storm.counts.values())
        yield from differ(f"storm {storm.id} counts", storm.groups, counted)
        if came[storm.id] > storm.groups:
            yield f"storm {storm.id} groups", f"at most {storm.groups}", came[storm.id]


@must("I25")
def whoever_came_with_a_storm_is_all_that_may_have_no_message(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        if group.stand in {Stand.THREAD, Stand.NOWHERE} and group.storm is None and not group.digest:
            yield f"group {group.id}", "a message of its own", group.stand


@must("I25")
def what_fired_in_a_digest_will_be_told(seen: Picture) -> Iterator[Wrong]:
    closing = any(one.kind == "digest.close" for one in seen.effects)
    for group in seen.groups:
        if group.digest and group.news.fired and not group.is_mute and not group.hidden and not closing:
            yield f"group {group.id} digest", "waiting", None


@must("I25")
def a_storm_that_is_not_over_will_be_looked_at(seen: Picture) -> Iterator[Wrong]:
    for storm in seen.storms:
        key = f"storm_review:{storm.id}:0"
        if storm.is_on and not seen.waits("storm.review", key):
            yield key, "waiting", None


@must("I25")
def what_fires_in_an_incidents_group_belongs_to_the_incident(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        incident = seen.incidents.get(group.incident) if group.incident else None
        if incident is None or not incident.status.is_open:
            continue
        for alert in seen.alerts:
            if alert.group != group.id or alert.status is not AlertStatus.FIRING:
                continue
            # What the group got while the incident was over follows soon after that is opened again.
            if not seen.waits("group.attach", f"attach:{group.id}"):
                yield from differ(f"alert {alert.id} incident", incident.id, alert.incident)
