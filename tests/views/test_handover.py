"""Handing a role over: what who is asked reads, before and after; what the channel reads; the form."""

from dataclasses import replace
from typing import Any

import pytest
from inline_snapshot import snapshot

from bot.domain.handovers import HandoverOffered, HandoverUnanswered
from bot.domain.model import Status
from bot.domain.policy import Policy
from bot.domain.roles_model import CustomRole, Duties, Handover, HandoverEnd, Role
from bot.domain.work import Place
from bot.views.card import incident_card
from bot.views.duties import duties
from bot.views.forms import hand_over_form
from bot.views.handover import question
from bot.views.moments import moment
from tests.views.limits import buttons, check, check_form, labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, AT, BO, CLEO, LED, NOW, RESOLVED

EXPERT = CustomRole("Database Expert")
ASKED = Handover(n=1, role=Role.COMMANDER, to=CLEO, by=ANA, holder=BO, at=AT)
OFFERED = replace(LED, handovers=(ASKED,))


def ended(how: HandoverEnd) -> str:
    over = replace(ASKED, end=how, ended_by=ANA, ended_at=NOW)
    message = question(replace(LED, handovers=(over,)), 1)
    check(message)
    assert labels(message) == []
    return " ".join(seen(message))


def test_who_is_asked_reads_what_of_and_who_holds_it_until_then() -> None:
    message = question(OFFERED, 1)
    check(message)
    assert seen(message) == snapshot(
        [
            "@U0ANA asks you to be the Incident Commander of INC-42",
            "SEV-1, investigating: checkout is down. #C0INC42",
            "Until you accept, @U0BO holds the role. What it asks of you comes when you have accepted.",
            "Accept Role",
            "Decline Role",
        ]
    )
    assert message.text == "Will you be the Incident Commander of INC-42? Until you accept, somebody else is."
    assert {button["value"] for button in buttons(message)} == {"42 1"}


def test_afterwards_it_says_what_became_of_it_and_has_no_buttons() -> None:
    assert {how.value: ended(how) for how in HandoverEnd} == snapshot(
        {
            "accepted": "You accepted to be the Incident Commander of INC-42 · 21 Nov 2026 14:50 UTC",
            "declined": "You declined to be the Incident Commander of INC-42 · 21 Nov 2026 14:50 UTC",
            "withdrawn": "@U0ANA took the offer back: Incident Commander of INC-42 · 21 Nov 2026 14:50 UTC",
            "overtaken": "Somebody else was asked, or has taken the role: Incident Commander of INC-42"
            " · 21 Nov 2026 14:50 UTC",
            "over": "INC-42 was over before you answered: no answer is needed · 21 Nov 2026 14:50 UTC",
        }
    )
    over = question(replace(RESOLVED, handovers=(ASKED,)), 1)
    assert "INC-42 is resolved: no answer is needed" in words(over)
    declined = question(replace(RESOLVED, status=Status.DECLINED, handovers=(ASKED,)), 1)
    assert "INC-42 is declined: no answer is needed" in words(declined)


def test_the_channel_reads_who_was_asked_and_when_no_answer_comes_how_to_go_on() -> None:
    offered = HandoverOffered(at=AT, by=BO, n=1, role=Role.COMMANDER, user=CLEO, holder=BO)
    message = moment(offered, OFFERED, Place.CHANNEL)
    assert message
    check(message)
    assert "`/incident handover withdraw`" in words(message)
    assert moment(offered, OFFERED, Place.ANNOUNCEMENT) is None
    silent = HandoverUnanswered(at=AT, n=1, role=Role.COMMANDER, user=CLEO, holder=BO)
    message = moment(silent, OFFERED, Place.CHANNEL)
    assert message
    check(message)
    assert labels(message) == ["Take Role", "Take Back"]
    assert [button["value"] for button in buttons(message)] == ["42 ic", "42 1"]


def test_the_card_shows_to_whom_a_role_was_offered_and_which_are_vacant() -> None:
    message = incident_card(replace(OFFERED, roles={**LED.roles, EXPERT: ANA}), [], Policy(roles={EXPERT: ()}), NOW)
    check(message)
    lines = seen(message)
    assert lines[lines.index("Incident Commander") + 1] == "@U0BO, offered to @U0CLEO"
    assert lines[lines.index("Database Expert") + 1] == "@U0ANA"
    at = lines.index("Take a role")
    roles = ["Operations Lead", "Communications Lead", "Planning Lead"]
    assert lines[at:][:5] == ["Take a role", *roles, "Hand Over Role"]


def test_an_organisation_with_very_many_roles_has_menus_that_slack_takes() -> None:
    many = {CustomRole(f"Role {n}"): () for n in range(120)}
    check(incident_card(LED, [], Policy(roles=many), NOW))
    check_form(hand_over_form(replace(LED, roles=dict.fromkeys(many, ANA)), ANA))


def test_the_form_lists_the_roles_that_somebody_holds() -> None:
    view = hand_over_form(LED, CLEO)
    check_form(view)
    assert "Incident Commander" in str(view)
    assert "Operations Lead" not in str(view)
    assert "initial_option" not in str(view), "who holds none must say which is meant"


def test_the_form_has_chosen_the_role_that_whoever_opens_it_holds() -> None:
    view: Any = hand_over_form(replace(LED, roles={**LED.roles, Role.SCRIBE: ANA}), ANA)
    check_form(view)
    element = view["blocks"][1]["element"]
    assert element["initial_option"]["value"] == Role.SCRIBE
    assert [one["value"] for one in element["options"]] == [Role.SCRIBE, Role.COMMANDER]


@pytest.mark.parametrize("seq", [7, 8])
def test_the_duties_of_a_role_of_this_organisation_are_those_that_are_configured(seq: int) -> None:
    mine = replace(LED, roles={EXPERT: ANA}, duties={EXPERT: Duties(seq=7)})
    long = "Check the replication lag of every replica before anybody restarts the primary, and say in the channel"
    message = duties(mine, EXPERT, seq, Policy(roles={EXPERT: (long, "x" * 140)}))
    check(message)
    shown = words(message)
    assert ("• Check" in shown) == (seq == 8), "of an earlier time the list is closed"
    assert ("You are" if seq == 7 else "You were") in shown
    assert ("Done: 0 of 2" in shown) == (seq == 7), "what was done then is not known any more"
    assert ("/incident handover" in shown) == (seq == 7), "who holds it no more has nothing to type"
    assert message.text.startswith("You are" if seq == 7 else "You were")
    assert "Done" not in words(duties(mine, EXPERT, 7, Policy()))


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_four_to_six_duties_and_the_commands_that_go_with_them(role: Role) -> None:
    message = duties(replace(LED, duties={role: Duties(seq=7, done=(0, 2))}), role, 7, Policy())
    check(message)
    shown = words(message)
    (boxes,) = [one for block in message.blocks for one in block.get("elements", ()) if one["type"] == "checkboxes"]  # type: ignore[attr-defined] # JSON
    assert 4 <= len(boxes["options"]) <= 6
    assert [one["value"] for one in boxes["initial_options"]] == ["0", "2"]
    assert boxes["action_id"] == f"duties.tick:42:7:{role}"
    assert f"Done: 2 of {len(boxes['options'])}" in shown
    assert f"You are the {role.label} of INC-42" in shown
    assert "`/incident " in shown
    assert "•" not in message.text
