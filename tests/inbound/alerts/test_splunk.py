"""What Splunk's webhook alert action sends: one row of what a search found, and never that it is over."""

from datetime import UTC, datetime

import pytest

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import splunk
from tests.inbound.alerts.sent import only, payload, read


def test_an_alert_is_read_with_everything_that_it_tells() -> None:
    alert = only("splunk", "episode-1-firing")
    assert alert == ReportedAlert(
        source=splunk.NAME,
        fingerprint=alert.fingerprint,
        status=AlertStatus.FIRING,
        starts_at=datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC),
        title="Many logins fail",
        description="2026-05-06 login failed for 311 accounts",
        severity=AlertSeverity.HIGH,
        labels={"service": "accounts", "host": "auth-1", "count": "311", "urgency": "high", "app": "search"},
        source_url=(
            "https://splunk.example.com/app/search/@go?sid=scheduler__secops__search__RMD5a9b8c7d6e5f4_at_1778051289_7"
        ),
    )


def test_the_next_run_of_a_search_is_the_same_alert() -> None:
    first, second = only("splunk", "episode-1-firing"), only("splunk", "next-run")
    assert first.fingerprint == second.fingerprint
    assert second.starts_at > first.starts_at


def test_a_column_parts_what_one_search_finds_into_several_alerts() -> None:
    assert only("splunk", "two-keys").fingerprint != only("splunk", "episode-1-firing").fingerprint
    assert only("splunk", "two-keys").summary == "auth-1 refuses logins"


def test_a_search_without_a_name_is_known_by_what_its_runs_have_in_common() -> None:
    nameless = only("splunk", "no-search-name")
    later = payload("splunk", "next-run") | {"search_name": None}
    assert nameless.title == "scheduler__secops__search__RMD5a9b8c7d6e5f4"
    assert nameless.fingerprint == only("splunk", later).fingerprint


def test_a_run_whose_id_tells_no_time_began_when_its_row_did_or_when_we_heard_of_it() -> None:
    no_row = only("splunk", "no-row")
    assert (no_row.starts_at, no_row.summary, no_row.labels) == (WHEN_RECEIVED, "", {"app": "search"})
    told = payload("splunk", "no-row") | {"result": {"_time": "2026-05-06T09:08:00.000+02:00"}}
    assert only("splunk", told).starts_at == datetime(2026, 5, 6, 7, 8, tzinfo=UTC)


@pytest.mark.parametrize("given", ["ad-hoc", {}, {"search_name": None, "sid": None}])
def test_what_names_no_search_is_refused(given: object) -> None:
    with pytest.raises(BadInput, match="search_name is missing"):
        read("splunk", given)
