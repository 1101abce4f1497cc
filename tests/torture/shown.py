"""What is wrong with what people would see: somebody called who is not meant, a lying link, what Slack would refuse."""

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from bot.views.blocks import Block, Message, web_address
from tests.views.limits import check, check_form, check_home, texts
from tests.views.reader import decode, read

Shown = Message | Block | str

LIVE: Final = re.compile(r"@U0(?:ANA|BO|CLEO)|#C0INC42|!date\^\d+\^[^|^]*\|[^|]*")
UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
ADDRESS: Final = re.compile(r"(?:https?://)([^\s/?#<>|]+)", re.IGNORECASE)


def faults(shown: Shown) -> Iterator[str]:
    """Yield what is wrong with what people would see."""
    match shown:
        case Message():
            yield from _refused(lambda: check(shown))
            marked = [shown.text, *(str(one["text"]) for one in texts(shown.blocks) if one["type"] == "mrkdwn")]
            plain = [str(one["text"]) for one in texts(shown.blocks) if one["type"] == "plain_text"]
            plain += [str(one["alt_text"]) for one in shown.blocks if one["type"] == "image"]
        case str():
            marked, plain = [shown], []
        case _:
            yield from _refused(lambda: (check_home if shown["type"] == "home" else check_form)(shown))
            marked = [str(one["text"]) for one in texts(shown) if one["type"] == "mrkdwn"]
            plain = [str(one["text"]) for one in texts(shown) if one["type"] == "plain_text"]
    for source in marked:
        yield from (fault for control in read(source).controls for fault in _of_control(control))
    for source in (*marked, *plain):
        if found := UNSEEN.search(source):
            yield f"a control character {found.group()!r}"


def _of_control(control: str) -> Iterator[str]:
    if LIVE.fullmatch(control):
        return
    target, _, label = (decode(part) for part in control.partition("|"))
    if web_address(target) != target:
        yield f"live: <{control}>"
        return
    # The first address that a label shows; a second one may stand in the path of the first.
    named = ADDRESS.search(label)
    # A dot at its end makes no other host of it.
    if named and named[1].lower().rstrip(".,;:!?') ") != urlsplit(target).netloc.lower().rstrip("."):
        yield f"a link to {urlsplit(target).netloc} that says {named[1]}"


def _refused(look: Callable[[], None]) -> Iterator[str]:
    try:
        look()
    except AssertionError as error:
        yield f"Slack would refuse it: {error}"
