"""The list that an Alertmanager gives on request: each alert in it is the same alert as by webhook."""

import json
import re
from datetime import UTC, datetime

import pytest

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertStatus
from bot.domain.reconciling import Answer
from bot.errors import BadInput
from bot.inbound.alert_lists import answer, readers
from bot.inbound.alerts import alertmanager, grafana

MUSTER = re.compile("muster")


def member(**changes: object) -> dict[str, object]:
    """Return an alert as the list has it, of the sample that Alertmanager's webhook sends."""
    sent = json.loads(alertmanager.SAMPLE)["alerts"][0]
    return {
        **sent,
        "endsAt": "2026-03-02T09:20:27.512Z",
        "updatedAt": "2026-03-02T09:16:27.530Z",
        "receivers": [{"name": "tickets"}, {"name": "muster"}],
        "status": {"inhibitedBy": [], "silencedBy": [], "mutedBy": [], "state": "active"},
        **changes,
    }


def read(*members: object, status: bytes | None = None) -> Answer:
    return answer(json.dumps(members).encode(), status, readers("1")[alertmanager.NAME], MUSTER)


def test_an_alert_of_alertmanager_is_the_same_by_its_list_as_by_its_webhook() -> None:
    told, _ = alertmanager.parse(alertmanager.SAMPLE)
    (shown,) = read(member()).listed
    assert shown.report == told
    assert shown.spoken


def test_an_alert_of_grafana_is_the_same_by_its_list_as_by_its_webhook() -> None:
    told, _ = grafana.parse(grafana.SAMPLE)
    sent = json.loads(grafana.SAMPLE)["alerts"][0]
    own = {"__orgId__": "1", "__dashboardUid__": "checkout", "__value_string__": "[ var='A' value=4.8 ]"}
    shown = {
        **{name: sent[name] for name in ("fingerprint", "startsAt", "generatorURL")},
        "labels": {**sent["labels"], "__alert_rule_uid__": "fe2c7aa1"},
        "annotations": {**sent["annotations"], **own},
        "endsAt": "2026-03-02T09:20:20Z",
        "receivers": [{"name": "muster"}],
        "status": {"state": "active"},
    }
    for there in (shown, {**shown, "annotations": sent["annotations"]}):
        (listed,) = answer(json.dumps([there]).encode(), None, readers("1")[grafana.NAME], MUSTER).listed
        assert identity(listed.report) == identity(told)
        assert (listed.report.labels, listed.report.summary) == (told.labels, told.summary)
        assert (listed.report.starts_at, listed.report.status) == (told.starts_at, AlertStatus.FIRING)
    other = {**shown, "annotations": {"__orgId__": "2"}}
    (listed,) = answer(json.dumps([other]).encode(), None, readers("1")[grafana.NAME], MUSTER).listed
    assert identity(listed.report) != identity(told)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": {"state": "suppressed", "silencedBy": ["a6b7"]}},
        {"status": {"state": "active", "mutedBy": ["at night"]}},
        {"status": {"state": "unprocessed"}},
        {"status": None},
        {"receivers": [{"name": "tickets"}, {"name": "muster-too"}]},
        {"receivers": [{"name": None}, "muster"]},
        {"receivers": None},
    ],
)
def test_what_would_not_be_sent_to_us_is_shown_and_not_spoken_of(changes: dict[str, object]) -> None:
    (shown,) = read(member(**changes)).listed
    assert not shown.spoken


def test_an_alert_that_cannot_be_read_costs_no_other_but_the_list_is_not_whole() -> None:
    found = read(member(), member(startsAt="yesterday"), "an alert")
    assert (len(found.listed), found.whole) == (1, False)
    assert read(member()).whole


def test_it_is_told_since_when_a_peer_runs() -> None:
    assert read(status=b'{"uptime": "2026-03-02T08:00:00.123Z"}').since == datetime(2026, 3, 2, 8, 0, 0, 123000, UTC)
    assert read(status=b"{}").since is None
    assert read().since is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", None),
        (b"{}", None),
        (b"<html>", None),
        (b"[]", b"[]"),
        (b"[]", b'{"uptime": "long"}'),
        (b"[" * 10**5, None),
    ],
)
def test_what_is_no_list_is_bad_input(body: bytes, status: bytes | None) -> None:
    with pytest.raises(BadInput):
        answer(body, status, readers("1")[alertmanager.NAME], MUSTER)


def test_a_list_that_is_too_long_is_not_read() -> None:
    with pytest.raises(BadInput, match="more than 20,000"):
        answer(b"[" + b"0," * 20_000 + b"0]", None, readers("1")[alertmanager.NAME], MUSTER)
