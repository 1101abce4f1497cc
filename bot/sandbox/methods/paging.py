"""Cursors: opaque to the caller, an offset or a timestamp to us."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError

T = TypeVar("T")


def encode(text: str) -> str:
    """Return a cursor for a place."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode(cursor: str, prefix: str) -> str:
    """Return the place that a cursor stands for.

    Raises:
        SlackError: invalid_cursor.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, ValueError) as error:
        raise SlackError("invalid_cursor") from error
    if not text.startswith(prefix):
        raise SlackError("invalid_cursor")
    return text.removeprefix(prefix)


def page(items: Sequence[T], args: Args, *, default: int = 100, most: int = 1000) -> tuple[Sequence[T], str]:
    """Return one page of a list and the cursor of the next one ("" at the end).

    Raises:
        SlackError: invalid_limit, invalid_cursor.
    """
    limit = args.number("limit", default)
    if not 0 <= limit <= most:
        raise SlackError("invalid_limit")
    start = int(decode(cursor, "offset:")) if (cursor := args.text("cursor")) else 0
    end = start + (limit or default)
    return items[start:end], encode(f"offset:{end}") if end < len(items) else ""
