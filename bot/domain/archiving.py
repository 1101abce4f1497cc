"""The channel of an incident that is over, and quiet for long, is archived: warned first, once, if nobody says a word.

Whoever writes before that starts the count anew; whoever presses Keep Open ends it for good. The notice runs from the
moment at which the warning stands in the channel, so an outage of Slack's takes nothing off it. Slack lets no bot
unarchive a channel: reopened, before that or meanwhile, such an incident gets a new one. What people unarchive is left
alone.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.domain import communicating
from bot.domain.archive_commands import (
    ArchiveCommand,
    ConfirmArchived,
    ConfirmArchiveWarning,
    HearChannelIsBack,
    KeepChannel,
    ReviewQuiet,
)
from bot.domain.archives import (
    ArchiveChannel,
    ArchiveWarned,
    ArchivingEnd,
    ArchivingEnded,
    AwaitQuiet,
    ChannelReplaced,
    ShowArchiving,
)
from bot.domain.checklists import ShowRunbook
from bot.domain.draft import Draft
from bot.domain.ids import ChannelId, UserId
from bot.domain.model import Incident
from bot.domain.work import OpenChannel, Place, ShowCard
from bot.errors import Refused

NOTICE: Final = timedelta(hours=24)


def decide(draft: Draft, command: ArchiveCommand) -> None:
    """Look at a quiet channel, or take note of what became of it."""
    match command:
        case ReviewQuiet(n=0):
            _look(draft)
        case ReviewQuiet(n=n):
            _archive(draft, n)
        case ConfirmArchiveWarning(n=n):
            if _stands(draft, n):
                draft.do(AwaitQuiet(incident=draft.incident.id, n=n), due=draft.now + notice(draft))
        case ConfirmArchived(n=n, channel=channel):
            _archived(draft, n, channel)
        case KeepChannel(by=by):
            _keep(draft, by)
        case HearChannelIsBack(by=by):
            _regain(draft, by)
        case _:
            assert_never(command)


def plan(draft: Draft) -> None:
    """Look at the channel when it may have been quiet for long enough: the incident is over, or somebody wrote.

    A channel that was there before the incident stays when it is over.
    """
    if (after := draft.policy.archive_after) is not None and not draft.incident.adopts:
        draft.do(AwaitQuiet(incident=draft.incident.id), due=draft.now + after - notice(draft))


def spoken(draft: Draft, by: UserId) -> None:
    """Somebody wrote: the channel is not archived now, if it was to be."""
    archiving = draft.incident.archiving
    if archiving and archiving.stands:
        _end(draft, archiving.n, ArchivingEnd.SPOKEN, by)
        plan(draft)


def heard(draft: Draft, by: UserId, said_at: datetime) -> None:
    """A word was read in the channel, or is heard again: said since the channel fell silent, it counts as any other.

    Else a warning that a reading has overtaken would stand for ever: whoever is to write it, or to act on it, finds the
    word, and hands in what is known already.
    """
    archiving = draft.incident.archiving
    if archiving and said_at > archiving.since:
        spoken(draft, by)


def go_on(draft: Draft, over: Incident, *, anew: bool) -> None:
    """Open a new channel, in the lane of all that is said, ahead of it; the card stands above all that.

    The old one of what is `over` may be archived this moment, if it was warned: then the new one waits already.
    """
    if anew:
        draft.do(OpenChannel(incident=over.id))
    if anew or (over.archiving and over.archiving.stands):
        draft.do(ShowCard(incident=over.id))


def show_again(draft: Draft) -> None:
    """Let what is still to be done go on in the new channel, where people work now."""
    incident = draft.incident
    draft.do(*(ShowRunbook(incident=incident.id, n=one.n) for one in incident.runbooks if one.done < len(one.steps)))


def reopened(draft: Draft) -> None:
    """Let a warning that stood say that the incident is open again."""
    archiving = draft.state.incident.archiving if draft.state.incident else None
    if archiving and archiving.stands:
        draft.do(ShowArchiving(incident=draft.incident.id, n=archiving.n))


def refused(draft: Draft, work: ShowArchiving | ArchiveChannel) -> bool:
    """End a warning that Slack refuses, or refuses to act on; return whether people know of that already.

    Nothing is archived unwarned: the next warning is tried when this one's time has passed again. What Slack does not
    let us archive is left alone, and its warning says so.
    """
    archiving = draft.incident.archiving
    if archiving is None or not _stands(draft, work.n):
        return False
    if isinstance(work, ArchiveChannel):
        _end(draft, work.n, ArchivingEnd.REFUSED, None)
    else:
        draft.happened(ArchivingEnded(at=draft.now, n=work.n, end=ArchivingEnd.REFUSED))
        plan(draft)
    return archiving.refused


def notice(draft: Draft) -> timedelta:
    """Return how long before its end a channel is warned."""
    after = draft.policy.archive_after
    return NOTICE if after is None else min(NOTICE, after / 2)


def _look(draft: Draft) -> None:
    incident, after = draft.incident, draft.policy.archive_after
    warned = incident.archiving
    if after is None or incident.status.is_open or (warned and (warned.stands or warned.is_for_good)):
        return
    heard_at = warned.ended_at if warned else None  # of what is not recorded nothing else remembers that it was said
    since = max(filter(None, (incident.ended_at, draft.state.spoken_at, heard_at)), default=draft.now)
    due = since + after - notice(draft)
    if incident.channel is None:  # Slack was away all the while
        due = draft.now + notice(draft)
    if draft.now < due:
        draft.do(AwaitQuiet(incident=incident.id), due=due)
        return
    n = warned.n + 1 if warned else 1
    draft.happened(ArchiveWarned(at=draft.now, n=n, since=since, notice=notice(draft)))
    draft.do(ShowArchiving(incident=incident.id, n=n))


def _archive(draft: Draft, n: int) -> None:
    if not _stands(draft, n):
        return
    if draft.policy.archive_after is None:  # it was turned off since the warning
        _end(draft, n, ArchivingEnd.KEPT, None)
    else:
        # Opening does something only if the incident is reopened while this one is archived (_archived): it stands here
        # so that all that is said by then is behind it.
        draft.do(ArchiveChannel(incident=draft.incident.id, n=n), OpenChannel(incident=draft.incident.id))


def _archived(draft: Draft, n: int, channel: ChannelId) -> None:
    """Record it even when the warning did not stand any more by then: nobody can write there now.

    An incident that was reopened meanwhile, and perhaps is over again, goes on elsewhere: much is to be said there.
    """
    incident, warned = draft.incident, draft.incident.archiving
    if incident.channel != channel or incident.is_archived:
        return
    if warned is None or warned.end is not ArchivingEnd.REOPENED:
        draft.happened(ArchivingEnded(at=draft.now, n=n, end=ArchivingEnd.ARCHIVED))
        communicating.archived(draft)
        return
    event = ChannelReplaced(at=draft.now, archived=channel)
    seq = draft.happened(event)
    go_on(draft, incident, anew=True)
    draft.say(seq, event, Place.CHANNEL)
    show_again(draft)
    draft.refresh()


def _keep(draft: Draft, by: UserId) -> None:
    archiving = draft.incident.archiving
    if archiving is None or not archiving.stands:
        message = f"The channel of {draft.incident.label} is not about to be archived."
        raise Refused(message)
    _end(draft, archiving.n, ArchivingEnd.KEPT, by)


def _regain(draft: Draft, by: UserId | None) -> None:
    archiving = draft.incident.archiving
    if archiving and draft.incident.is_archived:
        draft.happened(ArchivingEnded(at=draft.now, by=by, n=archiving.n, end=ArchivingEnd.REGAINED))
        draft.do(ShowArchiving(incident=draft.incident.id, n=archiving.n))
        draft.refresh()


def _end(draft: Draft, n: int, end: ArchivingEnd, by: UserId | None) -> None:
    draft.happened(ArchivingEnded(at=draft.now, by=by, n=n, end=end))
    draft.do(ShowArchiving(incident=draft.incident.id, n=n))


def _stands(draft: Draft, n: int) -> bool:
    archiving = draft.incident.archiving
    return archiving is not None and archiving.n == n and archiving.stands
