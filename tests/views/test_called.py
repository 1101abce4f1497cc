"""What is read of who was called: in the channel, on the timeline, by who is called."""

from dataclasses import replace

from inline_snapshot import snapshot

from bot.domain.calls import Call, CallAccepted, Callee, CalleeKind, PeopleCalled, PeopleInvited
from bot.domain.events import Event
from bot.domain.work import Place
from bot.views.call import call, called
from bot.views.moments import moment
from bot.views.replies import called as answered
from bot.views.replies import invited
from bot.views.timeline import describe
from tests.views.limits import check, words
from tests.views.samples import ANA, AT, BO, INCIDENT, NAMES

SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")
PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
GROUP = Callee(kind=CalleeKind.GROUP, name="S0LEADS", label="@leads")
CALLS = (
    Call(n=1, callee=SERVICE, by_pager=True, told=(BO,)),
    Call(n=2, callee=PERSON, by_pager=False, told=(BO,)),
    Call(n=3, callee=GROUP, by_pager=False),
    Call(n=4, callee=SERVICE, by_pager=False),
    Call(n=5, callee=PERSON, by_pager=True, told=(BO,)),
)


def test_the_timeline_says_whose_phone_rings_and_who_was_only_written_to() -> None:
    events: list[Event] = [
        *(PeopleCalled(at=AT, by=ANA, calls=(one,), why="It leaks") for one in CALLS),
        PeopleCalled(at=AT, by=ANA, calls=CALLS[1:3], why="", level=2),
        CallAccepted(at=AT, n=1),
        PeopleInvited(at=AT, by=ANA, users=(BO,), groups=(GROUP, replace(GROUP, label=""))),
    ]
    assert [describe(event, NAMES) for event in events] == snapshot(
        [
            "Ana Lima called checkout (Bo Chen) by pager. Why: It leaks",
            "Ana Lima called Bo Chen, in a direct message (no pager is configured). Why: It leaks",
            "Ana Lima called the user group @leads, asked into the channel. Why: It leaks",
            "Ana Lima called checkout, nobody is on call (no pager is configured). Why: It leaks",
            "Ana Lima called Bo Chen by pager. Why: It leaks",
            (
                "Ana Lima called level 2: Bo Chen, in a direct message (no pager is configured); "
                "the user group @leads, asked into the channel"
            ),
            "The pager accepted call 1",
            "Ana Lima asked Bo Chen, the user group @leads, the user group S0LEADS into the channel",
        ]
    )
    assert [bool(moment(event, INCIDENT, Place.CHANNEL)) for event in events] == [True] * 6 + [False, True]


def test_who_is_called_reads_who_asks_why_and_where_to_come() -> None:
    message = called(INCIDENT, "It <!channel> leaks", ANA)
    check(message)
    assert "<@U0ANA> asks you to come: It &lt;!channel&gt; leaks" in words(message)
    assert "<#C0INC42>" in words(message)
    assert message.text.startswith("You are called to INC-42")
    assert "asks you to come" in words(called(INCIDENT, "", ANA))
    assert "You are called: nobody has acknowledged it" in words(called(INCIDENT, "nobody has acknowledged it", None))


def test_who_calls_is_told_that_it_is_under_way() -> None:
    assert "(call 2)" in answered(replace(INCIDENT, calls=CALLS[:2])).text
    assert "INC-42" in invited(INCIDENT).text


def test_who_is_called_without_the_pager_reads_where_to_come_and_since_when() -> None:
    message = call(INCIDENT, AT)
    check(message)
    assert "You are on call" in words(message)
    assert "has not accepted the page for INC-42 since" in words(message)
    assert "`/incident ic`" in words(message)
    assert "14:30 UTC" in message.text
