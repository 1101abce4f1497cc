"""The routing tree: the first route that matches, then the first below it; what is not said is as above."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.hours import Hours
from bot.domain.ids import ServiceName
from bot.domain.matchers import matchers_of
from bot.domain.policy import AlertSeverities, Policy, Service
from bot.domain.routed import GROUP_BY, Routed
from bot.domain.routing import Route, every_route, group_labels, never_reached
from bot.domain.spans import short
from bot.domain.windows import Weekly
from tests.domain.story import reported

MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(
    name="office-hours",
    spans=(Weekly(days=frozenset(range(5)), begins=time(9), ends=time(17), zone=BERLIN),),
)


def route(matchers: str = "", **said: object) -> Route:
    return Route(matchers=matchers_of(matchers) if matchers else (), **said)  # type: ignore[arg-type] # real fields


TREE = (
    route("service=search", channel="search"),
    route(
        "service=checkout",
        channel="checkout",
        group_by=("alertname",),
        group_wait=MINUTE,
        group_interval=2 * MINUTE,
        routes=(
            route("severity=critical", channel="loud", group_wait=timedelta()),
            route("severity=info", group_interval=60 * MINUTE),
            route('region="nowhere"', routes=(route(channel="deep"),)),
        ),
    ),
    route("service=~.+", group_by=("...",)),
)
POLICY = Policy(routes=TREE, services={ServiceName("db"): Service(name=ServiceName("db"), channel="db-alerts")})


def routed(policy: Policy = POLICY, **changes: object) -> Routed:
    return policy.routed(reported(**changes), explain=True)


def test_the_first_child_that_matches_wins_and_says_what_differs_from_its_parent() -> None:
    assert routed(severity=AlertSeverity.CRITICAL) == Routed(
        channel="loud",
        path='/{service="checkout"}/{severity="critical"}',
        group_by=("alertname",),
        group_wait=timedelta(),
        group_interval=2 * MINUTE,
    )


def test_where_no_child_matches_the_route_itself_is_taken() -> None:
    found = routed(severity=AlertSeverity.WARNING)
    assert (found.path, found.channel, found.group_wait) == ('/{service="checkout"}', "checkout", MINUTE)
    assert found.group_interval == 2 * MINUTE


def test_what_a_branch_says_is_said_of_it_alone() -> None:
    assert routed(severity=AlertSeverity.INFO).group_interval == 60 * MINUTE


def test_a_route_that_matches_everything_is_the_end_below_its_parent() -> None:
    labels = {"service": "checkout", "region": "nowhere"}
    assert routed(severity=AlertSeverity.UNKNOWN, labels=labels).channel == "deep"


def test_without_a_channel_it_is_the_channel_of_the_service_and_else_the_one_for_all() -> None:
    assert routed(labels={"service": "db"}).channel == "db-alerts"
    assert routed(labels={"service": "other"}).channel == "alerts"
    assert routed(labels={}) == Routed(channel="alerts", group_by=GROUP_BY)


def test_every_look_at_a_route_is_told_and_only_when_asked() -> None:
    assert [(str(step), step.taken) for step in routed(severity=AlertSeverity.UNKNOWN).why] == [
        ('routes[0]: service is "checkout", wanted is service="search"', False),
        ('routes[1]: {service="checkout"} matches', True),
        ('routes[1].routes[0]: severity is "unknown", wanted is severity="critical"', False),
        ('routes[1].routes[1]: severity is "unknown", wanted is severity="info"', False),
        ('routes[1].routes[2]: region is "eu-west-1", wanted is region="nowhere"', False),
    ]
    assert str(routed(labels={}).why[0]) == 'routes[0]: service is not given, wanted is service="search"'
    assert POLICY.routed(reported()).why == ()


@pytest.mark.parametrize(
    ("began", "channel", "why"),
    [
        (datetime(2026, 7, 6, 7, 0, tzinfo=UTC), "day", "routes[0]: {} in office-hours matches"),
        (datetime(2026, 7, 6, 15, 0, tzinfo=UTC), "night", "routes[0]: began outside office-hours"),
        (datetime(2026, 12, 7, 7, 30, tzinfo=UTC), "night", "routes[0]: began outside office-hours"),
        (datetime(2026, 12, 7, 15, 30, tzinfo=UTC), "day", "routes[0]: {} in office-hours matches"),
        (datetime(2026, 7, 5, 10, 0, tzinfo=UTC), "night", "routes[0]: began outside office-hours"),
        (datetime.min.replace(tzinfo=UTC), "night", "routes[0]: began outside office-hours"),
        (datetime.max.replace(tzinfo=UTC), "night", "routes[0]: began outside office-hours"),
    ],
)
def test_hours_count_by_the_clock_on_the_wall_when_the_alert_began(began: datetime, channel: str, why: str) -> None:
    by_active = Policy(routes=(route(active=(OFFICE,), channel="day"), route(channel="night")))
    by_mute = Policy(routes=(route(mute=(OFFICE,), channel="night"), route(channel="day")))
    found = by_active.routed(reported(starts_at=began), explain=True)
    assert (found.channel, str(found.why[0])) == (channel, why)
    assert by_mute.routed(reported(starts_at=began)).channel == channel


def test_hours_that_a_route_leaves_out_are_told() -> None:
    policy = Policy(routes=(route(mute=(OFFICE,), channel="night"),))
    found = policy.routed(reported(starts_at=datetime(2026, 7, 6, 10, 0, tzinfo=UTC)), explain=True)
    assert str(found.why[0]) == "routes[0]: began within office-hours, which it leaves out"
    assert str(policy.routes[0]) == "{} not in office-hours"


def test_alerts_are_grouped_by_the_labels_that_routes_see() -> None:
    report = reported(labels={"region": " eu ", "severity": "page"}, severity=AlertSeverity.CRITICAL)
    by = Routed(channel="alerts", group_by=("alertname", "region", "zone", "severity", "source"))
    assert group_labels(by, report) == {
        "alertname": "CheckoutErrorBudgetBurn",
        "region": "eu",
        "zone": "",
        "severity": "critical",
        "source": "alertmanager",
    }


def test_by_all_labels_each_series_is_a_group_of_its_own() -> None:
    report = reported(labels={"pod": "a", "region": "eu"})
    every = {"alertname": "CheckoutErrorBudgetBurn", "pod": "a", "region": "eu"}
    assert group_labels(Routed(channel="alerts", group_by=("...",)), report) == every


def test_a_word_of_a_sender_means_what_the_organisation_says_and_other_words_what_they_did() -> None:
    policy = Policy(alert_severities=AlertSeverities(label="priority", words={"p0": AlertSeverity.CRITICAL}))
    assert policy.graded(reported(severity=AlertSeverity.INFO, labels={"priority": " P0"})).severity == "critical"
    for other in (
        reported(severity=AlertSeverity.INFO, labels={"priority": "p9"}),
        reported(labels={"priority": "p0"}),
    ):
        assert policy.graded(other) is other


def test_a_route_after_one_that_takes_all_of_it_is_never_reached() -> None:
    routes = (
        route("service=a", channel="a", routes=(route(channel="x"), route("team=b", channel="y"))),
        route("service=a,team=b", channel="b"),
        route("service=b", active=(OFFICE,), channel="c"),
        route("service=b", channel="d"),
        route("service=b", mute=(OFFICE,), channel="e"),
        route("service=c", mute=(OFFICE,), channel="f"),
        route("service=c", channel="g"),
    )
    assert dict(never_reached(routes)) == {
        "routes[0].routes[1]": "routes[0].routes[0]",
        "routes[1]": "routes[0]",
        "routes[4]": "routes[3]",
    }


def test_routes_are_gone_through_from_the_top_and_say_what_is_theirs() -> None:
    assert [place for place, _ in every_route(TREE)][1:4] == ["routes[1]", "routes[1].routes[0]", "routes[1].routes[1]"]
    assert dict(TREE[1].said()) == {
        "channel": "#checkout",
        "group_by": "[alertname]",
        "group_wait": "1m",
        "group_interval": "2m",
    }
    assert dict(TREE[2].said()) == {"group_by": "[...]"}


def test_durations_are_short() -> None:
    assert [short(timedelta(seconds=each)) for each in (0, 90, 3_600, 90_000)] == ["0s", "1m30s", "1h", "1d1h"]
