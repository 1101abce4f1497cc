"""The block `sources` of the file: who may send alerts, and how JSON of anybody's making is read."""

from pathlib import Path

import pytest

from bot.domain.ids import SourceName
from bot.inbound.authentication import Integration
from bot.inbound.mapping import JsonMapping
from bot.settings import load, load_file, mappings_of, summarise
from tests.settings.files import faults_of, written

GENERIC = SourceName("generic")


def test_json_of_ones_own_is_read_as_its_integration_says(tmp_path: Path) -> None:
    text = """
sources:
  generic:
    integrations:
      billing:
        token_env: BILLING_TOKEN
        mapping:
          alerts: checks
          title: [check.title, check.name]
          fingerprint: check.id
          status: state
          resolved: [Fine, true, 0]
          labels: {service: check.app, token: check.kind}
      plain: {token_env: PLAIN_TOKEN}
    mapping: {title: a, fingerprint: b, labels: tags}
"""
    sources = load_file(written(text, tmp_path)).sources
    mappings = mappings_of(sources)
    assert set(mappings) == {"default", "billing"}
    assert mappings["billing"] == JsonMapping(
        alerts=("checks",),
        title=(("check", "title"), ("check", "name")),
        fingerprint=(("check", "id"),),
        status=(("state",),),
        resolved=frozenset({"fine", "true", "0"}),
        label={"service": (("check", "app"),), "token": (("check", "kind"),)},
    )
    assert mappings["default"] == JsonMapping(title=(("a",),), fingerprint=(("b",),), labels=(("tags",),))
    assert sources[GENERIC].integrations["default"].token_variables == ("MUSTER_ALERTS_TOKEN",)
    assert mappings_of({}) == {}


TOPIC, OTHER = "arn:aws:sns:eu-west-1:123456789012:alarms", "arn:aws:sns:us-east-1:123456789012:alarms"
CLOUDWATCH = SourceName("cloudwatch")
ENOUGH = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "MUSTER_ALERTS_TOKEN": "t"}


def test_what_comes_by_amazon_sns_is_on_when_topics_are_listed_and_needs_no_secret(tmp_path: Path) -> None:
    text = f"sources: {{cloudwatch: {{topics: {TOPIC}, integrations: {{us: {{topics: [{OTHER}]}}}}}}}}"
    settings = load(written(text, tmp_path), ENOUGH)
    assert settings.senders[CLOUDWATCH] == (
        Integration(topics=frozenset({TOPIC})),
        Integration(name="us", topics=frozenset({OTHER})),
    )
    assert "Alerts from cloudwatch: on (default: 1 topic, us: 1 topic)" in summarise(settings)


def test_without_topics_what_comes_by_amazon_sns_is_off(tmp_path: Path) -> None:
    settings = load(written("sources: {}", tmp_path), ENOUGH)
    assert CLOUDWATCH not in settings.senders
    assert "Alerts from cloudwatch: off (sources.cloudwatch.topics lists none)" in summarise(settings)


def test_a_source_may_name_other_variables(tmp_path: Path) -> None:
    found = load_file(written("sources: {alertmanager: {token_env: [OLD_TOKEN, NEW_TOKEN]}}", tmp_path))
    assert found.sources[SourceName("alertmanager")].integrations["default"].token_variables == (
        "OLD_TOKEN",
        "NEW_TOKEN",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "sources: {alertmanager: {integrations: {EU: {token_env: EU_TOKEN}}}}",
            '1:41 sources.alertmanager.integrations.EU: "EU" cannot name an integration; use a-z, 0-9, "-" and "_"',
        ),
        (
            "sources: {alertmanager: {integrations: {default: {token_env: EU_TOKEN}}}}",
            "1:41 sources.alertmanager.integrations.default: is the sender whose token_env stands beside",
        ),
        (
            "sources: {alertmanager: {integrations: {token: {}}}}",
            "1:41 sources.alertmanager.integrations.token: token_env is missing",
        ),
        (
            "sources: {alertmanager: {integrations: {eu: {token_evn: EU_TOKEN}}}}",
            '1:46 sources.alertmanager.integrations.eu.token_evn: unknown key, did you mean "token_env"?',
        ),
        (
            "sources: {alertmanager: {mapping: {title: a, fingerprint: b}}}",
            "1:26 sources.alertmanager.mapping: alertmanager is read by its own rules; a mapping is for generic",
        ),
        ("sources: {generic: {mapping: {title: a}}}", "1:30 sources.generic.mapping.fingerprint: is missing"),
        (
            "sources: {generic: {mapping: {titel: a, fingerprint: b}}}",
            '1:31 sources.generic.mapping.titel: unknown key, did you mean "title"?',
        ),
        (
            "sources: {generic: {mapping: {title: a..b, fingerprint: b}}}",
            "1:38 sources.generic.mapping.title: is no path; write names with dots between them",
        ),
        (
            "sources: {generic: {mapping: {title: 7, fingerprint: b}}}",
            '1:38 sources.generic.mapping.title: must be a path such as "check.name", in quotes',
        ),
        (
            "sources: {generic: {mapping: {title: a, fingerprint: b, resolved: []}}}",
            '1:67 sources.generic.mapping.resolved: must be a word or a list of words, such as ["ok", "closed"]',
        ),
        (
            f"sources: {{cloudwatch: {{topics: [{TOPIC}], integrations: {{us: {{topics: [{TOPIC}]}}}}}}}}",
            "1:105 sources.cloudwatch.integrations.us.topics: has a topic of another integration",
        ),
        (
            "sources: {cloudwatch: {token_env: AWS_TOKEN}}",
            "1:24 sources.cloudwatch.token_env: cloudwatch sends by Amazon SNS, which needs no secret; list its topics",
        ),
        ("sources: {cloudwatch: {topics: [alarms]}}", '1:32 sources.cloudwatch.topics: "alarms" is no topic\'s ARN'),
        (
            "sources: {cloudwatch: {integrations: {eu: {}}}}",
            "1:39 sources.cloudwatch.integrations.eu: topics is missing",
        ),
        (
            "sources: {cloudwatch: {integrations: {eu: 7}}}",
            "1:43 sources.cloudwatch.integrations.eu: must be a mapping",
        ),
        (
            "sources: {alertmanager: {topics: [arn:aws:sns:eu-west-1:123456789012:a]}}",
            "1:26 sources.alertmanager.topics: alertmanager does not send by Amazon SNS; give it token_env",
        ),
        ("sources: {alertmanger: {}}", '1:11 sources.alertmanger: unknown source, did you mean "alertmanager"?'),
        (
            "sources: {alertmanager: {token_env: s3cr3t}}",
            "1:37 sources.alertmanager.token_env: must be the name of an environment variable such as",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(text: str, fault: str, tmp_path: Path) -> None:
    (told,) = faults_of(written(text, tmp_path))
    assert told.startswith(f"muster.yaml:{fault}")
