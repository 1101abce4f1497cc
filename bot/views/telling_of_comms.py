"""What happens to the channel for communications, in a sentence an event: the part of telling.py for comms.py."""

from typing import assert_never

from bot.domain.comms import CommsArchived, CommsAsked, CommsEvent, CommsOpened
from bot.views.sentences import Part, Person


def tell_of_comms(event: CommsEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    match event:
        case CommsAsked(by=by):
            return (Person(by), " asked for a channel for communications")
        case CommsOpened(by=by, name=name):
            return (f"#{name} was opened for communications, as ", Person(by), " asked")
        case CommsArchived():
            return ("The channel for communications was archived",)
        case _:
            assert_never(event)
