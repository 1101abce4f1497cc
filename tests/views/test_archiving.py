"""The warning before a channel is archived: one button, what keeps it, and afterwards one small line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.archives import ArchiveWarned, Archiving, ArchivingEnd, ArchivingEnded, ChannelReplaced
from bot.domain.events import Event
from bot.domain.ids import ChannelId
from bot.domain.work import Place
from bot.views.archiving import archiving_message, spelled
from bot.views.moments import moment
from bot.views.timeline import describe
from tests.views.limits import buttons, check, labels
from tests.views.reader import seen
from tests.views.samples import AT, BO, NAMES, RESOLVED

WARNED = Archiving(n=1, at=AT + timedelta(days=13), since=AT, notice=timedelta(hours=24))


def test_it_says_when_why_and_how_to_keep_it() -> None:
    message = archiving_message(replace(RESOLVED, archiving=WARNED), 1)
    check(message)
    assert message.text == (
        "In 24 hours this channel is archived: nothing was said for 13 days. Write here, or press Keep Open."
    )
    assert (labels(message), buttons(message)[0]["value"]) == (["Keep Open"], "42")


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (ArchivingEnd.SPOKEN, "Somebody wrote: this channel is not archived"),
        (ArchivingEnd.KEPT, "Kept for good: this channel is not archived"),
        (ArchivingEnd.REGAINED, "Kept for good: this channel is not archived"),
        (ArchivingEnd.REOPENED, "INC-42 is open again: this channel is not archived"),
        (ArchivingEnd.REFUSED, "Slack did not let me archive it: this channel is not archived"),
        (ArchivingEnd.ARCHIVED, "Archived: as nothing was said"),
    ],
)
def test_once_it_is_over_it_is_one_line(end: ArchivingEnd, line: str) -> None:
    message = archiving_message(replace(RESOLVED, archiving=replace(WARNED, end=end)), 1)
    check(message)
    assert (seen(message), labels(message)) == ([line], [])


def test_an_older_warning_ended_because_somebody_wrote() -> None:
    older = archiving_message(replace(RESOLVED, archiving=replace(WARNED, n=2)), 1)
    assert seen(older) == ["Somebody wrote: this channel is not archived"]


def test_a_long_time_is_written_out() -> None:
    times = [timedelta(days=13, hours=5), timedelta(hours=24), timedelta(minutes=90), timedelta(seconds=50)]
    assert [spelled(one) for one in times] == ["13 days", "24 hours", "90 minutes", "a minute"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (
            ArchiveWarned(at=AT, n=1, since=AT, notice=timedelta(hours=24)),
            "The channel was warned that it will be archived: nothing was said since 21 Nov 2026 14:30 UTC",
        ),
        (
            ArchivingEnded(at=AT, by=BO, n=1, end=ArchivingEnd.SPOKEN),
            "Bo Chen wrote, so the channel was not archived",
        ),
        (ArchivingEnded(at=AT, by=BO, n=1, end=ArchivingEnd.KEPT), "Bo Chen kept the channel"),
        (ArchivingEnded(at=AT, n=1, end=ArchivingEnd.ARCHIVED), "The channel was archived"),
        (
            ArchivingEnded(at=AT, by=BO, n=1, end=ArchivingEnd.REGAINED),
            "Bo Chen brought the archived channel back",
        ),
        (
            ArchivingEnded(at=AT, n=1, end=ArchivingEnd.REOPENED),
            "The incident was open again, so the channel was not archived",
        ),
        (ArchivingEnded(at=AT, n=1, end=ArchivingEnd.REFUSED), "Slack refused, so the channel was not archived"),
    ],
)
def test_the_timeline_tells_what_happened_and_nothing_more_is_said(event: Event, sentence: str) -> None:
    assert describe(event, NAMES) == sentence
    assert moment(event, RESOLVED, Place.CHANNEL) is None


def test_what_goes_on_in_another_channel_says_why_and_where_it_was() -> None:
    event = ChannelReplaced(at=AT, archived=ChannelId("C1"))
    assert (
        describe(event, NAMES) == "The channel was archived while the incident was being reopened, so it gets another"
    )
    said = moment(event, RESOLVED, Place.CHANNEL)
    assert said
    assert seen(said) == [
        "The incident goes on here: its channel was archived while it was being reopened.",
        "What was said before: #C1, archived",
    ]
