"""A channel is archived only after a warning that had its time, once, and never while people work there (I25)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.archives import (
    ArchiveChannel,
    ArchiveWarned,
    ArchivingEnd,
    ArchivingEnded,
    AwaitQuiet,
    ChannelReplaced,
    ShowArchiving,
)
from bot.domain.course_events import IncidentReopened
from bot.domain.message_events import MessagePosted
from bot.domain.model import Status
from bot.domain.places import place
from bot.domain.work import Work
from tests.invariants.picture import Picture, Wrong, differ, must
from tests.invariants.the_course import OPEN


@must("I25")
def a_channel_is_archived_after_a_warning_that_had_its_time(seen: Picture) -> Iterator[Wrong]:
    """See that it is, though somebody wrote, kept it or reopened the incident in the moment in which it was."""
    for number, incident in seen.incidents.items():
        warned: ArchiveWarned | None = None
        due: dict[int, datetime] = {}
        is_archived = False
        for event in seen.events(number):
            where = f"INC-{number} {event.kind} at {event.at}"
            match event:
                case ArchiveWarned(n=n):
                    yield from differ(where, (len(due) + 1, None, False), (n, warned and warned.n, is_archived))
                    yield from differ(where, _notice(seen, event), event.notice)
                    warned, due[n] = event, event.at + event.notice
                case ArchivingEnded(end=ArchivingEnd.REGAINED):
                    yield from differ(where, True, is_archived)
                    is_archived = False
                case ArchivingEnded(n=n, end=ArchivingEnd.ARCHIVED):
                    yield from differ(where, False, is_archived)
                    yield from _too_soon(where, due.get(n), event.at)
                    warned, is_archived = None, True
                case ArchivingEnded(n=n):
                    yield from differ(where, warned and warned.n, n)
                    warned = None
                case ChannelReplaced():
                    yield from _too_soon(where, min(due.values(), default=None), event.at)
                case IncidentReopened(archived=old):
                    yield from differ(where, is_archived, old is not None)
                    warned, is_archived = None, False
                case _:
                    pass
        yield from differ(f"INC-{number} is archived", is_archived, incident.is_archived)
        if incident.status in OPEN and (warned or is_archived):
            yield f"INC-{number}", "a channel that stays while people work there", "one that is archived"


def _too_soon(where: str, due: datetime | None, at: datetime) -> Iterator[Wrong]:
    if due is None or at < due:
        yield where, f"not before {due or 'a warning'}", at


def _notice(seen: Picture, event: ArchiveWarned) -> timedelta:
    """Return how long a warning must stand: a day, or half of the time after which a channel is archived."""
    after = seen.policy.archive_after if seen.policy else None
    return event.notice if after is None else min(timedelta(hours=24), after / 2)


@must("I25")
def a_quiet_channel_will_be_looked_at(seen: Picture) -> Iterator[Wrong]:
    """See that who is over is warned in the end, and who is warned is archived, unless somebody wants it kept.

    A channel that people had archived when it was to be warned needs no warning: it is left to them.
    """
    for number, incident in seen.incidents.items():
        warned = incident.archiving
        if incident.status not in {Status.RESOLVED, Status.CLOSED} or (warned and warned.is_for_good):
            continue
        failed = seen.gave_up(number, "slack.archiving") or seen.gave_up(number, "slack.archive")
        if seen.policy is None or seen.policy.archive_after is None or incident.adopts or failed:
            continue
        n = warned.n if warned else 0
        if warned and warned.stands and not seen.posted.get(place(ShowArchiving(incident=number, n=n)).key):
            continue
        works: list[Work] = [
            AwaitQuiet(incident=number),
            ShowArchiving(incident=number, n=n),
            ArchiveChannel(incident=number, n=n),
        ]
        if not any(seen.waits(work.kind, place(work).key) for work in works):
            yield f"INC-{number}", "a look at its channel, or what was decided on its way", warned


@must("I25")
def who_wrote_is_heard_before_a_channel_is_warned(seen: Picture) -> Iterator[Wrong]:
    """See that a warning counts from the last word that the record had then."""
    for number in seen.timelines:
        last: datetime | None = None
        for event in seen.events(number):
            if isinstance(event, MessagePosted):
                last = max(filter(None, (last, event.at)))
            if isinstance(event, ArchiveWarned) and last and last > event.since:
                yield f"INC-{number} warning {event.n}", f"since {last}", event.since
