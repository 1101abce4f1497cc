"""Cursors: opaque to the caller, an offset or a timestamp to us."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Obj

T = TypeVar("T")


def encode(text: str) -> str:
    """Return a cursor for a place."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode(cursor: str, prefix: str, *, broken: str = "invalid_cursor") -> str:
    """Return the place that a cursor stands for.

    Raises:
        SlackError: `broken` for one that we did not make.
    """
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (binascii.Error, ValueError) as error:
        raise SlackError(broken) from error
    if not text.startswith(prefix):
        raise SlackError(broken)
    return text.removeprefix(prefix)


def page(
    items: Sequence[T],
    args: Args,
    *,
    default: int = 100,
    most: int = 1000,
    refusal: str = "invalid_limit",
    broken: str = "invalid_cursor",
) -> tuple[Sequence[T], str]:
    """Return one page of a list and the cursor of the next one ("" at the end).

    Raises:
        SlackError: the `refusal` for a limit out of bounds, `broken` for a cursor that is none.
    """
    limit = args.number("limit", default)
    if not 0 <= limit <= most:
        raise SlackError(refusal)
    start = _offset(cursor, broken=broken) if (cursor := args.text("cursor")) else 0
    end = start + (limit or default)
    return items[start:end], encode(f"offset:{end}") if end < len(items) else ""


def _offset(cursor: str, *, broken: str) -> int:
    place = decode(cursor, "offset:", broken=broken)
    if not place.isdigit():
        raise SlackError(broken)
    return int(place)


def numbered(items: Sequence[T], args: Args, *, default: int = 100, most: int = 1000) -> tuple[Sequence[T], Obj]:
    """Return one page of a list by `page` and `count`, as older methods do, with Slack's `paging` object."""
    count = min(max(args.number("count", default), 1), most)
    pages = max(1, -(-len(items) // count))
    at = min(max(args.number("page", 1), 1), pages)
    shown = items[(at - 1) * count : at * count]
    return shown, {"count": count, "total": len(items), "page": at, "pages": pages}
