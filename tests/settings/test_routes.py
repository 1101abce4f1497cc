"""Routes in `muster.yaml`: the tree that is read, and how each fault in it is told."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.flapping import FlapRule
from bot.domain.matchers import matchers_of
from bot.domain.policy import AlertSeverities
from bot.settings import load_file, summarise
from tests.settings.files import faults_of, written

TREE = """\
alert_severities: {words: {Page: critical}}
time_windows:
  nights: {days: [fri-mon, wednesday], times: ["22:00-06:00", "12:00-24:00"], time_zone: Europe/Berlin}
  always:
routes:
  - match: {team: "a|b"}
    matchers: ['severity=~"critical|high", region!=us', source=grafana]
    group_by: ["..."]
    group_wait: 0s
    routes:
      - {active: [nights], mute: [always], channel: "#a", group_interval: 5m, group_by: [a, a]}
"""


def test_the_tree_is_read(tmp_path: Path) -> None:
    policy = load_file(written(TREE, tmp_path)).policy
    (top,) = policy.routes
    (child,) = top.routes
    assert top.matchers == matchers_of('team=~"a|b", severity=~"critical|high", region!=us, source=grafana')
    assert (top.channel, top.group_by, top.group_wait) == (None, ("...",), timedelta())
    assert (child.channel, child.group_by) == ("#a", ("a",))
    assert policy.alert_severities == AlertSeverities(words={"page": AlertSeverity.CRITICAL})
    ((night, noon), (day,)) = (hours.spans for hours in (*child.active, *child.mute))
    assert (night.days, night.begins, night.ends, str(night.zone)) == (
        frozenset({0, 2, 4, 5, 6}),
        time(22),
        time(6),
        "Europe/Berlin",
    )
    assert (noon.begins, noon.ends) == (time(12), time())
    assert (len(day.days), day.begins, day.ends, str(day.zone)) == (7, time(), time(), "UTC")


def test_when_alerts_flap_is_said_for_all_and_for_those_of_a_route(tmp_path: Path) -> None:
    text = (
        "flapping: {transitions: 6}\n"
        "routes: [{channel: a, flapping: {within: 1h}, "
        "routes: [{channel: b, flapping: {enabled: false}}, {channel: c}]}]"
    )
    policy = load_file(written(text, tmp_path)).policy
    (top,) = policy.routes
    half_an_hour, hour = timedelta(minutes=30), timedelta(hours=1)
    assert policy.flapping == FlapRule(transitions=6, within=half_an_hour)
    assert top.flapping == FlapRule(transitions=6, within=hour)
    off, like_above = top.routes
    assert (off.flapping, like_above.flapping) == (FlapRule(enabled=False, transitions=6, within=hour), None)
    assert [dict(route.said()).get("flapping") for route in (top, off, like_above)] == ["6 within 1h", "off", None]
    assert load_file(written("flapping:\nroutes:", tmp_path)).policy.flapping == FlapRule()


def test_a_route_may_let_alerts_go_on_to_those_behind_it(tmp_path: Path) -> None:
    text = "routes: [{channel: a, continue: true, digest: off}, {channel: b, continue: false}, {channel: c}]"
    assert [one.goes_on for one in load_file(written(text, tmp_path)).policy.routes] == [True, False, False]


def test_a_digest_that_is_in_the_way_of_many_is_one_fault_and_what_never_meets_is_none(tmp_path: Path) -> None:
    many = "routes: [{channel: a, continue: true}, {channel: b, digest: 1h, routes: [{channel: c}, {channel: d}]}]"
    assert len(faults_of(written(many, tmp_path))) == 1
    first, second = "{match: {severity: critical}, channel: a, continue: true}", "{match: {severity: info}, digest: 1h}"
    apart = f"routes: [{first}, {second}]"
    assert faults_of(written(apart, tmp_path)) == []


def test_what_a_further_route_says_of_groups_is_told_by_check(tmp_path: Path) -> None:
    text = "routes: [{channel: a, continue: true}, {channel: b, group_by: [pod], group_wait: 30s}]"
    assert (
        "group_by, group_wait of routes[1] do not count for what goes on to it from routes[0]: "
        "its groups are those of its first way"
    ) in summarise(load_file(written(text, tmp_path))).splitlines()


def test_how_long_a_sender_may_be_silent_is_said_by_sender_and_route(tmp_path: Path) -> None:
    text = """\
