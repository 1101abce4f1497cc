"""The load: a process of its own that posts the same few or many bodies over keep-alive connections.

`python -m bench.load` reads a `Job` as JSON from standard input and writes a `Result` as JSON. Each connection sends
its next request when the last was answered (a closed loop). It reads of an answer only the status and
Content-Length, so that it costs less than any server; the bare route's figure shows how much it can.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from bench.bodies import Kind, requests
from bench.figures import percentile
from bot.clock import SystemClock

CLOCK = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to send: at most `count` requests (0: no limit) for at most `seconds`, from `connections` at once.

    `distinct` is how many different bodies there are; each has `alerts` alerts, none of which is in another.
    """

    port: int
    path: str
    kind: Kind
    alerts: int
    distinct: int
    connections: int
    seconds: float
    count: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of it; times are milliseconds, of requests answered 2xx."""

    seconds: float
    answered: int
    p50: float
    p99: float
    slowest: float
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def a_second(self) -> float:
        """Requests answered 2xx a second."""
        return self.answered / self.seconds


@dataclass(slots=True)
class Tally:
    """What all connections have seen so far."""

    until: float
    left: int
    took: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)


class Connection(asyncio.Protocol):
    """One keep-alive connection: sends, waits, sends."""

    def __init__(self, source: Iterator[bytes], tally: Tally) -> None:
        self._source, self._tally = source, tally
        self._buffer = bytearray()
        self._sent = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Take in an answer; when it is whole, go on."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or len(self._buffer) < head + 4 + _length(bytes(self._buffer[:head]).lower()):
            return
        status = bytes(self._buffer[9:12]).decode()
        self._buffer.clear()
        self._tally.statuses[status] += 1
        if status.startswith("2"):
            self._tally.took.append(CLOCK.monotonic() - self._sent)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Say that it is over; a connection that broke is counted as such."""
        if not self.ended.done():
            self._tally.statuses["broken"] += 1
            self.ended.set_result(None)

    def _next(self) -> None:
        now = CLOCK.monotonic()
        if now >= self._tally.until or self._tally.left <= 0:
            if not self.ended.done():
                self.ended.set_result(None)
            self._transport.close()
            return
        self._tally.left -= 1
        self._sent = now
        self._transport.write(next(self._source))


def _length(head: bytes) -> int:
    _, found, rest = head.partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def run(job: Job) -> Result:
    """Send the job's requests."""
    source = requests(job.kind, job.path, alerts=job.alerts, distinct=job.distinct, token=job.token)
    began = CLOCK.monotonic()
    tally = Tally(until=began + job.seconds, left=job.count or sys.maxsize)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(source, tally), "127.0.0.1", job.port)
        for _ in range(job.connections)
    ]
    await asyncio.gather(*(connection.ended for _, connection in made))
    took = [1000 * seconds for seconds in tally.took] or [0.0]
    return Result(
        seconds=CLOCK.monotonic() - began,
        answered=len(tally.took),
        p50=percentile(took, 50),
        p99=percentile(took, 99),
        slowest=max(took),
        statuses=dict(tally.statuses),
    )


async def in_a_process(job: Job) -> Result:
    """Run a job in a process of its own, and return what it found.

    Raises:
        RuntimeError: the process failed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(asdict(job)).encode())
    if process.returncode:
        raise RuntimeError(f"the load ended with {process.returncode}")
    return Result(**json.loads(printed))


def main() -> None:
    """Read a job, run it, print the result."""
    said = json.load(sys.stdin)
    job = Job(**{**said, "kind": Kind(said["kind"])})
    sys.stdout.write(json.dumps(asdict(asyncio.run(run(job)))))


if __name__ == "__main__":
    main()
