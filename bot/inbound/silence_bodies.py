"""Silences as JSON: what a client of the HTTP API asks for, and how it is shown one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final, TypeVar

from bot.domain.ids import UserId
from bot.domain.matchers import MOST_MATCHERS, Matcher, matchers_of
from bot.domain.muting import Silence
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.spans import span_of
from bot.domain.text import REASON_LIMIT
from bot.engine.silence_desk import API
from bot.errors import BadInput
from bot.inbound.payloads import as_line, as_moment
from bot.inbound.problems import Problem, fields_of

T = TypeVar("T")
AUTHOR_LIMIT: Final = 80
_LONGEST_SPAN: Final = 20
_SHOWN: Final = 10
_FIELDS: Final = ("author", "ends_at", "lasts", "matchers", "reason")


def silence_of(body: bytes) -> SilenceAlerts:
    """Read what is to be quiet, until when, who says so, and why.

    Raises:
        Problem: it cannot be read; each field that is wrong is told with what to write instead.
    """
    told, wrong = fields_of(body, _FIELDS)

    def read(field: str, reader: Callable[[object], T]) -> T | None:
        try:
            return reader(told.get(field))
        except (ValueError, BadInput) as error:
            wrong.append((field, str(error)))
            return None

    matchers, author, reason = read("matchers", _matchers), read("author", _author), read("reason", _reason)
    lasts = read("ends_at", _moment) if "ends_at" in told else read("lasts", _span)
    if "ends_at" in told and "lasts" in told:
        wrong.append(("lasts", "write either this or ends_at"))
    if wrong or matchers is None or author is None or reason is None or lasts is None:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The silence cannot be made as it is written.", wrong[:_SHOWN])
    return SilenceAlerts(matchers=matchers, lasts=lasts, by=UserId(author), reason=reason, origin=API)


def author_of(text: str) -> UserId:
    """Read who ends a silence.

    Raises:
        Problem: nobody is named.
    """
    try:
        return UserId(_author(text))
    except ValueError:
        detail = "Say who ends it: DELETE /api/silences/S-7?author=deploy-bot."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail) from None


def shown(silence: Silence, now: datetime) -> dict[str, object]:
    """Return a silence as a client sees it."""
    return {
        "id": silence.label,
        "state": "over" if silence.is_over(now) else "active" if silence.is_active(now) else "pending",
        "matchers": [str(matcher) for matcher in silence.matchers],
        "author": silence.by,
        "reason": silence.reason,
        "origin": silence.sender or silence.origin,
        "created_at": _text(silence.created_at),
        "starts_at": _text(silence.starts_at),
        "ends_at": _text(silence.ends_at),
        "ended_at": _text(silence.ended_at) if silence.ended_at else None,
        "ended_by": silence.ended_by,
    }


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _matchers(value: object) -> tuple[Matcher, ...]:
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(one, str) for one in listed):
        raise ValueError('write text such as "service=search, severity=~warning|info", or a list of such')
    found = tuple(matcher for one in listed[: MOST_MATCHERS + 1] for matcher in matchers_of(str(one)))
    if len(found) > MOST_MATCHERS:
        raise ValueError(f"more than {MOST_MATCHERS} matchers; write fewer, with =~ for several values of a label")
    return found


def _author(value: object) -> str:
    author = as_line(value, AUTHOR_LIMIT) if isinstance(value, str) else ""
    if not author:
        raise ValueError('write who says so, such as "deploy-bot" or a Slack user id')
    return author


def _reason(value: object) -> str:
    reason = as_line(value, REASON_LIMIT) if isinstance(value, str) else ""
    if not reason:
        raise ValueError("write why, so that whoever misses an alert knows")
    return reason


def _span(value: object) -> timedelta:
    found = span_of(value) if isinstance(value, str) and len(value) <= _LONGEST_SPAN else None
    if found is None:
        raise ValueError('write for how long, such as "4h" or "2d"; or ends_at, such as "2026-12-06T04:00:00Z"')
    return found


def _moment(value: object) -> datetime:
    found = as_moment(value, "this")
    if found is None:
        raise ValueError('no time; write such as "2026-12-06T04:00:00Z"')
    return found
