"""What is no notification of Alertmanager's, or an odd one: refused with the reason or read, never anything else."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.domain.alerts_model import ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import alertmanager

STARTED = datetime(2026, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC)
BARE = b'{"alerts": [{"labels": {"alertname": "Bare"}, "startsAt": "2026-05-06T07:08:09.123Z"}]}'
MANY = b'{"alerts": [' + b",".join([BARE[12:-2]] * 20_000) + b"]}"

# Any text that JSON can carry, lone surrogates and NUL among it; any value; and values that nearly are an alert.
TEXTS = st.text(st.characters(), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
MOMENTS = st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\Z") | st.just(
    "2026-05-06T07:08:09Z"
)
TABLES = st.dictionaries(
    st.sampled_from(["alertname", "severity", "summary", "description", "runbook_url"]) | TEXTS,
    TEXTS | VALUES,
    max_size=5,
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["firing", "resolved"]) | VALUES,
        "labels": TABLES | VALUES,
        "annotations": TABLES | VALUES,
        "startsAt": MOMENTS | VALUES,
        "endsAt": MOMENTS | VALUES,
        "generatorURL": st.sampled_from(["http://a/b", "https://[", "http://a\x00"]) | VALUES,
        "fingerprint": TEXTS | VALUES,
    },
)
PAYLOADS = VALUES | st.fixed_dictionaries(
    {"alerts": st.lists(MEMBERS | VALUES, max_size=4) | VALUES}, optional={"status": VALUES}
)


def read(body: bytes) -> tuple[ReportedAlert, ...]:
    """Return the alerts, or none when it is refused as it should be; any other exception goes through."""
    with contextlib.suppress(BadInput):
        return alertmanager.parse(body)
    return ()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"hello", "the body is not JSON (line 1, column 1)"),
        (b'{"alerts": [', "the body is not JSON (line 1, column 13)"),
        (b"\xff\xfe\x00", "the body is not JSON (line 1, column 1)"),
        (b"[" * 100_000, "the JSON is nested too deeply"),
        (b'{"a":' * 100_000, "the JSON is nested too deeply"),
        (b"[]", "the body is a list, not an object"),
        (b"null", "the body is missing, not an object"),
        (b"NaN", "the body is a text or a number, not an object"),
        (b"{}", "`alerts` is missing, not a list"),
        (b'{"alerts": {}}', "`alerts` is an object, not a list"),
        (b'{"alerts": true}', "`alerts` is a boolean, not a list"),
        (b'{"alerts": [1]}', "alerts[0]: the alert is a text or a number, not an object"),
        (b'{"alerts": [{"labels": {"alertname": "curl"}}]}', "alerts[0]: startsAt is missing"),
        (b'{"alerts": [{"startsAt": "0001-01-01T00:00:00Z"}]}', "alerts[0]: startsAt is missing"),
        (b'{"alerts": [{"startsAt": "2026-02-30T00:00:00Z"}]}', "alerts[0]: startsAt is not a time"),
        (b'{"alerts": [{"startsAt": "9999-12-31T23:59:59-23:59"}]}', "alerts[0]: startsAt is not a time"),
        (b'{"alerts": [{"startsAt": "2026-05-06T07:08:09"}]}', "alerts[0]: startsAt is not a time"),
        (b'{"alerts": [{"startsAt": 1767225600}]}', "alerts[0]: startsAt is not a time"),
        (b'{"alerts": [1, 2, 3, 4, 5]}', "alerts[2]: the alert is a text or a number, not an object; and 2 more"),
        (b'{"alerts": [' + b"0," * 20_000 + b"0]}", "`alerts` has more than 20,000 members"),
        (b'{"payload": "grafana", "records": []}', "`alerts` is missing, not a list"),
    ],
)
def test_what_is_no_notification_is_refused_with_the_reason(given: bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        alertmanager.parse(given)
    assert str(refused.value).endswith(said)


@pytest.mark.parametrize(
    "member",
    [
        '"labels": null',
        '"labels": [1]',
        '"labels": {"alertname": null}',
        '"labels": {"alertname": {"a": 1}}',
        '"labels": {"alertname": 1e400}',
        '"annotations": "none"',
        '"annotations": {"summary": ["a"]}',
        '"status": 7',
        '"status": "suppressed"',
        '"status": "resolved", "endsAt": "soon"',
        '"endsAt": NaN',
        '"fingerprint": null',
        '"fingerprint": ["a"]',
        '"fingerprint": "' + "f" * 4_000 + '"',
        '"generatorURL": 1',
        '"generatorURL": "https://[::1"',
        '"labels": {"n": ' + "9" * 200_000 + "}",
        '"labels": {"n": -Infinity}',
        '"startsAt": "yesterday"',  # of a name given twice the last counts
        '"labels": ' + '{"a":' * 900 + "1" + "}" * 900,
    ],
)
def test_whatever_else_is_odd_about_a_member_it_is_still_an_alert(member: str) -> None:
    (alert,) = alertmanager.parse(f'{{"alerts": [{{{member}, "startsAt": "2026-05-06T07:08:09.123Z"}}]}}'.encode())
    assert alert.starts_at == STARTED
    assert alert.title
    assert 1 <= len(alert.fingerprint) <= 128
    assert all(len(value) <= 1_024 for value in alert.labels.values())


def test_bytes_that_are_no_utf8_cost_a_letter_not_the_alert() -> None:
    given = BARE.replace(b"Bare", b"Ba\xffre")
    (alert,) = alertmanager.parse(given)
    assert alert.title == "Ba\ufffdre"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert alertmanager.parse(b"\xef\xbb\xbf" + BARE) == alertmanager.parse(BARE)


@for_all(PAYLOADS)
def test_any_json_is_read_or_refused(payload: object) -> None:
    for alert in read(json.dumps(payload).encode()):
        assert alert.title
        assert alert.fingerprint
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
        assert alert.starts_at.tzinfo is UTC


@for_all(st.binary(max_size=300) | st.binary(max_size=60).map(lambda junk: BARE[:50] + junk + BARE[50:]))
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    read(junk)


@pytest.mark.parametrize(
    "large",
    [
        pytest.param(b'{"alerts": [' + b"0," * 2_000_000 + b"0]}", id="two million members"),
        pytest.param(MANY, id="as many alerts as are read"),
        pytest.param(b"[" * 4_000_000, id="four million levels"),
        pytest.param(b'{"alerts": ' + b"9" * 4_000_000 + b"}", id="four million digits"),
        pytest.param(BARE.replace(b"Bare", b"<" * 4_000_000), id="a name of 4 MB"),
        pytest.param(BARE.replace(b"Bare", b"\\u200d" * 650_000), id="joiners"),
        pytest.param(BARE.replace(b"Bare", b"\\ud800" * 650_000), id="surrogates"),
        pytest.param(BARE.replace(b"Bare", "\u0301".encode() * 2_000_000), id="accents on nothing"),
        pytest.param(BARE.replace(b"Bare", b" \\n" * 1_300_000), id="white space"),
        pytest.param(
            BARE.replace(b'"Bare"', b'"Bare"' + b"".join(b',"%d":"x"' % n for n in range(300_000))), id="labels"
        ),
    ],
)
def test_a_hostile_body_of_4_mib_is_read_or_refused(large: bytes) -> None:
    read(large)
