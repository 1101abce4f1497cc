"""The door for e-mails, knocked at by the standard library's SMTP client over a real connection."""

import asyncio
import logging
import smtplib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from prometheus_client import CollectorRegistry

from bot.errors import Overloaded
from bot.inbound.alerts.mail import SAMPLE
from bot.inbound.authentication import Integration
from bot.inbound.smtp import Mailbox, MailLimits, listening
from tests.fakes.clock import FakeClock
from tests.inbound.border import Shelf
from tests.peers.until import until

T = TypeVar("T")
MAIL = SAMPLE.replace(b"\n", b"\r\n")
EU, US = "5ecret-of-eu", "5ecret-of-us"
SENDERS = (Integration(secrets=(EU, "the-next-secret-of-eu")), Integration(name="us", secrets=(US,)))
FROM = "backup@db-1.example.com"


def address(secret: str) -> str:
    return f"alerts+{secret}@muster.example.com"


@dataclass(frozen=True, slots=True)
class Post:
    """A listener, and what came through it."""

    port: int
    shelf: Shelf
    registry: CollectorRegistry

    def counted(self, result: str) -> float:
        return self.registry.get_sample_value("muster_mails_total", {"result": result}) or 0

    async def does(self, act: Callable[[smtplib.SMTP], T]) -> T:
        """Connect, let a mail server do something, and hang up as it is."""

        def call() -> T:
            with smtplib.SMTP("127.0.0.1", self.port, local_hostname="db-1.example.com", timeout=20) as client:
                return act(client)

        return await asyncio.to_thread(call)

    async def send(self, *to: str, body: bytes = MAIL) -> int:
        """Send a mail; return what the data were answered, or the recipients when none was taken."""

        def act(client: smtplib.SMTP) -> int:
            try:
                client.sendmail(FROM, list(to), body)
            except smtplib.SMTPRecipientsRefused as error:
                return next(iter(error.recipients.values()))[0]
            except smtplib.SMTPResponseException as error:
                return error.smtp_code
            return 250

        return await self.does(act)


@asynccontextmanager
async def post(
    limits: MailLimits | None = None, tls: ssl.SSLContext | None = None, **more: bool
) -> AsyncIterator[Post]:
    shelf, registry = Shelf(), CollectorRegistry()
    mailbox = Mailbox(deposit=shelf.deposit, integrations=SENDERS, clock=FakeClock(), registry=registry)
    async with listening(mailbox, host="127.0.0.1", port=0, tls=tls, limits=limits, **more) as port:
        yield Post(port, shelf, registry)


@pytest.mark.parametrize(
    ("to", "integration"),
    [(EU, "default"), ("the-next-secret-of-eu", "default"), (US, "us")],
)
async def test_a_mail_to_a_secret_address_is_kept_as_it_came(to: str, integration: str) -> None:
    async with post() as there:
        assert await there.send(address(to)) == 250
    (kept,) = there.shelf.kept
    assert (kept.source, kept.integration, kept.body) == ("email", integration, MAIL)


@pytest.mark.parametrize(
    "to",
    [
        "alerts@muster.example.com",
        "alerts+@muster.example.com",
        address("guessed"),
        address(EU.upper()),
        f"{EU}@muster.example.com",
        "ana@elsewhere.example",
        "alerts%elsewhere.example@muster.example.com",
    ],
)
async def test_nothing_is_taken_for_anybody_else_and_nothing_is_passed_on(to: str) -> None:
    async with post() as there:
        assert await there.send(to) == 550
    assert there.shelf.kept == []
    assert there.counted("unknown_recipient") == 1


async def test_who_goes_on_guessing_is_hung_up_on() -> None:
    def guess(client: smtplib.SMTP) -> list[int]:
        client.ehlo()
        client.mail(FROM)
        codes = []
        try:
            for number in range(10):
                codes.append(client.rcpt(address(f"guess-{number}"))[0])  # noqa: PERF401 - until it is hung up on
        except smtplib.SMTPServerDisconnected:
            codes.append(0)
        return codes

    async with post() as there:
        assert await there.does(guess) == [550] * 5 + [0]


async def test_a_mail_to_two_senders_is_kept_for_each_and_to_two_addresses_of_one_once() -> None:
    async with post() as there:
        assert await there.send(address(EU), address(US), address("the-next-secret-of-eu")) == 250
    assert [kept.integration for kept in there.shelf.kept] == ["default", "us"]


async def test_the_same_mail_again_is_not_kept_again_and_one_without_an_id_is() -> None:
    nameless = b"\r\n".join(line for line in MAIL.split(b"\r\n") if not line.startswith(b"Message-ID"))
    async with post() as there:
        for body in (MAIL, MAIL, nameless, nameless):
            assert await there.send(address(EU), body=body) == 250
    assert len(there.shelf.kept) == 3
    assert (there.counted("accepted"), there.counted("repeated")) == (3, 1)


