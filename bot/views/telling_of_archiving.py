"""What happens to a quiet channel, in a sentence an event: the part of telling.py for archives.py."""

from typing import assert_never

from bot.domain.archives import ArchiveWarned, ArchivingEnd, ArchivingEvent, ChannelReplaced
from bot.views.sentences import Part, Person, When


def tell_of_archiving(event: ArchivingEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    if isinstance(event, ArchiveWarned):
        return ("The channel was warned that it will be archived: nothing was said since ", When(event.since))
    if isinstance(event, ChannelReplaced):
        return ("The channel was archived while the incident was being reopened, so it gets another",)
    match event.end:
        case ArchivingEnd.SPOKEN:
            return (Person(event.by), " wrote, so the channel was not archived")
        case ArchivingEnd.KEPT:
            return (Person(event.by), " kept the channel")
        case ArchivingEnd.ARCHIVED:
            return ("The channel was archived",)
        case ArchivingEnd.REGAINED:
            return (Person(event.by), " brought the archived channel back")
        case ArchivingEnd.REOPENED:
            return ("The incident was open again, so the channel was not archived",)
        case ArchivingEnd.REFUSED:
            return ("Slack refused, so the channel was not archived",)
        case _:
            assert_never(event.end)
