"""Action items as they are shown: the list, an owner's direct message, the reminder, and beside everything else."""

from dataclasses import replace
from datetime import date, timedelta

from inline_snapshot import snapshot

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.finding import Finding, Wanted
from bot.domain.following_up import MOST, due_first
from bot.domain.home import Home
from bot.domain.postmortem import compile_postmortem
from bot.domain.text import REASON_LIMIT
from bot.views.action_items import action_given, action_list, action_reminder, open_actions
from bot.views.card import incident_card
from bot.views.forms import action_form, close_form
from bot.views.home import home_view
from bot.views.postmortem import postmortem_markdown
from bot.views.summary import incident_summary
from bot.views.turns import ending_buttons
from tests.views.happenings import DECLARED
from tests.views.limits import buttons, check, check_form, check_home, labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, AT, BO, CLEO, LED, NAMES, NOW, POLICY, RESOLVED, timeline

TODAY = NOW.date()
MINE = ActionItem(n=1, text="alert on the <!here> queue", by=ANA, at=AT, owner=BO, given=1, told=True, due=TODAY)
LATE = ActionItem(n=2, text="raise the limit", by=ANA, at=AT, due=TODAY - timedelta(days=3))
DONE = replace(LATE, n=3, text="roll back", state=ActionState.DONE, ended_by=CLEO, ended_at=NOW)
THERE = replace(RESOLVED, actions=(MINE, LATE, DONE))


def test_the_list_says_what_is_left_to_whom_until_when_and_what_is_done() -> None:
    message = action_list(THERE, NOW)
    check(message)
    assert seen(message) == snapshot(
        [
            "Action items of INC-42: 2 open",
            "1. alert on the <!here> queue",
            "@U0BO · due today",
            "Mark Done",
            "2. raise the limit",
            "nobody's yet · overdue since Wed 18 Nov 2026",
            "Mark Done",
            "3. roll back",
            "Done by @U0CLEO",
            "Reopen",
            "Add Action Item",
            (
                "/incident action 1 @person gives it to somebody · /incident action 1 due friday says until when"
                " · /incident action drop 1 when it is not needed"
            ),
        ]
    )
    assert "alert on the <!here> queue" in message.text.replace("&lt;", "<").replace("&gt;", ">")


def test_an_empty_list_teaches_how_one_is_written_down() -> None:
    message = action_list(LED, NOW)
    check(message)
    assert labels(message) == ["Add Action Item"]
    assert "/incident action write the runbook" in words(message)


def test_a_hundred_of_the_longest_fit_wherever_they_are_shown() -> None:
    longest = [replace(MINE, n=n, text="<&>" * (REASON_LIMIT // 3), due=date(2027, 12, 28)) for n in range(1, MOST + 1)]
    many = replace(THERE, actions=tuple(longest))
    for message in (
        action_list(many, NOW),
        action_given(many, 1, 1, NOW),
        action_reminder(many, 1, NOW),
        incident_card(many, (), POLICY, NOW),
        incident_summary(many, (), (), POLICY, NOW),
    ):
        check(message)
    check_form(close_form(many, open_actions(many, NOW)))
    nothing = Finding(wanted=Wanted(), shown=(), total=0, quiet=0)
    check_home(
        home_view(
            Home(user=BO, incidents=(many,) * 12, mine=nothing, firing=nothing, actions=due_first([many])),
            "https://acme.slack.com/",
            NOW,
        )
    )


def test_the_owner_reads_what_it_is_and_marks_it_done_right_there() -> None:
    message = action_given(THERE, 1, 1, NOW)
    check(message)
    assert labels(message) == ["Mark Done"]
    assert {one["value"] for one in buttons(message)} == {"42 1"}
    assert "An action item is yours" in words(message)


def test_what_became_of_it_stands_in_its_place_without_a_button() -> None:
    done = replace(THERE, actions=(replace(MINE, state=ActionState.DONE, ended_by=ANA, ended_at=NOW),))
    dropped = replace(THERE, actions=(replace(MINE, state=ActionState.DROPPED),))
    given_on = replace(THERE, actions=(replace(MINE, owner=CLEO, given=2),))
    for incident, told in (
        (done, "Done by @U0ANA"),
        (dropped, "Not needed any more"),
        (given_on, "Now with @U0CLEO"),
    ):
        message = action_given(incident, 1, 1, NOW)
        check(message)
        assert labels(message) == []
        assert told in " ".join(seen(message))


def test_the_reminder_says_whether_it_is_due_or_was() -> None:
    today, late = action_reminder(THERE, 1, NOW), action_reminder(THERE, 2, NOW)
    assert today.text.startswith("An action item is due today, INC-42")
    assert late.text.startswith("An action item is overdue, INC-42")
    assert labels(late) == ["Mark Done"]


def test_card_summary_and_postmortem_tell_of_them() -> None:
    assert "Action items: 2 of 3 open" in words(incident_card(THERE, (), POLICY, NOW))
    assert "raise the limit" in words(incident_summary(THERE, (), (), POLICY, NOW))
    _, rows = timeline(DECLARED)
    draft = postmortem_markdown(compile_postmortem(THERE, rows, (), POLICY), NAMES)
    assert "| alert on the \\<\\!here\\> queue | _which_ | Bo Chen | 2026-11-21 |  |" in draft
    assert "| roll back (done) |" in draft
    none = postmortem_markdown(compile_postmortem(RESOLVED, rows, (), POLICY), NAMES)
    assert "| _what_ | prevent |" in none


def test_what_is_resolved_offers_to_add_one_and_to_close() -> None:
    offered = ending_buttons(THERE)
    assert offered
    assert "Add Action Item" in str(offered)
    check_form(action_form(THERE))
    assert "raise the limit" in str(close_form(THERE, open_actions(THERE, NOW)))
