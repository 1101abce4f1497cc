"""`POST /alerts/{source}`: who may, what is kept, and what the sender is told."""

import base64
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import ReportedAlert
from bot.engine.deliveries import Delivery
from bot.errors import Overloaded
from bot.inbound.alerts import SOURCES, alertmanager
from bot.inbound.bodies import Limits
from tests.fakes.clock import START
from tests.inbound.border import ALERTMANAGER, BEARER, NEXT_TOKEN, TOKEN, Border

PATH = "/alerts/alertmanager"
SAMPLE = alertmanager.SAMPLE


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "authorization",
    [
        f"Bearer {TOKEN}",
        f"bearer  {TOKEN} ",
        f"Bearer {NEXT_TOKEN}",
        basic("", TOKEN),
        basic("alertmanager", TOKEN),
        basic("alertmanager", NEXT_TOKEN),
    ],
)
async def test_who_knows_a_token_may_hand_in_and_it_is_kept_byte_for_byte(authorization: str) -> None:
    border = Border()
    async with border.client() as client:
        answer = await client.post(PATH, content=SAMPLE, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2})
    assert border.shelf.kept == [Delivery(source=ALERTMANAGER, received_at=START, body=SAMPLE)]
    assert border.shelf.told == [SOURCES[ALERTMANAGER].reader("default")(SAMPLE)]


STRANGERS = [
    None,
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    f"Bearer {TOKEN}x",
    f"Bearer {TOKEN[:-1]}",
    f"Bearer {TOKEN.upper()}",
    f"Bearer {TOKEN} {TOKEN}",
    TOKEN,
    f"Digest {TOKEN}",
    basic("x", "wrong"),
    basic(TOKEN, ""),
    f"Basic {TOKEN}",
    "Basic ====",
    "Basic \u00e9",
    "Bearer \u00e9\u00ff",
]


