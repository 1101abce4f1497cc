"""Whether this process can do its work: named probes, each quick, asked together by /readyz."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a probe found. `detail` is public: it names no host, no account and no error's text."""

    ok: bool
    detail: str = ""


Probe = Callable[[], Awaitable[Check]]


async def examine(probes: Mapping[str, Probe], *, within: timedelta) -> Mapping[str, Check]:
    """Ask all probes at once; one that does not answer in time has failed."""

    async def ask(probe: Probe) -> Check:
        try:
            async with asyncio.timeout(within.total_seconds()):
                return await probe()
        except TimeoutError:
            return Check(ok=False, detail="no answer in time")

    found = await asyncio.gather(*(ask(probe) for probe in probes.values()))
    return dict(zip(probes, found, strict=True))


def ticks(last: Callable[[], datetime | None], *, clock: Clock, at_most: timedelta) -> Probe:
    """Return a probe of a loop: its last tick may be `at_most` so old. A loop that has not ticked yet is not ready."""

    async def probe() -> Check:
        ticked = last()
        if ticked is None:
            return Check(ok=False, detail="has not ticked yet")
        age = clock.now() - ticked
        return Check(ok=age <= at_most, detail=f"ticked {age.total_seconds():.1f} s ago")

    return probe
