"""The rest of the border: Slack's requests, health, metrics, and what a failure leaves in the log and in the answer."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
import structlog
import structlog.testing
from hypothesis import given as for_all
from hypothesis import strategies as st
from prometheus_client import Gauge

from bot import log
from bot.errors import Overloaded, Unauthorised
from bot.inbound.alerts import SOURCES, alertmanager
from bot.inbound.authentication import SECRET_PATH
from bot.inbound.authentication import TOKEN as TOKEN_WAY
from bot.inbound.bodies import Limits
from bot.inbound.health import Check, Probe, ticks
from bot.inbound.slack.response import Response
from tests.fakes.clock import START, FakeClock
from tests.inbound.border import ALERTMANAGER, BEARER, TOKEN, Border


@dataclass(slots=True)
class SlackSide:
    """Writes down what it is handed and answers as it is told."""

    answer: Response = field(default_factory=lambda: Response(body=b"hello", headers={"content-type": "text/plain"}))
    trouble: Exception | None = None
    handed: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def __call__(self, headers: Mapping[str, str], body: bytes) -> Response:
        self.handed.append((headers, body))
        if self.trouble:
            raise self.trouble
        return self.answer


async def test_slack_is_handed_headers_and_the_raw_body_and_its_answer_goes_out_as_it_is() -> None:
    slack = SlackSide(answer=Response(status=200, headers={"content-type": "application/json"}, body=b'{"ok": true}'))
    async with Border(slack=slack).client() as client:
        answer = await client.post("/slack/events", content=b"payload=%7B%7D", headers={"X-Slack-Signature": "v0=1"})
    ((headers, body),) = slack.handed
    assert body == b"payload=%7B%7D"
    assert headers["x-slack-signature"] == "v0=1"
    assert (answer.status_code, answer.content) == (200, b'{"ok": true}')
    assert answer.headers["content-type"] == "application/json"


async def test_a_body_larger_than_slack_sends_is_refused_unread() -> None:
    slack = SlackSide()
    async with Border(slack=slack).client() as client:
        taken = await client.post("/slack/events", content=b" " * 1024 * 1024)
        refused = await client.post("/slack/events", content=b" " * (1024 * 1024 + 1))
    assert (taken.status_code, refused.status_code) == (200, 413)
    assert len(slack.handed) == 1


@pytest.mark.parametrize(
    ("trouble", "status"), [(Overloaded("busy"), 503), (Unauthorised("signature"), 401), (RuntimeError("secret"), 500)]
)
async def test_what_slack_s_side_raises_becomes_an_answer(trouble: Exception, status: int) -> None:
    async with Border(slack=SlackSide(trouble=trouble)).client() as client:
        answer = await client.post("/slack/events", content=b"x")
    assert answer.status_code == status
    assert str(trouble) not in answer.text


async def test_with_socket_mode_there_is_no_path_for_slack() -> None:
    async with Border(slack=None).client() as client:
        assert (await client.post("/slack/events", content=b"x")).status_code == 404


def probe(*, ok: bool, detail: str = "") -> Probe:
    async def ask() -> Check:
        return Check(ok=ok, detail=detail)

    return ask


async def never() -> Check:
    await asyncio.Event().wait()
    return Check(ok=True)


async def test_ready_when_every_probe_says_so() -> None:
    border = Border(health={"database": probe(ok=True), "slack": probe(ok=True, detail="2 sockets")})
    async with border.client() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": {"ok": True, "detail": ""}, "slack": {"ok": True, "detail": "2 sockets"}},
    }


async def test_not_ready_when_one_probe_fails_or_does_not_answer() -> None:
    border = Border(
        health={"database": never, "slack": probe(ok=False, detail="no socket"), "tick": probe(ok=True)},
        limits=Limits(check_within=timedelta(milliseconds=20)),
    )
    async with border.client() as client:
        answer = await client.get("/readyz")
        alive = await client.get("/livez")
    assert answer.status_code == 503
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == {
        "database": False,
        "slack": False,
        "tick": True,
    }
    assert answer.json()["checks"]["database"]["detail"] == "no answer in time"
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, Check(ok=False, detail="has not ticked yet")),
        (START, Check(ok=True, detail="ticked 0.0 s ago")),
        (START - timedelta(seconds=30), Check(ok=True, detail="ticked 30.0 s ago")),
        (START - timedelta(seconds=30, milliseconds=1), Check(ok=False, detail="ticked 30.0 s ago")),
    ],
)
async def test_a_loop_is_ready_while_its_last_tick_is_young(last: datetime | None, expected: Check) -> None:
    assert await ticks(lambda: last, clock=FakeClock(), at_most=timedelta(seconds=30))() == expected


async def test_metrics_show_deliveries_by_source_and_result_and_what_others_registered() -> None:
    border = Border()
    Gauge("muster_of_another_room", "For the test", registry=border.registry).set(7)
    async with border.client() as client:
        await client.post("/alerts/alertmanager", content=alertmanager.SAMPLE, headers=BEARER)
        answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'muster_deliveries_total{result="accepted",source="alertmanager"} 1.0' in answer.text
    assert 'muster_delivery_seconds_count{source="alertmanager"} 1.0' in answer.text
    assert "muster_of_another_room 7.0" in answer.text


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(now=lambda: START, level="WARNING", as_json=True, stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


async def test_a_failure_is_found_in_the_log_by_its_id_without_anybody_s_words(logged: io.StringIO) -> None:
    border = Border()
    border.shelf.troubles = [RuntimeError("somebody's words")]
    async with border.client() as client:
        answer = await client.post("/alerts/alertmanager", content=alertmanager.SAMPLE, headers=BEARER)
    (line,) = (json.loads(line) for line in logged.getvalue().splitlines())
    assert line["event"] == "request_failed"
    assert line["request_id"] == answer.json()["request_id"]
    assert line["error"] == ["RuntimeError"]
    assert "deposit" in line["at"][-1]
    assert "somebody" not in logged.getvalue()


@pytest.mark.parametrize(
    ("trouble", "event"),
    [(RuntimeError("of ours"), "request_failed"), (Overloaded("the queue is full"), "request_refused")],
)
@pytest.mark.parametrize("path", [f"/{TOKEN}", f"/{TOKEN}/", "/mistyped-secret", "/sec/ret"])
async def test_a_secret_in_the_path_is_neither_logged_nor_counted_nor_answered(
    trouble: Exception, event: str, path: str
) -> None:
    source = replace(SOURCES[ALERTMANAGER], authentication=(SECRET_PATH, TOKEN_WAY))
    border = Border(sources={ALERTMANAGER: source})
    border.shelf.troubles = [trouble]
    with structlog.testing.capture_logs() as logged:
        async with border.client() as client:
            answer = await client.post(f"/alerts/alertmanager{path}", content=alertmanager.SAMPLE)
            metrics = await client.get("/metrics")
    told = json.dumps(logged, default=repr) + answer.text + metrics.text
    assert not [secret for secret in (TOKEN, "mistyped", "ret/", "/sec") if secret in told]
    if TOKEN in path:
        assert (event in told, '"path": "/alerts/alertmanager/..."' in told) == (True, True)


async def test_neither_the_payload_nor_the_token_is_logged(logged: io.StringIO) -> None:
    border = Border()
    body = b'{"alerts": [{"labels": {"alertname": "CanaryAlert"}, "startsAt": "CanaryTime"}]}'
    async with border.client() as client:
        await client.post("/alerts/alertmanager", content=body, headers=BEARER)
        await client.post("/alerts/alertmanager", content=body, headers={"Authorization": "Bearer wrong-canary"})
    assert "delivery_quarantined" in logged.getvalue()
    assert "Canary" not in logged.getvalue()
    assert "wrong-canary" not in logged.getvalue()
    assert TOKEN not in logged.getvalue()


@for_all(
    path=st.sampled_from(["/alerts/alertmanager", "/alerts/nobody", "/slack/events"]),
    method=st.sampled_from(["POST", "GET", "DELETE"]),
    authorization=st.sampled_from([f"Bearer {TOKEN}", "Bearer x", "Basic eA=="])
    | st.text(st.characters(max_codepoint=255)),
    encoding=st.sampled_from(["identity", "gzip", ""]),
    body=st.binary(max_size=200)
    | st.sampled_from([alertmanager.SAMPLE[:200], b"[" * 100_000, b'{"alerts":[{"startsAt":"\\ud800"}]}']),
)
async def test_no_request_whatever_brings_the_border_down(
    path: str, method: str, authorization: str, encoding: str, body: bytes
) -> None:
    border = Border(slack=SlackSide())
    headers = {b"Authorization": authorization.encode("latin-1"), b"Content-Encoding": encoding.encode()}
    async with asyncio.timeout(1), border.client() as client:
        answer = await client.request(method, path, content=body, headers=headers)
    assert answer.status_code < 500
    assert not answer.is_redirect
    assert len(border.shelf.kept) == (answer.status_code == 202)
