"""The sandbox against what Slack documents: scopes, rates, arguments, errors, and names that Slack does not have."""

import pytest

from bot.sandbox.facts import FACTS, Tier
from bot.sandbox.journal import Direction, Entry, Journal
from bot.sandbox.methods import HANDLERS
from bot.sandbox.methods.names import NAMES, NOT_BUILT, RETIRED
from bot.sandbox.state.records import TokenKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from tests.fakes.clock import FakeClock
from tests.sandbox.caller import ANA_TOKEN, Answer, Caller
from tests.sandbox.codes import reach_of
from tests.sandbox.conformance import COMMON, PAGES, complaints, may_answer

METHODS = sorted(HANDLERS)
# App-level tokens have scopes that the methods' pages do not list.
APP_SCOPES = {"connections:write", "authorizations:read"}
# Read although no page lists it: chat.postMessage's errors speak of it.
UNLISTED_ARGUMENTS = {"client_msg_id"}
# Arguments that a page marks as required but whose absence has a code of its own, or is no fault at all.
OWN_CODE = {
    ("conversations.create", "name"): "invalid_name_required",
    ("conversations.invite", "users"): "no_user",
    ("dnd.setSnooze", "num_minutes"): "missing_duration",
    ("dnd.teamInfo", "users"): "no_users_provided",
    ("files.getUploadURLExternal", "filename"): "missing_argument",
    ("files.getUploadURLExternal", "length"): "missing_argument",
    ("usergroups.create", "name"): "missing_subteam_name",
    ("usergroups.disable", "usergroup"): "missing_argument",
    ("usergroups.enable", "usergroup"): "missing_argument",
    ("usergroups.update", "usergroup"): "missing_argument",
    ("usergroups.users.update", "usergroup"): "missing_argument",
    ("usergroups.users.update", "users"): "no_users_provided",
}
# Good values for what else is required.
GIVEN = {
    "channel": "C0GENERAL",
    "channel_id": "C0GENERAL",
    "usergroup": "S0PAYMENTS",
    "users": "U0ANA",
    "user": "U0ANA",
    "name": "x",
    "filename": "a.txt",
    "length": "1",
    "ts": "1.000000",
}


@pytest.fixture
def caller() -> Caller:
    return Caller()


@pytest.mark.parametrize("method", METHODS)
def test_scopes_and_rate_are_the_documented_ones(method: str) -> None:
    facts, page = FACTS[method], PAGES[method]

    assert set(facts.scopes) - APP_SCOPES == set(page.scopes)
    assert set(facts.user_scopes) - APP_SCOPES == set(page.user_scopes)
    assert (None if facts.tier is Tier.SPECIAL else facts.tier.value) == page.per_minute


@pytest.mark.parametrize("method", METHODS)
def test_no_error_is_answered_that_slack_does_not_know_for_the_method(method: str) -> None:
    reach = reach_of(HANDLERS[method])

    assert {code for code in reach.codes if not may_answer(method, code)} == set()
    assert reach.unread == set() or method == "api.test"


@pytest.mark.parametrize("method", METHODS)
def test_no_argument_is_read_that_slack_does_not_document_for_the_method(method: str) -> None:
    reach = reach_of(HANDLERS[method])

    assert reach.arguments - UNLISTED_ARGUMENTS - PAGES[method].arguments == set()


def test_the_code_is_read_deeply_enough_to_find_what_is_far_from_the_handler() -> None:
    invite, post = reach_of(HANDLERS["conversations.invite"]), reach_of(HANDLERS["chat.postMessage"])

    assert {"ura_max_channels", "already_in_channel", "no_user", "not_in_channel"} <= invite.codes
    assert {"thread_not_found", "metadata_too_large", "invalid_blocks", "message_limit_exceeded"} <= post.codes
    assert {"channel", "text", "blocks", "metadata", "thread_ts"} <= post.arguments


@pytest.mark.parametrize(
    ("method", "absent"), [(method, name) for method in METHODS for name in PAGES[method].required]
)
def test_a_required_argument_that_is_missing_is_refused_as_documented(caller: Caller, method: str, absent: str) -> None:
    facts = FACTS[method]
    token = {TokenKind.APP: APP_TOKEN, TokenKind.USER: ANA_TOKEN}.get(facts.token, BOT_TOKEN)
    if facts.users_only:
        token = ANA_TOKEN
    given = {name: GIVEN.get(name, "x") for name in (*PAGES[method].required, *facts.required) if name != absent}
    answer = caller.ask(method, token=token, **given)

    assert answer["ok"] is False
    assert answer["error"] == OWN_CODE.get((method, absent), "invalid_arguments")
    if answer["error"] == "invalid_arguments":
        assert f"[ERROR] missing required field: {absent}" in answer["response_metadata"]["messages"]
    else:
        assert may_answer(method, answer["error"])


def test_a_method_of_slacks_that_is_not_built_says_so_and_where_to_look(caller: Caller) -> None:
    answer = caller.ask("chat.startStream")

    assert answer["error"] == NOT_BUILT
    assert "chat.startStream" in answer["detail"]
    assert "docs/sandbox.md" in answer["detail"]


def test_a_method_that_slack_retired_is_deprecated_and_one_it_never_had_is_unknown(caller: Caller) -> None:
    assert caller.refused("channels.create") == "method_deprecated"
    assert caller.refused("files.upload") == "method_deprecated"
    assert caller.ask("chat.shout") == {"ok": False, "error": "unknown_method", "req_method": "chat.shout"}


def test_every_handler_is_a_method_of_slacks_and_none_is_retired() -> None:
    assert set(HANDLERS) <= NAMES - RETIRED
    assert set(HANDLERS) == set(PAGES)
    assert len(NAMES) > 400


def test_what_only_people_may_do_is_refused_to_bots_and_the_other_way_round(caller: Caller) -> None:
    assert caller.refused("dnd.setSnooze", num_minutes=5) == "not_allowed_token_type"
    assert caller.refused("users.profile.set", profile="{}") == "not_allowed_token_type"
    assert caller.refused("apps.connections.open") == "not_allowed_token_type"
    assert caller.refused("chat.postMessage", token=APP_TOKEN, channel="C0GENERAL") == "not_allowed_token_type"


def test_common_errors_are_slacks() -> None:
    assert len(COMMON) == 30


def called(method: str, result: Answer) -> Entry:
    journal = Journal(FakeClock())
    entry = journal.begin(Direction.CALL, method, {})
    journal.end(entry, status=200, result=result)
    return entry


def test_an_answer_that_slack_would_not_give_is_complained_of() -> None:
    calls = [
        called("pins.add", {"ok": False, "error": "too_many_pins"}),
        called("pins.add", {"ok": False, "error": "no_pin"}),
        called("pins.add", {"ok": True, "pin": 3}),
        called("pins.add", {"fault": "lost", "ok": False, "error": "no_pin"}),
        called("chat.shout", {"ok": False, "error": "unknown_method"}),
    ]

    assert complaints(calls) == ["pins.add answers no_pin", "pins.add answers with pin"]
