"""What a client of the HTTP API is told when something is wrong: problem details (RFC 9457) that say what to change."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is no success.

    `errors` are the fields that are wrong, each with what to write instead; `who` may do what was not allowed.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        who: Sequence[str] = (),
    ) -> None:
        super().__init__(detail)
        self.who = tuple(who)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers

    def answer(self) -> JSONResponse:
        """Return it as it is sent."""
        content: dict[str, object] = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
        }
        if self.errors:
            content["errors"] = [{"pointer": f"#/{field}", "detail": what} for field, what in self.errors]
        if self.who:
            content["who"] = list(self.who)
        return JSONResponse(content, self.status, dict(self.headers or {}), media_type=MEDIA_TYPE)
