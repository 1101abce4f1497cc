"""How long an alert takes from monitoring to Slack, and to the pager, in quiet; beside it Alertmanager's way to Slack.

Both are told over HTTP and both call a Slack on the loopback interface that answers at once. Alertmanager is set to
wait for nothing (`group_wait: 0s`), each alert is a group of its own.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Final

from aiohttp import web

from bench import probes
from bench.company import CLOCK, PATIENCE, company
from bench.databases import Kind
from bench.figures import Figure, at_most
from bench.measure import Bench, Measurement
from tests.peers.alertmanager import alertmanager, now
from tests.peers.until import until

# Slack takes one post a second and channel (Muster keeps to it); two channels in turn.
PAUSE: Final = timedelta(milliseconds=550)
SERVICES: Final = ("other", "payments")


class Receiver:
    """A Slack webhook that notes when it was told what."""

    def __init__(self) -> None:
        self.told: list[tuple[float, str]] = []
        self.port = 0

    async def take(self, request: web.Request) -> web.Response:
        """Note it."""
        at = CLOCK.monotonic()
        self.told.append((at, await request.text()))
        return web.Response(text="ok")

    def when(self, marker: str) -> float | None:
        """Return when it was first told of this."""
        return next((at for at, text in self.told if marker in text), None)


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """Listen until the block ends."""
    one, app = Receiver(), web.Application()
    app.router.add_post("/hook", one.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.port = runner.addresses[0][1]
    yield one
    await runner.cleanup()


def to_slack(port: int) -> str:
    """Return Alertmanager's configuration: everything at once to one Slack channel."""
    slack = {
        "api_url": f"http://127.0.0.1:{port}/hook",
        "channel": "#alerts",
        "text": "{{ .CommonAnnotations.summary }}",
    }
    route = {"receiver": "slack", "group_by": ["..."], "group_wait": "0s", "group_interval": "1s"}
    return json.dumps({"route": route, "receivers": [{"name": "slack", "slack_configs": [slack]}]})


async def measure(bench: Bench) -> list[Figure]:
    """Send single alerts, to Alertmanager and to Muster on either database."""
    times = bench.either(24, 4)
    bench.say("alerts: Alertmanager")
    figures = probes.spread("Alertmanager → Slack", await _alertmanager(bench, times), note="no threading, no update")
    for kind in Kind:
        bench.say(f"alerts: Muster on {kind}")
        folder = bench.place(f"alerts-{kind.name.lower()}")
        async with company(folder, bench.databases.fresh(kind, folder)) as one:
            took, paged = [], []
            for number in range(times + 1):
                took.append(await probes.alert(one, number, service=SERVICES[number % 2]))
                await CLOCK.sleep(PAUSE)
            for number in range(times + 1):
                paged.append(await probes.page(one, number))
                await CLOCK.sleep(PAUSE)
        figures += probes.spread(f"Muster on {kind}, alert → Slack", took[1:], beside="Alertmanager → Slack")
        figures += probes.spread(f"Muster on {kind}, alert → pager", paged[1:], p99=at_most(1000))
    return figures


async def _alertmanager(bench: Bench, times: int) -> list[float]:
    took = []
    folder = bench.place("alerts-alertmanager")
    async with receiver() as slack, alertmanager(to_slack(slack.port), folder) as peer:
        for number in range(times + 1):
            marker, began = f"Probe {number} of all", CLOCK.monotonic()
            await peer.fire({"alertname": f"Probe{number}"}, starts_at=now(), summary=marker)
            await until(partial(slack.when, marker), what=f"the post of {marker}", timeout=PATIENCE)
            took.append(1000 * ((slack.when(marker) or began) - began))
    return took[1:]  # the first one opens connections, here and there


ALERTS: Final = Measurement(name="alerts", title="An alert's way to Slack and to the pager, in quiet", take=measure)
