"""What an incident's turns look like: in triage, accepted, declined, reopened, closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.course_events import (
    CourseEvent,
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentClosed,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import IncidentDeclared
from bot.domain.ids import AlertId, ChannelId, IncidentId
from bot.domain.model import Proposal, Severity, Status
from bot.domain.set_aside import SetAside
from bot.domain.work import Place
from bot.views.announcement import announcement
from bot.views.card import incident_card
from bot.views.moments import moment
from bot.views.proposal import proposal
from bot.views.sentences import as_text
from bot.views.standing import summary
from bot.views.telling import tell
from bot.views.topic import topic
from tests.views.limits import labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, BO, INCIDENT, NOW, POLICY

EVERY = timedelta(minutes=30)
SUSPECTED = replace(INCIDENT, status=Status.TRIAGE, update_due=None, unannounced=True)
DECLARED = IncidentDeclared(
    at=NOW,
    by=ANA,
    incident=INCIDENT.id,
    title="Slow?",
    severity=Severity.SEV2,
    channel_name="inc-42",
    update_every=EVERY,
    triage=True,
)
REOPENED = IncidentReopened(at=NOW, by=BO, n=1, reason="Errors are back", paged=True, update_every=EVERY)
ACCEPTED = IncidentAccepted(at=NOW, by=BO, update_every=EVERY)


def told(event: CourseEvent | IncidentDeclared, place: Place = Place.CHANNEL) -> list[str]:
    message = moment(event, INCIDENT, place)
    assert message
    return seen(message)


@pytest.mark.parametrize("triage", [True, False])
def test_of_a_declaration_nothing_is_said_beside_the_card(triage: bool) -> None:
    assert moment(replace(DECLARED, triage=triage), SUSPECTED, Place.CHANNEL) is None


def test_the_card_of_triage_says_so_and_offers_to_decide() -> None:
    message = incident_card(SUSPECTED, [], POLICY, NOW)
    assert labels(message) == ["Accept", "Decline", "Merge Into…"]
    assert seen(message)[-5:-3] == [
        "Nobody outside this channel is told yet. Nobody is paged",
        "Accept: everybody is told, updates are owed, who is on call is called in. Decline: it ends here",
    ]
    assert "told yet. Who is on call is paged" in words(incident_card(replace(SUSPECTED, paged=True), [], POLICY, NOW))
    assert "told yet" not in words(incident_card(INCIDENT, [], POLICY, NOW))
    assert "Triage" in words(message)
    assert "update due" not in words(message)
    assert "Triage" in topic(SUSPECTED)


@pytest.mark.parametrize(
    ("event", "says"),
    [
        (ACCEPTED, "@U0BO accepted it as an incident"),
        (replace(ACCEPTED, by=None, rule="down"), "Rule down holds: it is an incident"),
        (IncidentDeclined(at=NOW, by=BO, reason="A load test"), "@U0BO declined it, it is no incident: A load test"),
        (IncidentClosed(at=NOW, by=BO), "@U0BO closed the incident"),
    ],
)
def test_each_turn_is_said_in_a_sentence(event: CourseEvent, says: str) -> None:
    assert told(event)[0] == says
    assert as_text(tell(event), {}) == says.replace("@", "")


def test_what_follows_is_said_with_it() -> None:
    assert told(ACCEPTED)[1].startswith("Everybody is told. The next update is due")
    assert told(replace(ACCEPTED, paged=True))[1].endswith("who is on call is paged")
    assert "/incident reopen INC-42" in told(IncidentDeclined(at=NOW, by=BO, reason="A load test"))[1]


def test_reopened_it_says_by_whom_and_why_and_in_the_channel_what_follows() -> None:
    here = told(REOPENED)
    assert here[:2] == ["Reopened by @U0BO", "Errors are back"]
    assert here[2].endswith("who is on call is paged anew")
    assert told(REOPENED, Place.ANNOUNCEMENT) == here[:2]
    by_alert = replace(REOPENED, by=None, alert=AlertId("a1"), paged=False)
    assert told(by_alert)[0] == "Reopened: an alert fired again"
    assert told(by_alert)[2].endswith("nobody is paged")
    assert as_text(tell(REOPENED), {}) == "U0BO reopened the incident: Errors are back"
    assert as_text(tell(by_alert), {}) == "The incident was reopened, its alert fired again: Errors are back"
    assert as_text(tell(DECLARED), {}) == "U0ANA declared INC-42 as SEV-2, in triage: Slow?"


@pytest.mark.parametrize(("times", "how"), [(1, "(once)"), (3, "(3 times)")])
def test_the_card_says_how_often_it_was_reopened(times: int, how: str) -> None:
    card = words(incident_card(replace(INCIDENT, reopened=times, running_since=NOW), [], POLICY, NOW))
    assert ("Reopened" in card, how in card) == (True, True)
    assert "Reopened" not in words(incident_card(replace(INCIDENT, running_since=NOW), [], POLICY, NOW))


def test_what_is_declined_says_why_everywhere() -> None:
    aside = replace(SUSPECTED, status=Status.DECLINED, set_aside=SetAside(at=NOW, by=BO, reason="A load test"))
    card = incident_card(aside, [], POLICY, NOW)
    assert labels(card) == ["Reopen Incident"]
    assert any(one.startswith("Declined by @U0BO, ") for one in seen(card))
    assert "A load test" in summary(aside)
    nobody = replace(aside, set_aside=SetAside(at=NOW, by=None, reason="A load test"))
    assert any(one.startswith("Declined, ") for one in seen(incident_card(nobody, [], POLICY, NOW)))
    assert "Declined" in words(announcement(aside, POLICY, NOW))


def test_the_proposal_of_what_is_in_triage_is_to_decline_it() -> None:
    asked = replace(SUSPECTED, proposal=Proposal(n=1, at=NOW, since=NOW))
    message = proposal(asked, 1)
    assert (labels(message), "Decline it, or keep it open" in message.text) == (["Decline", "Keep Open"], True)
    over = replace(asked, status=Status.DECLINED)
    assert proposal(over, 1).text == "INC-42 is declined."


def test_merged_its_channel_says_where_to_go_and_the_other_what_came() -> None:
    event = IncidentMerged(at=NOW, by=BO, into=IncidentId(7), title="Down", channel=ChannelId("C7"))
    assert told(event) == ["@U0BO merged it into INC-7: Down", "Go on in #C7: its alerts and its people are there"]
    assert told(event, Place.ANNOUNCEMENT) == ["@U0BO merged it into INC-7: Down"]
    assert "Go on in INC-7" in told(replace(event, channel=None))[1]
    absorbed = IncidentAbsorbed(at=NOW, by=BO, incident=IncidentId(9), title="Slow")
    assert told(absorbed)[0] == "@U0BO merged INC-9 into this one: Slow"


def test_what_was_merged_names_the_other_and_offers_nothing() -> None:
    aside = SetAside(at=NOW, by=BO, reason="INC-7 Down", into=IncidentId(7))
    card = incident_card(replace(INCIDENT, status=Status.MERGED, set_aside=aside), [], POLICY, NOW)
    assert (labels(card), "INC-7 Down" in words(card), "Merged" in words(card)) == ([], True, True)
