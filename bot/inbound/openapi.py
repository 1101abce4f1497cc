"""The OpenAPI document of the HTTP border (https://spec.openapis.org/oas/v3.1.0), served at `/openapi.json`.

Written by hand, because the endpoints read raw bytes: no type could tell of them. A test holds it against the routes.
"""

from collections.abc import Collection

from bot.inbound.openapi_api import Json, api_paths

_SECRET: Json = {"name": "secret", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_ERROR: Json = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}


def document(*, sources: Collection[str], asking: Collection[str], slack: bool, api: bool, version: str) -> Json:
    """Return it. `asking` are the sources that ask whether they may send; `slack` says if Slack comes over HTTP.

    `api` says whether scripts may come.
    """
    paths: Json = {
        "/alerts/{source}": {"post": _alerts(sorted(sources))},
        "/alerts/{source}/{secret}": {"post": _alerts(sorted(sources), by_path=True)},
        "/livez": {"get": _get("The process is alive", {"200": _json("Alive", _status("alive"))})},
        "/readyz": {"get": _get("Database, Slack and the loop answer", _readiness())},
        "/metrics": {"get": _get("Metrics for Prometheus", {"200": _text("Metrics")})},
        "/openapi.json": {"get": _get("This document", {"200": _json("The document", {"type": "object"})})},
    }
    for name in asking:
        paths[f"/alerts/{name}"] = {"options": _greeting()}
        paths[f"/alerts/{name}/{{secret}}"] = {"options": _greeting(by_path=True)}
    if slack:
        paths["/slack/events"] = {"post": _slack()}
    if api:
        paths |= api_paths()
    return {
        "openapi": "3.1.0",
        "info": {"title": "Muster", "version": version},
        "paths": paths,
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _alerts(sources: list[str], *, by_path: bool = False) -> Json:
    accepted: Json = {
        "accepted": {"type": "integer"},
        "quarantined": {"type": "string", "description": "Why it, or some of it, cannot be read"},
        "repeated": {"const": True, "description": "It was kept before, under the id that its sender gives it"},
    }
    source: Json = {"name": "source", "in": "path", "required": True, "schema": {"type": "string", "enum": sources}}
    what = "Alerts, on disk before the answer; what cannot be read is kept in quarantine, and is no error"
    return {
        "summary": f"{what} (for senders that can set no header)" if by_path else what,
        "security": [] if by_path else [{"bearer": []}],
        "parameters": [source, _SECRET] if by_path else [source],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {
            "202": _json("Kept", {"type": "object", "properties": accepted}),
            **_refusals(
                {"400": "Content-Length is no number", "401": "Nobody we know", "404": "No such source"}
                | {"408": "The body came too slowly", "413": "The body is too large", "415": "The body is encoded"}
                | {"422": "The mapping finds no alert in it (generic only); it is kept in quarantine all the same"}
            ),
            "503": _not_now(),
        },
    }


def _greeting(*, by_path: bool = False) -> Json:
    return {
        "summary": "Whether a sender may send here; the answer repeats its WebHook-Request-Origin",
        "security": [] if by_path else [{"bearer": []}],
        "parameters": [_SECRET] if by_path else [],
        "responses": {"200": {"description": "It may"}, **_refusals({"401": "Nobody we know"})},
    }


def _slack() -> Json:
    form: Json = {"schema": {"type": "object"}}
    return {
        "summary": "Slack's events, commands, clicks and forms, signed by Slack",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {}}, "application/x-www-form-urlencoded": form},
        },
        "responses": {
            "200": {"description": "Taken"},
            **{code: {"description": what} for code, what in _OF_SLACK.items()},
            "503": {"description": "Not now, send it again"},
        },
    }


_OF_SLACK = {
    "400": "It cannot be read",
    "401": "Slack did not sign it",
    "408": "The body came too slowly",
    "413": "The body is too large",
}


def _readiness() -> Json:
    check: Json = {"type": "object", "required": ["ok", "detail"]}
    shape: Json = {
        "type": "object",
        "properties": {"ready": {"type": "boolean"}, "checks": {"type": "object", "additionalProperties": check}},
        "required": ["ready", "checks"],
    }
    return {"200": _json("Ready", shape), "503": _json("Not ready", shape)}


def _get(summary: str, responses: Json) -> Json:
    return {"summary": summary, "responses": responses}


def _status(word: str) -> Json:
    return {"type": "object", "properties": {"status": {"const": word}}, "required": ["status"]}


def _refusals(reasons: dict[str, str]) -> Json:
    return {code: _json(reason, _ERROR) for code, reason in reasons.items()}


def _not_now() -> Json:
    after: Json = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    return {**_json("It cannot be kept now, send it again", _ERROR), "headers": after}


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _text(description: str) -> Json:
    return {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}