@pytest.mark.parametrize("authorization", STRANGERS)
async def test_a_stranger_is_refused_unread_and_nothing_is_kept(authorization: str | None) -> None:
    async def body() -> AsyncIterator[bytes]:
        read.append(authorization)
        yield SAMPLE

    read: list[str | None] = []
    border = Border()
    headers = {} if authorization is None else {b"Authorization": authorization.encode("latin-1")}
    async with border.client() as client:
        answer = await client.post(PATH, content=body(), headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorised"})
    assert answer.headers["www-authenticate"] == 'Bearer realm="alerts"'
    assert (read, border.shelf.kept) == ([], [])
    assert border.counted("alertmanager", "unauthorised") == 1


@pytest.mark.parametrize("secrets", [None, (), ("",)])
@pytest.mark.parametrize("authorization", [None, "Bearer ", f"Bearer {TOKEN}", basic("", "")])
async def test_a_source_that_is_off_answers_like_to_a_wrong_token(
    secrets: tuple[str, ...] | None, authorization: str | None
) -> None:
    border = Border(tokens={} if secrets is None else {ALERTMANAGER: secrets})
    headers = {} if authorization is None else {"Authorization": authorization}
    async with border.client() as client:
        answer = await client.post(PATH, content=SAMPLE, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorised"})
    assert border.shelf.kept == []


@pytest.mark.parametrize(
    "path", ["/alerts/nagios", "/alerts/email", "/alerts/Alertmanager", "/alerts/%00", "/alerts/alertmanager%20"]
)
async def test_an_unknown_source_is_told_which_there_are(path: str) -> None:
    border = Border()
    async with border.client() as client:
        answer = await client.post(path, content=SAMPLE, headers=BEARER)
    assert answer.status_code == 404
    assert answer.json() == {"error": "there is no such alert source", "sources": sorted(set(SOURCES) - {"email"})}
    assert border.shelf.kept == []
    assert border.counted("unknown", "unknown_source") == 1  # and no label that a stranger chose


@pytest.mark.parametrize("path", [PATH, PATH + "/"])
async def test_a_slash_at_the_end_loses_no_alert(path: str) -> None:
    border = Border()
    async with border.client() as client:
        assert (await client.post(path, content=SAMPLE, headers=BEARER)).status_code == 202
    assert len(border.shelf.kept) == 1


@pytest.mark.parametrize(
    "path", ["/", "/alerts", "/alerts/", "/alerts//alertmanager", PATH + "//", "/slack/events/", "/docs"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
async def test_nothing_is_ever_redirected(path: str, method: str) -> None:
    async with Border().client() as client:
        answer = await client.request(method, path, headers=BEARER)
    assert answer.status_code in {404, 405}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_only_post_hands_in(method: str) -> None:
    border = Border()
    async with border.client() as client:
        answer = await client.request(method, PATH, headers=BEARER)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert border.shelf.kept == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the body is empty"),
        (b"not json", "the body is not JSON (line 1, column 1)"),
        (b'{"version": "4"}', "`alerts` is missing, not a list"),
        (b"[" * 100_000, "the JSON is nested too deeply"),
        (b"\xff\x00", "the body is not JSON (line 1, column 1)"),
    ],
)
async def test_what_is_not_understood_is_kept_in_quarantine(body: bytes, reason: str) -> None:
    border = Border()
    async with border.client() as client:
        answer = await client.post(PATH, content=body, headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"quarantined": reason})
    assert border.shelf.kept == [Delivery(source=ALERTMANAGER, received_at=START, body=body, fault=reason)]
    assert border.counted("alertmanager", "quarantined") == 1


async def test_of_a_group_that_is_half_understood_that_half_is_accepted_and_the_whole_is_quarantined() -> None:
    payload = json.loads(SAMPLE)
    payload["alerts"].append({"labels": {"alertname": "Undated"}})
    body = json.dumps(payload).encode()
    border = Border()
    async with border.client() as client:
        answer = await client.post(PATH, content=body, headers=BEARER)
    reason = "1 of 3 not read: alerts[2]: startsAt is missing"
    assert (answer.status_code, answer.json()) == (202, {"accepted": 2, "quarantined": reason})
    assert [(kept.body, kept.fault, kept.partly) for kept in border.shelf.kept] == [(body, reason, True)]


@pytest.mark.parametrize("size", [0, 100_000])
async def test_a_fault_in_our_own_reader_costs_no_alert(size: int) -> None:
    def stumble(body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        raise KeyError("somebody's words")

    body = SAMPLE + b" " * size  # a small body is read at once, a large one in a thread
    border = Border(sources={ALERTMANAGER: replace(SOURCES[ALERTMANAGER], parse=stumble)})
    async with border.client() as client:
        answer = await client.post(PATH, content=body, headers=BEARER)
    assert (answer.status_code, answer.json()) == (202, {"quarantined": "our reader of alertmanager failed (KeyError)"})
    assert [kept.body for kept in border.shelf.kept] == [body]


async def test_a_compressed_body_is_refused() -> None:
    border = Border()
    async with border.client() as client:
        answer = await client.post(PATH, content=b"\x1f\x8b", headers={**BEARER, "Content-Encoding": "gzip"})
        plain = await client.post(PATH, content=SAMPLE, headers={**BEARER, "Content-Encoding": "Identity"})
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"
    assert plain.status_code == 202
    assert len(border.shelf.kept) == 1


async def test_a_body_up_to_4_mib_is_kept_and_a_larger_one_refused() -> None:
    border = Border()
    largest = SAMPLE + b" " * (4 * 1024 * 1024 - len(SAMPLE))

    async def in_chunks() -> AsyncIterator[bytes]:
        yield largest
        yield b" "

    async with border.client() as client:
        kept = await client.post(PATH, content=largest, headers=BEARER)
        declared = await client.post(PATH, content=largest + b" ", headers=BEARER)
        chunked = await client.post(PATH, content=in_chunks(), headers=BEARER)
    assert (kept.status_code, kept.json()) == (202, {"accepted": 2})
    assert (declared.status_code, chunked.status_code) == (413, 413)
    assert len(border.shelf.kept) == 1
    assert border.counted("alertmanager", "too_large") == 2


async def test_1000_alerts_in_one_body_are_accepted() -> None:
    payload = json.loads(SAMPLE)
    payload["alerts"] *= 500
    border = Border()
    async with border.client() as client:
        answer = await client.post(PATH, content=json.dumps(payload), headers=BEARER)
    assert answer.json() == {"accepted": 1000}


@pytest.mark.parametrize(
    ("after", "header"), [(timedelta(seconds=2), "2"), (timedelta(milliseconds=1_200), "2"), (timedelta(), "1")]
)
@pytest.mark.parametrize("body", [SAMPLE, b"not understood"])
async def test_what_cannot_be_kept_now_is_sent_again_by_its_sender(body: bytes, after: timedelta, header: str) -> None:
    border = Border()
    border.shelf.troubles = [Overloaded("the queue is full", after=after)]
    async with border.client() as client:
        refused = await client.post(PATH, content=body, headers=BEARER)
        again = await client.post(PATH, content=body, headers=BEARER)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, header)
    assert again.status_code == 202
    assert len(border.shelf.kept) == 1
    assert border.counted("alertmanager", "overloaded") == 1


async def test_more_bodies_at_once_than_the_memory_bears_are_503_and_later_ones_are_taken() -> None:
    border = Border(limits=Limits(bodies_at_once=len(SAMPLE)))
    async with border.client() as client:
        refused = await client.post(PATH, content=SAMPLE + b" ", headers=BEARER)
        taken = await client.post(PATH, content=SAMPLE, headers=BEARER)
    assert (refused.status_code, taken.status_code) == (503, 202)


async def test_what_nobody_foresaw_is_500_with_an_id_and_not_a_word_more() -> None:
    border = Border()
    border.shelf.troubles = [RuntimeError("the password is hunter2")]
    async with border.client() as client:
        answer = await client.post(PATH, content=SAMPLE, headers=BEARER)
    assert (answer.status_code, answer.json()) == (500, {"error": "internal error", "request_id": "000000000001"})
    assert border.counted("alertmanager", "failed") == 1
