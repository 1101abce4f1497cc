"""The border behind its real server, against senders that a well-behaved client would never be: slow, endless, gone."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import ClassVar

import pytest

from bot.clock import SystemClock
from bot.inbound.alerts import alertmanager
from bot.inbound.bodies import Limits
from bot.inbound.server import Patient, server
from tests.inbound.border import TOKEN, Border
from tests.peers.serving import serving
from tests.peers.until import until

SOON = timedelta(milliseconds=200)
HEAD = f"POST /alerts/alertmanager HTTP/1.1\r\nHost: muster\r\nAuthorization: Bearer {TOKEN}\r\n".encode()
MIB = 1024 * 1024


class Hasty(Patient):
    """As in production, with less patience."""

    head_within = SOON.total_seconds()


@asynccontextmanager
async def connected(border: Border) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with serving(border.app(), Hasty) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()


def hasty() -> Border:
    return Border(limits=Limits(read_within=SOON), clock=SystemClock())


async def answer_of(reader: asyncio.StreamReader) -> bytes:
    """Return the status line of the next answer; its body is read away."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    (length,) = (int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length"))
    await asyncio.wait_for(reader.readexactly(length), 5)
    return head.splitlines()[0]


async def is_hung_up(reader: asyncio.StreamReader) -> bool:
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionResetError:
        return True


async def drip(writer: asyncio.StreamWriter, piece: bytes) -> None:
    """Send a little, again and again, until nobody listens."""
    try:
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await SystemClock().sleep(timedelta(milliseconds=5))
    except ConnectionError:
        pass


async def test_a_body_that_drips_is_answered_408_and_hung_up_on() -> None:
    border = hasty()
    async with connected(border) as (reader, writer):
        writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
        dripping = asyncio.create_task(drip(writer, b" "))
        assert await answer_of(reader) == b"HTTP/1.1 408 Request Timeout"
        assert await is_hung_up(reader)
        await asyncio.wait_for(dripping, 5)
    assert border.shelf.kept == []
    assert border.counted("alertmanager", "too_slow") == 1


async def test_a_head_that_drips_is_hung_up_on() -> None:
    async with connected(hasty()) as (reader, writer):
        writer.write(HEAD)
        dripping = asyncio.create_task(drip(writer, b"X-A: b\r\n"))
        assert await is_hung_up(reader)
        await asyncio.wait_for(dripping, 5)


async def test_a_head_without_end_is_hung_up_on_though_it_is_quick() -> None:
    async with serving(Border().app()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HEAD)
        endless = asyncio.create_task(drip(writer, b"X-A: " + b"b" * 10_000 + b"\r\n"))
        assert await is_hung_up(reader)
        await asyncio.wait_for(endless, 5)


async def test_who_connects_and_says_nothing_is_hung_up_on() -> None:
    async with connected(hasty()) as (reader, _):
        assert await is_hung_up(reader)


async def test_a_second_head_on_a_kept_connection_has_its_own_time() -> None:
    border = hasty()
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(alertmanager.SAMPLE) + alertmanager.SAMPLE
    async with connected(border) as (reader, writer):
        writer.write(request)
        assert await answer_of(reader) == b"HTTP/1.1 202 Accepted"
        with pytest.raises(TimeoutError):  # nobody hangs up on who is idle, for longer than a head may take
            await asyncio.wait_for(reader.read(1), 2 * SOON.total_seconds())
        writer.write(request)
        assert await answer_of(reader) == b"HTTP/1.1 202 Accepted"
        writer.write(HEAD)
        assert await is_hung_up(reader)
    assert len(border.shelf.kept) == 2


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_sent() -> None:
    async with connected(hasty()) as (reader, writer):
        writer.write(HEAD + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % (4 * MIB + 1))
        assert await answer_of(reader) == b"HTTP/1.1 413 Request Entity Too Large"


async def test_an_endless_body_is_refused_at_4_mib_and_hung_up_on() -> None:
    border = Border(clock=SystemClock())
    async with connected(border) as (reader, writer):
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        endless = asyncio.create_task(drip(writer, b"10000\r\n" + b" " * 0x10000 + b"\r\n"))
        assert await answer_of(reader) == b"HTTP/1.1 413 Request Entity Too Large"
        assert await is_hung_up(reader)
        await asyncio.wait_for(endless, 5)
    assert border.shelf.kept == []


async def test_a_stranger_s_body_is_not_read_and_does_not_hold_the_connection() -> None:
    async with connected(hasty()) as (reader, writer):
        writer.write(HEAD.replace(TOKEN.encode(), b"wrong") + b"Content-Length: 4000000000\r\n\r\n")
        endless = asyncio.create_task(drip(writer, b" " * 0x10000))
        assert await answer_of(reader) == b"HTTP/1.1 401 Unauthorized"
        assert await is_hung_up(reader)
        await asyncio.wait_for(endless, 5)


async def test_who_hangs_up_in_the_middle_leaves_nothing_behind() -> None:
    border = hasty()
    async with connected(border) as (_, writer):
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n" + alertmanager.SAMPLE[:500])
        await writer.drain()
        writer.close()
        await until(lambda: border.counted("alertmanager", "broken"), what="noticing that the sender is gone")
    assert border.shelf.kept == []


class Watched(Patient):
    """Shows its connections."""

    seen: ClassVar[list[socket.socket]] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.seen.append(transport.get_extra_info("socket"))


async def test_an_answer_s_body_never_waits_for_the_acknowledgement_of_its_head() -> None:
    listener = socket.create_server(("127.0.0.1", 0))  # as wiring makes it
    running = server(Border().app(), host="127.0.0.1", port=0, protocol=Watched)
    task = asyncio.create_task(running.serve(sockets=[listener]))
    await until(lambda: running.started, what="the server's start")
    _, writer = await asyncio.open_connection(*listener.getsockname())
    await until(lambda: Watched.seen, what="the connection")
    assert Watched.seen[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    writer.close()
    running.should_exit = True
    await asyncio.wait_for(task, 10)
