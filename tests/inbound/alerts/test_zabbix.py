"""What Zabbix sends by the media type for Muster, and what that media type's script does."""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import zabbix
from tests.inbound.alerts.sent import only, payload, read

MEDIA_TYPE = Path(__file__).parents[3] / "deploy" / "zabbix-media-type.yaml"
BEGAN = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
# Zabbix's objects as far as the script uses them; what was sent is printed at the end.
ZABBIX = """
const told = JSON.parse(process.argv[1]), sent = { headers: [], log: [] };
function HttpRequest() {}
HttpRequest.prototype = {
    setProxy: proxy => { sent.proxy = proxy; },
    addHeader: header => { sent.headers.push(header); },
    post: (url, body) => { sent.url = url; sent.body = body; return told.answer; },
    getStatus: () => told.status
};
const Zabbix = { log: (level, text) => { sent.log.push(text); } };
try { sent.returned = new Function("value", "HttpRequest", "Zabbix", told.script)(told.value, HttpRequest, Zabbix); }
catch (error) { sent.thrown = String(error); }
console.log(JSON.stringify(sent));
"""


def media_type() -> dict[str, Any]:
    (found,) = YAML(typ="safe").load(MEDIA_TYPE.read_text(encoding="utf-8"))["zabbix_export"]["media_types"]
    return dict(found)


def run(macros: Mapping[str, str], status: int = 202, answer: str = '{"accepted":1}') -> dict[str, Any]:
    """Run the script as Zabbix does, its parameters filled in with these values; those it does not know stay."""
    parameters = {one["name"]: macros.get(one["name"], one.get("value", "")) for one in media_type()["parameters"]}
    told = {
        "script": media_type()["script"],
        "value": json.dumps(parameters),
        "status": status,
        "answer": answer,
    }
    command = ["node", "--input-type=commonjs", "-e", ZABBIX, json.dumps(told)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return dict(json.loads(done.stdout))


FILLED = {
    "muster_url": "https://muster.example.com/alerts/zabbix",
    "muster_token": "t0ken",
    "zabbix_url": "https://zabbix.example.com/",
    "event_source": "0",
    **{name: str(value) for name, value in payload("zabbix", "episode-1-firing").items() if name != "event_url"},
}


def test_a_problem_is_read_with_everything_that_it_tells() -> None:
    alert = only("zabbix", "episode-1-firing")
    assert alert == ReportedAlert(
        source=zabbix.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Queue of mail-2 grows",
        description="8120 messages\nMore than 5000 messages wait.",
        severity=AlertSeverity.WARNING,
        labels={
            "service": "mail",
            "scope": "capacity",
            "host": "mail-2",
            "host_name": "mail-2.example.com",
            "host_groups": "Mail, Linux",
            "trigger_id": "31550",
        },
        source_url="https://zabbix.example.com/tr_events.php?triggerid=31550&eventid=90417",
        runbook_url="https://runbooks.example.com/mail/queue",
    )


def test_a_recovery_ends_the_problem_of_the_same_event() -> None:
    fired, over = only("zabbix", "episode-1-firing"), only("zabbix", "episode-2-resolved")
    assert (over.fingerprint, over.starts_at) == (fired.fingerprint, fired.starts_at)
    assert (over.status, over.ends_at) == (AlertStatus.RESOLVED, datetime(2026, 5, 6, 7, 20, 9, tzinfo=UTC))


def test_an_update_is_the_same_problem_with_its_new_severity() -> None:
    fired, updated = only("zabbix", "episode-1-firing"), only("zabbix", "acknowledged")
    assert (updated.fingerprint, updated.status) == (fired.fingerprint, AlertStatus.FIRING)
    assert updated.severity is AlertSeverity.HIGH


def test_an_update_of_what_is_over_does_not_open_it_again() -> None:
    told = payload("zabbix", "acknowledged") | {"event_status": "RESOLVED"}
    assert only("zabbix", told).status is AlertStatus.RESOLVED


def test_macros_that_were_not_filled_in_are_not_told() -> None:
    alert = only("zabbix", "unexpanded-macros")
    assert alert.title == "Zabbix event 90417"
    assert alert.starts_at == WHEN_RECEIVED
    assert (alert.description, alert.source_url, alert.runbook_url) == ("", None, None)
    assert set(alert.labels) == {"host", "host_groups", "trigger_id"}


@pytest.mark.parametrize("tags", [None, "", "[", "{}", "[1]", '[{"tag":null,"value":"x"}]', "*UNKNOWN*", '"'])
def test_tags_that_cannot_be_read_cost_only_themselves(tags: object) -> None:
    alert = only("zabbix", payload("zabbix", "episode-1-firing") | {"event_tags": tags})
    assert set(alert.labels) == {"host", "host_name", "host_groups", "trigger_id"}


@pytest.mark.parametrize("event", [None, "", "{EVENT.ID}", "*UNKNOWN*", {}])
def test_without_its_event_it_is_refused(event: object) -> None:
    with pytest.raises(BadInput, match="event_id is missing or was not filled in"):
        read("zabbix", payload("zabbix", "episode-1-firing") | {"event_id": event})


@pytest.mark.peer("node")
def test_the_media_type_sends_what_is_read() -> None:
    sent = run(FILLED)
    assert sent["returned"] == "OK"
    assert sent["url"] == "https://muster.example.com/alerts/zabbix"
    assert sent["headers"] == ["Content-Type: application/json", "Authorization: Bearer t0ken"]
    assert zabbix.parse(sent["body"].encode()) == (only("zabbix", "episode-1-firing"),)
    assert "t0ken" not in sent["body"]


@pytest.mark.peer("node")
@pytest.mark.parametrize("status", [200, 302, 401, 413, 503])
def test_the_media_type_fails_when_the_answer_is_not_202_so_that_zabbix_tries_again(status: int) -> None:
    sent = run(FILLED, status, "no")
    assert sent["thrown"] == f"Muster answered {status}: no"
    assert "t0ken" not in json.dumps(sent["log"])


@pytest.mark.peer("node")
@pytest.mark.parametrize("name", ["muster_url", "muster_token"])
def test_the_media_type_says_which_global_macro_is_missing(name: str) -> None:
    macros = {key: value for key, value in FILLED.items() if key != name}
    assert run(macros)["thrown"] == f"the global macro {{$MUSTER.{name.removeprefix('muster_').upper()}}} is not set"


@pytest.mark.peer("node")
def test_the_media_type_takes_problems_of_triggers_and_services_only() -> None:
    assert run(FILLED | {"event_source": "4"})["returned"] == "OK"
    assert "only problems of triggers and services" in run(FILLED | {"event_source": "1"})["thrown"]


@pytest.mark.peer("node")
def test_without_zabbixs_own_address_there_is_no_link_and_a_proxy_is_used() -> None:
    macros = {key: value for key, value in FILLED.items() if key != "zabbix_url"}
    sent = run(macros | {"http_proxy": "http://proxy.example.com:3128"})
    (alert,) = zabbix.parse(sent["body"].encode())
    assert alert.source_url is None
    assert sent["proxy"] == "http://proxy.example.com:3128"
