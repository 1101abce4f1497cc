"""Logs for operators: key-value events, JSON in production, colours on a terminal; no secret and no payload's text.

Everything goes one way, the standard library's loggers too (uvicorn, slack_sdk, alembic): through `Redact`, then out.
Code says `structlog.stdlib.get_logger(__name__)` and logs constant names and values: `info("effect_done", kind=…)`.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED: Final = "[redacted]"

# Names whose values are secret whatever they look like. Anchored on the last word: `token_count` is none.
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_.-])(?:tokens?|secrets?|password|passwd|authorization|api_?key|routing_?key|integration_?key|cookie|dsn)$",
    re.IGNORECASE,
)
_SECRETS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Slack's tokens, with rotation's: https://docs.slack.dev/authentication/tokens
        (r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[A-Za-z0-9-]{6,}", REDACTED),
        (r"(https://hooks\.slack(?:-gov)?\.com/)[^\s\"'<>]+", rf"\1{REDACTED}"),
        # Headers: Bearer, Basic, and PagerDuty's `Token token=…`
        (r"(?i)\b(bearer|basic)[ ]+[A-Za-z0-9._~+/=-]{6,}", rf"\1 {REDACTED}"),
        (r"(?i)\b(token)[ ]*[=:][ ]*[\"']?[^\s\"'&,;)}]{6,}", rf"\1={REDACTED}"),
        # PagerDuty: REST keys are 20 characters, mostly with + or _ second; routing keys 32 (hexadecimal of old)
        (r"(?<![A-Za-z0-9_+-])[A-Za-z][+_][A-Za-z0-9_-]{18}(?![A-Za-z0-9_+-])", REDACTED),
        (r"(?<![A-Za-z0-9])(?:[0-9a-f]{32}|R[0-9A-Z]{31})(?![A-Za-z0-9])", REDACTED),
        # URLs: who logs in, and what a query must not show (Socket Mode's ticket among it)
        (r"\b([a-z][a-z0-9+.-]{1,30}://)[^\s/@\"'<>]+@", rf"\1{REDACTED}@"),
        (
            r"(?i)([?&](?:[a-z_-]{0,20}(?:token|secret|key|password|signature)|ticket|code|sig|auth|pass)=)[^&\s\"'<>#]+",
            rf"\1{REDACTED}",
        ),
    )
)
_LONGEST: Final = 2_000
_DEEPEST: Final = 6
# They write whole requests at DEBUG, and a request is somebody's text.
_NEVER_DEBUG: Final = ("slack_sdk", "slack_bolt", "aiohttp", "aiosqlite", "asyncio", "pdpyras", "urllib3")
# What they tell at INFO is too much: every statement with its values (people's words again), every tick twice, every
# request (which /metrics counts).
_ONLY_WARNINGS: Final = ("sqlalchemy", "alembic", "apscheduler", "uvicorn.access")
# Their own handlers would write past us. What uvicorn's access log says is counted in /metrics.
_OWN_HANDLERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "sqlalchemy", "apscheduler")


class Redact:
    """The one processor that takes secrets out: by their looks, by their names, and those that are known by heart."""

    def __init__(self, known: Collection[str] = ()) -> None:
        # The longest first: one secret may begin with another.
        words = sorted((re.escape(secret) for secret in known if len(secret) >= 6), key=len, reverse=True)  # noqa: PLR2004
        self._known = re.compile("|".join(words)) if words else None

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """Return the event without secrets, every text in it cut to a sane length."""
        return {self.text(str(name)): self._value(str(name), value, _DEEPEST) for name, value in event.items()}

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        text = text[: _LONGEST * 4]
        if self._known:
            text = self._known.sub(REDACTED, text)
        for pattern, replacement in _SECRETS:
            text = pattern.sub(replacement, text)
        return text

    def _value(self, name: str, value: object, depth: int) -> object:
        if _SECRET_NAME.search(name) and not isinstance(value, bool | int | None):
            return REDACTED
        match value:
            case None | bool() | int() | float():
                return value
            case bytes() | bytearray() | memoryview():
                return f"<{len(value)} bytes>"  # a body or a key; neither belongs here
            case Mapping() if depth:
                return {self.text(str(key)): self._value(str(key), item, depth - 1) for key, item in value.items()}
            case list() | tuple() | set() | frozenset() if depth:
                return [self._value(name, item, depth - 1) for item in value]
            case _:
                return self.text(str(value))[:_LONGEST]


def configure(
    *,
    now: Callable[[], datetime],
    level: str = "INFO",
    as_json: bool | None = None,
    secrets: Collection[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set logging up, once, before anything logs. Calling it again replaces what was set.

    Args:
        now: the clock's.
        level: the lowest level that is written; MUSTER_LOG_LEVEL overrides it.
        as_json: one JSON object a line, or for people; None asks MUSTER_LOG_FORMAT (json, console), else whether
            `stream` is a terminal.
        secrets: texts that are never written, whatever they look like (all of the settings' secrets).
        stream: where to; standard error when None.
    """
    out = stream or sys.stderr
    level = os.environ.get("MUSTER_LOG_LEVEL", level).upper()
    if level not in logging.getLevelNamesMapping():
        level = "INFO"
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _stamp(now),
    ]
    handler = logging.StreamHandler(out)
    after: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        tell_exception,
        Redact(secrets),
        _renderer(out, as_json=as_json),
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _tame(level)
    logging.captureWarnings(capture=True)


def tell_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by its types and places.

    The message stays only where we wrote it or the operating system did: a database driver's, for one, repeats the
    values of the statement, and those are people's words.
    """
    found = event.pop("exc_info", None)
    error = found if isinstance(found, BaseException) else found[1] if isinstance(found, tuple) else None
    if found is True:
        error = sys.exc_info()[1]
    if error is None:
        return event
    event["error"] = [_told(link) for link in _chain(error)]
    event["at"] = [
        f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"  # noqa: PTH119 - a name, no file is touched
        for frame in traceback.extract_tb(error.__traceback__)[-12:]
    ]
    return event


def _told(error: BaseException) -> str:
    kind = type(error)
    ours = kind.__module__ == "bot.errors" or any(base.__module__ == "bot.errors" for base in kind.__mro__)
    return f"{kind.__name__}: {error}" if ours or isinstance(error, OSError) else kind.__name__


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links and len(links) < 8:  # noqa: PLR2004 - more tells nobody anything
        links.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return links


def _stamp(now: Callable[[], datetime]) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["time"] = now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return event

    return stamp


def _renderer(out: TextIO, *, as_json: bool | None) -> Processor:
    if as_json is None:
        asked = os.environ.get("MUSTER_LOG_FORMAT", "").lower()
        as_json = asked == "json" if asked in {"json", "console"} else not out.isatty()
    if as_json:
        return structlog.processors.JSONRenderer(default=str, ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="time")


def _tame(level: str) -> None:
    for name in _OWN_HANDLERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in _ONLY_WARNINGS:
        logging.getLogger(name).setLevel(logging.WARNING)
    lowest = max(logging.INFO, logging.getLevelNamesMapping()[level])
    for name in _NEVER_DEBUG:
        logging.getLogger(name).setLevel(lowest)
