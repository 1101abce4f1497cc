"""Everything that reads bytes from outside, as functions of bytes, which raise nothing but what a reader may.

`python -m tests.torture.parsers NAME HEX` reads these bytes once: that is how a fault is shown again. With `--runs` and
`--seed` in their place it reads variations of the examples in corpus.py.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.types import Message

from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput, ConfigError, Overloaded, Unauthorised
from bot.inbound.alerts import SOURCES
from bot.inbound.authentication import (
    GITHUB_SIGNATURE,
    GRAFANA_SIGNATURE,
    HONEYCOMB_TOKEN,
    PAGERDUTY_SIGNATURE,
    SECRET_PATH,
    SENTRY_SIGNATURE,
    TOKEN,
    Head,
    Integration,
    known_by_head,
    known_by_signature,
)
from bot.inbound.bodies import Bodies, Limits
from bot.inbound.slack import events
from bot.inbound.slack.commands.parse import tokenize
from bot.inbound.slack.markup import as_typed, plain
from bot.inbound.slack.verify import Verifier, read
from bot.settings import load_file
from bot.views.markup import prose
from tests.fakes.clock import FakeClock
from tests.inbound.slack.front import SECRET, US, Front
from tests.torture.corpus import WHO, mutations
from tests.torture.quiet import quiet
from tests.views.reader import read as seen

REPORT: Final = TypeAdapter(ReportedAlert)
JSON, FORM = {"content-type": "application/json"}, {"content-type": "application/x-www-form-urlencoded"}

SIGNATURES: Final = (GRAFANA_SIGNATURE, PAGERDUTY_SIGNATURE, SENTRY_SIGNATURE, GITHUB_SIGNATURE)

Target = Callable[[bytes], None]


def _alerts(name: SourceName, data: bytes) -> None:
    with suppress(BadInput):
        for report in SOURCES[name].parse(data, lambda _: None):
            # As the database keeps it: PostgreSQL takes no NUL and no half of a pair.
            assert "\\u0000" not in REPORT.dump_json(report).decode(), "NUL in a text"


def _slack_body(data: bytes) -> None:
    for headers in (JSON, FORM):
        with suppress(BadInput):
            payload = read(headers, data)
            if isinstance(event := payload.get("event"), dict):
                events.said(event, US)


class _Slack:
    """The whole Slack side, which answers whatever comes, signed as Slack does it."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._front = Front()

    def signed(self, data: bytes) -> None:
        for kind in (JSON, FORM):
            self._send(data, kind["content-type"])

    def command(self, data: bytes) -> None:
        text = data.decode(errors="replace")
        self._send(urlencode({"command": "/incident", "text": text, **WHO}).encode(), FORM["content-type"])

    def _send(self, body: bytes, kind: str) -> None:
        answer = self._runner.run(self._front.post(body, kind))
        assert answer.status < 500, f"answered {answer.status}"


def _signature(data: bytes) -> None:
    timestamp, _, given = data.decode("latin-1").partition("\n")
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": given}
    with suppress(Unauthorised):
        Verifier([SECRET], FakeClock()).verify(headers, data)
        raise AssertionError("bytes of anybody were taken for Slack's")


def _token(data: bytes) -> None:
    """Show bytes in every header that proves anything, and in the path."""
    text = data.decode("latin-1")
    headers = {"authorization": text, "x-honeycomb-webhook-token": text, GRAFANA_SIGNATURE.timestamp_header: text}
    headers |= {way.header: text for way in SIGNATURES}
    known = (Integration(secrets=("the-only-valid-token",)),)
    head = Head(headers=headers, path_secret=text)
    assert known_by_head((TOKEN, SECRET_PATH, HONEYCOMB_TOKEN), head, known) is None
    assert known_by_signature(SIGNATURES, head, data, known, FakeClock().now()) is None


def _markup(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass" if len(data) % 2 else "replace") if _is_text(data) else ""
    plain(text), as_typed(text), tokenize(text)
    for control in seen(prose(text)).controls if prose(text) != text else ():
        assert control.startswith(("http://", "https://")), f"live: {control}"


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _settings(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, suppress(ConfigError):
        path = Path(folder) / "muster.yaml"
        path.write_bytes(data)
        load_file(path)


def _body(data: bytes) -> None:
    """Read a body whose Content-Length is the first line, and whose other lines come one by one."""
    length, *chunks = data.split(b"\n")
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.disconnect"} if len(data) % 2 else {"type": "http.request", "body": b""})

    async def receive() -> Message:
        return messages.pop(0)

    async def whole() -> None:
        request = Request({"type": "http", "headers": [(b"content-length", length)]}, receive)
        async with Bodies(Limits(bodies_at_once=2_000)).of(request.headers, request.receive, 1_000) as body:
            assert body == b"".join(chunks)

    with suppress(BadInput, Overloaded):
        asyncio.run(whole())


_slack = _Slack()
TARGETS: Final[Mapping[str, Target]] = {
    **{name: partial(_alerts, name) for name in SOURCES},
    "slack-body": _slack_body,
    "slack": _slack.signed,
    "command": _slack.command,
    "signature": _signature,
    "token": _token,
    "markup": _markup,
    "settings": _settings,
    "body": _body,
}


def guarded(name: str, target: Target) -> Target:
    """Return the target of this name so that it prints, before it fails, the command that shows the fault again."""

    def once(data: bytes) -> None:
        try:
            target(data)
        except BaseException as error:
            sys.stdout.write(f"\nFAULT {error!r}\nAGAIN python -m tests.torture.parsers {name} {data.hex() or '-'}\n")
            sys.stdout.flush()
            raise

    return once


def main() -> None:
    """Read the given bytes, or look for others."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.parsers", description=__doc__)
    parser.add_argument("name", choices=TARGETS)
    parser.add_argument("bytes", nargs="?", help="hexadecimal; - for none")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    quiet()
    if wanted.bytes is not None:
        guarded(wanted.name, TARGETS[wanted.name])(bytes.fromhex(wanted.bytes.strip("-")))
    else:
        for data in mutations(wanted.name, wanted.seed, wanted.runs):
            guarded(wanted.name, TARGETS[wanted.name])(data)


if __name__ == "__main__":
    main()
