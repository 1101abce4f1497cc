"""The warning that a quiet channel will be archived, and what has become of it."""

from datetime import timedelta
from typing import assert_never

from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.ids import ChannelId
from bot.domain.model import Incident
from bot.views.actions import Action
from bot.views.blocks import Message, actions, bold, button, channel_link, context, line, message, section


def archiving_message(incident: Incident, n: int) -> Message:
    """Render warning `n` as it stands; one before the newest ended because somebody wrote."""
    newest = incident.archiving if incident.archiving and incident.archiving.n == n else None
    if newest is None:
        return _ended("Somebody wrote")
    match newest.end:
        case None:
            return _warning(incident, newest)
        case ArchivingEnd.SPOKEN:
            return _ended("Somebody wrote")
        case ArchivingEnd.KEPT | ArchivingEnd.REGAINED:
            return _ended("Kept for good")
        case ArchivingEnd.REOPENED:
            return _ended(f"{incident.label} is open again")
        case ArchivingEnd.REFUSED:
            return _ended("Slack did not let me archive it")
        case ArchivingEnd.ARCHIVED:
            return _ended("Archived", "as nothing was said")
        case _:
            assert_never(newest.end)


def _warning(incident: Incident, warned: Archiving) -> Message:
    when, quiet = spelled(warned.notice), spelled(warned.at - warned.since)
    keep = button("Keep Open", Action.KEEP_CHANNEL, str(incident.id), spoken=f"Keep the Channel of {incident.label}")
    return message(
        f"In {when} this channel is archived: nothing was said for {quiet}. Write here, or press Keep Open.",
        section(line(bold(f"In {when} this channel is archived"), f": nothing was said for {quiet}.")),
        actions(keep),
        context("Nothing is lost: it can still be read. Whoever writes here puts it off, Keep Open keeps it for good"),
    )


def _ended(why: str, what: str = "this channel is not archived") -> Message:
    return message(f"{why}: {what}.", context(f"{why}: {what}"))


def replaced(incident: Incident, before: ChannelId) -> Message:
    """Say in the new channel why there is one."""
    return message(
        f"{incident.label} goes on here: its channel was archived while it was being reopened.",
        section("The incident goes on here: its channel was archived while it was being reopened."),
        context(line("What was said before: ", channel_link(before, ""), ", archived")),
    )


def spelled(length: timedelta) -> str:
    """Return a long time in one unit, written out: "13 days", "24 hours", "90 minutes"."""
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if length >= 2 * unit:
            return f"{length // unit} {name}"
    return "a minute"
