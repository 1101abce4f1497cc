"""What can be told stands at the top of the channel for communications; the card leads there."""

from dataclasses import replace

from bot.domain.comms import Comms, CommsOpened
from bot.domain.ids import ChannelId
from bot.views.card import incident_card
from bot.views.comms import comms_asked, comms_message, opened
from tests.views.limits import check, labels, words
from tests.views.samples import ANA, AT, BO, INCIDENT, LED, NOW, POLICY, RESOLVED, TOLD

ROOM = Comms(n=1, at=AT, by=ANA, channel=ChannelId("C0COMMS"), name="inc-42-comms-checkout")


def test_it_says_what_was_told_last_who_tells_it_and_where_people_work() -> None:
    message = comms_message(replace(TOLD, comms=ROOM), NOW)
    check(message)
    said = words(message)
    assert "Communications Lead: nobody yet" in said
    assert "Incident Commander: <@U0BO>" in said
    assert "We are rolling back." in said
    assert "<#C0INC42" in said
    assert labels(message) == ["Send Update"]


def test_of_what_is_over_it_says_how_it_ended_and_offers_nothing() -> None:
    message = comms_message(replace(RESOLVED, comms=ROOM), NOW)
    assert "Rolled back release 2026-11-20." in words(message)
    assert labels(message) == []


def test_the_card_leads_there() -> None:
    assert "<#C0COMMS" in words(incident_card(replace(LED, comms=ROOM), [], POLICY, NOW))
    assert "Communications*" not in words(incident_card(replace(LED, comms=replace(ROOM, over=True)), [], POLICY, NOW))


def test_that_it_is_open_is_said_with_who_asked() -> None:
    event = CommsOpened(at=AT, by=BO, channel=ChannelId("C0COMMS"), name="inc-42-comms-checkout")
    assert "<@U0BO>" in words(opened(event, INCIDENT))
    assert "Asked" not in words(opened(replace(event, by=None), INCIDENT))
    assert opened(event, INCIDENT).text == "INC-42: a channel for communications is open: #inc-42-comms-checkout"


def test_who_asks_is_told_where_it_is_or_that_it_comes() -> None:
    assert "is <#C0COMMS" in words(comms_asked(replace(INCIDENT, comms=ROOM)))
    assert "in a moment" in words(comms_asked(INCIDENT))