routes: [{channel: a, resolve_after: 4h, routes: [{channel: b, resolve_after: never}]}]
sources:
  email: {resolve_after: 2d}
  splunk:
  alertmanager:
    resolve_after: 3h
    integrations: {eu: {token_env: EU_TOKEN, resolve_after: never}, us: {token_env: US_TOKEN}}
  grafana: {reconcile: {urls: http://grafana}}
  generic:
    integrations:
      one: {token_env: ONE_TOKEN, mapping: {title: a, fingerprint: b}}
      two: {token_env: TWO_TOKEN, mapping: {title: a, fingerprint: b, status: c}}
"""
    policy = load_file(written(text, tmp_path)).policy
    (top,) = policy.routes
    assert [dict(route.said())["resolve_after"] for route in (top, *top.routes)] == ["4h", "never"]
    day, hour, found = timedelta(days=1), timedelta(hours=1), policy.silent
    assert {f"{source}/{name}": lasts for (source, name), lasts in found.senders.items()} == {
        "email/default": 2 * day,
        "splunk/default": day,
        "alertmanager/default": 3 * hour,
        "alertmanager/eu": timedelta(),
        "alertmanager/us": 3 * hour,
        "generic/one": day,
    }
    assert ({source for source, _ in found.listed}, found.by_route) == ({"grafana"}, True)
    assert not load_file(written("routes: [{channel: a}]", tmp_path)).policy.silent.by_route


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "routes: [{channel: a, routes: [{chanel: b}]}]",
            '1:33 routes[0].routes[0].chanel: unknown key, did you mean "channel"?',
        ),
        ("routes: [{channel: a, routes: b}]", "1:31 routes[0].routes: must be a list of routes"),
        (
            "routes: [{channel: a, continue: true, digest: 1h}]",
            "1:33 routes[0].continue: what is told in a digest has no",
        ),
        (
            "routes: [{channel: a, continue: true}, {channel: b, digest: 1h}]",
            "1:61 routes[1].digest: does not tell of what goes on to it from routes[0], as that has its message there",
        ),
        (
            "routes: [{continue: true, routes: [{channel: a, digest: 1h}]}, {channel: b}]",
            "1:57 routes[0].routes[0].digest: what is told here has no message, so routes[1] would have none to copy",
        ),
        ("routes: [{continue: true}]", "1:10 routes[0]: says whom it is for and not what to do"),
        ("routes: [{channel: a, routes: [{match: {a: b}}]}]", "1:32 routes[0].routes[0]: says whom it is for and not"),
        ("routes: [{matchers: [a b], channel: x}]", "1:21 routes[0].matchers: after 'a' one of = != =~ !~ is missing"),
        ("flapping: {transitions: 1}", "1:25 flapping.transitions: must be a whole number from 2 to 100"),
        ("flapping: {transitions: four}", "1:25 flapping.transitions: must be a whole number from 2 to 100"),
        ("flapping: {with: 1h}", '1:12 flapping.with: unknown key, did you mean "within"?'),
        ("routes: [{channel: a, flapping: {enabled: 3}}]", "1:43 routes[0].flapping.enabled: must be true or false"),
        (
            "routes: [{channel: a, resolve_after: 5s}]",
            '1:38 routes[0].resolve_after: must be at least "1m", or "never"',
        ),
        ("sources: {splunk: {resolve_after: soon}}", '1:35 sources.splunk.resolve_after: "soon" is no duration'),
        (
            "sources: {grafana: {reconcile: {urls: http://grafana}, resolve_after: 1h}}",
            "1:56 sources.grafana.resolve_after: its list (reconcile) tells what is over; take one of the two out",
        ),
        (
            "sources: {grafana: {integrations: {eu: {token_env: EU_TOKEN, resolve_after: 1h, reconcile: {urls: http://g}}}}}",
            "1:62 sources.grafana.integrations.eu.resolve_after: its list (reconcile) tells what is over",
        ),
        ("routes: [{matchers: [5], channel: x}]", "1:21 routes[0].matchers: must be a list of matchers, such as"),
        ("routes: [{matchers: [], channel: x}]", "1:21 routes[0].matchers: must be a list of matchers, such as"),
        ('routes: [{matchers: ["a=~(a+)+"], channel: x}]', '1:21 routes[0].matchers: "(a+)+" could take very long'),
        ("routes: [{match: {a: (a+)+}, channel: x}]", '1:22 routes[0].match.a: "(a+)+" could take very long'),
        (
            "routes: [{match: {severity: page}, channel: x}]",
            "1:29 routes[0].match.severity: no alert has it: severities",
        ),
        (
            "routes: [{matchers: [severity=page], channel: x}]",
            "1:21 routes[0].matchers: no alert has it: severities are",
        ),
        ("routes: [{group_by: a}]", '1:21 routes[0].group_by: must be a list of labels, such as ["alertname",'),
        ('routes: [{group_by: ["...", a]}]', '1:21 routes[0].group_by: "..." means all labels; no other stands'),
        (f"routes: [{{group_by: [{'a' * 257}]}}]", "1:21 routes[0].group_by: a label's name has 1 to 256 characters"),
        ("routes: [{group_wait: soon}]", '1:23 routes[0].group_wait: "soon" is no duration'),
        ("routes: [{group_wait: [a]}]", "1:23 routes[0].group_wait: must be a duration such as"),
        (
            "time_windows: {nights: {}}\nroutes: [{active: [night], channel: a}]",
            '2:20 routes[0].active[0]: there are no hours "night", did you mean "nights"?',
        ),
        ("routes: [{mute: [a], channel: a}]", '1:18 routes[0].mute[0]: there are no hours "a"; time_windows has none'),
        ("time_windows: {a: {days: [moonday]}}", '1:26 time_windows.a.days: "moonday" is no day; write "mon"'),
        ("time_windows: {a: {times: 9-17}}", '1:27 time_windows.a.times: "9-17" is no span of hours; write such as'),
        ('time_windows: {a: {times: ["09:00-24:30"]}}', '1:27 time_windows.a.times: "09:00-24:30" is no span of hours'),
        ('time_windows: {a: {times: ["24:00-06:00"]}}', '1:27 time_windows.a.times: "24:00-06:00" is no span of hours'),
        ("time_windows: {a: {time_zone: Mars/Base}}", '1:31 time_windows.a.time_zone: "Mars/Base" is no time zone'),
        ("time_windows: {a: {time_zone: ../a}}", '1:31 time_windows.a.time_zone: "../a" is no time zone; write such'),
        ("time_windows: {a: {time_zone: 5}}", '1:31 time_windows.a.time_zone: "5" is no time zone; write such as'),
        ("time_windows: {'!': {}}", '1:16 time_windows.!: "!" cannot name hours; use letters'),
        ("time_windows: {a: {zone: UTC}}", '1:20 time_windows.a.zone: unknown key, did you mean "time_zone"?'),
        (
            "alert_severities: {words: {a: bad}}",
            "1:31 alert_severities.words.a: must be one of critical, high, warning",
        ),
        ("alert_severities: {words: {}}", "1:27 alert_severities.words: must say what at least one word means"),
        ("alert_severities: {label: a}", "1:19 alert_severities.words: is missing"),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    told = faults_of(written(text, tmp_path))
    assert [one.removeprefix("muster.yaml:")[: len(fault)] for one in told] == [fault]


def test_a_severity_that_some_alert_has_here_is_no_fault(tmp_path: Path) -> None:
    text = "routes: [{match: {severity: page|critical}, matchers: [severity!=page], channel: a}]"
    assert faults_of(written(text, tmp_path)) == []
