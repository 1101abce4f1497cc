"""The channel of what is over: warned when it was quiet for long, archived a day later, unless somebody says a word."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert_events import AlertEnded
from bot.domain.archive_commands import (
    ConfirmArchiveWarning,
    HearChannelIsBack,
    KeepChannel,
)
from bot.domain.archives import (
    ArchiveChannel,
    ArchiveWarned,
    ArchivingEnd,
    ArchivingEnded,
    ShowArchiving,
)
from bot.domain.checklists import ShowRunbook
from bot.domain.commands import Resolve
from bot.domain.course_commands import Close, Reopen
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.heard import Heard
from bot.domain.ids import AlertId, ChannelId, MessageTs
from bot.domain.kept import Kept
from bot.domain.read_back import ReadBack
from bot.domain.record_commands import RecordHistory, RecordMessage
from bot.domain.result_commands import ReportFailure
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook, TickStep
from bot.domain.work import OpenChannel, Place, Say, SetTopic
from bot.errors import Refused
from tests.domain.quiet import A_DAY, ARCHIVED, N, Quiet
from tests.domain.story import ANA, BO, START


def read(*messages: RecordMessage) -> RecordHistory:
    return RecordHistory(work=ReadBack(incident=N, final=True), messages=messages, read_at=START)


def wrote(ts: str = "1.000000", days: float = 0) -> RecordMessage:
    return RecordMessage(
        channel=ChannelId("C1"),
        ts=MessageTs(ts),
        by=BO,
        said_at=START + days * A_DAY,
        text="The refund is out",
        permalink="https://acme.example/p1",
    )


def test_what_ends_is_looked_at_a_day_before_it_may_be_archived_or_never() -> None:
    assert Quiet().looks() == [(0, 13)]
    assert Quiet(archive_after=timedelta(hours=2)).looks() == [(0, 1 / 24)]
    assert Quiet(archive_after=None).looks() == []


def test_a_quiet_channel_is_warned_once_and_its_notice_runs_from_when_it_reads_that() -> None:
    quiet = Quiet()
    quiet.look(13)
    assert quiet.last.events == (ArchiveWarned(at=quiet.now, n=1, since=START, notice=A_DAY),)
    assert quiet.work() == [ShowArchiving(incident=N, n=1)]
    quiet.look(13)
    assert quiet.last.effects == ()
    quiet.on(15, ConfirmArchiveWarning(incident=N, n=1))
    assert quiet.looks() == [(1, 16)]


def test_after_the_notice_the_channel_is_archived_once() -> None:
    quiet = Quiet().warned()
    quiet.look(14, n=1)
    assert quiet.work() == [ArchiveChannel(incident=N, n=1), OpenChannel(incident=N)]
    quiet.on(14, ARCHIVED)
    assert (quiet.happened(), quiet.incident.is_archived) == (["archiving_ended"], True)
    quiet.on(14, ARCHIVED)
    assert quiet.last.events == ()
    quiet.look(40)
    assert quiet.last.effects == ()


def test_who_wrote_meanwhile_is_counted_from() -> None:
    quiet = Quiet()
    quiet.look(13, spoken=10)
    assert (quiet.last.events, quiet.looks()) == ((), [(0, 23)])


def test_without_a_channel_there_is_nothing_to_warn_yet() -> None:
    quiet = Quiet(channel=False)
    quiet.look(13)
    assert (quiet.last.events, quiet.looks()) == ((), [(0, 14)])


def test_who_writes_after_the_warning_starts_the_count_anew() -> None:
    quiet = Quiet().warned()
    quiet.on(13.5, wrote())
    assert quiet.happened() == ["message_posted", "archiving_ended"]
    assert (quiet.looks(), quiet.kinds()) == ([(0, 26.5)], ["slack.archiving", "timer.quiet"])
    quiet.look(14, n=1)
    assert quiet.last.effects == ()
    quiet.on(15, wrote("2.000000"))
    assert quiet.happened() == ["message_posted"]
    quiet.look(27, spoken=14)
    assert quiet.work() == [ShowArchiving(incident=N, n=2)]


def test_where_messages_are_not_recorded_a_word_counts_once_and_not_for_ever() -> None:
    quiet = Quiet()
    quiet.policy = replace(quiet.policy, messages_kept=Kept.MARKED)
    quiet.look(13)
    quiet.on(13, wrote())
    assert (quiet.happened(), quiet.looks()) == (["archiving_ended"], [(0, 26)])
    quiet.look(26)
    assert quiet.last.events == (ArchiveWarned(at=quiet.now, n=2, since=START + 13 * A_DAY, notice=A_DAY),)


def test_a_word_read_after_the_warning_was_decided_ends_it_if_it_was_said_since_the_channel_fell_silent() -> None:
    quiet = Quiet()
    quiet.look(13)
    quiet.on(13.1, read(wrote(days=0)))
    assert quiet.last.effects == ()
    quiet.on(13.2, read(wrote("2.000000", days=12)))
    assert quiet.happened() == ["message_posted", "archiving_ended"]
    assert (quiet.looks(), quiet.kinds()) == ([(0, 26.2)], ["slack.archiving", "timer.quiet"])


def test_a_word_that_is_known_and_found_again_where_the_warning_was_to_stand_ends_it() -> None:
    quiet = Quiet()
    quiet.look(13)
    known = {MessageTs("1.000000"): Heard(posted=True, text="The refund is out")}
    state = State(incident=quiet.incident, heard=known)
    assert decide(state, wrote(days=0), quiet.now, quiet.policy).events == ()
    (ended,) = decide(state, wrote(days=12), quiet.now, quiet.policy).events
    assert ended == ArchivingEnded(at=quiet.now, by=BO, n=1, end=ArchivingEnd.SPOKEN)


def test_a_warning_that_is_over_when_it_reaches_the_channel_starts_no_notice() -> None:
    quiet = Quiet()
    quiet.look(13)
    quiet.on(13.1, wrote())
    quiet.on(13.2, ConfirmArchiveWarning(incident=N, n=1))
    assert quiet.last.effects == ()


def test_who_keeps_the_channel_keeps_it_for_good() -> None:
    quiet = Quiet().warned()
    quiet.on(13.5, KeepChannel(incident=N, by=BO))
    assert quiet.last.events == (ArchivingEnded(at=quiet.now, by=BO, n=1, end=ArchivingEnd.KEPT),)
    quiet.look(90)
    assert quiet.last.effects == ()
    with pytest.raises(Refused, match="not about to be archived"):
        quiet.on(91, KeepChannel(incident=N, by=BO))
    with pytest.raises(Refused, match="not about to be archived"):
        Quiet().on(1, KeepChannel(incident=N, by=BO))


def test_what_is_turned_off_after_the_warning_is_not_done() -> None:
    quiet = Quiet().warned()
    quiet.policy = replace(quiet.policy, archive_after=None)
    quiet.look(14, n=1)
    assert quiet.happened() == ["archiving_ended"]
    assert quiet.kinds() == ["slack.archiving"]
    never = Quiet(archive_after=None)
    never.look(90)
    assert never.last.effects == ()
    never.on(91, wrote())
    assert never.happened() == ["message_posted"]


def test_a_warning_from_before_it_was_turned_off_is_confirmed_without_harm() -> None:
    quiet = Quiet()
    quiet.look(13)
    quiet.policy = replace(quiet.policy, archive_after=None)
    quiet.on(13, ConfirmArchiveWarning(incident=N, n=1))
    assert quiet.looks() == [(1, 14)]


def test_what_is_reopened_is_not_archived_and_says_so() -> None:
    quiet = Quiet().warned()
    quiet.on(13.5, Reopen(incident=N, reason="Errors are back", by=BO))
    assert ShowArchiving(incident=N, n=1) in quiet.work()
    assert quiet.incident.archiving
    assert quiet.incident.archiving.end is ArchivingEnd.REOPENED
    quiet.look(14, n=1)
    assert quiet.last.effects == ()
    quiet.look(14)
    assert quiet.last.effects == ()
    assert quiet.incident.channel == ChannelId("C1")


def test_in_an_archived_channel_nothing_is_said() -> None:
    quiet = Quiet().archived()
    quiet.on(15, Close(incident=N, by=ANA))
    assert quiet.kinds() == ["slack.say", "slack.announce"]
    (said,) = [work for work in quiet.work() if isinstance(work, Say)]
    assert said.place is Place.ANNOUNCEMENT


def test_what_finds_it_archived_is_no_failure_that_anybody_is_told() -> None:
    """It was decided right before: a word that could not be said any more is in the record, and that is all."""
    quiet = Quiet().archived()
    quiet.on(15, ReportFailure(incident=N, work=SetTopic(incident=N), reason="is_archived"))
    assert (quiet.last.events, quiet.last.effects) == ((), ())
    word = AlertEnded(at=quiet.now, alert=AlertId("a"), title="Checkout fails", ended_at=quiet.now, all_of=1)
    said = Say(incident=N, place=Place.CHANNEL, seq=1, event=word)
    quiet.on(16, ReportFailure(incident=N, work=said, reason="is_archived"))
    assert ([event.kind for event in quiet.last.events], quiet.last.effects) == (["delivery_failed"], ())


def test_reopened_an_incident_whose_channel_is_archived_gets_another_before_all_that_is_said_there() -> None:
    quiet = Quiet().archived()
    quiet.on(20, Reopen(incident=N, reason="Errors are back", by=BO))
    assert quiet.work()[0] == OpenChannel(incident=N)
    assert "slack.read_back" not in quiet.kinds()
    assert "slack.topic" not in quiet.kinds()
    assert (quiet.incident.channel, quiet.incident.is_archived) == (None, False)
    assert quiet.incident.channel_name == "inc-42-checkout-is-down-7k3x-r1"
    quiet.opened()
    assert "slack.read_back" in quiet.kinds()


def test_its_checklists_with_open_steps_go_on_there_and_what_is_worked_through_stays_behind() -> None:
    quiet = Quiet()
    books = tuple(Runbook(name=name, title=name, steps=("Look", "Say so")) for name in ("open", "done"))
    quiet.policy = replace(quiet.policy, runbooks=books)
    quiet.on(0, Reopen(incident=N, reason="Errors are back", by=BO))
    assert "slack.runbook" not in quiet.kinds()
    for n, book in enumerate(books, 1):
        quiet.on(0, OpenRunbook(incident=N, name=book.name, by=ANA))
        quiet.on(0, TickStep(incident=N, n=n, step=1, done=True, by=BO))
    quiet.on(0, TickStep(incident=N, n=2, step=2, done=True, by=BO))
    quiet.on(0, Resolve(incident=N, resolution="Rolled back", by=ANA))
    quiet.archived().on(20, Reopen(incident=N, reason="Errors are back", by=BO))
    assert [work for work in quiet.work() if isinstance(work, ShowRunbook)] == [ShowRunbook(incident=N, n=1)]
    assert quiet.kinds().index("slack.say") < quiet.kinds().index("slack.runbook")


def test_who_gives_the_channel_back_has_it_left_alone() -> None:
    quiet = Quiet().archived()
    quiet.on(20, HearChannelIsBack(incident=N, by=BO))
    assert quiet.last.events == (ArchivingEnded(at=quiet.now, by=BO, n=1, end=ArchivingEnd.REGAINED),)
    assert quiet.kinds() == ["slack.archiving", "slack.card", "slack.announce", "slack.topic"]
    quiet.look(90)
    assert quiet.last.effects == ()
    quiet.on(91, HearChannelIsBack(incident=N, by=BO))
    assert quiet.happened() == []
    quiet.on(92, Reopen(incident=N, reason="Errors are back", by=BO))
    assert quiet.incident.channel == ChannelId("C1")


def test_a_warning_that_slack_refuses_ends_and_the_next_is_tried_in_time_and_told_of_no_more() -> None:
    quiet = Quiet()
    quiet.look(13)
    quiet.on(13, ReportFailure(incident=N, work=ShowArchiving(incident=N, n=1), reason="restricted_action"))
    assert quiet.happened() == ["archiving_ended", "delivery_failed"]
    assert (quiet.looks(), quiet.kinds()) == ([(0, 26)], ["timer.quiet", "slack.failure"])
    quiet.look(26)
    quiet.on(26, ReportFailure(incident=N, work=ShowArchiving(incident=N, n=2), reason="restricted_action"))
    assert (quiet.happened(), quiet.looks(), quiet.kinds()) == (["archiving_ended"], [(0, 39)], ["timer.quiet"])
    quiet.on(27, ReportFailure(incident=N, work=ShowArchiving(incident=N, n=1), reason="restricted_action"))
    assert quiet.happened() == ["delivery_failed"], "of one that did not stand any more"


def test_what_slack_does_not_let_us_archive_is_said_and_left_alone() -> None:
    quiet = Quiet().warned()
    quiet.look(14, n=1)
    quiet.on(14, ReportFailure(incident=N, work=ArchiveChannel(incident=N, n=1), reason="cant_archive_required"))
    assert quiet.kinds() == ["slack.archiving", "slack.failure"]
    assert (quiet.looks(), quiet.incident.is_archived) == ([], False)
