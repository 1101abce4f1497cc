"""The part of the OpenAPI document that tells of the API for scripts (api.py)."""

from bot.inbound.problems import MEDIA_TYPE

Json = dict[str, object]

_TEXT: Json = {"type": "string"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_SILENCE: Json = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "state": {"enum": ["active", "pending", "over"]},
        "matchers": {"type": "array", "items": _TEXT},
        "author": _TEXT,
        "reason": _TEXT,
        "origin": _TEXT,
        "created_at": _MOMENT,
        "starts_at": _MOMENT,
        "ends_at": _MOMENT,
        "ended_at": {"type": ["string", "null"], "format": "date-time"},
        "ended_by": {"type": ["string", "null"]},
    },
    "required": ["id", "state", "matchers", "author", "reason", "origin", "created_at", "starts_at", "ends_at"],
}
_ASKED: Json = {
    "type": "object",
    "properties": {
        "matchers": {
            "description": "Labels compared as Alertmanager does (= != =~ !~), in one text or a list",
            "oneOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}],
            "examples": ["service=search, severity=~warning|info"],
        },
        "author": {**_TEXT, "minLength": 1, "description": "Who says so; a Slack user id is shown as that person"},
        "reason": {**_TEXT, "minLength": 1},
        "lasts": {**_TEXT, "examples": ["4h"], "description": "For how long; either this or ends_at"},
        "ends_at": {**_MOMENT, "description": "Until when"},
    },
    "required": ["matchers", "author", "reason"],
    "oneOf": [{"required": ["lasts"]}, {"required": ["ends_at"]}],
    "additionalProperties": False,
}
_OF_DEPLOY: Json = {
    "service": {**_TEXT, "minLength": 1, "description": "As incidents name it; upper and lower case are alike"},
    "version": {**_TEXT, "minLength": 1, "examples": ["4.2.0"]},
    "environment": {**_TEXT, "examples": ["production"]},
    "url": {"type": ["string", "null"], "description": "Where it can be looked at"},
    "by": {**_TEXT, "description": "Who or what made it"},
    "at": {**_MOMENT, "description": "When it went out; now if it is left out"},
}
_TOLD: Json = {
    "type": "object",
    "properties": _OF_DEPLOY,
    "required": ["service", "version"],
    "additionalProperties": False,
}
_DEPLOY: Json = {"type": "object", "properties": {"id": {"type": "integer"}, **_OF_DEPLOY}}
_OF_INCIDENT: Json = {
    "title": {**_TEXT, "minLength": 1, "description": "What is broken, in a few words"},
    "by": {**_TEXT, "pattern": "^[UW][A-Z0-9]+$", "description": "The Slack user id of who answers for it"},
    "severity": {"enum": ["sev1", "sev2", "sev3", "sev4"]},
    "service": {"type": ["string", "null"], "description": "As muster.yaml names it; upper and lower case are alike"},
    "services": {
        "type": "array",
        "items": _TEXT,
        "maxItems": 10,
        "description": "All that it affects; service, else the first of them, leads",
    },
    "private": {"type": "boolean"},
}
_DECLARED: Json = {
    "type": "object",
    "properties": {**_OF_INCIDENT, "triage": {"type": "boolean"}},
    "required": ["title", "by"],
    "additionalProperties": False,
}
_INCIDENT: Json = {
    "type": "object",
    "properties": {"id": {**_TEXT, "examples": ["INC-42"]}, "status": _TEXT, **_OF_INCIDENT, "declared_at": _MOMENT},
    "required": ["id", "title", "by", "severity", "status", "private", "declared_at"],
}
_PROBLEM: Json = {
    "type": "object",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"pointer": _TEXT, "detail": _TEXT}},
        },
        "who": {"type": "array", "items": _TEXT, "description": "Slack ids of people who may"},
    },
    "required": ["type", "title", "status", "detail"],
}
_NAMED: Json = {"name": "silence", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same request with the same key is done once; without one, the same within five minutes",
    "schema": {"type": "string", "maxLength": 255},
}
_AUTHOR: Json = {"name": "author", "in": "query", "required": True, "schema": {"type": "string", "minLength": 1}}
_STRANGER = {"401": "No token of the API"}
_FORBIDDEN = {"403": "Scripts may not do that here (`permissions` in muster.yaml); `detail` says who may"}
_UNREAD = {
    "400": "It cannot be read",
    "408": "The body came too slowly",
    "413": "The body is too large",
    "415": "The body is encoded",
}


def api_paths() -> Json:
    """Return the paths."""
    listed: Json = {"type": "object", "properties": {"silences": {"type": "array", "items": _SILENCE}}}
    made = {**_json("It counts", _SILENCE), "headers": {"Location": {"schema": _TEXT}}}
    wrong = {"422": "It cannot be made so; `errors` says what to change"}
    return {
        "/api/silences": {
            "get": _operation("Silences that are not over", [], {"200": _json("Those", listed)}, _STRANGER),
            "post": {
                **_operation(
                    "Keep alerts quiet for a while",
                    [_KEY],
                    {"201": made},
                    _STRANGER | _FORBIDDEN | _UNREAD | wrong,
                    kept=True,
                ),
                "requestBody": {"required": True, "content": {"application/json": {"schema": _ASKED}}},
            },
        },
        "/api/deploys": {
            "post": {
                **_operation(
                    "Tell of a deploy, for the timeline of incidents of its service",
                    [_KEY],
                    {"201": _json("It is kept", {**_DEPLOY, "required": ["id", "service", "version", "at"]})},
                    _STRANGER | _FORBIDDEN | _UNREAD | {"422": "It cannot be kept so; `errors` says what to change"},
                    kept=True,
                ),
                "requestBody": {"required": True, "content": {"application/json": {"schema": _TOLD}}},
            }
        },
        "/api/incidents": {"post": _declaring()},
        "/api/silences/{silence}": {
            "get": _operation(
                "One silence, over or not", [_NAMED], {"200": _json("It", _SILENCE)}, _STRANGER | {"404": "No such"}
            ),
            "delete": _operation(
                "End it before its time; one that is over stays as it is",
                [_NAMED, _AUTHOR],
                {"200": _json("It is over", _SILENCE)},
                _STRANGER
                | _FORBIDDEN
                | {"404": "No such", "409": "It ends where it was made", "422": "Nobody is named"},
                kept=True,
            ),
        },
    }


def _declaring() -> Json:
    named = {**_KEY, "required": True, "description": "One for each incident: what is sent again is declared once"}
    refused = _STRANGER | _FORBIDDEN | _UNREAD | {"422": "It cannot be declared so; `errors` says what to change"}
    return {
        **_operation("Declare an incident", [named], {"201": _json("It is declared", _INCIDENT)}, refused, kept=True),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _DECLARED}}},
    }


def _operation(summary: str, parameters: list[Json], good: Json, bad: dict[str, str], *, kept: bool = False) -> Json:
    refused = {code: {"description": what, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}} for code, what in bad.items()}
    later = {"503": {"description": "Not now, send it again", "content": {"application/json": {}}}} if kept else {}
    return {
        "summary": summary,
        "security": [{"bearer": []}],
        "parameters": parameters,
        "responses": {**good, **refused, **later},
    }


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
