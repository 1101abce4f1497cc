"""Links as they are shown: the list, and on card, summary and draft; the host of an address is its name."""

from dataclasses import replace

from bot.domain.ids import ChannelId, IncidentId
from bot.domain.linking import LONGEST, MOST
from bot.domain.links import Link, Linked, Relation, Unlinked
from bot.domain.postmortem import compile_postmortem
from bot.domain.work import Place
from bot.views.card import incident_card
from bot.views.linked import link_list
from bot.views.moments import moment
from bot.views.postmortem import postmortem_markdown
from bot.views.summary import incident_summary
from tests.views.happenings import DECLARED
from tests.views.limits import buttons, check, labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, AT, LED, NAMES, NOW, POLICY, RESOLVED, timeline

OTHER = Link(
    relation=Relation.CAUSED_BY, incident=IncidentId(7), title="Redis <!here> is full", channel=ChannelId("C7"), by=ANA,
    at=AT,
)  # fmt: skip
PLACE = Link(relation=Relation.RELATED, url="https://status.example/incidents/7?a=b", by=ANA, at=AT)
HIDDEN = Link(relation=Relation.CAUSES, incident=IncidentId(8), by=ANA, at=AT)
BOTH = replace(LED, links=(OTHER, PLACE, HIDDEN))


def test_the_list_names_each_and_takes_each_away() -> None:
    message = link_list(BOTH)
    check(message)
    told = " ".join(seen(message))
    assert "Caused by INC-7 Redis <!here> is full" in told
    assert "status.example" in told
    assert [one["value"] for one in buttons(message)] == [
        "42 INC-7",
        "42 https://status.example/incidents/7?a=b",
        "42 INC-8",
    ]
    assert labels(message) == ["Remove Link"] * 3


def test_without_any_it_teaches_how_one_is_made() -> None:
    message = link_list(LED)
    check(message)
    assert "/incident link INC-7 caused-by" in words(message)


def test_card_summary_and_draft_tell_of_them_and_the_longest_fit() -> None:
    assert "Redis" in words(incident_card(BOTH, (), POLICY, NOW))
    assert "Redis" in words(incident_summary(BOTH, (), (), POLICY, NOW))
    _, rows = timeline(DECLARED)
    draft = postmortem_markdown(compile_postmortem(replace(RESOLVED, links=BOTH.links), rows, (), POLICY), NAMES)
    assert "- Caused by: INC-7 Redis \\<\\!here\\> is full" in draft
    assert "[status.example](<https://status.example/incidents/7?a=b>)" in draft
    assert "- Causes: INC-8" in draft
    long = [replace(PLACE, url=f"https://status.example/{at:02}{'a' * (LONGEST - 30)}") for at in range(MOST)]
    many = replace(LED, links=tuple(long))
    for message in (link_list(many), incident_card(many, (), POLICY, NOW), incident_summary(many, (), (), POLICY, NOW)):
        check(message)


def test_what_was_linked_and_unlinked_is_said_in_a_sentence() -> None:
    made = Linked(at=AT, by=ANA, relation=Relation.DUPLICATE, incident=IncidentId(7), title="Redis is full")
    gone = Unlinked(at=AT, by=ANA, relation=Relation.RELATED, url="https://status.example/7")
    odd = Unlinked(at=AT, by=ANA, relation=Relation.RELATED, url="https://")
    told = [moment(event, LED, Place.CHANNEL) for event in (made, gone, odd)]
    assert [" ".join(seen(one)) for one in told if one] == [
        "@U0ANA linked it: a duplicate of INC-7 (Redis is full)",
        "@U0ANA took the link to status.example away",
        "@U0ANA took the link to an address away",
    ]
