"""Whatever is typed behind `/incident` is read without falling over.

What cannot be understood is refused with a way out.
"""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.domain.severity_names import SEVERITY_NAMES
from bot.errors import Refused
from bot.inbound.slack.commands.parse import (
    closest,
    number_in,
    person_in,
    role_in,
    service_in,
    severity_in,
    status_in,
    tokenize,
)
from bot.inbound.slack.markup import plain
from tests.inbound.slack.front import ANA, BO

SHREDS = st.sampled_from(
    ["<@U0BO|bo>", "<@U0BO>", "<@W12>", "<#C1|alerts>", "<!here>", "<!subteam^S1|@ops>", "@bo", "&amp;", "&lt;", "&gt;",
     "<", ">", '"', "\u201c", "\u201d", "\u201e", "\u2018", "'", "sev1", "SEV-2", "p0", "p99", "INC-42", "42", "#42",
     "service:", 'service:"a b"', "me", "\x00", "\u202e", "\ud800", "\u00a0", "\t", "\n", " ", "|",
     "<https://a.example/x?a=1&amp;b=2|a b>", "<mailto:a@b.example|a@b.example>"]
)  # fmt: skip
TYPED = st.lists(SHREDS | st.text(max_size=6), max_size=12).map("".join)


@given(TYPED)
def test_any_text_becomes_tokens_that_hold_all_that_is_not_space(typed: str) -> None:
    line = tokenize(typed)
    assert "".join("".join(token.raw.split()) for token in line.tokens) == "".join(line.typed.split())
    assert all(line.typed[token.start : token.start + len(token.raw)] == token.raw for token in line.tokens)


@given(TYPED)
def test_reading_any_text_gives_an_answer_or_a_refusal(typed: str) -> None:
    line = tokenize(typed)
    assert line.prose() == line.prose().replace("\x00", "")
    for token in line.tokens:
        number_in(token, bare=True)
        for read in (role_in, status_in, severity_in):
            with suppress(Refused):
                read(token)
    with suppress(Refused):
        assert person_in(line.tokens, ANA) in {ANA, *(token.user for token in line.tokens)}


@given(TYPED)
def test_prose_of_the_rest_is_the_end_of_the_prose(typed: str) -> None:
    line = tokenize(typed)
    if len(line.tokens) > 2:
        assert line.prose().endswith(line.rest().prose()) or line.rest().tokens[0].quoted


@pytest.mark.parametrize(
    ("typed", "prose"),
    [
        ("Checkout  is   down", "Checkout  is   down"),
        ("  Checkout is down  ", "Checkout is down"),
        ('"Checkout is down"', "Checkout is down"),
        ("“Checkout is down”", "Checkout is down"),
        ("„Kasse kaputt“", "Kasse kaputt"),
        ('the "new" page', 'the "new" page'),
        ("it's slow", "it's slow"),
        ("it\u2019s slow", "it\u2019s slow"),
        ('"unbalanced', '"unbalanced'),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("ask <@U0BO|bo> now", "ask <@U0BO> now"),
        ("see <#C1|alerts>", "see #alerts"),
        ("<!here> look", "@here look"),
        ("see <https://a.example/x?a=1&amp;b=2|the page>", "see the page (https://a.example/x?a=1&b=2)"),
        ("see <https://a.example>", "see https://a.example"),
        ("nul\x00 and \u202ebidi", "nul and bidi"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_prose_reads_as_a_person_meant_it(typed: str, prose: str) -> None:
    assert tokenize(typed).prose() == prose


@pytest.mark.parametrize(
    ("typed", "number"),
    [("INC-42", 42), ("inc42", 42), ("42", 42), ("#42", 42), ("42,", 42), ("42nd", None), ("INC", None)],
)
def test_an_incident_can_be_named_in_several_ways(typed: str, number: int | None) -> None:
    assert number_in(tokenize(typed).tokens[0], bare=True) == number


def test_a_bare_number_is_a_number_only_where_one_is_expected() -> None:
    assert number_in(tokenize("42").tokens[0], bare=False) is None
    assert number_in(tokenize("INC-42").tokens[0], bare=False) == 42


@pytest.mark.parametrize(
    ("typed", "user"),
    [("<@U0BO|bo>", BO), ("<@U0BO>", BO), ("", ANA), ("me", ANA), ("  Me ", ANA), ("<@W0GRID|x>", UserId("W0GRID"))],
)
def test_a_person_is_picked_or_is_oneself(typed: str, user: UserId) -> None:
    assert person_in(tokenize(typed).tokens, ANA) == user


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("@bo", "pick the person from Slack's list"),
        ("bo", "pick the person from Slack's list"),
        ("<@U0BO|bo> <@U0ANA|ana>", "one person"),
        ("<!subteam^S1|@ops>", "not by a group"),
        ("&lt;@U0BO&gt;", "pick the person from Slack's list"),
    ],
)
def test_who_was_not_picked_is_refused_with_how_to_pick(typed: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        person_in(tokenize(typed).tokens, ANA)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_can_be_typed(role: Role) -> None:
    assert role_in(tokenize(role.value.upper()).tokens[0]) is role


@pytest.mark.parametrize("severity", list(Severity))
def test_every_severity_can_be_typed(severity: Severity) -> None:
    assert severity_in(tokenize(severity.label).tokens[0]) is severity
    assert severity_in(tokenize(severity.value).tokens[0]) is severity


def test_p0_is_the_gravest() -> None:
    assert [SEVERITY_NAMES[f"p{n}"] for n in range(4)] == list(Severity)


def test_mistypings_are_met_with_the_nearest_word() -> None:
    with pytest.raises(Refused, match="Did you mean scribe"):
        role_in(tokenize("scrib").tokens[0])
    with pytest.raises(Refused, match="Did you mean monitoring"):
        status_in(tokenize("monitorng").tokens[0])
    with pytest.raises(Refused, match=r"There is no severity “sev9”.*sev1, sev2, sev3, sev4"):
        severity_in(tokenize("sev9").tokens[0])
    with pytest.raises(Refused, match="Did you mean checkout"):
        service_in("chekout", [ServiceName("checkout")])
    assert closest("declair", ["declare", "resolve"]) == ("declare",)


def test_a_service_is_found_whatever_its_case_and_any_name_will_do_where_none_is_configured() -> None:
    assert service_in("CHECKOUT", [ServiceName("checkout")]) == "checkout"
    assert service_in("anything", []) == "anything"


def test_resolved_is_a_status_that_parses_and_the_rules_refuse() -> None:
    assert status_in(tokenize("resolved").tokens[0]) is Status.RESOLVED


@given(st.text())
def test_slacks_escaping_is_undone_exactly_once(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(sent) == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<https://a.example|https://a.example>", "https://a.example"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<tel:+4930|+4930>", "+4930"),
        ("<!channel>", "@channel"),
        ("<!subteam^S012|@ops>", "@ops"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        ("<#C1>", "#C1"),
        ("<@U1|ana &amp; bo>", "<@U1>"),
        ("<>", ""),
        ("a <b", "a <b"),
    ],
)
def test_markup_becomes_text(written: str, read: str) -> None:
    assert plain(written) == read
