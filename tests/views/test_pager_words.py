"""What is said of our page when something is done with it in the pager itself; its people have names there, no ids."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.calls import Callee, CalleeKind
from bot.domain.grouping import alone
from bot.domain.model import PageTaken, Status
from bot.domain.page_events import PagerTold
from bot.domain.policy import Policy
from bot.domain.privacy import outside
from bot.domain.work import Place
from bot.views.card import incident_card
from bot.views.group import group_message
from bot.views.moments import moment
from bot.views.timeline import describe
from tests.views.limits import check, words
from tests.views.samples import ALERT, AT, BO, INCIDENT, NAMES, NOW

SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout <!here>")
PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
TOLD = {
    "answered": PagerTold(at=AT, told_at=AT, word="acknowledged", name="Ana <!here>\nLima"),
    "answered by a machine": PagerTold(at=AT, told_at=AT, word="acknowledged"),
    "rings again": PagerTold(at=AT, told_at=AT, word="unacknowledged", rings=True),
    "given away": PagerTold(at=AT, told_at=AT, word="reassigned", name="Ana", to=("Bo", "Cleo")),
    "given by a rule": PagerTold(at=AT, told_at=AT, word="reassigned"),
    "closed": PagerTold(at=AT, told_at=AT, word="resolved", name="Ana"),
    "closed by a machine": PagerTold(at=AT, told_at=AT, word="resolved"),
    "a call answered": PagerTold(at=AT, told_at=AT, word="acknowledged", name="Bo", n=2, callee=PERSON),
    "a call rings again": PagerTold(at=AT, told_at=AT, word="unacknowledged", rings=True, n=1, callee=SERVICE),
    "a call given away": PagerTold(at=AT, told_at=AT, word="reassigned", to=("Cleo",), n=1, callee=SERVICE),
    "a call closed by a machine": PagerTold(at=AT, told_at=AT, word="resolved", n=1, callee=SERVICE),
    "of many words": PagerTold(at=AT, told_at=AT, word="reassigned", name="x" * 4_000, to=("y" * 4_000,) * 40),
}


def test_each_word_of_the_pager_is_a_sentence() -> None:
    told = {name: describe(event, NAMES) for name, event in TOLD.items() if name != "of many words"}
    assert told == snapshot(
        {
            "answered": "Ana <!here> Lima acknowledged the page in PagerDuty",
            "answered by a machine": "The page was acknowledged in PagerDuty",
            "rings again": "The page rings again in PagerDuty: its acknowledgement was taken back, or ran out",
            "given away": "Ana gave the page to Bo, Cleo in PagerDuty",
            "given by a rule": "PagerDuty gave the page to others",
            "closed": "Ana closed the page in PagerDuty",
            "closed by a machine": "The page was closed in PagerDuty",
            "a call answered": "Bo acknowledged the page of Bo Chen in PagerDuty",
            "a call rings again": (
                "The page of checkout <!here> rings again in PagerDuty: its acknowledgement was taken back, or ran out"
            ),
            "a call given away": "PagerDuty gave the page of checkout <!here> to Cleo",
            "a call closed by a machine": "The page of checkout <!here> was closed in PagerDuty",
        }
    )


@pytest.mark.parametrize("event", TOLD.values(), ids=TOLD)
def test_it_is_said_in_the_channel_and_calls_nobody(event: PagerTold) -> None:
    message = moment(event, INCIDENT, Place.CHANNEL)
    assert message
    check(message)
    assert message.text.startswith(f"{INCIDENT.label}: ")
    assert "<!" not in message.text
    assert moment(event, INCIDENT, Place.ANNOUNCEMENT) is None


def test_a_page_that_is_closed_in_the_pager_does_not_end_the_incident() -> None:
    message = moment(TOLD["closed"], INCIDENT, Place.CHANNEL)
    assert message
    assert "INC-42 is still open. When it is over: `/incident resolve &lt;what fixed it&gt;`" in words(message)


@pytest.mark.parametrize(
    ("taken", "shown"),
    [
        (PageTaken(at=AT, in_pager=True, name="Ana *Lima*"), "Acknowledged in PagerDuty by Ana"),
        (PageTaken(at=AT, in_pager=True), "Acknowledged in PagerDuty, "),
    ],
)
def test_the_card_and_the_messages_of_its_alerts_say_who_has_answered(taken: PageTaken, shown: str) -> None:
    incident = replace(INCIDENT, page_taken=taken)
    group = alone(ALERT, Policy())
    card = incident_card(incident, (ALERT,), Policy(), NOW)
    assert shown in words(card)
    assert shown in words(group_message(group, (ALERT,), outside(incident), Policy(), NOW))
    over = replace(incident, status=Status.RESOLVED, resolved_at=AT + timedelta(hours=1), resolution="Mended")
    assert shown not in words(incident_card(over, (ALERT,), Policy(), NOW))


def test_who_took_it_up_in_slack_is_told_of_elsewhere() -> None:
    incident = replace(INCIDENT, page_taken=PageTaken(at=AT))
    assert "PagerDuty" not in words(incident_card(incident, (), Policy(), NOW))
