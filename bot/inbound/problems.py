"""What a client of the HTTP API is told when something is wrong: problem details (RFC 9457) that say what to change."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse

from bot.domain.text import one_line
from bot.errors import BadInput
from bot.inbound.payloads import as_object, read_json

MEDIA_TYPE = "application/problem+json"
# Of a field's name that there is not, so much is told back.
_LONGEST_NAME = 80


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


def fields_of(body: bytes, known: Collection[str]) -> tuple[Mapping[str, object], list[tuple[str, str]]]:
    """Return what a client says, field by field, and what is wrong with the fields that there are not.

    Raises:
        Problem: it is no object in JSON.
    """
    try:
        told = as_object(read_json(body), "the body")
    except BadInput as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
    unknown = f"no such field; there are {', '.join(known)}"
    return told, [(one_line(name, _LONGEST_NAME), unknown) for name in sorted(told.keys() - set(known))]
