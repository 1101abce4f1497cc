"""Links: both sides show them, once; a relation can change; what is private is not told to others."""

from dataclasses import replace

import pytest

from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.linking import MOST
from bot.domain.links import Linked, Relation
from bot.domain.model import Incident
from bot.domain.task_commands import LinkCommand, LinkThing, UnlinkThing
from bot.domain.work import Say, ShowCard
from bot.errors import Refused
from tests.domain.story import ANA, BO, POLICY, START, Story

N, M = IncidentId(42), IncidentId(7)
URL = "https://status.example/incidents/7"


def two() -> tuple[Incident, Incident]:
    incident = Story().declared().opened().incident
    return incident, replace(incident, id=M, title="Redis is full", channel=ChannelId("C7"))


def linked(command: LinkCommand, here: Incident, there: Incident | None = None) -> Decision:
    return decide(State(incident=here, into=there), command, START, POLICY)


def test_both_sides_show_it_each_in_its_own_words() -> None:
    here, there = two()
    decision = linked(LinkThing(incident=N, by=BO, relation=Relation.CAUSED_BY, to=M), here, there)
    assert decision.incident
    assert decision.other
    assert decision.other.incident
    (mine,), (theirs,) = decision.incident.links, decision.other.incident.links
    assert (mine.relation, mine.incident, mine.title, mine.channel) == (Relation.CAUSED_BY, M, "Redis is full", "C7")
    assert (theirs.relation, theirs.incident, theirs.title) == (Relation.CAUSES, N, "Checkout is down")
    assert [effect.work.incident for effect in decision.effects if isinstance(effect.work, ShowCard)] == [N, M]
    assert [effect.work.incident for effect in decision.effects if isinstance(effect.work, Say)] == [N, M]


def test_another_relation_takes_the_place_of_the_one_before_on_both_sides() -> None:
    here, there = two()
    first = linked(LinkThing(incident=N, by=BO, to=M), here, there)
    assert first.incident
    assert first.other
    assert first.other.incident
    again = LinkThing(incident=N, by=BO, to=M)
    with pytest.raises(Refused, match="linked already"):
        linked(again, first.incident, first.other.incident)
    second = linked(replace(again, relation=Relation.DUPLICATE), first.incident, first.other.incident)
    assert second.incident
    assert second.other
    assert second.other.incident
    (event,) = second.events
    assert isinstance(event, Linked)
    assert (event.was, [one.relation for one in second.incident.links]) == (Relation.RELATED, [Relation.DUPLICATE])
    assert [one.relation for one in second.other.incident.links] == [Relation.DUPLICATE]


def test_it_is_taken_away_on_both_sides() -> None:
    here, there = two()
    first = linked(LinkThing(incident=N, by=BO, to=M), here, there)
    assert first.other
    gone = linked(UnlinkThing(incident=N, by=ANA, to=M), first.incident or here, first.other.incident)
    assert gone.incident
    assert gone.other
    assert gone.other.incident
    assert (gone.incident.links, gone.other.incident.links) == ((), ())
    alone = linked(UnlinkThing(incident=N, by=ANA, to=M), first.incident or here, there)
    assert alone.other is None, "the other side has none to take away"


def test_an_address_is_linked_and_taken_away() -> None:
    here, _ = two()
    made = linked(LinkThing(incident=N, by=BO, url=URL), here)
    assert made.incident
    assert (made.incident.links[0].url, made.other) == (URL, None)
    gone = linked(UnlinkThing(incident=N, by=BO, url=URL), made.incident)
    assert gone.incident
    assert gone.incident.links == ()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (LinkThing(incident=N, by=BO, to=N), "cannot be linked to itself"),
        (LinkThing(incident=N, by=BO, to=IncidentId(99)), "There is no INC-99"),
        (LinkThing(incident=N, by=BO, url="javascript:alert(1)"), "no address that can be linked"),
        (LinkThing(incident=N, by=BO, url="https://x.example/?token=xoxb-" + "1" * 30), "holds no secret"),
        (LinkThing(incident=N, by=BO, url="https://x.example/" + "a" * 1900), "no address"),
        (UnlinkThing(incident=N, by=BO, url=URL), "is not linked there"),
        (UnlinkThing(incident=N, by=BO, to=M), "is not linked there"),
    ],
)
def test_what_cannot_be_linked_says_why(command: LinkCommand, why: str) -> None:
    with pytest.raises(Refused, match=why):
        linked(command, two()[0])


def test_there_is_an_end_to_how_many_there_may_be() -> None:
    here = two()[0]
    for at in range(MOST):
        here = linked(LinkThing(incident=N, by=BO, url=f"{URL}/{at}"), here).incident or here
    with pytest.raises(Refused, match="has 50 links already"):
        linked(LinkThing(incident=N, by=BO, url=URL), here)


def test_a_private_incident_is_linked_with_private_ones_alone_and_they_read_its_number() -> None:
    here, there = two()
    hidden = replace(there, private=True)
    for one, other in ((here, hidden), (replace(here, private=True), there)):
        with pytest.raises(Refused, match="One of them is private"):
            linked(LinkThing(incident=N, by=BO, to=M), one, other)
    out = linked(LinkThing(incident=N, by=BO, to=M), replace(here, private=True), hidden)
    assert out.incident
    assert out.other
    assert out.other.incident
    for one in (out.incident, out.other.incident):
        assert (one.links[0].title, one.links[0].channel) == ("", None)
