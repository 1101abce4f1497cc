"""What `muster.yaml` may say, and how each fault in it is told: all at once, with line and column."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import ServiceName, SourceName
from bot.domain.model import Severity
from bot.domain.policy import DEFAULT_SEVERITIES, Policy
from bot.domain.silent import NEVER_RESOLVED_AFTER, SilencePolicy
from bot.errors import ConfigError
from bot.settings import Organisation, load_file, summarise
from bot.settings.document import LARGEST_FILE, MOST_VALUES
from bot.settings.schema import MusterYaml, keys_at
from tests.settings.files import EXAMPLE, faults_of, written

MOMENT = datetime(2026, 11, 21, 2, 47, tzinfo=UTC)


def organisation(text: str, tmp_path: Path) -> Organisation:
    return load_file(written(text, tmp_path))


def test_the_example_is_valid_and_names_the_services_of_the_demo() -> None:
    found = load_file(EXAMPLE)
    assert set(found.policy.services) == {"checkout", "payments", "search"}
    assert summarise(found).splitlines()[0] == "3 services, 5 routes, 2 rules"


def test_the_example_shows_every_setting() -> None:
    text = EXAMPLE.read_text()
    shown = [*MusterYaml.model_fields, *keys_at(("services", "x")), *keys_at(("routes", 0)), *keys_at(("sources", "x"))]
    shown += [*keys_at(("smtp",)), *keys_at(("sources", "x", "mail"))]
    shown += [*keys_at(("time_windows", "x")), *keys_at(("alert_severities",))]
    shown += [*keys_at(("sources", "x", "reconcile")), *keys_at(("sources", "x", "watchdog"))]
    assert [name for name in shown if f"{name}:" not in text] == []


def test_the_example_repeats_the_default_rhythm_of_updates() -> None:
    severities = load_file(EXAMPLE).policy.severities
    assert {s: (p.update_every, p.page) for s, p in severities.items()} == {
        s: (p.update_every, p.page) for s, p in DEFAULT_SEVERITIES.items()
    }


def test_what_is_not_said_is_as_the_domain_has_it(tmp_path: Path) -> None:
    never_resolved = SilencePolicy(senders={(SourceName("splunk"), "default"): NEVER_RESOLVED_AFTER})
    assert organisation("services:\n", tmp_path).policy == replace(Policy(), silent=never_resolved)


def test_a_severity_keeps_what_the_file_does_not_change(tmp_path: Path) -> None:
    text = (
        "severities: {sev1: {update_every: 1h30m, vacant_after: 2m, invite: [U0ANA, S0LEADS]}, "
        "sev2: {acknowledge_within: null}, sev4: {page: true, acknowledge_within: 1h}}"
    )
    policy = organisation(text, tmp_path).policy
    assert [one.key for one in policy.severities[Severity.SEV1].invite] == ["person:U0ANA", "group:S0LEADS"]
    vacant = [policy.vacant_after_of(one) for one in (Severity.SEV1, Severity.SEV2)]
    assert vacant == [timedelta(minutes=2), timedelta(minutes=5)]
    targets = [policy.severities[one].acknowledge_within for one in Severity]
    assert targets == [timedelta(minutes=2), None, timedelta(minutes=30), timedelta(hours=1)], "null turns it off"
    assert policy.severities[Severity.SEV1].update_every == timedelta(minutes=90)
    assert policy.severities[Severity.SEV1].meaning == DEFAULT_SEVERITIES[Severity.SEV1].meaning
    assert policy.severities[Severity.SEV4].page
    assert policy.severities[Severity.SEV3] == DEFAULT_SEVERITIES[Severity.SEV3]


def test_a_route_matches_whole_labels_only(tmp_path: Path) -> None:
    text = 'routes: [{match: {team: "db|db-.*"}, channel: db-alerts}]'
    policy = organisation(text, tmp_path).policy
    channels = [policy.routed(_alert(team)).channel for team in ("db", "db-eu", "mydb", "dbx", "")]
    assert channels == ["db-alerts", "db-alerts", "alerts", "alerts", "alerts"]


def test_words_that_yaml_1_1_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    policy = organisation("services: {yes: {description: on}, 404: {description: 10:30x}, null: {}}", tmp_path).policy
    assert set(policy.services) == {"yes", "404", "null"}
    assert policy.services[ServiceName("yes")].description == "on"


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    policy = organisation("services: {a: &all {owners: [U0ANA]}, b: *all}", tmp_path).policy
    assert policy.services[ServiceName("b")].owners == ("U0ANA",)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "channels:\n  alerts: a\nroutes:\n  - chanel: b\n    match: {a: b}\n",
            '4:5 routes[0].chanel: unknown key, did you mean "channel"?',
        ),
        (
            "routes:\n  - match: {a: b}\n",
            "2:5 routes[0]: says whom it is for and not what to do; give it a channel, or routes",
        ),
        (
            "routes: [{match: {}, channel: a}]",
            "1:18 routes[0].match: must name at least one label; for all alerts set channels.alerts",
        ),
        (
            "routes: [{match: {a: b}, channel: ''}]",
            '1:35 routes[0].channel: "" is no Slack channel; write a name such as',
        ),
        ("routes: {a: b}", "1:9 routes: must be a list of routes"),
        ("services: [a]", "1:11 services: must be a mapping: names with values below it"),
        ("services: {a: 5}", "1:15 services.a: must be a mapping: names with values below it"),
        ("services: {a: {owners: U0ANA}}", '1:24 services.a.owners: must be a list, such as ["U024BE7LH"]'),
        ("services: {a: {owners: [ana]}}", '1:25 services.a.owners[0]: "ana" is no Slack user id; write one such as'),
        ("services: {a: {on_call: [5]}}", '1:26 services.a.on_call[0]: must be text; put it in quotes: "5"'),
        ("services: {a: {runbook: ftp://x}}", '1:25 services.a.runbook: "ftp://x" is no web address; write one'),
        (
            "services: {a: {escalation_policy: my policy}}",
            "1:35 services.a.escalation_policy: is no PagerDuty id; write",
        ),
        ('services: {" ": {}}', "1:12 services.: is empty"),
        (f"services: {{{'a' * 101}: {{}}}}", f"1:12 services.{'a' * 59}…: longer than 100 characters"),
        ("rules: {High: {}}", "1:15 rules.High.runbook: is missing"),
        (
            "channels:\n  alerts: #alerts\n",
            "2:3 channels.alerts: is empty (a value that begins with # must be in quotes:",
        ),
        (
            "channels: {alerts: My Channel}",
            '1:20 channels.alerts: "My Channel" is no Slack channel; write a name such as',
        ),
        ("vacant_after: 5", '1:15 vacant_after: must be a duration such as "10m", "1h30m" or "1d"'),
        ("vacant_after: 5 min", '1:15 vacant_after: "5 min" is no duration; write it as "10m", "1h30m" or "1d"'),
        ("vacant_after: 0s", '1:15 vacant_after: "0s" is out of range: more than nothing, at most 30d'),
        ("vacant_after: 31d", '1:15 vacant_after: "31d" is out of range: more than nothing, at most 30d'),
        ("default_severity: sev5", "1:19 default_severity: must be one of sev1, sev2, sev3 or sev4"),
        ("severities: {sev0: {}}", '1:14 severities.sev0: unknown key, did you mean "sev'),
        ("severities: {sev1: {page: yes}}", "1:27 severities.sev1.page: must be true or false"),
        ("channel_prefix: Inc!", '1:17 channel_prefix: "Inc!" cannot begin a channel name; use'),
        (
            "routes: [{match: {a: '('}, channel: a}]",
            '1:22 routes[0].match.a: "(" is no regular expression: missing ), unterminated subpattern at position 0',
        ),
        (
            "routes: [{match: {a: '[[a]'}, channel: a}]",
            '1:22 routes[0].match.a: "[[a]" is no regular expression: Possible nested set',
        ),
        (
            "services: {checkout: {}}\nroutes: [{match: {service: chekout}, channel: a}]",
            '2:28 routes[0].match.service: there is no service "chekout", did you mean "checkout"?',
        ),
        ("services:\n  a: {}\n  a: {}\n", "3:3 services.a: written twice; the first is in line 2"),
        ("services: {a: !thing {}}", '1:15 services.a: tags such as "!thing" are not read; leave it out'),
        ("services: {<<: {a: {}}}", "1:12 services.<<: merging (<<) is not read; write the keys out"),
        ("services: {? [a] : {}}", "1:14 services: a key must be plain text, not a list or a mapping"),
        ("services: {a: ]", "1:15 not valid YAML: while parsing a flow node"),
        ("a: *b", "1:4 not valid YAML: found undefined alias 'b'"),
        ("a: 1\n---\nb: 2\n", "2:1 not valid YAML: expected a single document"),
        ("a: b\nc: \x07", "2:4 not valid YAML: a control character stands here"),
        ("- a", '1:1 must be a mapping: names with values, such as "services:"'),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    (told,) = faults_of(written(text, tmp_path))
    assert told.startswith(f"muster.yaml:{fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "muster.yaml: is empty; muster.example.yaml shows what can be set"),
        ("# nothing yet\n", "muster.yaml: is empty; muster.example.yaml shows what can be set"),
        ("[" * 5000, "muster.yaml: not valid YAML: nested too deeply"),
        ('a: "\\U99999999"', "muster.yaml: not valid YAML: a character or number in it is out of range"),
        ("# " + "x" * LARGEST_FILE, "muster.yaml: larger than 512 KiB; this is not a configuration file of Muster"),
    ],
)
def test_a_fault_of_the_whole_file_has_no_line(text: str, fault: str, tmp_path: Path) -> None:
    assert faults_of(written(text, tmp_path)) == [fault]


def test_a_missing_file_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "muster.yaml") == [
        "muster.yaml: not found; copy muster.example.yaml to it, or name another file in MUSTER_CONFIG"
    ]


def test_a_folder_or_other_bytes_are_faults(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert faults_of(tmp_path / "folder") == ["folder: cannot be read: Is a directory"]
    (tmp_path / "latin").write_bytes("services: {}\n# caf\xe9".encode("latin-1"))
    assert faults_of(tmp_path / "latin") == ["latin:2:1 not UTF-8 text; save the file as UTF-8"]


def test_every_fault_is_told_at_once_from_top_to_bottom(tmp_path: Path) -> None:
    text = """\
