"""CloudEvents, one at a time and in batches."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.alerts import SOURCES, cloudevents
from tests.inbound.alerts.sent import FIXTURES, only, payload, read
from tests.inbound.border import BEARER, TOKEN, Border

BEGAN = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)
EVENT = {"specversion": "1.0", "type": "com.example.disk", "source": "/disks"}


def test_an_event_is_read_with_everything_that_it_tells() -> None:
    alert = only("cloudevents", "episode-1-firing")
    assert alert == ReportedAlert(
        source=cloudevents.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=BEGAN,
        title="Errors of booking",
        summary="9 % of requests fail",
        description="For five minutes.",
        severity=AlertSeverity.CRITICAL,
        labels={
            "event_type": "com.example.checks.alert",
            "event_source": "/checks/eu",
            "region": "eu",
            "subject": "booking-errors",
            "service": "booking",
        },
        source_url="https://checks.example.com/booking-errors",
        runbook_url="https://runbooks.example.com/booking",
    )


def test_an_event_of_the_same_source_and_subject_ends_it() -> None:
    fired, over = only("cloudevents", "episode-1-firing"), only("cloudevents", "episode-2-resolved")
    assert (over.status, over.fingerprint) == (AlertStatus.RESOLVED, fired.fingerprint)
    assert over.ends_at == datetime(2026, 5, 6, 7, 20, 9, 410_000, tzinfo=UTC)


def test_a_batch_is_read_event_by_event_and_a_broken_one_costs_no_other() -> None:
    left_out: list[str] = []
    body = (FIXTURES / "cloudevents" / "batch.json").read_bytes()
    over, encoded, note = SOURCES[SourceName("cloudevents")].parse(body, left_out.append)
    assert (over.status, over.starts_at) == (AlertStatus.RESOLVED, WHEN_RECEIVED)
    assert (encoded.title, encoded.status) == ("Encoded", AlertStatus.FIRING)
    assert (note.title, note.status) == ("com.example.note", AlertStatus.FIRING)
    (fault,) = left_out
    assert fault.startswith("events[2]: specversion, type or source is missing")


def test_without_a_subject_the_type_names_the_series_less_the_word_that_says_how_it_stands() -> None:
    fired = only("cloudevents", EVENT | {"type": "com.example.disk.firing"})
    over = only("cloudevents", EVENT | {"type": "com.example.disk.resolved"})
    assert (fired.status, over.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)
    assert fired.fingerprint == over.fingerprint == only("cloudevents", EVENT | {"data": {"a": 1}}).fingerprint
    assert fired.fingerprint != only("cloudevents", EVENT | {"source": "/other"}).fingerprint


def test_a_fingerprint_in_the_data_is_the_series() -> None:
    one = only("cloudevents", EVENT | {"subject": "a", "data": {"fingerprint": "f"}})
    two = only("cloudevents", EVENT | {"subject": "b", "data": '{"dedup_key": "f"}'})
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != only("cloudevents", EVENT | {"subject": "f"}).fingerprint


@pytest.mark.parametrize("encoded", ["%%%", "e30", "\u00e9", "bm8gSlNPTg=="])
def test_data_that_cannot_be_decoded_costs_only_itself(encoded: str) -> None:
    assert only("cloudevents", EVENT | {"data_base64": encoded}).title == "com.example.disk"


def test_an_event_of_binary_mode_is_kept_as_one_of_structured_mode() -> None:
    event = payload("cloudevents", "episode-1-firing")
    data = json.dumps(event.pop("data")).encode()
    headers = {f"ce-{name}": str(text) for name, text in event.items() if name != "datacontenttype"}
    given = cloudevents.enveloped(headers | {"content-type": "application/json", "host": "muster"}, data)
    assert cloudevents.parse(given) == read("cloudevents", "episode-1-firing")


def test_what_a_header_cannot_carry_is_percent_encoded_there() -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-type": "com.example.disk",
        "ce-source": "/disks",
        "ce-subject": "Z%C3%BCrich",
    }
    (alert,) = cloudevents.parse(cloudevents.enveloped(headers, b""))
    assert (alert.title, alert.labels["subject"]) == ("Zürich", "Zürich")


@pytest.mark.parametrize("kind", ["application/cloudevents+json", " Application/CloudEvents-Batch+JSON; charset=utf-8"])
def test_an_event_that_is_whole_is_kept_as_it_is(kind: str) -> None:
    body = (FIXTURES / "cloudevents" / "batch.json").read_bytes()
    assert cloudevents.enveloped({"content-type": kind, "ce-specversion": "1.0"}, body) == body
    assert cloudevents.enveloped({"content-type": "application/json"}, body) == body


def door() -> Border:
    return Border(tokens={cloudevents.NAME: (TOKEN,)})


async def test_all_three_modes_come_in_at_one_door() -> None:
    border = door()
    event = payload("cloudevents", "episode-1-firing")
    headers = {f"ce-{name}": str(event[name]) for name in ("specversion", "type", "source", "subject", "id", "time")}
    async with border.client() as client:
        for body, more in (
            (event, {"content-type": "application/cloudevents+json"}),
            ([event], {"content-type": "application/cloudevents-batch+json"}),
            (event["data"], headers | {"content-type": "application/json"}),
        ):
            answer = await client.post("/alerts/cloudevents", json=body, headers=BEARER | more)
            assert (answer.status_code, answer.json()) == (202, {"accepted": 1})
    assert [cloudevents.parse(kept.body) for kept in border.shelf.kept] == [read("cloudevents", "episode-1-firing")] * 3


@pytest.mark.parametrize(
    ("address", "headers"),
    [("/alerts/cloudevents", BEARER), (f"/alerts/cloudevents/{TOKEN}", {}), ("/alerts/cloudevents/", BEARER)],
)
async def test_who_knows_the_secret_may_send_and_is_told_so_when_it_asks(address: str, headers: dict[str, str]) -> None:
    async with door().client() as client:
        answer = await client.options(address, headers=headers | {"WebHook-Request-Origin": "events.example.com"})
        plain = await client.options(address, headers=headers)
    assert (answer.status_code, answer.headers["allow"]) == (200, "POST")
    assert answer.headers["webhook-allowed-origin"] == "events.example.com"
    assert answer.headers["webhook-allowed-rate"] == "*"
    assert "webhook-allowed-origin" not in plain.headers


async def test_a_stranger_who_asks_may_not_and_other_sources_are_not_asked() -> None:
    origin = {"WebHook-Request-Origin": "events.example.com"}
    async with door().client() as client:
        stranger = await client.options("/alerts/cloudevents/wrong", headers=origin)
        other = await client.options("/alerts/alertmanager", headers=BEARER | origin)
    assert (stranger.status_code, other.status_code) == (401, 405)
    assert not {"webhook-allowed-origin"} & {*stranger.headers, *other.headers}


@pytest.mark.parametrize("missing", ["specversion", "type", "source"])
def test_without_what_every_event_has_it_is_refused(missing: str) -> None:
    with pytest.raises(BadInput, match="specversion, type or source is missing"):
        read("cloudevents", payload("cloudevents", "episode-1-firing") | {missing: None})
