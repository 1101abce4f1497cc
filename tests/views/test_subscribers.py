"""What subscribers read: the newest at most, whole, with a way out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.course_events import IncidentDeclined, IncidentMerged, IncidentReopened
from bot.domain.events import IncidentResolved, Told, UpdateSent
from bot.domain.ids import IncidentId
from bot.domain.subscriptions import ALL, Topic
from bot.views.subscribers import subscribed, to_subscriber
from tests.views.limits import check, labels, words
from tests.views.reader import seen
from tests.views.samples import AT, BO, LED, NOW

SENT = UpdateSent(at=AT, by=BO, text="Cards fail", impact="Nobody can pay", update_every=timedelta(minutes=10))
REOPENED = IncidentReopened(at=NOW, by=BO, n=1, reason="It is back", update_every=timedelta(minutes=10))
MERGED = IncidentMerged(at=NOW, by=BO, into=IncidentId(40), title="All is down")
ENDED = IncidentResolved(at=NOW, by=None, resolution="A new cable")


def test_what_is_told_together_stands_in_its_order_with_a_way_out() -> None:
    message = to_subscriber(LED, [SENT, ENDED])
    check(message)
    assert message.text == "INC-42 checkout is down: resolved: A new cable"
    told = seen(message)
    assert told.index("Cards fail") < told.index("Nobody can pay") < told.index("A new cable")
    assert labels(message) == ["Unsubscribe"]


@pytest.mark.parametrize(
    ("event", "text", "head"),
    [
        (REOPENED, "reopened: It is back", "Reopened* by <@U0BO>"),
        (replace(REOPENED, by=None), "reopened: It is back", "Reopened, its alert fired again*, "),
        (IncidentDeclined(at=NOW, by=BO, reason="A test"), "no incident: A test", "Declined, it is no incident*"),
        (MERGED, "merged into INC-40: All is down", "Merged, it goes on in INC-40*"),
    ],
)
def test_each_turn_says_what_became_of_it(event: Told, text: str, head: str) -> None:
    message = to_subscriber(LED, [SENT, event])
    check(message)
    assert message.text == f"INC-42 checkout is down: {text}"
    assert head in words(message)
    assert labels(message) == [*(["Subscribe to INC-40"] if event is MERGED else []), "Unsubscribe"]


def test_of_very_many_the_newest_are_told_and_the_others_counted() -> None:
    long = replace(SENT, text="x" * 3000, impact="y" * 3000, doing="z" * 3000)
    message = to_subscriber(LED, [long] * 40)
    check(message)
    assert "and 32 more" in seen(message)


def test_who_subscribes_reads_of_what_and_how_to_end_it() -> None:
    for topic, what, ends in (
        (ALL, "all incidents", "/incident subscribe off"),
        (Topic("incident:7"), "INC-7", "/incident subscribe off INC-7"),
        (Topic("service:auth"), "service:auth", "/incident subscribe off service:auth"),
    ):
        message = subscribed(topic, wanted=True)
        check(message)
        assert (f"the updates of {what} in" in message.text, ends in str(message.blocks)) == (True, True)
        assert "no more updates" in subscribed(topic, wanted=False).text
