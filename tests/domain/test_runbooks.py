"""Runbooks: which fit and which are found; opened once, ticked step by step, pinned to what they were."""

from dataclasses import replace

import pytest

from bot.domain.checklists import RunbookOpened, ShowRunbook, StepTicked
from bot.domain.commands import Command, Resolve
from bot.domain.events import Event
from bot.domain.evolve import fold
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.runbooks import Runbook, Seen, fitting, saying
from bot.domain.task_commands import OpenRunbook, TickStep
from bot.domain.ticking import MOST
from bot.errors import Refused
from tests.domain.story import ANA, BO, POLICY, START, Story

N = IncidentId(42)
NAMED = Runbook(name="checkout-errors", title="Checkout errors", steps=("Look", "Roll back", "Say so"))
BY_ALERT = Runbook(name="budget", title="Error budget", steps=("Look",), alerts=("CheckoutBurn",))
BY_SERVICE = Runbook(name="all", title="Checkout in general", steps=("Look",), services=(ServiceName("checkout"),))
ELSEWHERE = Runbook(name="redis", title="Redis is full", steps=("Look",), url="https://books.example/redis/")
ALL = (BY_SERVICE, ELSEWHERE, BY_ALERT, NAMED)
POLICY_WITH = replace(POLICY, runbooks=ALL)


def begun() -> Story:
    story = Story(POLICY_WITH).declared().opened()
    story.do(OpenRunbook(incident=N, name="checkout-errors", by=ANA))
    return story


def tick(step: int, *, n: int = 1, done: bool = True) -> TickStep:
    return TickStep(incident=N, n=n, step=step, done=done, by=BO)


def test_what_an_alert_names_goes_before_its_name_and_that_before_the_service() -> None:
    seen = Seen(
        services=frozenset({ServiceName("checkout")}),
        alerts=frozenset({"checkoutburn"}),
        urls=frozenset({"https://wiki.example/runbooks/Checkout-Errors.md?v=2#top"}),
    )
    assert fitting(ALL, seen) == (NAMED, BY_ALERT, BY_SERVICE)
    assert fitting(ALL, Seen()) == ()
    assert fitting(ALL, Seen(urls=frozenset({"https://books.example/redis/"}))) == (ELSEWHERE,)


def test_words_are_looked_for_in_title_name_and_services() -> None:
    assert saying(ALL, ["CHECKOUT", "errors"]) == (NAMED,)
    assert saying(ALL, ["checkout"]) == (BY_SERVICE, NAMED)
    assert saying(ALL, ["nothing"]) == ()


def test_one_is_opened_with_its_steps_of_that_moment() -> None:
    story = begun()
    (one,) = story.incident.runbooks
    assert (one.n, one.title, [step.text for step in one.steps], one.done) == (1, "Checkout errors", [*NAMED.steps], 0)
    assert story.work() == [ShowRunbook(incident=N, n=1)]
    assert isinstance(story.last.events[0], RunbookOpened)
    story.policy = replace(POLICY_WITH, runbooks=(replace(NAMED, steps=("Another",)),))
    story.do(tick(2))
    assert story.incident.runbooks[0].steps[1].by == BO
    assert story.incident.runbooks[0].steps[1].text == "Roll back"


def test_ticks_of_several_lose_nothing_and_one_can_be_taken_back() -> None:
    story = begun()
    story.do(tick(1))
    story.do(replace(tick(3), by=ANA))
    (event,) = story.last.events
    assert event == StepTicked(at=START, by=ANA, n=1, title="Checkout errors", step=3, of=3, text="Say so", done=True)
    assert [step.is_done for step in story.incident.runbooks[0].steps] == [True, False, True]
    story.do(tick(1))
    assert (story.last.events, story.work()) == ((), []), "who ticks what is ticked changes nothing"
    story.do(tick(1, done=False))
    assert [step.by for step in story.incident.runbooks[0].steps] == [None, None, ANA]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (OpenRunbook(incident=N, name="checkout-errors", by=ANA), "is open already"),
        (OpenRunbook(incident=N, name="gone", by=ANA), "do not know this runbook"),
        (tick(1, n=2), "has no runbook 2 open"),
        (tick(1, n=0), "has no runbook 0 open"),
        (tick(4), "has no step 4: it has 3"),
        (tick(0), "has no step 0"),
    ],
)
def test_what_cannot_be_says_why(command: Command, why: str) -> None:
    with pytest.raises(Refused, match=why):
        begun().do(command)


def test_there_is_an_end_to_how_many_are_open_and_to_ticking() -> None:
    story = begun()
    books = tuple(replace(NAMED, name=f"b{at}") for at in range(MOST))
    story.policy = replace(POLICY_WITH, runbooks=books)
    for book in books[1:]:
        story.do(OpenRunbook(incident=N, name=book.name, by=ANA))
    with pytest.raises(Refused, match="has 20 runbooks open already"):
        story.do(OpenRunbook(incident=N, name="b0", by=ANA))
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    for command in (tick(1), OpenRunbook(incident=N, name="b0", by=ANA)):
        with pytest.raises(Refused, match="no longer changes"):
            story.do(command)


def test_an_incident_is_the_fold_of_its_runbooks() -> None:
    story, events = Story(POLICY_WITH), list[Event]()
    events += story.declared().last.events
    for command in (
        OpenRunbook(incident=N, name="redis", by=ANA),
        OpenRunbook(incident=N, name="checkout-errors", by=ANA),
        tick(2, n=2),
        tick(2, n=2, done=False),
    ):
        events += story.do(command).events
    assert fold(events) == story.incident
