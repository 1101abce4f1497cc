"""What is said of rules, and the proposal to resolve: a question with both answers, afterwards one small line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertAttached
from bot.domain.events import Event
from bot.domain.ids import AlertId
from bot.domain.model import Incident, Proposal
from bot.domain.proposals import ProposalEnded, ResolveProposed
from bot.domain.work import Place
from bot.views.moments import moment
from bot.views.proposal import proposal
from bot.views.timeline import describe
from tests.views.happenings import DECLARED
from tests.views.limits import buttons, check, labels
from tests.views.reader import seen
from tests.views.samples import ANA, AT, BO, INCIDENT, LED, NAMES, NOW, RESOLVED

ATTACHED = AlertAttached(at=AT, alert=AlertId("a1"), title="5xx", starts_at=AT, rule="a", all_of=1)
ASKED = Proposal(n=1, at=NOW, since=AT + timedelta(minutes=15))


def _seen(incident: Incident, n: int = 1) -> list[str]:
    message = proposal(incident, n)
    check(message)
    return seen(message)


def test_it_asks_whoever_is_in_command_and_offers_both_answers() -> None:
    asked = replace(LED, proposal=ASKED)
    message = proposal(asked, 1)
    assert message.text == "INC-42: all alerts are over since 21 Nov 2026 14:45 UTC. Resolve it, or keep it open."
    assert labels(message) == ["Resolve Incident", "Keep Open"]
    assert {button["value"] for button in buttons(message)} == {"42"}
    assert _seen(asked)[0] == "@U0BO: All alerts of INC-42 are over since 14:45 UTC. Is the incident over?"


def test_while_nobody_is_in_command_it_asks_who_declared_it_or_was_called_in_or_everybody() -> None:
    asked = replace(INCIDENT, proposal=ASKED)
    assert _seen(asked)[0].startswith("@U0ANA: All alerts")
    assert _seen(replace(asked, declared_by=None, responders=(BO,)))[0].startswith("@U0BO: All alerts")
    assert _seen(replace(asked, declared_by=None, responders=()))[0].startswith("All alerts")


def test_once_answered_it_is_one_line_without_buttons() -> None:
    over = "All its alerts were over since 14:45 UTC"
    ended = replace(ASKED, ended_at=NOW)
    assert _seen(replace(LED, proposal=replace(ended, kept_by=ANA))) == [f"@U0ANA keeps INC-42 open · {over}"]
    assert _seen(replace(LED, proposal=ended)) == [f"An alert of INC-42 fired again: it is not over · {over}"]
    assert _seen(replace(LED, proposal=replace(ASKED, n=2))) == ["An alert of INC-42 fired again: it is not over"]
    assert _seen(replace(RESOLVED, proposal=ASKED)) == [f"INC-42 is resolved · {over}"]


@pytest.mark.parametrize(
    ("event", "sentence", "is_said"),
    [
        (
            replace(DECLARED, by=None, rule="checkout-critical"),
            "Rule checkout-critical declared INC-42 as SEV-2",
            False,
        ),
        (ATTACHED, "Rule a attached an alert: 5xx", True),
        (replace(ATTACHED, all_of=3), "Rule a attached 3 alerts, the first: 5xx", True),
        (ResolveProposed(at=AT, n=1, since=AT), "All alerts were over since 21 Nov 2026 14:30 UTC: proposed to", False),
        (ProposalEnded(at=AT, by=BO, n=1), "Bo Chen kept the incident open", False),
        (ProposalEnded(at=AT, n=1), "An alert fired again: not over yet", False),
    ],
)
def test_the_record_says_what_rules_did_and_the_channel_what_they_attached(
    event: Event, sentence: str, *, is_said: bool
) -> None:
    assert describe(event, NAMES).startswith(sentence)
    assert [bool(moment(event, INCIDENT, place)) for place in (Place.CHANNEL, Place.ANNOUNCEMENT)] == [is_said, False]
