"""The only builder of messages: it takes text (`str`, shown literally) or markup (`Safe`), and keeps Slack's limits.

Content that is text becomes a plain_text object, in which nothing is live; markup becomes mrkdwn with `verbatim`,
so that Slack makes nothing live that we did not. Limits: https://docs.slack.dev/reference/block-kit/blocks and
slack_sdk's models; of a message's text we use 3,900 of the 4,000 that chat.update takes.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.domain.text import clean, cut, one_line
from bot.views.actions import Action
from bot.views.markup import (
    EMPTY,
    Moment,
    Safe,
    bold,
    channel_link,
    clip,
    code,
    date,
    escape,
    host,
    italic,
    joined,
    line,
    lines,
    link,
    mention,
    prose,
    shown,
    utc,
    web_address,
)

__all__ = [
    "EMPTY", "Block", "Message", "Moment", "Safe", "actions", "bold", "button", "channel_link", "checklist", "clip",
    "code", "context", "date", "divider", "escape", "fields", "header", "host", "image", "italic", "joined", "line",
    "lines", "link", "link_button", "mention", "menu", "message", "overflow", "people_menu", "plain_text", "prose",
    "section", "sections", "shown", "utc", "web_address",
]  # fmt: skip

Block = dict[str, object]

TEXT_LIMIT: Final = 3900
SECTION_LIMIT: Final = 3000
ROWS: Final = 10
ALT_LIMIT: Final = 2000
FIELD_LIMIT: Final = 2000
FIELDS: Final = 10
HEADER_LIMIT: Final = 150
BUTTON_LIMIT: Final = 75
VALUE_LIMIT: Final = 2000
BUTTONS: Final = 25
OVERFLOW: Final = 5
OPTIONS: Final = 100
BOXES: Final = 10
BLOCKS: Final = 50


@dataclass(frozen=True, slots=True)
class Message:
    """A message to post: `blocks` for those who see it, `text` for screen readers and notifications."""

    text: str
    blocks: tuple[Block, ...]


def message(text: str, *blocks: Block | None) -> Message:
    """Build a message of those blocks that are there.

    The blocks' ids change whenever anything in the message does: a press on an outdated copy can be recognised.
    """
    here = [dict(block) for block in blocks if block is not None][:BLOCKS]
    fallback = shown(text, TEXT_LIMIT) or "-"
    revision = hashlib.sha256(json.dumps([fallback, here], sort_keys=True).encode()).hexdigest()[:12]
    return Message(str(fallback), tuple({**block, "block_id": f"{revision}.{at}"} for at, block in enumerate(here)))


def plain_text(text: str, limit: int) -> Block:
    """Return a plain_text object, in which nothing is live."""
    return {"type": "plain_text", "text": cut(clean(text).strip(), limit) or "-", "emoji": False}


def _text(content: str, limit: int) -> Block:
    if isinstance(content, Safe) and content.strip():
        return {"type": "mrkdwn", "text": str(clip(content, limit)), "verbatim": True}
    return plain_text(content, limit)


def header(text: str) -> Block:
    """Return a heading: plain text on one line."""
    return {"type": "header", "text": plain_text(one_line(text), HEADER_LIMIT)}


def section(content: str, accessory: Block | None = None) -> Block:
    """Return a paragraph, with a button beside it where there is one."""
    beside: Block = {"accessory": accessory} if accessory else {}
    return {"type": "section", "text": _text(content, SECTION_LIMIT), **beside}


def sections(rows: Iterable[str | None]) -> list[Block]:
    """Return those lines that are there in as many paragraphs as they need, so that none costs another its place."""
    parts: list[list[Safe]] = []
    room = 0
    for row in filter(None, (shown(row, SECTION_LIMIT) for row in rows if row)):
        if len(row) > room or len(parts[-1]) == ROWS:
            parts.append([])
            room = SECTION_LIMIT
        parts[-1].append(row)
        room -= len(row) + 1
    return [section(lines(*part)) for part in parts]


def fields(pairs: Iterable[tuple[str, str]]) -> Block | None:
    """Return at most ten named values in two columns."""
    shown_pairs = [
        {
            "type": "mrkdwn",
            "text": str(clip(lines(bold(name), value), FIELD_LIMIT)) or "-",
            "verbatim": True,
        }
        for name, value in pairs
    ][:FIELDS]
    return {"type": "section", "fields": shown_pairs} if shown_pairs else None


def context(*parts: str | None) -> Block | None:
    """Return a line of small print, its parts joined by a middle dot."""
    content = joined(" · ", parts)
    return {"type": "context", "elements": [_text(content, SECTION_LIMIT)]} if content else None


def divider() -> Block:
    """Return a line across."""
    return {"type": "divider"}


def image(address: str, spoken: str) -> Block:
    """Return a picture, and what a screen reader says in its place; `address` was made by `web_address`."""
    return {"type": "image", "image_url": address, "alt_text": cut(one_line(clean(spoken)), ALT_LIMIT) or "-"}


def actions(*elements: Block | None) -> Block | None:
    """Return a row of those buttons that are there."""
    here = [element for element in elements if element is not None][:BUTTONS]
    return {"type": "actions", "elements": here} if here else None


def button(
    label: str,
    action: Action,
    value: str = "",
    *,
    url: str | None = None,
    style: Literal["primary", "danger"] | None = None,
    spoken: str = "",
    behind: str = "",
) -> Block:
    """Return a button; `spoken` is what a screen reader says in the label's place (at most 75 characters).

    `behind` stands behind the action's name: what the button is a part of.
    """
    made: Block = {
        "type": "button",
        "action_id": _name(action, behind),
        "text": plain_text(label, BUTTON_LIMIT),
        **({"value": value[:VALUE_LIMIT]} if value else {}),
        **({"style": style} if style else {}),
        **({"accessibility_label": cut(one_line(clean(spoken)), BUTTON_LIMIT)} if spoken else {}),
    }
    return made if url is None else {**made, "url": url}


def people_menu(label: str, action: Action, value: str) -> Block:
    """Return a menu of the people in the workspace; it has no place for a value, so the action's name carries it."""
    return {"type": "users_select", "action_id": _name(action, value), "placeholder": plain_text(label, BUTTON_LIMIT)}


