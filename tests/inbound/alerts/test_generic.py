"""JSON of anybody's making: what a mapping finds in it, and what it says when it finds nothing."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.alerts import identity
from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.alerts import SOURCES, configured, generic
from bot.inbound.alerts.generic import Mapped
from bot.inbound.authentication import Integration
from bot.inbound.mapping import JsonMapping, Paths, find, path_of
from tests.inbound.border import Border

FIXTURES = Path(__file__).parent / "generic"
CHECKS = (FIXTURES / "queue-checks.json").read_bytes()


def at(*texts: str) -> Paths:
    return tuple(path_of(text) for text in texts)


MAPPING = JsonMapping(
    alerts=path_of("checks"),
    title=at("check.title", "check.name"),
    fingerprint=at("$.site.name", "check.id"),
    status=at("state"),
    resolved=frozenset({"fine"}),
    severity=at("level"),
    starts_at=at("since"),
    ends_at=at("until"),
    summary=at("said.0"),
    description=at("said.1"),
    labels=at("check.tags"),
    source_url=at("links.0.href"),
)
REQUIRED = JsonMapping(title=at("t"), fingerprint=at("id"))


def test_a_mapping_finds_its_way_in_json_of_anybody_s_making() -> None:
    left_out: list[str] = []
    bad, fine, third = Mapped(MAPPING)(CHECKS, left_out.append)
    assert (bad.title, bad.status, bad.severity) == ("Invoices leave late", AlertStatus.FIRING, AlertSeverity.HIGH)
    assert bad.starts_at == datetime(2026, 3, 2, 9, 14, 27, tzinfo=UTC)
    assert (bad.summary, bad.description) == ("412 invoices wait", "oldest 71 min")
    assert bad.labels == {"service": "billing", "team.name": "ledger"}
    assert bad.source_url == "https://checks.example.com/4711"
    assert (fine.status, fine.severity) == (AlertStatus.RESOLVED, AlertSeverity.UNKNOWN)
    assert fine.ends_at == datetime(2026, 3, 2, 9, 13, 41, tzinfo=UTC)
    assert (third.title, third.starts_at) == ("Nameless", WHEN_RECEIVED)
    assert left_out == ["checks[3]: no title at check.title or check.name"]


def test_the_fingerprint_is_all_of_its_paths_together_and_not_the_title() -> None:
    def told(site: str, number: object, title: str = "Late") -> str:
        body = {"site": {"name": site}, "checks": [{"check": {"id": number, "name": title}}]}
        return identity(Mapped(MAPPING)(json.dumps(body).encode())[0])

    assert told("harbour", 1) == told("harbour", 1, title="Late by an hour") == told("harbour", "1")
    assert (
        len({told("harbour", 1), told("harbour", 11), told("harbour1", 1), told("quay", 1), told("harbour", None)}) == 5
    )


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"service": at("app"), "zone": at("where.zone", "$.zone")}, {"service": "ledger", "zone": "b"}),
        ({"service": at("nowhere")}, {}),
        ({"all": at("where")}, {}),
    ],
)
def test_a_label_may_be_found_by_itself(labels: dict[str, Paths], expected: dict[str, str]) -> None:
    body = b'{"t": "Late", "id": 1, "app": "ledger", "where": {"zone": ""}, "zone": "b"}'
    (alert,) = Mapped(replace(REQUIRED, label=labels))(body)
    assert alert.labels == expected


def test_without_a_mapping_the_names_are_ours_and_one_alert_needs_no_list() -> None:
    (alert,) = generic.parse((FIXTURES / "episode-1-firing.json").read_bytes())
    assert (alert.title, alert.severity, alert.status) == (
        "Backup did not run",
        AlertSeverity.CRITICAL,
        AlertStatus.FIRING,
    )
    (first, second) = generic.parse(b'[{"title": "a", "fingerprint": 1}, {"title": "b", "fingerprint": 2}]')
    assert identity(first) != identity(second)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("resolved", AlertStatus.RESOLVED),
        (" OK ", AlertStatus.RESOLVED),
        ("firing", AlertStatus.FIRING),
        (None, AlertStatus.FIRING),
        ("false", AlertStatus.FIRING),
        (False, AlertStatus.FIRING),
        (["resolved"], AlertStatus.FIRING),
    ],
)
def test_in_doubt_it_fires(status: object, expected: AlertStatus) -> None:
    (alert,) = generic.parse(json.dumps({"title": "a", "fingerprint": "f", "status": status}).encode())
    assert alert.status is expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{}", "no title at t"),
        (b'{"t": "x"}', "no fingerprint at id"),
        (b'{"t": "x", "id": ""}', "no fingerprint at id"),
        (b'{"t": "x", "id": {"a": 1}}', "no fingerprint at id"),
        (b'{"t": ["x"], "id": 1}', "no title at t"),
        (b"7", "the body is a text or a number, not an object"),
        (b"[7]", "the body[0]: the alert is a text or a number, not an object"),
        (b"", "the body is empty"),
    ],
)
def test_what_the_mapping_does_not_find_is_said_with_the_path(body: bytes, reason: str) -> None:
    with pytest.raises(BadInput) as raised:
        Mapped(REQUIRED)(body)
    assert str(raised.value) == reason


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match="`checks` is an object, not a list"):
        Mapped(MAPPING)(b'{"checks": {"a": 1}}')


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("a", ("a",)),
        ("a.b.0", ("a", "b", "0")),
        (r"a\.b.c", ("a.b", "c")),
        (r"a\\.b", ("a\\", "b")),
        ("$.a", ("$", "a")),
        ("kind of", ("kind of",)),
    ],
)
def test_a_path_is_names_with_dots_between_them(path: str, parts: tuple[str, ...]) -> None:
    assert path_of(path) == parts


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", "$", "a\\", "x" * 501, ".".join("a" * 21)])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        path_of(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc0"), inner, max_size=3),
)


@for_all(value=JSON, path=st.lists(st.sampled_from([*"abc0", "1", "$", "\u0661", "9" * 30]), min_size=1, max_size=4))
def test_any_path_in_any_json_leads_somewhere_or_nowhere(value: object, path: list[str]) -> None:
    assert find((tuple(path),), value, value) != ""


@for_all(value=JSON)
def test_whatever_comes_is_read_or_refused(value: object) -> None:
    mapping = replace(MAPPING, alerts=path_of("a"), title=at("b", "0", "a.0"), fingerprint=at("c", "a.b"))
    with suppress(BadInput):
        assert all(alert.title for alert in Mapped(mapping)(json.dumps(value).encode()))


# ---- at the door


async def test_each_integration_is_read_by_its_own_mapping_and_what_is_not_found_is_422_and_kept() -> None:
    name = SourceName("generic")
    sources = configured({"checks": MAPPING}, {})
    senders = {name: (Integration(name="checks", secrets=("one",)), Integration(name="plain", secrets=("two",)))}
    border = Border(sources=sources, tokens={}, senders=dict(senders))
    async with border.client() as client:
        mapped = await client.post("/alerts/generic", content=CHECKS, headers={"Authorization": "Bearer one"})
        lost = await client.post("/alerts/generic/one", content=b'{"checks": [{"x": 1}]}')
        plain = await client.post("/alerts/generic/two", content=SOURCES[name].sample)
        not_ours = await client.post("/alerts/generic/two", content=CHECKS)
    fault = "1 of 4 not read: checks[3]: no title at check.title or check.name"
    assert (mapped.status_code, mapped.json()) == (202, {"accepted": 3, "quarantined": fault})
    told = "checks[0]: no title at check.title or check.name"
    assert (lost.status_code, lost.json()) == (422, {"error": told, "quarantined": told})
    assert (plain.status_code, plain.json()) == (202, {"accepted": 2})
    assert (not_ours.status_code, not_ours.json()["error"]) == (422, "no title at title")
    assert [(kept.integration, kept.fault is None) for kept in border.shelf.kept] == [
        ("checks", False),
        ("checks", False),
        ("plain", True),
        ("plain", False),
    ]
    assert border.counted("generic", "unreadable") == 2
