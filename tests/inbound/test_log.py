"""Logs: what may stand in them, and above all what may not."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog
from sqlalchemy import text

from bot import log
from bot.errors import Overloaded
from bot.store.database import Database

NOW = datetime(2026, 3, 2, 9, 14, 27, 512_000, tzinfo=UTC)
KNOWN = "correct-horse-battery"

# What is written, and the part of it that must never be.
CANARIES = [
    pytest.param("using xoxb-1111111111-2222222222-CanaryCanaryCanary", "CanaryCanary", id="bot token"),
    pytest.param("user xoxp-1111-2222-3333-CanaryCanary now", "CanaryCanary", id="user token"),
    pytest.param("xoxe.xoxp-1-Mi0yLUNhbmFyeUNhbmFyeQ", "Mi0yLUNhbmFyeUNhbmFyeQ", id="rotated token"),
    pytest.param("xoxe-1-Mi0yLUNhbmFyeUNhbmFyeQ", "Mi0yLUNhbmFyeUNhbmFyeQ", id="refresh token"),
    pytest.param("level xapp-1-A0CANARY-333-canarycanary", "CANARY", id="app token"),
    pytest.param("Authorization: Bearer canary.canary-canary", "canary.canary", id="bearer header"),
    pytest.param("authorization: basic Y2FuYXJ5OmNhbmFyeQ==", "Y2FuYXJ5", id="basic header"),
    pytest.param("Token token=y_CanaryCanaryCanary1", "CanaryCanary", id="PagerDuty header"),
    pytest.param("key u+CanaryCanaryCanary", "CanaryCanary", id="PagerDuty REST key"),
    pytest.param("routing 0123456789abcdef0123456789abcdef", "89abcdef", id="PagerDuty routing key"),
    pytest.param("routing R0CANARYCANARYCANARYCANARYCANARY", "CANARYCANARY", id="PagerDuty routing key, newer"),
    pytest.param("postgresql+asyncpg://muster:canary@db/muster", "canary", id="URL with a password"),
    pytest.param("https://canary@example.com/x", "canary", id="URL with a user"),
    pytest.param("GET /alerts?token=canary&x=1", "canary", id="token in a query"),
    pytest.param("https://x.example/?a=1&api_key=canary", "canary", id="key in a query"),
    pytest.param("wss://wss-primary.slack.com/link/?ticket=canary&app_id=9", "canary", id="Socket Mode's ticket"),
    pytest.param("https://hooks.slack.com/services/T0/B0/canary", "canary", id="incoming webhook"),
    pytest.param("https://hooks.slack.com/actions/T0/1/canary", "canary", id="response URL"),
    pytest.param(f"it is {KNOWN}!", KNOWN, id="known by heart"),
]


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Logging set up as in production, into a string; and as it was afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(now=lambda: NOW, as_json=True, secrets=[KNOWN], stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(("text", "canary"), CANARIES)
def test_no_secret_is_written_wherever_it_stands(out: io.StringIO, text: str, canary: str) -> None:
    logger = structlog.stdlib.get_logger("test")
    logger.info("as_a_value", value=text)
    logger.info(text)
    logger.info("nested", value={"list": [text, {text: text}]})
    logger.info("tuple", value=(text,))
    logger.warning("failed", exc_info=OSError(text))
    structlog.contextvars.bind_contextvars(bound=text)
    logger.info("bound")
    logging.getLogger("slack_sdk.web").warning("sent %s", text)
    logging.getLogger("uvicorn.error").error("failed", exc_info=OSError(text))

    assert len(lines(out)) == 8
    assert canary not in out.getvalue()
    assert log.REDACTED in out.getvalue()


@pytest.mark.parametrize(
    "name", ["token", "slack_bot_token", "signing_secret", "password", "Authorization", "api_key", "routing_key", "dsn"]
)
def test_what_is_named_a_secret_is_one(out: io.StringIO, name: str) -> None:
    structlog.stdlib.get_logger("test").info("settings", **{name: "plain words"}, settings={name: ["plain words"]})
    assert "plain words" not in out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "INC-42 checkout is down",
        "effect slack.refresh_card in lane incident:42",
        "https://prometheus.example.com/graph?g0.expr=up",
        "2026-03-02T09:14:27.512Z",
        "fingerprint 7d1c03e9a45b6f28",
    ],
)
def test_what_is_no_secret_stays(out: io.StringIO, text: str) -> None:
    structlog.stdlib.get_logger("test").info("said", text=text, token_count=3)
    assert lines(out)[0]["text"] == text
    assert lines(out)[0]["token_count"] == 3


def test_an_event_is_one_json_object_with_time_level_logger_and_context(out: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(incident=42):
        structlog.stdlib.get_logger("bot.engine").info("effect_performed", kind="slack.post")
    assert lines(out) == [
        {
            "event": "effect_performed",
            "kind": "slack.post",
            "incident": 42,
            "logger": "bot.engine",
            "level": "info",
            "time": "2026-03-02T09:14:27.512Z",
        }
    ]


def test_a_foreign_error_tells_its_type_and_place_but_not_its_words(out: io.StringIO) -> None:
    try:
        {}["somebody's words"]  # type: ignore[index]
    except KeyError as error:
        structlog.stdlib.get_logger("test").error("failed", exc_info=error)
        logging.getLogger("uvicorn.error").exception("failed")
        structlog.stdlib.get_logger("test").exception("failed")
    assert "somebody" not in out.getvalue()
    for line in lines(out):
        assert line["error"] == ["KeyError"]
        assert "test_a_foreign_error" in str(line["at"])


def test_our_own_error_tells_its_words_and_its_cause(out: io.StringIO) -> None:
    error = Overloaded("the queue is full")
    error.__cause__ = ConnectionResetError("reset by peer")
    structlog.stdlib.get_logger("test").error("failed", exc_info=error)
    assert lines(out)[0]["error"] == ["Overloaded: the queue is full", "ConnectionResetError: reset by peer"]


def test_bytes_are_counted_not_written(out: io.StringIO) -> None:
    structlog.stdlib.get_logger("test").info("kept", body=b"somebody's words")
    assert lines(out)[0]["body"] == "<16 bytes>"


def test_libraries_that_write_whole_requests_at_debug_are_never_asked_to(out: io.StringIO) -> None:
    log.configure(now=lambda: NOW, level="DEBUG", as_json=True, stream=out)
    logging.getLogger("slack_sdk.web.async_client").debug("Sending a request - body: somebody's words")
    logging.getLogger("slack_bolt.AsyncApp").debug("somebody's words")
    logging.getLogger("bot.engine").debug("tick")
    assert [line["event"] for line in lines(out)] == ["tick"]


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_no_statement_to_the_database_is_written(out: io.StringIO, level: str) -> None:
    log.configure(now=lambda: NOW, level=level, as_json=True, stream=out)
    database = Database("sqlite+aiosqlite://", durable=False)
    async with database.transaction() as connection:
        await connection.execute(text("SELECT :words"), {"words": "somebody's words"})
    await database.close()
    assert "words" not in out.getvalue()


def test_for_people_it_is_one_line_of_words(out: io.StringIO) -> None:
    log.configure(now=lambda: NOW, as_json=False, stream=out)
    structlog.stdlib.get_logger("test").info("effect_performed", kind="slack.post")
    assert "effect_performed" in out.getvalue()
    assert "kind=slack.post" in out.getvalue()
    assert "\x1b" not in out.getvalue()  # no colours: nobody is looking


def test_an_endless_text_is_cut(out: io.StringIO) -> None:
    structlog.stdlib.get_logger("test").info("said", text="x" * 100_000)
    assert len(out.getvalue()) < 3_000
