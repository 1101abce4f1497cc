"""What we answer Slack with, whichever way it came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

_JSON: Final = "application/json; charset=utf-8"
_TEXT: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Status, headers (lower-case names) and body of an HTTP answer.

    In Socket Mode the body is the acknowledgement's payload.
    """

    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": _TEXT})
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Tell whether Slack may forget the request."""
        return self.status == HTTPStatus.OK

    @property
    def is_json(self) -> bool:
        """Tell whether the body is a JSON object."""
        return bool(self.body) and self.headers.get("content-type", "").startswith("application/json")


def as_text(status: int, text: str = "", **headers: str) -> Response:
    """Return an answer in plain text."""
    return Response(status=status, headers={"content-type": _TEXT, **headers}, body=text.encode())


def as_json(body: Mapping[str, object]) -> Response:
    """Return an answer that Slack reads."""
    return Response(headers={"content-type": _JSON}, body=json.dumps(body).encode())
