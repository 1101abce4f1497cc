"""What is said of people in do-not-disturb: until when, and the one way to wake them."""

from dataclasses import replace

from bot.domain.policy import Policy
from bot.views.paused import Paused, paused, with_paused
from bot.views.replies import called
from tests.views.limits import check, words
from tests.views.samples import AT, BO, CLEO, INCIDENT

POLICY = Policy(own_pagers=frozenset({f"person:{BO}"}))
PEOPLE = (Paused(user=BO, until=AT), Paused(user=CLEO, until=AT))


def test_each_is_told_of_in_a_line_of_their_own_with_the_way_to_wake_them() -> None:
    for said in (paused(PEOPLE, POLICY), with_paused(called(INCIDENT), PEOPLE, POLICY)):
        check(said)
        shown = words(said)
        assert "<@U0BO> has notifications paused until" in shown
        assert "To wake them: `/incident page @person why`" in shown
        assert "Phone them, or wake others: `/incident page &lt;service&gt; why`" in shown
        assert "may not see it" in said.text


def test_where_nobody_is_paused_nothing_is_added() -> None:
    said = called(replace(INCIDENT, calls=()))
    assert with_paused(said, (), POLICY) == said