def overflow(action: Action, choices: Iterable[tuple[str, str]]) -> Block:
    """Return the menu behind three dots: at most five choices, each with the value that choosing it sends."""
    options = [{"text": plain_text(label, BUTTON_LIMIT), "value": value} for label, value in choices][:OVERFLOW]
    return {"type": "overflow", "action_id": action.value, "options": options}


def menu(label: str, action: Action, choices: Sequence[tuple[str, str]], *, behind: str = "") -> Block:
    """Return a menu of at most a hundred choices, each with the value that choosing it sends; `behind` as above."""
    options = [
        {"text": plain_text(shown_as, BUTTON_LIMIT), "value": value[:VALUE_LIMIT]}
        for shown_as, value in choices[:OPTIONS]
    ]
    return {
        "type": "static_select",
        "action_id": _name(action, behind),
        "placeholder": plain_text(label, BUTTON_LIMIT),
        "options": options,
    }


def checklist(action: Action, choices: Sequence[str], done: Sequence[int], *, behind: str) -> Block:
    """Return boxes to tick, at most ten, each with its number as the value that ticking it sends."""
    options = [{**_two_lines(one), "value": str(at)} for at, one in enumerate(choices[:BOXES])]
    ticked = [option for at, option in enumerate(options) if at in done]
    return {
        "type": "checkboxes",
        "action_id": _name(action, behind),
        "options": options,
        **({"initial_options": ticked} if ticked else {}),
    }


def _two_lines(text: str) -> Block:
    """Return an option's text; what is too long for it goes on in the line below."""
    words = one_line(text)
    if len(words) <= BUTTON_LIMIT:
        return {"text": plain_text(words, BUTTON_LIMIT)}
    at = words.rfind(" ", 1, BUTTON_LIMIT + 1)
    first = words[: at if at > 0 else BUTTON_LIMIT]
    rest = plain_text(words[len(first) :].strip(), BUTTON_LIMIT)
    return {"text": plain_text(first, BUTTON_LIMIT), "description": rest}


def link_button(label: str, action: Action, url: str | None, *, spoken: str = "", behind: str = "") -> Block | None:
    """Return a button that opens an address, or None when the address may not be followed."""
    address = web_address(url)
    return button(label, action, url=address, spoken=spoken, behind=behind) if address else None


def _name(action: Action, behind: str) -> str:
    return f"{action.value}:{behind}" if behind else action.value
