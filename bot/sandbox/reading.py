"""Reads a call's arguments and its token out of an HTTP request, as strictly as Slack does.

Sources: https://docs.slack.dev/apis/web-api and the errors that all methods have in common. invalid_json and
json_not_object are no longer listed there but still answered.
"""

import base64
import json
import re
from typing import Final

from aiohttp import web

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError

_JSON: Final = "application/json"
_FORMS: Final = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TYPES: Final = {_JSON, "text/plain", *_FORMS}
_CHARSETS: Final = {"utf-8", "utf8", "iso-8859-1"}
_NAME: Final = re.compile(r"\w{1,255}", re.ASCII)


async def read_args(request: web.Request) -> tuple[Args, str]:
    """Return the merged arguments of a call and its token ("" without one).

    Raises:
        SlackError: missing_post_type, invalid_post_type, invalid_charset, invalid_form_data, invalid_json,
            json_not_object, invalid_arg_name.
    """
    values: dict[str, object] = dict(request.query)
    if request.can_read_body:
        values |= await _body_of(request)
    if not all(_NAME.fullmatch(name) for name in values):
        raise SlackError("invalid_arg_name")
    header = request.headers.get("Authorization", "")
    values |= _client_of(header)
    token = header.removeprefix("Bearer ") if header.startswith("Bearer ") else ""
    return Args(values), token or str(values.get("token") or "")


async def _body_of(request: web.Request) -> dict[str, object]:
    if "Content-Type" not in request.headers:
        # An empty body is none, however it was announced.
        if not await request.read():
            return {}
        raise SlackError("missing_post_type")
    if request.content_type not in _TYPES:
        raise SlackError("invalid_post_type")
    if (request.charset or "utf-8").lower() not in _CHARSETS:
        raise SlackError("invalid_charset")
    if request.content_type == _JSON:
        return _json_of(await request.read(), request.charset or "utf-8")
    if request.content_type not in _FORMS:
        return {}
    try:
        form = await request.post()
    except ValueError as error:
        raise SlackError("invalid_form_data") from error
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _json_of(body: bytes, charset: str) -> dict[str, object]:
    try:
        document = json.loads(body.decode(charset) or "{}")
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(document, dict):
        raise SlackError("json_not_object")
    return document


def _client_of(header: str) -> dict[str, object]:
    """Return client_id and client_secret, which oauth.v2.access also takes as HTTP Basic authentication."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        login, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": login, "client_secret": password}
