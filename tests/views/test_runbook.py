"""The checklist of a runbook, and the list of those that fit: steps are text, each with who did it when."""

from dataclasses import replace

from bot.domain.checklists import Checklist, RunbookOpened, Step, StepTicked
from bot.domain.runbooks import Runbook
from bot.views.runbook import checklist_message, runbook_list
from bot.views.sentences import as_text
from bot.views.telling import tell
from tests.views.limits import buttons, check, labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, AT, BO, INCIDENT, NAMES, RESOLVED

STEPS = (Step(text="Look at <!here> and *that*", by=BO, at=AT), Step(text="Roll back"))
OPEN = Checklist(
    n=1, name="checkout", title="Checkout errors", steps=STEPS, by=ANA, at=AT, url="https://wiki.example/x"
)
WORKING = replace(INCIDENT, runbooks=(OPEN,))
BOOK = Runbook(name="redis", title="Redis is <full>", steps=("Look",))


def test_each_step_says_who_did_it_or_has_a_button() -> None:
    message = checklist_message(WORKING, 1)
    check(message)
    told = " ".join(seen(message))
    assert "1 of 2 steps done · Opened by @U0ANA" in told
    assert "1. Look at <!here> and" in told
    assert "Done by @U0BO" in told
    assert (labels(message), [one["value"] for one in buttons(message)]) == (
        ["Not Done", "Mark Done"],
        ["42 1 1", "42 1 2"],
    )


def test_what_can_be_typed_names_the_runbook_so_that_it_stays_true_when_another_is_opened() -> None:
    two = replace(WORKING, runbooks=(OPEN, replace(OPEN, n=2)))
    assert [f"/incident runbook done {n}.2" in words(checklist_message(two, n)) for n in (1, 2)] == [True, True]
    done = replace(OPEN, steps=tuple(replace(step, by=BO, at=AT) for step in STEPS))
    assert "/incident runbook done" not in words(checklist_message(replace(WORKING, runbooks=(done,)), 1))


def test_when_the_incident_is_over_it_is_a_record_without_buttons() -> None:
    message = checklist_message(replace(RESOLVED, runbooks=(OPEN,)), 1)
    check(message)
    assert labels(message) == []


def test_the_longest_fits() -> None:
    long = replace(OPEN, title="<" * 150, steps=(Step(text="&" * 200),) * 40, left_out=9, url=None, by=None)
    message = checklist_message(replace(INCIDENT, runbooks=(long,)), 1)
    check(message)
    assert "9 more steps stand only in the runbook itself" in words(message)


def test_the_list_opens_what_is_not_open_yet_and_says_how_far_the_others_are() -> None:
    message = runbook_list(WORKING, (BOOK, replace(BOOK, name="many", steps=("a", "b"))), "", None)
    check(message)
    assert labels(message) == ["Open Checklist", "Open Checklist"]
    assert "open in the channel, 1 of 2 steps done" in words(message)
    over = runbook_list(RESOLVED, (BOOK,), "redis", None)
    check(over)
    assert labels(over) == []


def test_without_any_it_says_so_and_where_the_service_has_one() -> None:
    fits, says = runbook_list(INCIDENT, (), "", "https://wiki.example/x"), runbook_list(INCIDENT, (), "re<d>is", None)
    check(fits)
    check(says)
    assert "No runbook fits INC-42" in fits.text
    assert "wiki.example" in words(fits)
    assert "No runbook says “re" in says.text
    assert "Those that fit: `/incident runbook`" in words(says)


def test_the_timeline_tells_who_opened_and_ticked_what() -> None:
    opened = RunbookOpened(at=AT, by=ANA, n=1, name="x", title="Redis", steps=("Look",))
    ticked = StepTicked(at=AT, by=BO, n=1, title="Redis", step=1, of=1, text="Look", done=True)
    assert [as_text(tell(event), NAMES) for event in (opened, ticked, replace(ticked, done=False))] == [
        "Ana Lima opened the runbook Redis",
        "Bo Chen did step 1 of 1 of Redis: Look",
        "Bo Chen took back step 1 of 1 of Redis: Look",
    ]
