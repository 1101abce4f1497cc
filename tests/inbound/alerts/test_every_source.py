"""What holds for every source: it reads what it sends, bears whatever comes, and order changes nothing."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from bot.domain.alerts import identity
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import ReportAlert
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.ids import SourceName
from bot.domain.policy import Policy
from bot.errors import BadInput
from bot.inbound.alerts import SOURCES

FIXTURES = Path(__file__).parent
LATER = datetime(2030, 1, 1, tzinfo=UTC)
POLICY = Policy()
# What is no JSON is an e-mail, and has hostile ones of its own: test_mail.py.
IN_JSON = [name for name in SOURCES if name != "email"]
# What stands in place of a value: nothing, another kind, what no text should hold, what no sender filled in.
ODD: tuple[object, ...] = (
    *(None, True, [], {}, [None], {"a": None}, 0, -1, 10**30),
    *("", "\x00", "\ud800", "$ALERT_ID", "*UNKNOWN*", "1e400"),
)


def fixtures(name: str) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((FIXTURES / name).glob("*.*"))}


def episode(name: str) -> list[bytes]:
    """Return what a source sends of one episode, in its order: `episode-1-firing.json` and so on."""
    return [body for stem, body in fixtures(name).items() if stem.startswith("episode-")]


def read(name: str, body: bytes) -> tuple[ReportedAlert, ...]:
    """Return the alerts, or none when it is refused as it should be; any other exception goes through."""
    try:
        return SOURCES[SourceName(name)].parse(body, lambda _: None)
    except BadInput:
        return ()


def outcome(name: str, deliveries: Sequence[bytes]) -> dict[str, tuple[AlertStatus, datetime | None, bool]]:
    """Return how each series stands after these: its status, its end, whether people saw it."""
    known: dict[str, Alert] = {}
    shown: set[str] = set()
    for body in deliveries:
        for report in read(name, body):
            series = identity(report)
            decision = decide(State(alert=known.get(series)), ReportAlert(report=report), LATER, POLICY)
            if decision.alert:
                known[series] = decision.alert
            if decision.effects:
                shown.add(series)
    return {series: (alert.status, alert.ended_at, series in shown) for series, alert in known.items()}


def with_one_odd_value(value: object, odd: object) -> Iterator[object]:
    """Yield the value with one of its parts replaced, each in turn."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from ({**value, name: changed} for changed in with_one_odd_value(inner, odd))
        case list() if value:
            yield from ([changed, *value[1:]] for changed in with_one_odd_value(value[0], odd))
        case _:
            pass
    yield odd


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_reads_its_own_sample_and_has_a_fixture(name: str) -> None:
    alerts = read(name, SOURCES[SourceName(name)].sample)
    assert {alert.source for alert in alerts} == {name}
    assert AlertStatus.FIRING in {alert.status for alert in alerts}
    assert episode(name)


@pytest.mark.parametrize("name", SOURCES)
def test_an_episode_is_one_series_that_is_shown_and_ends_when_its_source_says_so(name: str) -> None:
    told = [report.status for body in episode(name) for report in read(name, body)]
    ((status, ended_at, seen),) = outcome(name, episode(name)).values()
    assert status is told[-1]
    assert (ended_at is not None) is (status is AlertStatus.RESOLVED)
    assert seen


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=30)
@for_all(st.data())
def test_any_order_and_repetition_of_an_episode_ends_the_same(name: str, data: st.DataObject) -> None:
    deliveries = episode(name)
    repeated = deliveries + data.draw(st.lists(st.sampled_from(deliveries), max_size=4))
    assert outcome(name, data.draw(st.permutations(repeated))) == outcome(name, deliveries)


@pytest.mark.parametrize("name", IN_JSON)
def test_one_odd_value_anywhere_in_a_payload_is_read_or_refused(name: str) -> None:
    for body in episode(name):
        for odd in ODD:
            for changed in with_one_odd_value(json.loads(body), odd):
                for alert in read(name, json.dumps(changed).encode()):
                    words = [alert.title, alert.summary, alert.description, alert.fingerprint, alert.integration]
                    words += [*alert.labels, *alert.labels.values()]
                    assert alert.title
                    assert 1 <= len(alert.fingerprint) <= 128
                    assert "\x00" not in "".join(words)
                    assert "".join(words).encode()
                    assert alert.starts_at.tzinfo is UTC
                    assert alert.starts_at.microsecond % 1_000 == 0


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=30)
@for_all(st.data())
def test_any_bytes_in_a_payload_are_read_or_refused(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(episode(name)))
    at = data.draw(st.integers(0, len(body)))
    read(name, body[:at] + data.draw(st.binary(max_size=20)) + body[at + data.draw(st.integers(0, 20)) :])


@pytest.mark.parametrize("name", IN_JSON)
@pytest.mark.parametrize(
    "large",
    [
        pytest.param(b"[" * 400_000, id="400,000 levels"),
        pytest.param(b"9" * 400_000, id="400,000 digits"),
        pytest.param(b'"' + b"<" * 400_000 + b'"', id="a text of 400 kB"),
        pytest.param(b'"' + b"\\u200d" * 65_000 + b'"', id="joiners"),
        pytest.param(b"[" + b"0," * 200_000 + b"0]", id="200,000 members"),
        pytest.param(b"{" + b"".join(b'"%d":"x",' % n for n in range(30_000)) + b'"a":"x"}', id="labels"),
    ],
)
def test_a_hostile_value_in_any_place_of_a_payload_is_read_or_refused(name: str, large: bytes) -> None:
    payload = json.loads(episode(name)[0])
    for where in payload if isinstance(payload, dict) else ():
        read(name, json.dumps({**payload, where: "HERE"}).encode().replace(b'"HERE"', large))
