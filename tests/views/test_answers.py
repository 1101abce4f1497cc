"""What only the person who typed sees: help, refusals, confirmations; each says what to do next."""

from dataclasses import replace

from bot.domain.roles_model import Role
from bot.views import replies
from bot.views.help import help_message, unknown_verb, verb_help
from tests.views.limits import check, words
from tests.views.reader import read, seen
from tests.views.samples import BO, INCIDENT, LED, TOLD

VERBS = (("declare", "declare [severity] <what is broken>", "Open an incident"), ("list", "list", "Show what is open"))


def test_help_shows_every_verb_as_it_is_typed() -> None:
    message = help_message((("Open", VERBS[:1]), ("More", VERBS[1:])))
    check(message)
    assert "*Open*\n`/incident declare [severity] &lt;what is broken&gt;` Open an incident" in words(message)
    assert "*More*\n`/incident list` Show what is open" in words(message)
    check(verb_help(VERBS[0], ("declare sev2 Checkout is down", "declare")))


def test_an_unknown_verb_is_repeated_with_what_may_have_been_meant() -> None:
    message = unknown_verb("declar <!here>", "declare")
    check(message)
    assert seen(message)[0] == "There is no /incident declar <!here>. Did you mean /incident declare?"
    assert read(message.text).controls == []
    assert "Did you mean" not in words(unknown_verb("x", None))


def test_a_refusal_says_why_shows_what_to_type_and_repeats_what_was_typed() -> None:
    message = replies.refusal("Say what fixed it: `/incident resolve rolled back`.", "resolve <@U0ANA>")
    check(message)
    assert words(message) == (
        "Say what fixed it: `/incident resolve rolled back`.\nYou typed: `/incident resolve &lt;@U0ANA&gt;`"
    )
    assert message.text == "Say what fixed it: /incident resolve rolled back."
    assert words(replies.refusal("a ` b")) == "a \u02cb b"


def test_declaring_says_where_the_channel_will_be() -> None:
    waiting = replies.declared(replace(INCIDENT, channel=None))
    assert seen(waiting) == [
        "Declaring INC-42 as SEV-1: checkout is down. Its channel will be #inc-42-checkout-is-down-7k3 in a moment."
    ]
    assert "Its channel is <#C0INC42>." in words(replies.declared(INCIDENT))
    asked = words(replies.declared(replace(INCIDENT, title="Is it slow?", private=True)))
    assert f"Declaring INC-42 as {INCIDENT.severity.label}, private: Is it slow? Its channel" in asked
    assert ": Is it slow? Its last messages" in replies.converted(replace(INCIDENT, title="Is it slow?")).text


def test_every_answer_keeps_slacks_limits() -> None:
    for message in (
        replies.role_given(LED, Role.COMMANDER, BO),
        replies.status_set(LED),
        replies.severity_set(LED),
        replies.update_sent(TOLD),
        replies.update_sent(replace(TOLD, update_due=None)),
        replies.resolved(LED),
        replies.acknowledged("5xx"),
        replies.busy(2),
        replies.failed("#muster-admin"),
        replies.failed("C0ADMIN"),
        replies.failed(None),
        replies.refusal("x" * 10_000, "y" * 10_000),
    ):
        check(message)
    assert "<#C0ADMIN>" in words(replies.failed("C0ADMIN"))
    assert "#muster-admin" in words(replies.failed("#muster-admin"))
