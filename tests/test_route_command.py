"""`muster route`: which way an alert takes, and why, without a bot that runs."""

from pathlib import Path

from bot.domain.ids import SourceName
from bot.inbound.alerts import SOURCES
from tests.test_command_line import config, folder, muster  # noqa: F401 - a fixture

TREE = """\
services: {checkout: {channel: checkout-alerts, runbook: "https://runbooks.example/checkout"}}
alert_severities: {label: priority, words: {ticket: info}}
time_windows: {nights: {times: ["22:00-06:00"], time_zone: Europe/Berlin}}
routes:
  - {matchers: ['service="search"'], channel: search}
  - matchers: ['service="checkout"']
    group_by: [alertname, cluster]
    group_wait: 30s
    routes:
      - {matchers: ['severity=~"critical|high"'], channel: "#incidents", active: [nights], mute: []}
      - {match: {severity: info}, group_interval: 1h}
      - {channel: daily}
      - {match: {team: a}, channel: nobody}
"""


def payload(folder: Path, source: str = "alertmanager") -> Path:  # noqa: F811
    path = folder / "alert.json"
    path.write_bytes(SOURCES[SourceName(source)].sample)
    return path


def test_it_tells_the_way_of_each_alert_and_why(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    said = muster("route", "test", str(payload(folder)), "--source", "alertmanager")
    assert said.exit_code == 0
    lines = [line.strip() for line in said.stdout.splitlines()]
    assert lines[0].endswith("alert.json: 2 alerts from alertmanager")
    assert lines[2:12] == [
        "firing: Checkout fails for 4.8 % of requests; the monthly error budget is gone in 15 hours",
        "severity: critical",
        'x routes[0]: service is "checkout", wanted is service="search"',
        '-> routes[1]: {service="checkout"} matches',
        "x routes[1].routes[0]: began outside nights",
        'x routes[1].routes[1]: severity is "critical", wanted is severity=~"info"',
        "-> routes[1].routes[2]: {} matches",
        "channel: #daily",
        'group: alertname="CheckoutErrorBudgetBurn", cluster="eu-1"',
        "shown after 30s, edited at most every 10s",
    ]
    assert lines[12] == "runbook: https://runbooks.example.com/checkout/error-budget"


def test_it_tells_where_an_alert_goes_as_well_and_what_becomes_of_it_there(folder: Path) -> None:  # noqa: F811
    routes = """\
routes:
  - {matchers: ['severity="critical"'], channel: incidents, continue: true}
  - {channel: audit, continue: true}
  - {channel: incidents}
"""
    config(folder, routes)
    said = muster("route", "test", str(payload(folder)), "--source", "alertmanager").stdout
    lines = [line.strip() for line in said.splitlines()]
    assert lines[4:10] == [
        '-> routes[0]: {severity="critical"} matches and goes on',
        "-> routes[1]: {} matches and goes on",
        "-> routes[2]: {} matches",
        "channel: #incidents",
        "also: #audit, a copy of its message",
        "also: #incidents, no second message, as one stands there",
    ]


def test_what_two_sources_can_read_is_asked_for(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    said = muster("route", "test", str(payload(folder)))
    assert said.exit_code == 2
    assert "alertmanager and grafana can both read it" in said.stderr


def test_what_one_source_can_read_needs_no_name_and_without_a_route_goes_where_all_do(folder: Path) -> None:  # noqa: F811
    config(folder, "")
    (folder / "muster.yaml").write_text("channels: {alerts: all}\n")
    said = muster("route", "test", str(payload(folder, "uptimekuma")))
    assert said.exit_code == 0
    assert "alert from" in said.stdout.replace("alerts", "alert")
    assert "-> no route matches: the channel of its service, else of all alerts" in said.stdout
    assert "channel: #all" in said.stdout


def test_it_tells_how_long_a_group_takes_alerts(folder: Path) -> None:  # noqa: F811
    config(folder, "routes: [{channel: a, group_by: [service], group_within: 15m, routes: [{channel: b}]}]")
    said = muster("route", "test", str(payload(folder)), "--source", "alertmanager").stdout
    assert "edited at most every 10s, takes no more 15m after its last change" in said
    assert "group_within 15m" in muster("route", "show").stdout


def test_a_word_of_ours_for_a_severity_decides_the_way(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    path = folder / "alert.json"
    sample = SOURCES[SourceName("alertmanager")].sample
    path.write_bytes(sample.replace(b'"severity": "critical"', b'"priority": "ticket"').replace(b'"warning"', b'""'))
    said = muster("route", "test", str(path), "--source", "alertmanager").stdout
    assert "severity: info" in said
    assert "edited at most every 1h" in said
    assert "severity: not given, treated as a warning" in said


def test_what_nobody_can_read_is_told_with_the_reason_of_the_one_that_is_named(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    path = folder / "alert.json"
    path.write_text("what?")
    said = muster("route", "test", str(path))
    assert (said.exit_code, said.stderr) == (1, f"{path}: no source can read it; say --source to hear why\n")
    said = muster("route", "test", str(path), "--source", "grafana")
    assert (said.exit_code, said.stderr) == (1, f"{path}: grafana: the body is not JSON (line 1, column 1)\n")
    said = muster("route", "test", str(folder / "none.json"))
    assert (said.exit_code, said.stderr) == (1, f"{folder / 'none.json'}: No such file or directory\n")
    assert muster("route", "test", str(path), "--source", "nagios").exit_code == 2


def test_a_payload_without_alerts_is_told(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    path = folder / "alert.json"
    path.write_text('{"zen": "Keep it simple", "hook_id": 1, "hook": {}, "repository": {"full_name": "acme/shop"}}')
    said = muster("route", "test", str(path), "--source", "github")
    assert (said.exit_code, said.stderr) == (1, f"{path}: github: it tells of no alert\n")


def test_it_shows_the_tree_and_what_is_never_reached(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    said = muster("route", "show")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        'routes[0]: {service="search"} -> channel #search',
        'routes[1]: {service="checkout"} -> group_by [alertname, cluster]; group_wait 30s',
        '  routes[1].routes[0]: {severity=~"critical|high"} in nights -> channel #incidents',
        '  routes[1].routes[1]: {severity=~"info"} -> group_interval 1h',
        "  routes[1].routes[2]: {} -> channel #daily",
        '  routes[1].routes[3]: {team=~"a"} -> channel #nobody',
        "    never reached: routes[1].routes[2] takes all that it would",
        "everything else: the channel of its service, else #alerts",
    ]


def test_check_warns_of_a_route_that_is_never_reached(folder: Path) -> None:  # noqa: F811
    config(folder, TREE)
    said = muster("check", "--file-only")
    assert "routes[1].routes[3] is never reached: routes[1].routes[2] takes all that it would" in said.stdout


def test_it_tells_which_rule_counts_an_alert_and_why_another_does_not(folder: Path) -> None:  # noqa: F811
    rules = """\
declare:
  - {name: search, matchers: ['service="search"']}
  - {name: checkout, matchers: ['service="checkout"'], min_firing: 3, after: 5m, severity: sev2}
  - {name: critical, min_severity: critical}
"""
    config(folder, TREE + rules)
    said = muster("route", "test", str(payload(folder)), "--source", "alertmanager")
    lines = [line.strip() for line in said.stdout.splitlines()]
    assert lines[13:16] == [
        'x rule search: service is "checkout", wanted is service="search"',
        "-> rule checkout: declares SEV-2 once 3 of its group fire after 5m",
        "-> rule critical: declares SEV-1 at once",
    ]
