"""What Alertmanager sends, as it was seen to send it: each fixture beside this file is named after its peculiarity."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.inbound.alerts import alertmanager

FIXTURES = Path(__file__).parent / "alertmanager"
ALL = sorted(path.stem for path in FIXTURES.glob("*.json"))
STARTED = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)


def body(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def told(name: str) -> tuple[ReportedAlert, ...]:
    return alertmanager.parse(body(name))


def only(name: str) -> ReportedAlert:
    (alert,) = told(name)
    return alert


# name: titles, severities, statuses (how many of each)
GROUPS = {
    "burn-rate-critical-firing": ({"SearchErrorBudgetBurn": 1}, {"critical": 1}, {"firing": 1}),
    "empty-label-value": ({"EmptyValue": 1}, {"unknown": 1}, {"firing": 1}),
    "fan-out-a": ({"Fan": 1}, {"critical": 1}, {"firing": 1}),
    "fan-out-b": ({"Fan": 1}, {"critical": 1}, {"firing": 1}),
    "group-of-12": ({"VolumeFull": 12}, {"critical": 12}, {"firing": 12}),
    "grouped-first": ({"PodRestarts": 2}, {"warning": 2}, {"firing": 2}),
    "grouped-one-added": ({"PodRestarts": 3}, {"warning": 3}, {"firing": 3}),
    "ha-peer-1": ({"Partitioned": 1}, {"high": 1}, {"firing": 1}),
    "ha-peer-2": ({"Partitioned": 1}, {"high": 1}, {"firing": 1}),
    "injection": ({"<!channel> *pwn*": 1}, {"critical": 1}, {"firing": 1}),
    "episode-1-firing": ({"MailQueueLong": 1}, {"unknown": 1}, {"firing": 1}),
    "episode-2-resolved": ({"MailQueueLong": 1}, {"unknown": 1}, {"resolved": 1}),
    "newer-version": ({"New": 1}, {"high": 1}, {"firing": 1}),
    "no-alertname": ({"Unnamed alert": 1}, {"unknown": 1}, {"firing": 1}),
    "no-alertname-but-summary": ({"Something is wrong": 1}, {"unknown": 1}, {"firing": 1}),
    "no-annotations": ({"Bare": 1}, {"unknown": 1}, {"firing": 1}),
    "no-fingerprint": ({"Own template": 2}, {"unknown": 2}, {"firing": 2}),
    "nul-and-surrogates": ({"NulByte\ufffd": 1}, {"unknown": 1}, {"firing": 1}),
    "one-member-broken": ({"Whole": 1, "Whole too": 1}, {"unknown": 2}, {"firing": 2}),
    "other-time-zone": ({"Zone": 1}, {"unknown": 1}, {"firing": 1}),
    "severity-raised": ({"DiskSlow": 2}, {"critical": 1, "warning": 1}, {"firing": 1, "resolved": 1}),
    "sloth": ({"SLO": 1}, {"critical": 1}, {"firing": 1}),
    "truncated": ({"Many": 3}, {"unknown": 3}, {"firing": 3}),
    "unicode": ({"ディスク残量 🔥": 1}, {"critical": 1}, {"firing": 1}),
    "utf8-label-names": ({"Otel": 1}, {"high": 1}, {"firing": 1}),
    "watchdog": ({"Watchdog": 1}, {"info": 1}, {"firing": 1}),
}


def test_every_fixture_stands_in_the_table() -> None:
    assert sorted(GROUPS) == ALL


@pytest.mark.parametrize("name", ALL)
def test_a_group_is_read_member_by_member(name: str) -> None:
    titles, severities, statuses = GROUPS[name]
    alerts = told(name)
    assert Counter(alert.title for alert in alerts) == titles
    assert Counter(alert.severity for alert in alerts) == severities
    assert Counter(alert.status for alert in alerts) == statuses


@pytest.mark.parametrize("name", ALL)
def test_what_is_read_can_be_stored_anywhere(name: str) -> None:
    for alert in told(name):
        words = [
            alert.title,
            alert.summary,
            alert.description,
            alert.fingerprint,
            *alert.labels,
            *alert.labels.values(),
        ]
        assert "\x00" not in "".join(words)
        assert "".join(words).encode()
        assert alert.starts_at.utcoffset() == STARTED.utcoffset()
        assert alert.starts_at.microsecond % 1_000 == 0


def test_everything_that_an_alert_tells_is_kept() -> None:
    alert = only("burn-rate-critical-firing")
    assert alert.source_url is not None
    assert alert.source_url.startswith("https://prometheus.example.com/graph?g0.expr=%28slo")
    assert alert.source_url.endswith("&g0.tab=1")
    assert alert == ReportedAlert(
        source=alertmanager.NAME,
        fingerprint="00112233445566aa",
        status=AlertStatus.FIRING,
        starts_at=STARTED,
        ends_at=None,
        title="SearchErrorBudgetBurn",
        summary="Search burns its 99.9% error budget",
        description="Errors are 6% of requests.",
        severity=AlertSeverity.CRITICAL,
        labels={
            "alertname": "SearchErrorBudgetBurn",
            "long_window": "1h",
            "service": "search",
            "severity": "critical",
            "slo": "availability",
        },
        source_url=alert.source_url,
        runbook_url="https://runbooks.example.com/search/burn",
        dashboard_url="https://grafana.example.com/d/s/search?orgId=1",
    )


def test_resolved_is_the_same_episode_as_its_firing() -> None:
    fired, resolved = only("episode-1-firing"), only("episode-2-resolved")
    assert (fired.fingerprint, fired.starts_at) == (resolved.fingerprint, resolved.starts_at)
    assert fired.ends_at is None
    assert resolved.ends_at == datetime(2026, 5, 6, 7, 20, 9, 412_000, tzinfo=UTC)


def test_what_still_fires_has_no_end_whatever_its_sender_foresees() -> None:
    given = body("episode-2-resolved").replace(b'"resolved"', b'"firing"')
    (alert,) = alertmanager.parse(given)
    assert (alert.status, alert.ends_at) == (AlertStatus.FIRING, None)


def test_peers_that_differ_by_microseconds_tell_one_episode() -> None:
    assert only("ha-peer-1") == only("ha-peer-2")


def test_two_receivers_of_one_route_tell_one_episode() -> None:
    assert only("fan-out-a") == only("fan-out-b")


def test_nanoseconds_are_cut_to_milliseconds_not_rounded() -> None:
    assert [alert.starts_at.microsecond for alert in told("grouped-one-added")] == [358_000, 358_000, 507_000]


def test_an_offset_is_the_same_moment_in_utc() -> None:
    assert only("other-time-zone").starts_at == STARTED


def test_a_raised_severity_is_a_new_series_beside_the_resolved_old_one() -> None:
    new, old = told("severity-raised")
    assert new.fingerprint != old.fingerprint
    assert (new.status, old.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)


def test_a_missing_fingerprint_is_computed_from_the_labels() -> None:
    first, second = told("no-fingerprint")
    assert first.fingerprint != second.fingerprint
    assert [alert.fingerprint for alert in told("no-fingerprint")] == [first.fingerprint, second.fingerprint]
    assert len(first.fingerprint) == 16
    assert set(first.fingerprint) <= set("0123456789abcdef")


def test_labels_that_read_the_same_when_joined_are_not_the_same_series() -> None:
    start = b'"startsAt":"2026-05-06T07:08:09Z"'
    (one,) = alertmanager.parse(b'{"alerts":[{"labels":{"a":"bc","d":"e"},%s}]}' % start)
    (two,) = alertmanager.parse(b'{"alerts":[{"labels":{"ab":"c","d":"e"},%s}]}' % start)
    (six,) = alertmanager.parse(b'{"alerts":[{"labels":{"d":"e","a":"bc"},%s}]}' % start)
    assert one.fingerprint != two.fingerprint
    assert one.fingerprint == six.fingerprint


def test_an_empty_label_is_no_label() -> None:
    assert only("empty-label-value").labels == {"alertname": "EmptyValue", "team": "x"}


def test_any_label_name_is_kept() -> None:
    assert {"service.name", "k8s-node", "größe"} <= set(only("utf8-label-names").labels)


def test_only_links_to_the_web_are_links() -> None:
    alert = only("injection")
    assert alert.source_url is None
    assert alert.runbook_url is None
    assert alert.dashboard_url == "https://ok.example/a%7Cb%3E%3C!here%3E"


def test_markup_is_kept_as_the_text_that_it_is() -> None:
    assert only("injection").summary == "<https://evil.example|runbook> & <b>"


def test_what_cannot_be_stored_or_seen_is_taken_out() -> None:
    alert = only("nul-and-surrogates")
    assert alert.labels == {"alertname": "NulByte\ufffd", "key": "value"}
    assert alert.summary == "half an emoji \ufffd, a whole one 😀"
    assert alert.fingerprint == "fedc"


def test_a_broken_member_costs_no_other_and_is_reported() -> None:
    left_out: list[str] = []
    alerts = alertmanager.parse(body("one-member-broken"), left_out.append)
    assert [alert.title for alert in alerts] == ["Whole", "Whole too"]
    assert left_out == [
        "alerts[1]: startsAt is not a time",
        "alerts[2]: the alert is a text or a number, not an object",
        "alerts[3]: startsAt is missing",
    ]


def test_annotations_of_100_kb_are_cut_and_told_so() -> None:
    given = body("burn-rate-critical-firing").replace(b"Errors are 6% of requests.", b"very " * 20_000)
    (alert,) = alertmanager.parse(given)
    assert 7_900 < len(alert.description) <= 8_000
    assert alert.description.endswith("…")


def test_a_link_is_kept_up_to_3000_characters_and_never_cut() -> None:
    link = b"https://prometheus.example.com/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
    longest = link + b"x" * (3_000 - len(link))
    (kept,) = alertmanager.parse(body("group-of-12").replace(link, longest))[:1]
    (left_out,) = alertmanager.parse(body("group-of-12").replace(link, longest + b"x"))[:1]
    assert kept.source_url == longest.decode()
    assert left_out.source_url is None


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        *(
            (word, AlertSeverity.CRITICAL)
            for word in ("critical", "CRITICAL", " page ", "P1", "Sev0", "SEV-0", "disaster", "5")
        ),
        *((word, AlertSeverity.HIGH) for word in ("error", "high", "P2", "Sev1", "4")),
        *((word, AlertSeverity.WARNING) for word in ("warning", "warn", "average", "P3", "Sev2", "3", "2", "ticket")),
        *((word, AlertSeverity.INFO) for word in ("info", "P4", "P5", "Sev3", "Sev4", "none", "1", "0")),
        *((word, AlertSeverity.UNKNOWN) for word in ("", "urgent-ish", "criticality", "6", "\U0001f525")),
    ],
)
def test_severities_of_every_dialect_come_to_one_scale(word: str, severity: AlertSeverity) -> None:
    given = body("watchdog").replace(b'"severity": "none"', f'"severity": "{word}"'.encode())
    (alert,) = alertmanager.parse(given)
    assert alert.severity is severity
