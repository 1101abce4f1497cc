"""Every answer that Slack documents has a meaning: come back later, look first, or give up and say what can be done."""

from datetime import timedelta

import pytest

from bot.errors import TryLater, Uncertain, Undeliverable
from bot.outbound.slack.errors import KNOWN, LATER, NEVER, OURS, UNKNOWN, refusal, why_not_invited
from bot.outbound.slack.limits import PER_MINUTE
from bot.outbound.slack.port import BlocksRefused, ChannelGone, MessageGone, NameTaken
from tests.outbound.slack.documented import COMMON, DOCUMENTED

TABLES = {"unknown": UNKNOWN, "later": LATER, "never": NEVER, "ours": OURS, "known": KNOWN, "scope": {"missing_scope"}}
ALL = sorted({*COMMON, *" ".join(DOCUMENTED.values()).split()})


@pytest.mark.parametrize("code", ALL)
def test_every_documented_error_stands_in_exactly_one_table(code: str) -> None:
    assert len([name for name, table in TABLES.items() if code in table]) == 1


def test_the_methods_that_we_use_are_the_documented_ones() -> None:
    assert set(DOCUMENTED) == set(PER_MINUTE)


@pytest.mark.parametrize("method", sorted(DOCUMENTED))
def test_every_sentence_names_the_method_and_the_code_so_that_it_can_be_searched(method: str) -> None:
    for code in {*DOCUMENTED[method].split(), *COMMON} - {"missing_scope"}:
        sentence = str(refusal(method, code))
        assert method in sentence
        assert code in sentence


@pytest.mark.parametrize(
    "code", ["fatal_error", "internal_error", "request_timeout", "service_unavailable", "duplicate_message_not_found"]
)
def test_what_may_have_been_applied_is_looked_for_first(code: str) -> None:
    assert isinstance(refusal("chat.postMessage", code), Uncertain)


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth", "token_expired"])
def test_what_an_administrator_can_mend_is_tried_again_slowly(code: str) -> None:
    meaning = refusal("chat.postMessage", code)
    assert isinstance(meaning, TryLater)
    assert meaning.after
    assert meaning.after >= timedelta(minutes=5)
    assert "reinstall" in str(meaning)


def test_blocks_that_are_refused_can_be_told_from_other_faults_of_ours() -> None:
    assert isinstance(refusal("chat.update", "invalid_blocks"), BlocksRefused)
    assert not isinstance(refusal("chat.update", "invalid_blocks_format"), BlocksRefused)


def test_haste_waits_as_long_as_slack_says() -> None:
    meaning = refusal("chat.update", "ratelimited", after=timedelta(seconds=17))
    assert isinstance(meaning, TryLater)
    assert meaning.after == timedelta(seconds=17)


def test_a_missing_scope_is_named_with_what_to_do() -> None:
    meaning = refusal("conversations.history", "missing_scope", needed="channels:history")
    assert isinstance(meaning, Undeliverable)
    assert "channels:history" in str(meaning)
    assert "OAuth & Permissions" in str(meaning)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("name_taken", NameTaken),
        ("message_not_found", MessageGone),
        ("thread_not_found", MessageGone),
        ("channel_not_found", ChannelGone),
        ("is_archived", ChannelGone),
    ],
)
def test_what_a_performer_can_answer_has_a_type_of_its_own(code: str, kind: type[Undeliverable]) -> None:
    assert type(refusal("chat.update", code)) is kind


def test_our_own_faults_tell_what_slack_pointed_at() -> None:
    meaning = refusal("chat.postMessage", "invalid_blocks", details="[ERROR] must be shorter [json-pointer:/blocks/0]")
    assert isinstance(meaning, Undeliverable)
    assert "json-pointer:/blocks/0" in str(meaning)


def test_a_code_that_slack_adds_tomorrow_is_tried_again() -> None:
    assert isinstance(refusal("chat.postMessage", "brand_new_error"), TryLater)


def test_why_somebody_cannot_be_invited_is_a_sentence() -> None:
    assert why_not_invited("user_is_restricted") == "is a guest who may not join this channel"
    assert "brand_new_error" in why_not_invited("brand_new_error")
