"""What got worse says what it was; a note says that it escalated, or eased."""

from dataclasses import replace

from inline_snapshot import snapshot

from bot.domain.alerts_model import AlertSeverity, AlertStatus
from bot.domain.grouping import alone
from bot.domain.groups_model import Change, News
from bot.views.group import group_message, group_news
from tests.views.reader import seen
from tests.views.samples import ALERT, NOW, POLICY
from tests.views.test_group import GROUP, MEMBERS

WARNING, CRITICAL, UNKNOWN = AlertSeverity.WARNING, AlertSeverity.CRITICAL, AlertSeverity.UNKNOWN
WORSE = Change(title="Disk a is filling", was=WARNING, now=CRITICAL)


def test_one_alert_says_how_grave_it_was_before() -> None:
    worse = replace(ALERT, was=WARNING)
    (_, standing, *_) = seen(group_message(alone(worse, POLICY), (worse,), None, POLICY, NOW))
    assert standing == snapshot("Firing · Critical (was warning) · Service: checkout · Rule: CheckoutErrorBudgetBurn")
    same = replace(ALERT, was=CRITICAL)
    assert "was" not in seen(group_message(alone(same, POLICY), (same,), None, POLICY, NOW))[1]


def test_of_a_kin_the_gravest_that_fires_stands_in_the_list_and_says_what_it_was() -> None:
    first, second, *_ = MEMBERS
    lesser = replace(first, kin="k", report=replace(first.report, severity=WARNING))
    graver = replace(second, kin="k", was=WARNING)
    over = replace(MEMBERS[2], status=AlertStatus.RESOLVED)
    group = replace(GROUP, severities={CRITICAL: 1}, total=2)
    listed = [one for one in seen(group_message(group, (lesser, graver, over), None, POLICY, NOW)) if "•" in one]
    assert listed == snapshot(["• Checkout fails on api_2, warning → critical, since 14:27 UTC"])


def test_a_note_says_what_escalated_and_what_eased() -> None:
    changes = (WORSE, replace(WORSE, was=UNKNOWN, now=WARNING), Change(title="b", was=CRITICAL, now=WARNING))
    alone_ = group_news(replace(GROUP, news=News(changes=changes[:1])))
    assert (alone_.text, seen(alone_)) == snapshot(
        (
            "Escalated warning → critical: CheckoutErrorBudgetBurn",
            ["Escalated warning → critical: Disk a is filling", "7 of 12 firing now"],
        )
    )
    more = group_news(replace(GROUP, news=News(changes=changes, fired=1, titles=("c",))))
    assert seen(more) == snapshot(
        [
            "Escalated warning → critical: Disk a is filling",
            "Escalated not given → warning: Disk a is filling",
            "Eased critical → warning: b",
            "+1 firing: c · 7 of 12 firing now",
        ]
    )
