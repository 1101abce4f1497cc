"""The block `reconcile`: which senders are asked for their own list of alerts, and with what they are shown."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.reconciling import Pace
from bot.errors import ConfigError
from bot.settings import load, summarise
from bot.settings.models import ReconcileSettings
from tests.settings.files import faults_of, written
from tests.settings.test_sources import ENOUGH


def test_every_sender_may_have_a_list_of_its_own(tmp_path: Path) -> None:
    text = """
sources:
  alertmanager:
    reconcile: {urls: "http://alertmanager:9093/"}
    integrations:
      eu:
        token_env: EU_TOKEN
        reconcile:
          urls: [https://one.example.com, https://two.example.com/am]
          token_env: EU_API_TOKEN
          user: muster
          receiver: "muster-.*"
          every: 30s
          gone_after: 10m
      us:
        token_env: US_TOKEN
        reconcile: {urls: [https://us.example.com]}
  grafana: {reconcile: {urls: [https://grafana.example.com], organisation: "7"}}
"""
    settings = load(written(text, tmp_path), {**ENOUGH, "EU_TOKEN": "e", "EU_API_TOKEN": "a,b"})
    first, eu, grafana = settings.listings
    asked = "Asked for their lists: alertmanager/default (1 peer), alertmanager/eu (2 peers), grafana/default (1 peer)"
    assert asked in summarise(settings)
    assert (first.source, first.integration, first.token) == ("alertmanager", "default", None)
    assert first.how == ReconcileSettings(urls=("http://alertmanager:9093",))
    assert eu.token
    assert eu.token.get_secret_value() == "a,b"
    assert eu.how == ReconcileSettings(
        urls=("https://one.example.com", "https://two.example.com/am"),
        token_variable="EU_API_TOKEN",
        user="muster",
        receiver=re.compile("muster-.*"),
        pace=Pace(every=timedelta(seconds=30), gone_after=timedelta(minutes=10)),
    )
    assert grafana.how.organisation == "7", "us, which is off, is not asked"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("", "environment API_TOKEN: is not set"),
        ("two words", "environment API_TOKEN: holds a space or a character that no token has"),
    ],
)
def test_what_it_wants_to_be_shown_must_be_there(given: str, fault: str, tmp_path: Path) -> None:
    text = "sources: {alertmanager: {reconcile: {urls: http://am:9093, token_env: API_TOKEN}}}"
    with pytest.raises(ConfigError, match=re.escape(fault)):
        load(written(text, tmp_path), {**ENOUGH, "API_TOKEN": given})


def test_silences_are_shared_where_that_is_said(tmp_path: Path) -> None:
    text = """
sources:
  alertmanager:
    reconcile: {urls: "http://am:9093", silences: both}
    integrations:
      eu: {token_env: EU_TOKEN, reconcile: {urls: "http://eu:9093", silences: read}}
      us: {token_env: US_TOKEN, reconcile: {urls: "http://us:9093", silences: off}}
      as: {token_env: AS_TOKEN, reconcile: {urls: "http://as:9093"}}
"""
    settings = load(written(text, tmp_path), {**ENOUGH, "EU_TOKEN": "e", "US_TOKEN": "u", "AS_TOKEN": "a"})
    assert dict(settings.policy.mute.followed) == {"alertmanager/default": True, "alertmanager/eu": False}
    assert [one.how.silences.value for one in settings.listings] == ["both", "read", "off", "off"]
    said = "Silences shared with: alertmanager/default (both ways), alertmanager/eu (theirs here)"
    assert said in summarise(settings)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "sources: {alertmanager: {reconcile: {urls: http://am, silences: yes}}}",
            "sources.alertmanager.reconcile.silences: must be both (Muster's silences are made there, too), read",
        ),
        (
            "sources: {grafana: {reconcile: {urls: http://grafana, silences: both}}}",
            "sources.grafana.reconcile.silences: only alertmanager's silences can be shared; take it away",
        ),
        (
            "sources: {zabbix: {reconcile: {urls: http://zabbix}}}",
            "1:20 sources.zabbix.reconcile: zabbix has no list of its alerts; only alertmanager and grafana can be",
        ),
        (
            "sources: {zabbix: {integrations: {eu: {token_env: EU_TOKEN, reconcile: {urls: http://zabbix}}}}}",
            "1:61 sources.zabbix.integrations.eu.reconcile: zabbix has no list of its alerts",
        ),
        (
            "sources: {alertmanager: {reconcile: {every: 1m}}}",
            "1:37 sources.alertmanager.reconcile.urls: is missing",
        ),
        (
            "sources: {alertmanager: {reconcile: {urls: http://muster:secret@am:9093}}}",
            "1:44 sources.alertmanager.reconcile.urls: must not hold a password; name its variable with token_env",
        ),
        (
            "sources: {alertmanager: {reconcile: {urls: [http://am, {}]}}}",
            "1:44 sources.alertmanager.reconcile.urls: must be a web address or a list of them",
        ),
        (
            "sources: {alertmanager: {reconcile: {urls: []}}}",
            "1:44 sources.alertmanager.reconcile.urls: must be a web address or a list of them",
        ),
        (
            "sources: {alertmanager: {reconcile: {urls: am:9093}}}",
            '1:44 sources.alertmanager.reconcile.urls: "am:9093" is no web address; write one that begins with',
        ),
        (
            "sources: {alertmanager: {reconcile: {urls: http://am, token_env: s3cret}}}",
            "1:66 sources.alertmanager.reconcile.token_env: must be the name of an environment variable",
        ),
        (
            "sources: {alertmanager: {reconcile: {url: http://am}}}",
            '1:38 sources.alertmanager.reconcile.url: unknown key, did you mean "urls"?',
        ),
    ],
)
def test_a_block_that_cannot_be_used_is_refused(text: str, fault: str, tmp_path: Path) -> None:
    assert any(fault in line for line in faults_of(written(text, tmp_path)))
