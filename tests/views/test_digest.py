"""The message of a digest: what fired, how often, what still does, and never more than Slack takes."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alerts_model import AlertSeverity
from bot.domain.digests_model import Entry
from bot.domain.group_work import PostDigest
from bot.domain.ids import ServiceName
from bot.views.blocks import Message
from bot.views.digest import digest_message
from tests.views.limits import check, words
from tests.views.reader import seen
from tests.views.samples import AT, NOW

ONCE = Entry(
    title="Certificate ends in 20 days", service=ServiceName("shop"), severity=AlertSeverity.INFO, fired=1, firing=1,
    began_at=AT, url="https://prometheus.example/graph",
)  # fmt: skip
OFTEN = replace(ONCE, title="Backup was slow", service=None, fired=12, firing=0, ended_at=AT + timedelta(minutes=3))
BEFORE = replace(ONCE, title="Disk is old", fired=0, firing=3, url=None)


def shown(*entries: Entry, groups: int = 0, firing: int = 0) -> Message:
    fired = sum(one.fired for one in entries)
    work = PostDigest(
        channel="alerts",
        digest="1h",
        until=NOW,
        entries=entries,
        groups=groups or len(entries),
        fired=fired,
        firing=firing,
    )
    message = digest_message(work)
    check(message)
    return message


def test_each_says_how_often_it_fired_and_whether_it_still_does_and_for_how_long() -> None:
    message = shown(ONCE, OFTEN, BEFORE, firing=2)
    assert message.text == snapshot("Digest: 13 alerts fired, 2 still firing")
    assert seen(message) == snapshot(
        [
            "Digest: 13 alerts fired, 2 still firing",
            "• Info: Certificate ends in 20 days for shop, still firing since 21 Nov 2026 14:30 UTC (20 min)",
            "• Info: Backup was slow, 12 times, over at 14:33 UTC (after 3 min)",
            "• Info: Disk is old for shop, from before, still firing (3) since 21 Nov 2026 14:30 UTC (20 min)",
            "All that fires: /incident alerts",
        ]
    )


def test_what_is_not_listed_is_counted_and_the_title_is_a_link() -> None:
    message = shown(OFTEN, groups=8)
    assert message.text == snapshot("Digest: 12 alerts fired, nothing still fires")
    assert seen(message)[-1] == snapshot("and 7 more · All that fires: /incident alerts")
    assert "*<https://prometheus.example/graph|Backup was slow>*" in words(message)


def test_text_from_outside_is_shown_and_not_obeyed() -> None:
    message = shown(
        *[replace(ONCE, title="<!channel> *x* " * 10, service=ServiceName("<@U1>"), url="javascript:x")] * 20
    )
    assert message.text == "Digest: 20 alerts fired, nothing still fires"


def test_no_row_is_lost_to_long_addresses_and_many_marks() -> None:
    long = replace(ONCE, url=f"https://prometheus.example/graph?g0.expr={'x' * 300}")
    endless = replace(long, url=f"{long.url}{'x' * 2_500}")
    rows = [replace(one, title=f"Row {number} &&&") for number, one in enumerate([long, endless] * 10)]
    told = seen(shown(*rows))
    assert [one for one in told if one.endswith("(20 min)")] == told[1:-1]
    assert len(told[1:-1]) == 20


def test_what_was_over_long_ago_says_on_which_day() -> None:
    told = seen(shown(replace(OFTEN, began_at=AT - timedelta(days=3), ended_at=AT - timedelta(days=2))))
    assert told[1] == snapshot("• Info: Backup was slow, 12 times, over at 19 Nov 2026 14:30 UTC (after 1 d)")
