"""CloudEvents, one at a time and in batches."""

from datetime import UTC, datetime

import pytest

from bot.domain.model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert, SourceName
from bot.errors import BadInput
from bot.inbound.alerts import SOURCES, cloudevents
from tests.inbound.alerts.sent import FIXTURES, only, payload, read

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


@pytest.mark.parametrize("missing", ["specversion", "type", "source"])
def test_without_what_every_event_has_it_is_refused_and_binary_mode_is_named(missing: str) -> None:
    with pytest.raises(BadInput, match="binary mode"):
        read("cloudevents", payload("cloudevents", "episode-1-firing") | {missing: None})
