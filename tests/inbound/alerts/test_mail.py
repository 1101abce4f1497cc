"""E-mails as alerts: the state in the subject, the series in what is left of it, and whatever a mail may be made of."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.alerts_model import WHEN_RECEIVED, AlertSeverity, AlertStatus, ReportedAlert
from bot.errors import BadInput
from bot.inbound.alerts import SOURCES, configured
from bot.inbound.alerts.mail import NAME, SAMPLE, UNNAMED, Mailed, parse
from bot.inbound.mail_rules import MailRules
from bot.inbound.mail_text import MOST_PARTS, stripped

FIXTURES = Path(__file__).parent / "email"
HEAD = b"From: Backup <Backup@db-1.example.com>\r\nSubject: disk full\r\nDate: Mon, 02 Mar 2026 09:14:27 +0000\r\n"


def read(body: bytes, rules: MailRules | None = None) -> ReportedAlert:
    (alert,) = Mailed(rules)(body) if rules else parse(body)
    return alert


def about(subject: str, sender: str = "a@example.com", **headers: str) -> ReportedAlert:
    message = EmailMessage()
    message["From"], message["Subject"] = sender, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("text")
    return read(message.as_bytes())


def test_a_mail_is_read_as_people_would_read_it() -> None:
    problem, recovery = (
        read((FIXTURES / f"{name}.eml").read_bytes()) for name in ("episode-1-problem", "episode-2-recovery")
    )
    assert problem.title == "** PROBLEM Service Alert: db-3/Replication is CRITICAL **"
    assert problem.description == "Replication of db-3 is 412 s behind.\nRückstand wächst."
    assert (problem.status, problem.severity) == (AlertStatus.FIRING, AlertSeverity.CRITICAL)
    assert problem.starts_at == datetime(2026, 3, 2, 9, 14, 27, tzinfo=UTC)
    assert problem.labels == {"from": "icinga@lantern.example"}
    assert (recovery.status, recovery.ends_at) == (AlertStatus.RESOLVED, datetime(2026, 3, 2, 9, 31, 2, tzinfo=UTC))
    assert recovery.fingerprint == problem.fingerprint


@pytest.mark.parametrize(
    ("fires", "is_over"),
    [
        ("[FIRING:1] DiskFull (prod)", "[RESOLVED] DiskFull (prod)"),
        ('ALARM: "errors" in EU (Ireland)', 'OK: "errors" in EU (Ireland)'),
        ("Problem: High load", "Resolved in 1m 30s: High load"),
        ("DOWN alert: checkout (shop.example) is DOWN", "UP alert: checkout (shop.example) is UP"),
        ("Monitor is DOWN: checkout", "Monitor is UP: checkout"),
        ("DiskFull", "RESOLVED DiskFull"),
        ("DiskFull", "recovered DiskFull"),
        ("DiskFull", "OK DiskFull"),
        ("checkout is down", "RESOLVED: checkout is down"),
        ("[Alerting] Checkout", "Fwd: Re: [OK] Checkout"),
        ("[CRITICAL] Queue - triggered", "[Resolved - Prod] Queue - triggered"),
    ],
)
def test_the_subject_says_how_it_stands_and_what_is_left_of_it_names_the_series(fires: str, is_over: str) -> None:
    one, other = about(fires), about(is_over)
    assert (one.status, other.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)
    assert one.fingerprint == other.fingerprint
    assert (one.title, other.title) == (fires, is_over)


@pytest.mark.parametrize(
    "subject",
    [
        "Up to 20 errors",
        "[Up to date] check failed",
        "up-to-date check failed",
        "Queue is not ok",
        "Load is up to 90 %",
    ],
)
def test_a_word_that_may_mean_something_else_ends_nothing(subject: str) -> None:
    assert about(subject).status is AlertStatus.FIRING


@pytest.mark.parametrize(
    ("subject", "severity"),
    [
        ("CRITICAL: disk", AlertSeverity.CRITICAL),
        ("[Warning] disk", AlertSeverity.WARNING),
        ("disk is CRIT", AlertSeverity.CRITICAL),
        ("[FIRING] [high] disk", AlertSeverity.HIGH),
        ("High CPU", AlertSeverity.UNKNOWN),
        ("RESOLVED: disk", AlertSeverity.UNKNOWN),
    ],
)
def test_a_severity_is_taken_from_where_nothing_else_can_be_meant(subject: str, severity: AlertSeverity) -> None:
    assert about(subject).severity is severity


def test_series_are_told_apart_by_their_list_or_sender_and_their_subject() -> None:
    lists = {"List_Id": "Alerts <alerts.example.com>"}
    assert about("disk").fingerprint == about("Disk").fingerprint
    assert about("disk").fingerprint != about("disks").fingerprint
    assert about("disk").fingerprint != about("disk", sender="b@example.com").fingerprint
    assert about("disk", sender="A@EXAMPLE.com").fingerprint == about("disk").fingerprint
    assert about("disk", sender="b@example.com", **lists).fingerprint == about("disk", **lists).fingerprint
    assert about("disk", **lists).labels == {"from": "a@example.com", "list": "alerts.example.com"}


def test_rules_name_the_words_the_identity_and_the_labels() -> None:
    rules = MailRules(
        resolved=frozenset({"behoben"}),
        firing=frozenset({"störung"}),
        identity=("x-alert-id", "x-event"),
        labels={"service": "x-service"},
    )
    body = "From: a@example.com\nX-Event: 7\nX-Service: orders\nSubject: {}\n\ntext"
    fires, is_over = (
        read(body.format(word).encode(), rules) for word in ("=?utf-8?q?St=C3=B6rung=3A_A?=", "Behoben: B")
    )
    assert (fires.status, is_over.status) == (AlertStatus.FIRING, AlertStatus.RESOLVED)
    assert fires.fingerprint == is_over.fingerprint
    assert fires.labels == {"from": "a@example.com", "service": "orders"}
    assert fires.starts_at == WHEN_RECEIVED
    assert read(body.format("OK: A").encode(), rules).status is AlertStatus.FIRING
    without = body.replace("X-Event: 7\n", "")
    assert read(without.format("A").encode(), rules).fingerprint == read(without.format("A").encode()).fingerprint


def test_each_sender_has_its_rules() -> None:
    source = configured({}, {"de": MailRules(resolved=frozenset({"behoben"}))})[NAME]
    (alert,) = source.reader("de")(SAMPLE.replace(b"PROBLEM:", b"Behoben:"))
    assert alert.status is AlertStatus.RESOLVED
    assert source.reader("default")(SAMPLE) == parse(SAMPLE)
    assert not SOURCES[NAME].is_posted


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Mon, 02 Mar 20260000 09:14:27 +0000",
        "Mon, 99 Mar 2026 99:99:99 +9999",
    ],
)
def test_a_mail_whose_clock_says_nothing_began_when_it_came(date: str) -> None:
    body = HEAD.replace(b"Mon, 02 Mar 2026 09:14:27 +0000", date.encode()) + b"\r\ntext"
    assert read(body).starts_at == WHEN_RECEIVED


def test_a_time_without_a_zone_is_utc() -> None:
    assert read(HEAD.replace(b"+0000", b"-0000") + b"\r\ntext").starts_at == datetime(2026, 3, 2, 9, 14, 27, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"", b"\r\n \t\r\n"])
def test_an_empty_mail_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        parse(body)


def test_html_is_read_without_what_nobody_sees() -> None:
    html = (
        "<html><head><title>x</title><style>p {color: red}</style></head><body><!-- <p>hidden -->"
        "<script>alert(1)</script><p>Disk &lt;sda&gt; is full</p><div>5&nbsp;%<br/>left</div><style>a"
    )
    assert "alert(1)" not in stripped(html)
    assert "color" not in stripped(html)
    body = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    assert read(body).description.endswith("Disk <sda> is full\n5 %\nleft")


def parts(count: int, *, nested: bool) -> bytes:
    """Return a mail of so many parts, beside or inside each other."""
    if nested:
        inner = b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
            for number in range(count)
        )
        return HEAD + inner + b"Content-Type: text/plain\r\n\r\nthe text\r\n"
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nthe text\r\n"
    return HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + part * count + b"--b--\r\n"


MESSAGE = b"Content-Type: message/rfc822\r\n\r\n"
HOSTILE = {
    "parts beside each other": parts(20_000, nested=False),
    "parts inside each other": parts(5_000, nested=True),
    "as many parts as are read": parts(MOST_PARTS, nested=True) + b"x\r\n" * 300_000,
    "messages inside messages": HEAD + MESSAGE * 2_000 + b"the text",
    "a part that never ends": HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nthe text',
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\nthe text",
    "an unknown charset": HEAD + b"Content-Type: text/plain; charset=klingon\r\n\r\nthe text",
    "a codec that is none of text": HEAD + b"Content-Type: text/plain; charset=zlib\r\n\r\nthe text",
    "a codec that is slow": HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\nthe text" + b"-a" * 300_000,
    "a charset that cannot be read": HEAD + b"Content-Type: text/plain; charset*=klingon'x'%FF\r\n\r\nthe text",
    "a wrong charset": HEAD + b"Content-Type: text/plain; charset=ascii\r\n\r\nthe text \xff\xfe",
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"dGhlIHRleHQ==" + b"=!" * 100,
    "base64 that grows": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"the text" * 500_000),
    "a bomb of entities": HEAD + b"Content-Type: text/html\r\n\r\nthe text" + b"&lt" * 300_000,
    "tags that do not end": HEAD + b"Content-Type: text/html\r\n\r\nthe text" + b"<a <" * 300_000,
    "scripts that do not end": HEAD + b"Content-Type: text/html\r\n\r\nthe text" + b"<script" * 150_000,
    "styles without end": HEAD + b"Content-Type: text/html\r\n\r\nthe text" + b"<style></style" * 70_000,
    "blanks": HEAD + b"Content-Type: text/html\r\n\r\nthe text" + b" \n" * 400_000 + b"x",
    "comments in a header": b"From: " + b"(" * 500_000 + b"\r\n" + HEAD + b"\r\nthe text",
    "a header of a megabyte": HEAD + b"X: " + b"a" * 900_000 + b"\r\n\r\nthe text",
    "a hundred thousand headers": HEAD + b"X: a\r\n" * 100_000 + b"\r\nthe text",
    "encoded words without end": HEAD.replace(b"disk full", b"=?utf-8?q?" * 90_000) + b"\r\nthe text",
    "NUL": HEAD.replace(b"disk", b"d\x00sk") + b"\r\nthe text\x00",
    "only a subject": b"Subject: disk full",
    "no header at all": b"the text",
    "five megabytes": HEAD + b"\r\nthe text\r\n" + b"x" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_a_hostile_mail_is_read_as_far_as_it_goes(name: str) -> None:
    alert = read(HOSTILE[name])
    assert alert.title
    words = alert.title + alert.description + "".join(alert.labels.values())
    assert "\x00" not in words
    assert words.encode()


@pytest.mark.parametrize(
    "name", ["no boundary", "an unknown charset", "a codec that is none of text", "a wrong charset"]
)
def test_the_text_of_a_strange_mail_is_not_lost(name: str) -> None:
    assert "the text" in read(HOSTILE[name]).description


def test_the_text_of_a_mail_with_too_many_parts_is_what_came() -> None:
    alert = read(HOSTILE["parts inside each other"])
    assert alert.title == "disk full"
    assert alert.description.startswith("--b0")


def test_a_subject_with_an_impossible_word_is_shown_as_it_came() -> None:
    assert about_raw(b"=?utf-8?b?a?=") == "=?utf-8?b?a?="
    assert about_raw(b"=?klingon?q?disk?=") == "disk"
    assert about_raw(b"") == UNNAMED


def about_raw(subject: bytes) -> str:
    return read(HEAD.replace(b"disk full", subject) + b"\r\ntext").title


def test_what_is_attached_is_no_text() -> None:
    message = EmailMessage()
    message["Subject"] = "report"
    message.add_attachment("a secret log", filename="log.txt")
    assert read(message.as_bytes()).description == ""


@settings(max_examples=50)
@given(data=st.data())
def test_any_bytes_are_read_or_refused(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(sorted((HEAD + b"\r\ntext", *(HOSTILE[name][:2_000] for name in HOSTILE)))))
    at = data.draw(st.integers(0, len(body)))
    body = body[:at] + data.draw(st.binary(max_size=30)) + body[at + data.draw(st.integers(0, 30)) :]
    if body.strip():
        assert read(body).title
