"""What Slack documents and what it was seen to answer, read from the two tables beside this file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.journal import Direction, Entry

HERE = Path(__file__).parent
SPECIAL = "special"

# A tree of keys: {"channel": {"id": {}, "name": {}}}; a list is described by its items, "*" is any id.
Shape = dict[str, Any]

# Codes that Slack answers although the method's page does not list them, with where that was seen.
SEEN: Mapping[str, Mapping[str, str]] = {
    "thread_not_found": {
        "chat.*": "https://github.com/slackapi/bolt-js/issues/2307",
        "files.completeUploadExternal": "as chat.postMessage",
    },
    "invalid_thread_ts": {
        "chat.*": "https://github.com/jenkinsci/slack-plugin/issues/584",
        "files.completeUploadExternal": "as chat.postMessage",
    },
    "cannot_reply_to_message": {
        "chat.meMessage": "never answered: it takes no thread_ts",
        "files.completeUploadExternal": "as chat.postMessage documents it",
    },
    "not_in_channel": {
        "conversations.unarchive": "https://github.com/slack-go/slack/issues/1066",
        "reactions.add": "https://github.com/HubSpot/slack-client/pull/356",
        "conversations.replies": "as conversations.history documents it",
    },
    "duplicate_message": {"chat.postMessage": "several projects of 2026; only with the switch dedupe_client_msg_id"},
    "is_archived": {"conversations.kick": "as conversations.invite documents it"},
    "user_not_found": {"users.*": "as users.info documents it"},
    "no_such_subteam": {"usergroups.*": "as usergroups.users.list documents it"},
    **{
        code: {"usergroups.update": "as usergroups.create documents it"}
        for code in (
            "bad_handle",
            "description_too_long",
            "forbidden_handle",
            "handle_already_exists",
            "invalid_channel_provided",
            "missing_subteam_name",
            "name_already_exists",
            "name_too_long",
        )
    },
}


@dataclass(frozen=True, kw_only=True)
class Documented:
    """One method's page."""

    per_minute: int | None
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    arguments: frozenset[str]
    required: tuple[str, ...]
    errors: frozenset[str]


def _rows(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _documented() -> tuple[dict[str, Documented], frozenset[str]]:
    pages: dict[str, Documented] = {}
    common: frozenset[str] = frozenset()
    for method, tier, scopes, user, arguments, errors in _rows("slack_methods.tsv"):
        if method == "*":
            common = frozenset(errors.split())
            continue
        names = arguments.split()
        pages[method] = Documented(
            per_minute=None if tier == SPECIAL else int(tier),
            scopes=tuple(scopes.split()),
            user_scopes=tuple((scopes if user == "=" else user).split()),
            arguments=frozenset(name.removesuffix("!") for name in names),
            required=tuple(name.removesuffix("!") for name in names if name.endswith("!")),
            errors=frozenset(errors.split()),
        )
    return pages, common


PAGES, COMMON = _documented()


def may_answer(method: str, code: str) -> bool:
    """Say whether Slack documents that error for the method, or was seen to answer it."""
    places = SEEN.get(code, {})
    seen = method in places or f"{method.partition('.')[0]}.*" in places
    return code in COMMON or code in PAGES[method].errors or seen


def _tree(text: str, named: Mapping[str, Shape]) -> Shape:
    """Read "id name topic{creator value}" as a tree."""
    root: Shape = {}
    stack, last = [root], root
    for token in text.replace("{", " { ").replace("}", " } ").split():
        if token == "{":
            stack.append(last)
        elif token == "}":
            stack.pop()
        elif token.startswith("@"):
            stack[-1].update(named[token])
        else:
            last = stack[-1].setdefault(token, {})
    return root


def _table(name: str) -> dict[str, str]:
    return {row[0]: row[1] if len(row) > 1 else "" for row in _rows(name)}


def _shapes() -> tuple[dict[str, Shape], dict[str, Shape]]:
    rows, events = _table("slack_shapes.txt"), _table("slack_events.txt")
    named: dict[str, Shape] = {}
    for name in ("@file", "@event_message", "@message", "@channel"):
        named[name] = _tree(rows.pop(name), named)
    return (
        {method: _tree(text, named) for method, text in rows.items()},
        {event: _tree(text, named) for event, text in events.items()},
    )


SHAPES, EVENTS = _shapes()
# Keys that an answer has although the recorded one has not.
UNRECORDED: Mapping[str, set[str]] = {
    "auth.revoke": {"revoked"},  # the example at https://docs.slack.dev/reference/methods/auth.revoke
    # The examples at https://docs.slack.dev/reference/events/user_change, team_join and app_home_opened.
    "user_change": {"event_ts"},
    "team_join": {"event_ts"},
    "app_home_opened": {"view.blocks"},
    "usergroups.create": {"usergroup.user_count"},  # include_count is documented for it
}
# Every answer may carry these.
_ALWAYS: Shape = {"ok": {}, "warning": {}, "response_metadata": {"messages": {}, "warnings": {}, "next_cursor": {}}}
# What the app itself puts there.
_ITS_OWN = {"blocks", "attachments", "event_payload", "state", "fields"}


def unknown_keys(method: str, answer: Shape) -> set[str]:
    """Return the paths in an answer that Slack's answers to that method do not have."""
    return set(_unknown(SHAPES[method] | _ALWAYS, answer, ""))


def unknown_event_keys(event: Shape) -> set[str]:
    """Return the paths in an event that Slack's events of that type do not have; "type" for a type of its own."""
    shape = EVENTS.get(str(event.get("type")))
    if shape is None:
        return {"type"}
    return set(_unknown(shape, event, "")) - UNRECORDED.get(str(event["type"]), set())


def _unknown(shape: Shape, answer: object, path: str) -> Iterator[str]:
    if isinstance(answer, list):
        for one in answer:
            yield from _unknown(shape, one, path)
    elif isinstance(answer, dict):
        for key, value in answer.items():
            inner = shape.get(key, shape.get("*"))
            if inner is None:
                yield f"{path}{key}"
            elif key not in _ITS_OWN:
                yield from _unknown(inner, value, f"{path}{key}.")


def complaints(entries: Iterable[Entry]) -> list[str]:
    """Return what Slack would not have answered or told; calls that a fault struck are left out."""
    return [one for entry in entries for one in (_of_call(entry) if entry.direction is Direction.CALL else _of(entry))]


def _of_call(call: Entry) -> list[str]:
    method, answer = call.name, call.result
    if method not in PAGES or "fault" in answer or "ok" not in answer:
        return []
    if not answer["ok"]:
        return [] if may_answer(method, answer["error"]) else [f"{method} answers {answer['error']}"]
    extra = UNRECORDED.get(method, set())
    return [f"{method} answers with {key}" for key in unknown_keys(method, answer) - extra if method != "api.test"]


def _of(delivery: Entry) -> list[str]:
    event = delivery.args.get("event")
    if not isinstance(event, dict):
        return []
    return [f"{event['type']} has {key}" for key in unknown_event_keys(event)]
