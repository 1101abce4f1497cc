"""Takes alerts in by e-mail (RFC 5321): who knows a secret address is heard, nobody else, and nothing is passed on.

As with webhooks: a mail is on disk before it is answered 250, whatever it says; what cannot be kept now is answered
4xx, which every mail server repeats. A stranger can make us hold a line, not a mail: DATA comes after a recipient.
"""

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from prometheus_client import CollectorRegistry, Counter

from bot.clock import Clock
from bot.engine.deliveries import Delivery
from bot.errors import Overloaded
from bot.inbound.alerts.mail import NAME
from bot.inbound.authentication import RECIPIENT, Head, Integration, known_by_head
from bot.inbound.intake import Deposit, receipt_of

log = structlog.get_logger()
# It logs every line that comes: addresses, and so secrets.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

_MESSAGE_ID: Final = re.compile(rb"^message-id:\s*(\S{1,998})", re.IGNORECASE | re.MULTILINE)
_WRONG_ADDRESSES: Final = 5
_COMMANDS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLimits:
    """What is borne at most. Mail servers fold lines at 1,000 bytes; what writes mails by itself often does not."""

    mail: int = 8 * 1024 * 1024
    line: int = 128 * 1024
    connections: int = 100
    mails_at_once: int = 8
    within: timedelta = timedelta(seconds=60)


class Mailbox:
    """What is done with recipients and mails."""

    def __init__(
        self, *, deposit: Deposit, integrations: Sequence[Integration], clock: Clock, registry: CollectorRegistry
    ) -> None:
        """Nothing is taken yet."""
        self._deposit, self._integrations, self._clock = deposit, integrations, clock
        self.count = Counter("muster_mails", "E-mails and what became of them", ["result"], registry=registry)

    async def handle_RCPT(  # noqa: N802 - the library's name and arguments
        self, server: "Door", _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Let a mail come that is sent to a secret address; what is remembered is whose it is, not the address."""
        local, _, _ = address.rpartition("@")
        _, _, secret = local.partition("+")
        integration = known_by_head((RECIPIENT,), Head(recipient_secret=secret), self._integrations)
        if integration is not None:
            envelope.rcpt_tos.append(integration)
            return "250 2.1.5 OK"
        self.count.labels("unknown_recipient").inc()
        server.wrong += 1
        if server.wrong >= _WRONG_ADDRESSES:
            server.hang_up()
        return "550 5.1.1 There is no such recipient"

    async def handle_DATA(self, _server: "Door", _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep a mail, once for each sender whose address it was sent to."""
        assert isinstance(envelope.content, bytes)  # noqa: S101 - so it was asked for
        body = self._without_secrets(envelope.content)
        is_new = False
        try:
            for integration in dict.fromkeys(envelope.rcpt_tos):
                delivery = Delivery(
                    source=NAME,
                    integration=integration,
                    received_at=self._clock.now(),
                    body=body,
                    receipt=_receipt(integration, body),
                )
                is_new |= await self._deposit(delivery)
        except Overloaded as error:
            self.count.labels("overloaded").inc()
            log.debug("mail_refused", reason=str(error))
            return "451 4.3.2 It cannot be kept now, send it again"
        self.count.labels("accepted" if is_new else "repeated").inc()
        return "250 2.0.0 Kept"

    def _without_secrets(self, body: bytes) -> bytes:
        """Cover the secret that stands in `To` and `Received`: what is kept holds none."""
        for secret in (secret.encode() for integration in self._integrations for secret in integration.secrets):
            body = body.replace(b"+" + secret + b"@", b"+***@")
        return body

    async def handle_exception(self, error: Exception) -> str:
        """Answer for what nobody foresaw: its sender comes again, and an id is not needed to find it in the log."""
        log.error("mail_failed", exc_info=error)
        self.count.labels("failed").inc()
        return "451 4.3.0 Something went wrong here, send it again"


class Door(SMTP):
    """One connection."""

    def __init__(self, mailbox: Mailbox, hall: "Hall", tls: ssl.SSLContext | None, *, require_tls: bool) -> None:
        """Nothing has come yet."""
        limits = hall.limits
        self.line_length_limit = limits.line
        super().__init__(
            mailbox,
            data_size_limit=limits.mail,
            enable_SMTPUTF8=True,
            hostname="muster",
            ident="Muster",
            tls_context=tls,
            require_starttls=require_tls,
            timeout=limits.within.total_seconds(),
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit=_COMMANDS,
            loop=asyncio.get_running_loop(),
        )
        self.wrong, self._hall, self._mailbox, self._is_in = 0, hall, mailbox, False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or say that there are too many; what begins again under TLS is the same connection."""
        if len(self._hall.doors) >= self._hall.limits.connections and not self._is_in:
            assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a server's always is
            transport.write(b"421 4.3.2 Too many connections, come again\r\n")
            transport.close()
            return
        self._is_in = True
        self._hall.doors.add(self)
        super().connection_made(transport)

    def eof_received(self) -> bool | None:
        """End when the other side does."""
        return super().eof_received() if self._is_in else False

    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        if self._is_in:
            self._hall.doors.discard(self)
            super().connection_lost(error)

    def hang_up(self) -> None:
        """Close the connection once what is being said has been said."""
        if self.transport:
            asyncio.get_running_loop().call_soon(self.transport.close)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - as above
        """Take a mail in, when not too many are being taken in already."""
        if self._hall.mails >= self._hall.limits.mails_at_once:
            self._mailbox.count.labels("overloaded").inc()
            await self.push("451 4.3.2 Too many mails at once, send it again")
            return
        self._hall.mails += 1
        try:
            await super().smtp_DATA(arg)
        finally:
            self._hall.mails -= 1


class Hall:
    """All connections together."""

    def __init__(self, limits: MailLimits) -> None:
        """Nobody is there yet."""
        self.limits, self.doors, self.mails = limits, set[Door](), 0


@asynccontextmanager
async def listening(
    mailbox: Mailbox,
    *,
    host: str,
    port: int,
    tls: ssl.SSLContext | None = None,
    require_tls: bool = False,
    limits: MailLimits | None = None,
) -> AsyncIterator[int]:
    """Take mails in until the block ends; yield the port.

    Raises:
        OSError: the port is taken.
    """
    hall = Hall(limits or MailLimits())
    server = await asyncio.get_running_loop().create_server(
        lambda: Door(mailbox, hall, tls, require_tls=require_tls), host, port
    )
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for door in tuple(hall.doors):
            door.hang_up()
        await server.wait_closed()


def _receipt(integration: str, body: bytes) -> str:
    """Return what names a mail for good: by its Message-ID, if it has one."""
    head, _, _ = body[: 64 * 1024].partition(b"\r\n\r\n")
    found = _MESSAGE_ID.search(head)
    return receipt_of(NAME, integration, found[1].decode("latin-1") if found else "", body)
