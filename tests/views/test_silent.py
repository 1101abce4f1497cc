"""Of what is not heard of any more nobody says that it is resolved."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alert_events import AlertEnded
from bot.domain.alerts_model import AlertStatus
from bot.domain.explaining import Explained
from bot.domain.groups_model import News
from bot.views.card import incident_card
from bot.views.group import group_message, group_news
from bot.views.timeline import describe
from bot.views.why import why
from tests.views.reader import seen
from tests.views.samples import ALERT, INCIDENT, NOW, POLICY
from tests.views.test_group import OVER

HOURS = timedelta(hours=4)
ENDED = AlertEnded(at=NOW, alert=ALERT.id, title="5xx", ended_at=NOW, unheard_for=HOURS)


def folded(unheard: int) -> list[str]:
    line, *_ = seen(group_message(replace(OVER, unheard=unheard, unheard_for=HOURS), (), None, POLICY, NOW))
    return line.split(" · ")


def test_a_group_that_nothing_was_heard_of_says_so_in_its_one_line() -> None:
    assert folded(12)[0] == snapshot("Not heard of for 4 h, counts as over: CheckoutErrorBudgetBurn")
    assert folded(5)[0] == snapshot("Resolved: CheckoutErrorBudgetBurn")
    assert folded(5)[3] == snapshot("5 of 12 not heard of for 4 h")
    assert len(folded(0)) == 3


def test_a_note_tells_them_from_those_that_were_resolved() -> None:
    group = replace(OVER, unheard=5, unheard_for=HOURS, news=News(resolved=2, unheard=5))
    assert seen(group_news(group)) == snapshot(["2 resolved, 5 not heard of for 4 h, counted as over"])


def test_the_answer_to_why_does_not_call_it_resolved() -> None:
    unheard = replace(OVER, unheard=12, unheard_for=HOURS)
    assert seen(why(Explained(group=unheard), POLICY, ""))[1].startswith("Not heard of for 4 h, counts as over · ")


def test_the_timeline_and_the_card_say_so_too() -> None:
    assert describe(ENDED, {}) == snapshot("Alert not heard of for 4 h, so it counts as over: 5xx")
    assert describe(replace(ENDED, all_of=12), {}) == snapshot(
        "Alert not heard of for 4 h, so it counts as over, the last of the 12 of its group: 5xx"
    )
    gone = replace(ALERT, status=AlertStatus.RESOLVED, ended_at=NOW, unheard_for=HOURS)
    assert any(one.startswith("Not heard of for 4 h: ") for one in seen(incident_card(INCIDENT, [gone], POLICY, NOW)))
