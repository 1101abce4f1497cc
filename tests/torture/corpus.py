"""Examples of everything that is read from outside, and variations of them from a seed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bot.inbound.alerts import SOURCES
from tests.inbound.slack.front import US
from tests.torture.steady import Dice

FIXTURES: Final = Path(__file__).parent.parent / "inbound" / "alerts"
EXAMPLE: Final = Path(__file__).parent.parent.parent / "muster.example.yaml"
LONGEST: Final = 4096
WHO: Final = {"team_id": US.team, "user_id": "U0ANA", "channel_id": "C0INC42", "trigger_id": "", "response_url": ""}
EVENT: Final = {
    "type": "event_callback", "team_id": US.team, "event_id": "Ev1",
    "event": {
        "type": "message", "channel": "C0INC42", "user": "U0ANA", "ts": "1772449267.000100",
        "text": "<@U0BO> &lt;look&gt;", "subtype": "message_changed", "files": [{"name": "a.png"}],
        "message": {"user": "U0ANA", "ts": "1772449267.000100", "text": "x", "edited": {}},
        "thread_ts": "1772449267.000100",
    },
}  # fmt: skip
PRESS: Final = {
    "type": "block_actions", "user": {"id": "U0ANA", "team_id": US.team}, "team": {"id": US.team}, "trigger_id": "1.c",
    "actions": [{"action_id": "alert.declare", "value": "a1", "block_id": "b"}], "channel": {"id": "C0INC42"},
}  # fmt: skip
SUBMISSION: Final = {
    "type": "view_submission", "user": {"id": "U0ANA", "team_id": US.team}, "team": {"id": US.team},
    "view": {"id": "V1", "hash": "1.abc", "callback_id": "form.declare", "private_metadata": '{"alert": null}',
             "state": {"values": {"title": {"title": {"value": "x"}}}}},
}  # fmt: skip


def corpus(name: str) -> list[bytes]:
    """Return examples of what a target reads, from which others are made."""
    payloads = [json.dumps(one).encode() for one in (EVENT, PRESS, SUBMISSION)]
    forms = [urlencode({"payload": one.decode()}).encode() for one in payloads]
    match name:
        case source if source in SOURCES:
            return [path.read_bytes()[:LONGEST] for path in sorted((FIXTURES / source).glob("*.*"))]
        case "slack-body" | "slack":
            return [*payloads, *forms, urlencode({"command": "/incident", "text": "declare", **WHO}).encode()]
        case "command":
            lines = (
                "declare sev1 x service:checkout",
                "role ops <@U0BO|bo>",
                "resolve 42 “done”",
                "update INC-42 <!channel>",
            )
            return [line.encode() for line in (*lines, "status monitoring", "severity p0", "list", "help declare", "")]
        case "signature":
            return [b"1772449267\nv0=00", b"9999999999999\n", b"abc\nv0=\xff"]
        case "token":
            return [b"Bearer the-only-valid-toke", b"Basic bXVzdGVyOng=", b"Bearer", b""]
        case "settings":
            return [EXAMPLE.read_bytes()[:LONGEST], b"channels: {alerts: &a x, admin: *a}\n"]
        case "body":
            return [b"10\n12345\n67890", b"\xff\n", b"99999999999999999999\nx", b"2\n" + b"x" * 1_500]
        case _:
            return [b"<@U0ANA|ana> <https://a.b|x> <!here> &amp;lt; *x* https://a.b/", b"\xed\xa0\x80"]


def mutations(name: str, seed: int, runs: int) -> Iterator[bytes]:
    """Yield variations of the examples: bytes changed, dropped, doubled, and pieces of others put in."""
    dice, examples = Dice(seed), corpus(name)
    for _ in range(runs):
        data = bytearray(dice.one_of(examples))
        for _ in range(1 + dice.below(6)):
            at, length = dice.below(len(data) + 1), dice.below(24)
            other = dice.one_of(examples)
            start = dice.below(len(other) + 1)
            piece = dice.one_of((b"", bytes([dice.below(256)]), other[start : start + length], dice.one_of(SPICES)))
            data[at : at + dice.below(length + 1)] = piece
        yield bytes(data[:LONGEST])


SPICES: Final = (
    *(
        b"\x00",
        b"\\u0000",
        b"\\ud800",
        b"\xff",
        b"\xed\xa0\x80",
        b"NaN",
        b"1e400",
        b"9" * 400,
        b"-1",
        b"null",
        b"{}",
        b"[]",
    ),
    *(
        b"[" * 200,
        b'{"a":' * 120,
        b"&payload=%7B%7D",
        b"<!channel>",
        b"<@U0VICTIM>",
        b"\xe2\x80\xae",
        b"2099-12-31T23:59:60Z",
    ),
    *(b"&a [*a, *a]", b"!!python/object:x ", b"\n", b"\r\n", b"%00", b"\xe2\x80\x9c", b"true", b'""'),
)