async def test_the_secret_address_is_not_kept() -> None:
    to = f"To: Muster <{address(US)}>".encode()
    async with post() as there:
        body = MAIL.replace(b"To: alerts@muster.example.com", b"Received: for <" + address(EU).encode() + b">\r\n" + to)
        assert await there.send(address(EU), body=body) == 250
    (kept,) = there.shelf.kept
    assert EU.encode() not in kept.body
    assert b"To: Muster <alerts+***@muster.example.com>" in kept.body


async def test_what_cannot_be_kept_now_is_asked_for_again() -> None:
    async with post() as there:
        there.shelf.troubles = [Overloaded("the database is busy"), RuntimeError("nobody foresaw this")]
        assert await there.send(address(EU)) == 451
        assert await there.send(address(EU)) == 451
        assert await there.send(address(EU)) == 250
    assert len(there.shelf.kept) == 1
    assert (there.counted("overloaded"), there.counted("failed")) == (1, 1)


async def test_a_mail_that_is_too_large_is_refused_and_one_of_five_megabytes_is_not() -> None:
    line = b"x" * 70 + b"\r\n"
    async with post() as there:
        assert await there.send(address(EU), body=MAIL + line * (5 * 1024 * 1024 // 72)) == 250
        assert await there.send(address(EU), body=MAIL + line * (9 * 1024 * 1024 // 72)) == 552
    assert len(there.shelf.kept) == 1


async def test_a_long_line_is_borne_and_an_endless_one_is_not() -> None:
    async with post() as there:
        assert await there.send(address(EU), body=MAIL + b"x" * 60_000 + b"\r\n") == 250
        assert await there.send(address(EU), body=MAIL + b"x" * 300_000 + b"\r\n") == 500
    assert len(there.shelf.kept) == 1


async def test_too_many_connections_are_told_to_come_again() -> None:
    async with post(MailLimits(connections=1)) as there:

        def second(_first: smtplib.SMTP) -> int:
            try:
                with smtplib.SMTP("127.0.0.1", there.port, timeout=20):
                    return 0
            except smtplib.SMTPConnectError as error:
                return error.smtp_code

        async def is_let_in() -> bool:
            try:
                return await there.send(address(EU)) == 250
            except smtplib.SMTPConnectError:
                return False

        assert await there.does(second) == 421
        await until(is_let_in, what="the first being gone")


async def test_too_many_mails_at_once_are_asked_for_again() -> None:
    async with post(MailLimits(mails_at_once=1)) as there:

        def begin(client: smtplib.SMTP) -> tuple[int, int]:
            client.ehlo()
            client.mail(FROM)
            client.rcpt(address(EU))
            client.putcmd("data")
            first, _ = client.getreply()
            with smtplib.SMTP("127.0.0.1", there.port, timeout=20) as other:
                other.ehlo()
                other.mail(FROM)
                other.rcpt(address(EU))
                other.putcmd("data")
                return first, other.getreply()[0]

        assert await there.does(begin) == (354, 451)


async def test_who_says_nothing_is_hung_up_on() -> None:
    async with post(MailLimits(within=timedelta(milliseconds=100))) as there:

        def listen(client: smtplib.SMTP) -> bytes:
            assert client.sock
            return client.sock.recv(10)

        assert await there.does(listen) == b""


async def test_no_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with post() as there:
            await there.send(address(EU), address("guessed"))
    assert EU not in caplog.text
    assert "guessed" not in caplog.text


async def test_what_is_no_smtp_is_borne() -> None:
    def talk(client: smtplib.SMTP) -> bytes:
        assert client.sock
        client.sock.sendall(b"GET / HTTP/1.1\r\n\xff\xfe \x00\r\nRCPT TO:<" + b"a" * 5_000 + b">\r\nDATA\r\n.\r\n")
        client.sock.shutdown(socket.SHUT_WR)
        said = b""
        while piece := client.sock.recv(4096):
            said += piece
        return said

    async with post() as there:
        said = await there.does(talk)
        assert b"500" in said
        assert await there.send(address(EU)) == 250


def certificate(folder: Path) -> ssl.SSLContext:
    """Return the TLS of a server with a certificate that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "mail.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "mail.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "mail.pem", folder / "mail.key")
    return context


async def test_a_mail_may_come_under_tls_and_must_where_that_is_set(tmp_path: Path) -> None:
    def under_tls(client: smtplib.SMTP) -> int:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        client.starttls(context=trusting)
        client.sendmail(FROM, [address(EU)], MAIL)
        return 250

    async with post(tls=certificate(tmp_path), require_tls=True) as there:
        assert await there.send(address(EU)) == 530
        assert await there.does(under_tls) == 250
    assert len(there.shelf.kept) == 1
