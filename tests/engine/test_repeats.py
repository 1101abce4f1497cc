"""A body that says what was said last of all its series is known again, and no other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.watchdogs import Watchdog
from bot.engine.repeats import Repeats
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
REPORT = ReportedAlert(
    source=SourceName("alertmanager"),
    fingerprint="1",
    status=AlertStatus.FIRING,
    starts_at=START,
    title="Checkout fails",
)
SAID = st.builds(replace, st.just(REPORT), fingerprint=st.sampled_from("12"), title=st.sampled_from(["A", "B"]))
# What a body says is told by its bytes, so each has its own.
BODIES = st.dictionaries(st.binary(min_size=1, max_size=1), st.lists(SAID, min_size=1, max_size=3), min_size=1)


@given(data=st.data(), bodies=BODIES)
def test_what_is_known_again_is_what_would_be_no_news(
    data: st.DataObject, bodies: dict[bytes, list[ReportedAlert]]
) -> None:
    repeats, last = Repeats(), dict[str, ReportedAlert]()

    def is_news(told: Sequence[ReportedAlert]) -> list[ReportedAlert]:
        found = []
        for report in told:
            before, last[identity(report)] = last.get(identity(report)), report
            found += [report] * (before != report)
        return found

    for body in data.draw(st.lists(st.sampled_from(sorted(bodies)), max_size=12)):
        told = bodies[body]
        if repeats.again("default", body, START) is None:
            assert repeats.news(told) == is_news(told)
            repeats.remember("default", body, told, {})
        else:
            assert is_news(told) == []


def test_heartbeats_are_heard_at_the_time_of_each() -> None:
    dog = Watchdog(source=REPORT.source, integration="default", match=(), every=MINUTE, grace=MINUTE)
    repeats = Repeats()
    repeats.remember("default", b"beat", (), {dog.label: (dog, START)})
    assert repeats.again("default", b"beat", START + MINUTE) == {dog.label: (dog, START + MINUTE)}


def test_the_same_words_of_another_sender_are_its_own() -> None:
    repeats = Repeats()
    assert repeats.news([REPORT]) == [REPORT]
    repeats.remember("default", b"x", [REPORT], {})
    assert repeats.again("default", b"x", START) == {}
    assert repeats.again("other", b"x", START) is None
