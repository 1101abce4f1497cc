"""What the environment must and may hold, and the whole configuration of file and environment together."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.ids import SourceName
from bot.errors import ConfigError
from bot.inbound.alerts import SOURCES
from bot.inbound.authentication import AMAZON_SNS, RECIPIENT, Integration
from bot.settings import Settings, config_path, load, load_file, summarise
from tests.settings.files import EXAMPLE, written

ENOUGH = {"SLACK_BOT_TOKEN": "xoxb-hush", "SLACK_APP_TOKEN": "xapp-hush"}
EVERYTHING = ENOUGH | {
    "SLACK_SIGNING_SECRET": "hush-signing",
    "SLACK_API_URL": "http://127.0.0.1:8080/api",
    "MUSTER_DATABASE_URL": "postgresql+asyncpg://muster:hush@db.example/muster",
    "MUSTER_ALERTS_TOKEN": "hush-old, hush-new,",
    "PAGERDUTY_API_KEY": "hush-api-key",
    "PAGERDUTY_ROUTING_KEY": "hush" * 8,
    "PAGERDUTY_API_URL": "http://localhost:9000/",
    "PAGERDUTY_EVENTS_URL": "https://events.eu.pagerduty.com/v2/enqueue",
    "MUSTER_API_TOKEN": "hush-script,hush-next-script",
    "MUSTER_HEARTBEAT_URL": "https://hc-ping.example/hush-heartbeat?status=up",
}
ALERTMANAGER = SourceName("alertmanager")
OTHERWISE = ((AMAZON_SNS,), (RECIPIENT,))
WITH_A_TOKEN = ", ".join(name for name, source in SOURCES.items() if source.authentication not in OTHERWISE)
BY_AMAZON = "Alerts from cloudwatch: off (sources.cloudwatch.topics lists none)"
BY_MAIL = "Alerts from email: off (smtp is not set)"


def faults(environment: Mapping[str, str], path: Path = EXAMPLE) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load(path, environment)
    return list(raised.value.faults)


def test_two_slack_tokens_are_enough() -> None:
    settings = load(EXAMPLE, ENOUGH)
    assert settings.slack.bot_token.get_secret_value() == "xoxb-hush"
    assert settings.slack.socket_mode
    assert settings.slack.api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite+aiosqlite:///muster.db"
    assert not settings.policy.paging
    assert settings.senders == {}


def test_a_signing_secret_does_instead_of_the_app_token() -> None:
    settings = load(EXAMPLE, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"})
    assert not settings.slack.socket_mode
    assert settings.slack.signing_secret == SecretStr("s")


def test_everything_can_be_set() -> None:
    settings = load(EXAMPLE, EVERYTHING)
    assert settings.policy == load_with_paging()
    assert settings.slack.api_url == "http://127.0.0.1:8080/api/"
    assert settings.pagerduty.api_url == "http://localhost:9000"
    assert settings.pagerduty.events_url == "https://events.eu.pagerduty.com"
    assert settings.senders[ALERTMANAGER] == (Integration(secrets=("hush-old", "hush-new")),)
    assert settings.heartbeat_url == SecretStr("https://hc-ping.example/hush-heartbeat?status=up")


def load_with_paging() -> object:
    return load(EXAMPLE, ENOUGH | {"PAGERDUTY_ROUTING_KEY": "r" * 32}).policy


def test_a_routing_key_turns_paging_on() -> None:
    assert load(EXAMPLE, ENOUGH | {"PAGERDUTY_ROUTING_KEY": "r" * 32}).policy.paging
    assert not load_file(EXAMPLE).policy.paging


def test_nothing_set_is_told_with_everything_that_is_missing() -> None:
    assert faults({}) == [
        "environment SLACK_BOT_TOKEN: is not set",
        (
            "environment SLACK_APP_TOKEN: is not set, nor is SLACK_SIGNING_SECRET; "
            "set the first for Socket Mode or the second for HTTP"
        ),
    ]


def test_faults_of_file_and_environment_are_told_together(tmp_path: Path) -> None:
    told = faults({"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "xapp-1"}, written("rutes: []", tmp_path))
    assert len(told) == 2
    assert told[0].endswith('rutes: unknown key, did you mean "routes"?')
    assert told[1] == "environment SLACK_BOT_TOKEN: is not set"


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("SLACK_BOT_TOKEN", "xapp-hush", 'is no bot token; it begins with "xoxb-"'),
        ("SLACK_BOT_TOKEN", "xoxb-hu sh", "holds a space or a character that no token has"),
        ("SLACK_APP_TOKEN", "xoxb-hush", 'is no app-level token; it begins with "xapp-"'),
        ("SLACK_API_URL", "http://slack.example/api/", "must begin with https:// (http:// only for this computer)"),
        ("SLACK_API_URL", "slack.com", 'is no web address; write one that begins with "https://"'),
        ("SLACK_API_URL", "https://[hush", "is no web address"),
        ("PAGERDUTY_ROUTING_KEY", "hush", "must have 32 characters"),
        ("PAGERDUTY_EVENTS_URL", "http://10.0.0.1", "must begin with https://"),
        ("MUSTER_HEARTBEAT_URL", "http://10.0.0.1/hush", "must begin with https://"),
        ("MUSTER_HEARTBEAT_URL", "hush", 'is no web address; write one that begins with "https://"'),
        ("MUSTER_HEARTBEAT_URL", "https://[hush", "is no web address"),
        ("PAGERDUTY_API_KEY", "hush\u00e9", "holds a space or a character that no token has"),
        ("MUSTER_ALERTS_TOKEN", "good,hu\nsh", "holds a space or a character that no token has"),
        ("MUSTER_API_TOKEN", "good,hu sh", "holds a space or a character that no token has"),
        (
            "MUSTER_DATABASE_URL",
            "postgresql://u:hush@db/x",
            "must begin with sqlite+aiosqlite:// or postgresql+asyncpg://",
        ),
        ("MUSTER_DATABASE_URL", "hush", "is no database URL"),
    ],
)
def test_a_fault_names_the_variable_and_never_its_value(variable: str, value: str, fault: str) -> None:
    (told,) = faults(ENOUGH | {variable: value})
    assert told.startswith(f"environment {variable}: {fault}")
    assert "hush" not in told


def test_a_source_that_is_enabled_needs_its_token(tmp_path: Path) -> None:
    path = written("sources: {alertmanager: {enabled: true, token_env: AM_TOKEN}}", tmp_path)
    assert faults(ENOUGH, path) == ["environment AM_TOKEN: is not set, but sources.alertmanager is enabled"]
    assert ALERTMANAGER in load(path, ENOUGH | {"AM_TOKEN": "t"}).senders


def test_a_source_that_is_disabled_takes_no_token(tmp_path: Path) -> None:
    path = written("sources: {alertmanager: {enabled: false}}", tmp_path)
    settings = load(path, ENOUGH | {"MUSTER_ALERTS_TOKEN": "t"})
    assert ALERTMANAGER not in settings.senders
    assert "Alerts from alertmanager: off (sources.alertmanager.enabled is false)" in summarise(settings)


TWO = "sources: {alertmanager: {integrations: {eu: {token_env: EU_TOKEN}, us: {token_env: [US_OLD, US_NEW]}}}}"


def test_several_senders_of_a_kind_have_a_token_each(tmp_path: Path) -> None:
    settings = load(written(TWO, tmp_path), ENOUGH | {"EU_TOKEN": "hush-1,hush-2", "MUSTER_ALERTS_TOKEN": "hush-3"})
    assert settings.senders[ALERTMANAGER] == (Integration(name="eu", secrets=("hush-1", "hush-2")),)
    assert "Alerts from alertmanager: on (eu: 2 tokens; none of US_OLD, US_NEW is set)" in summarise(settings)


def test_the_sender_that_was_there_first_keeps_its_token_and_its_name(tmp_path: Path) -> None:
    path = written(TWO.replace("{integrations", "{token_env: FIRST, integrations"), tmp_path)
    settings = load(path, ENOUGH | {"FIRST": "hush-0", "EU_TOKEN": "hush-1", "US_NEW": "hush-2"})
    assert [sender.name for sender in settings.senders[ALERTMANAGER]] == ["default", "eu", "us"]
    assert "Alerts from alertmanager: on (default: 1 token, eu: 1 token, us: 1 token)" in summarise(settings)


def test_two_senders_of_a_kind_cannot_have_the_same_token(tmp_path: Path) -> None:
    told = faults(ENOUGH | {"EU_TOKEN": "hush-1,hush-2", "US_OLD": "hush-2"}, written(TWO, tmp_path))
    assert told == ["environment US_OLD: has a token of eu too; each integration needs its own"]


def test_every_sender_of_a_kind_that_is_enabled_needs_its_token(tmp_path: Path) -> None:
    path = written(TWO.replace("{integrations", "{enabled: true, integrations"), tmp_path)
    assert faults(ENOUGH | {"EU_TOKEN": "hu sh"}, path) == [
        "environment EU_TOKEN: holds a space or a character that no token has; copy it again",
        "environment US_OLD or US_NEW: is not set, but sources.alertmanager.integrations.us is enabled",
    ]


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = load(EXAMPLE, EVERYTHING)
    assert "hush" not in repr(settings) + str(settings) + summarise(settings)


def test_the_summary_says_what_is_off_and_why() -> None:
    assert summarise(load(EXAMPLE, ENOUGH)).splitlines() == [
        "3 services, 5 routes, 2 rules",
        "Incidents are declared by rules: checkout-critical, search-suspects",
        "Database: sqlite+aiosqlite:///muster.db",
        "Slack: Socket Mode",
        f"Alerts from {WITH_A_TOKEN}: off (MUSTER_ALERTS_TOKEN is not set)",
        BY_AMAZON,
        BY_MAIL,
        "PagerDuty: off (PAGERDUTY_ROUTING_KEY is not set)",
        "On call from PagerDuty: off (PAGERDUTY_API_KEY is not set)",
        "HTTP API: off (MUSTER_API_TOKEN is not set)",
        "Heartbeat: off (MUSTER_HEARTBEAT_URL is not set)",
    ]


def test_the_summary_says_what_is_on() -> None:
    assert summarise(load(EXAMPLE, EVERYTHING)).splitlines() == [
        "3 services, 5 routes, 2 rules",
        "Incidents are declared by rules: checkout-critical, search-suspects",
        "Database: postgresql+asyncpg://muster:***@db.example/muster",
        "Slack: Socket Mode",
        f"Alerts from {WITH_A_TOKEN}: on (2 tokens)",
        BY_AMAZON,
        BY_MAIL,
        "PagerDuty: on (to be acknowledged: SEV-1 within 2m, SEV-2 within 5m)",
        "On call from PagerDuty: on (1 service)",
        "HTTP API: on (2 tokens)",
        "Heartbeat: on",
    ]


def test_the_summary_of_the_file_alone_warns_of_a_service_that_nobody_answers_for(tmp_path: Path) -> None:
    text = "services: {a: {owners: [U0ANA]}, b: {}}"
    assert summarise(load_file(written(text, tmp_path))).splitlines() == [
        "2 services, 0 routes, 0 rules",
        "Admin channel: none (channels.admin is not set)",
        "Without owners or anybody on call: b",
        "Secrets: not looked at",
    ]


def test_settings_cannot_be_changed() -> None:
    settings: Settings = load(EXAMPLE, ENOUGH)
    with pytest.raises(AttributeError):
        settings.slack.api_url = "https://elsewhere.example"  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.policy.services["x"] = None  # type: ignore[index]


def test_the_file_is_named_by_muster_config() -> None:
    assert config_path({}) == Path("muster.yaml")
    assert config_path({"MUSTER_CONFIG": "/etc/muster.yaml"}) == Path("/etc/muster.yaml")


def test_the_example_names_every_secret() -> None:
    named = set(re.findall(r"^#   ([A-Z_]+) ", EXAMPLE.read_text(), re.MULTILINE))
    assert named == set(EVERYTHING) - {"SLACK_API_URL", "PAGERDUTY_API_URL", "PAGERDUTY_EVENTS_URL"}