services:
  checkout: {owners: [ana], runbok: x}
  checkout: {}
routes:
  - {match: {service: chekout, n: 5}}
slack: {bot_token: xoxb-1}
vacant_after: soon
"""
    places = [fault.split(":", 1)[1].split(": ")[0] for fault in faults_of(written(text, tmp_path))]
    assert places == [
        "2:23 services.checkout.owners[0]",
        "2:29 services.checkout.runbok",
        "3:3 services.checkout",
        "5:5 routes[0]",
        "5:23 routes[0].match.service",
        "5:35 routes[0].match.n",
        "6:1 slack",
        "6:9 slack.bot_token",
        "7:15 vacant_after",
    ]


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("SLACK_BOT_TOKEN: hush-1", "SLACK_BOT_TOKEN"),
        ("slack: {signing-secret: hush-1}", "SLACK_SIGNING_SECRET"),
        ("pagerduty: {routing_key: hush-1}", "PAGERDUTY_ROUTING_KEY"),
        ("pagerduty: {api_key: hush-1}", "PAGERDUTY_API_KEY"),
        ("database_url: hush-1", "MUSTER_DATABASE_URL"),
        ("sources: {alertmanager: {token: hush-1}}", "MUSTER_ALERTS_TOKEN"),
        ("sources: {alertmanager: {tokens: [hush-1]}}", "MUSTER_ALERTS_TOKEN"),
        ("channels: {alerts: xoxb-hush-1}", "SLACK_BOT_TOKEN"),
        ("services: {a: {owners: [xapp-hush-1]}}", "SLACK_APP_TOKEN"),
        ("services: {a: {description: 'postgresql://u:hush-1@db/muster'}}", "MUSTER_DATABASE_URL"),
    ],
)
def test_a_secret_in_the_file_is_a_fault_that_names_the_variable_and_hides_the_secret(
    text: str, variable: str, tmp_path: Path
) -> None:
    told = faults_of(written(text, tmp_path))
    words = f"a secret does not belong in this file; set the environment variable {variable} instead"
    assert [fault for fault in told if fault.endswith(words)]
    assert "hush" not in "".join(told)


def test_a_service_may_be_called_token(tmp_path: Path) -> None:
    text = "services: {token: {}}\nrules: {ApiKey: {runbook: 'https://x.example'}}"
    assert set(organisation(text, tmp_path).policy.services) == {"token"}


def test_aliases_cannot_blow_the_file_up(tmp_path: Path) -> None:
    tenfold = "".join(
        f"  {new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (told,) = faults_of(written(f"services:\n  a: &a [x]\n{tenfold}", tmp_path))
    assert f"more than {MOST_VALUES} values once its aliases (*name) are followed" in told


def test_an_alias_that_holds_itself_is_a_fault(tmp_path: Path) -> None:
    told = faults_of(written("services: &a {b: *a}", tmp_path))
    assert [fault for fault in told if fault.endswith("nested too deeply")]


def test_a_fault_shows_at_most_a_line_of_the_file(tmp_path: Path) -> None:
    (told,) = faults_of(written(f'vacant_after: "a\\nb{"x" * 5000}"', tmp_path))
    assert "\n" not in told
    assert len(told) < 200


def test_loading_raises_one_error_with_all_faults(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        organisation("a: 1\nb: 2\n", tmp_path)
    assert len(raised.value.faults) == 2


def _alert(team: str) -> ReportedAlert:
    return ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint="f",
        status=AlertStatus.FIRING,
        starts_at=MOMENT,
        title="t",
        labels={"team": team},
    )


def test_characters_may_be_written_as_json_does(tmp_path: Path) -> None:
    text = '{"services": {"a": {"description": "\\ud83d\\ude00 \\ud83d"}}}'
    assert organisation(text, tmp_path).policy.services[ServiceName("a")].description == "\U0001f600 \ufffd"
