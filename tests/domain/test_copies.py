"""Copies: behind a route that says `continue` an alert goes on, and its group's message stands there as well."""

from dataclasses import replace

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert
from bot.domain.digests_model import digest_of
from bot.domain.group_commands import ShowCopies
from bot.domain.group_work import CopyGroup
from bot.domain.ids import GroupId
from bot.domain.matchers import matchers_of
from bot.domain.policy import Policy
from bot.domain.routed import Routed, further_way
from bot.domain.routing import Route, never_reached
from bot.domain.work import Effect
from tests.domain.company import SHOW, Company
from tests.domain.story import BO, POLICY, reported

AUDIT = Route(channel="audit", goes_on=True)
GRAVE = Route(matchers=matchers_of("severity=critical"), channel="#incidents", goes_on=True)
TEAM = Route(matchers=matchers_of("service=checkout"), channel="checkout")
LATER = Route(channel="nobody")
DAILY = digest_of("1h")


def with_routes(*routes: Route) -> Policy:
    return replace(POLICY, routes=routes)


def routed(*routes: Route, **changes: object) -> Routed:
    return with_routes(*routes).routed(reported(**changes), explain=True)


def copied(company: Company) -> list[str]:
    """Return the channels whose copies are written because of the last that happened."""
    return [one.work.channel for one in company.last.effects if isinstance(one.work, CopyGroup)]


def test_an_alert_goes_on_to_the_next_sibling_that_matches_until_one_does_not_say_so() -> None:
    found = routed(AUDIT, GRAVE, TEAM, LATER)
    assert (found.channel, found.path, found.copies) == ("audit", "/{}", ("#incidents", "checkout"))
    assert [str(step) for step in found.why] == [
        "routes[0]: {} matches and goes on",
        'routes[1]: {severity="critical"} matches and goes on',
        'routes[2]: {service="checkout"} matches',
    ]


def test_without_a_further_match_there_is_one_way() -> None:
    found = routed(AUDIT, GRAVE, severity=AlertSeverity.INFO)
    assert (found.channel, found.further, found.copies) == ("audit", (), ())


def test_what_goes_on_below_a_route_is_its_own_affair_and_ends_there_unless_the_route_goes_on() -> None:
    inner = (Route(channel="first", goes_on=True), Route(channel="second"))
    assert routed(Route(routes=inner), LATER).copies == ("second",)
    assert routed(Route(routes=inner, goes_on=True), LATER).copies == ("second", "nobody")


def test_each_channel_has_one_message_however_many_ways_lead_there() -> None:
    found = routed(AUDIT, Route(channel="#audit", goes_on=True), Route(channel="b", goes_on=True), Route(channel="#b"))
    assert found.copies == ("b",)
    assert [further_way(way, found) for way in found.further] == [
        "no second message, as one stands there",
        "a copy of its message",
        "no second message, as one stands there",
    ]


def test_a_digest_has_no_message_that_could_be_copied_and_tells_of_its_own_groups_alone() -> None:
    found = routed(AUDIT, Route(channel="team", digest=DAILY))
    assert (found.copies, further_way(found.further[0], found)) == (
        (),
        "no copy, as that route tells its alerts in a digest",
    )
    found = routed(replace(AUDIT, digest=DAILY), TEAM)
    assert (found.copies, further_way(found.further[0], found)) == (
        (),
        "no copy, as it is told in the digest of its first way",
    )


def test_a_route_that_goes_on_keeps_nothing_from_those_behind_it() -> None:
    assert list(never_reached((AUDIT, TEAM))) == []
    assert list(never_reached((replace(AUDIT, goes_on=False), TEAM))) == [("routes[1]", "routes[0]")]
    assert ("continue", "true") in list(AUDIT.said())
    assert not with_routes(TEAM).copies
    assert with_routes(TEAM, Route(routes=(AUDIT,))).copies


def test_a_copy_is_written_whenever_the_message_is() -> None:
    company = Company(with_routes(TEAM, LATER))
    company.tell("a", at=0)
    assert copied(company) == []
    company = Company(with_routes(replace(TEAM, goes_on=True), LATER))
    company.tell("a", at=0)
    assert (company.group.channel, company.group.copies) == ("checkout", ("nobody",))
    assert copied(company) == ["nobody"]
    company.tell("b", at=5)
    assert copied(company) == []
    company.review(at=10)
    assert copied(company) == ["nobody"]
    company.do(AcknowledgeAlert(alert=company.group.id, by=BO), at=11)
    assert copied(company) == ["nobody"]


def test_a_member_that_goes_on_further_lets_the_group_be_shown_there_at_once() -> None:
    company = Company(with_routes(replace(TEAM, goes_on=True), replace(GRAVE, goes_on=False)))
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    assert copied(company) == []
    company.tell("b", at=2, severity=AlertSeverity.CRITICAL)
    assert copied(company) == ["#incidents"]
    assert [kind for kind, at in company.work() if at == 2] == [SHOW]
    company.tell("b", at=3, over=True)
    assert company.group.copies == ("#incidents",), "it says that it is over there too"


def test_a_member_that_becomes_graver_takes_its_group_along() -> None:
    company = Company(with_routes(replace(TEAM, goes_on=True), replace(GRAVE, goes_on=False)))
    company.tell("a", at=0, severity=AlertSeverity.WARNING)
    company.tell("a", at=2, began=0, severity=AlertSeverity.CRITICAL)
    assert (company.group.copies, copied(company)) == (("#incidents",), ["#incidents"])


def test_what_becomes_too_grave_for_its_digest_has_its_copies_then() -> None:
    info = Route(matchers=matchers_of("severity=info"), channel="checkout", digest=DAILY)
    company = Company(with_routes(info, replace(GRAVE, channel="loud"), TEAM))
    company.tell("a", at=0, severity=AlertSeverity.INFO)
    assert (company.group.digest, copied(company)) == ("1h", [])
    company.tell("a", at=2, began=0, severity=AlertSeverity.CRITICAL)
    assert (company.group.channel, company.group.copies) == ("loud", ("checkout",))
    assert copied(company) == ["checkout"]


def test_the_copies_follow_what_only_the_incident_knows() -> None:
    company = Company(with_routes(AUDIT, TEAM))
    company.tell("a", at=0)
    company.do(ShowCopies(group=company.group.id), at=1)
    assert [one.work for one in company.last.effects] == [CopyGroup(group=company.group.id, channel="checkout")]
    company.newest = replace(company.group, shown_at=None)
    company.do(ShowCopies(group=company.group.id), at=1)
    assert company.last.effects == (), "its message comes later, and its copies with it"
    company.newest = None
    company.do(ShowCopies(group=GroupId("gone")), at=2)
    assert company.last.effects == ()


def test_a_copy_is_no_less_urgent_than_the_message() -> None:
    company = Company(with_routes(AUDIT, TEAM))
    company.tell("a", at=0)
    assert len({effect.urgency for effect in company.last.effects if _writes(effect)}) == 1


def _writes(effect: Effect) -> bool:
    return effect.work.kind in {SHOW, "slack.group_copy"}
