"""What was done to the record itself, a sentence an event."""

from collections.abc import Sequence
from typing import Final, assert_never

from bot.domain.deploys import Deploy, DeployNoticed
from bot.domain.ids import UserId
from bot.domain.keeping_events import (
    How,
    KeepingEvent,
    MessageMarked,
    MessageUnmarked,
    RowCorrected,
    RowLeftOut,
    RowPutBack,
)
from bot.domain.message_events import MemberMoved
from bot.domain.text import one_line
from bot.views.sentences import Linked, Part, Person, When, quoted

_NAMED: Final = 10
_DEPLOY: Final = 100
_MARKED: Final[dict[How, str]] = {
    "reaction": "marked a message as worth keeping",
    "pin": "pinned a message",
    "shortcut": "added a message to the timeline",
}


def tell_of_deploy(deploy: Deploy) -> tuple[Part, ...]:
    """Return what went out, where and by whom; text from outside stays text."""
    name = Linked(one_line(f"{deploy.service} {deploy.version}", _DEPLOY), deploy.url or "")
    where = f" to {one_line(deploy.environment, _DEPLOY)}" if deploy.environment else ""
    by = f" by {one_line(deploy.by, _DEPLOY)}" if deploy.by else ""
    return (name, f" was deployed{where}{by}")


def tell_of_moves(moves: Sequence[MemberMoved]) -> tuple[Part, ...]:
    """Return who came and who went, one after the other, in one sentence."""
    came = [one.user for one in moves if one.joined]
    went = [one.user for one in moves if not one.joined]
    both = ("; ",) if came and went else ()
    return (*_who(came, " joined the channel"), *both, *_who(went, " left the channel"))


def _who(users: Sequence[UserId], did: str) -> tuple[Part, ...]:
    people = tuple(dict.fromkeys(users))
    named = tuple(part for user in people[:_NAMED] for part in (", ", Person(user)))[1:]
    more = f" and {len(people) - _NAMED} more" if len(people) > _NAMED else ""
    return (*named, f"{more}{did}") if people else ()


def tell_of_keeping(event: KeepingEvent) -> tuple[Part, ...]:
    """Return what happened as a sentence without its full stop."""
    match event:
        case MessageMarked(by=by, how=how):
            return (Person(by), f" {_MARKED[how]}") if by else ("A message was pinned",)
        case MessageUnmarked(by=by):
            return (Person(by), " took a mark off a message") if by else ("A mark was taken off a message",)
        case DeployNoticed(deploy=deploy):
            return tell_of_deploy(deploy)
        case MemberMoved():
            return tell_of_moves((event,))
        case RowCorrected(by=by, row=row, text=text, happened_at=at):
            return (Person(by), f" corrected row {row}: ", When(at), f" {quoted(text)}")
        case RowLeftOut(by=by, row=row):
            return (Person(by), f" left row {row} out of the timeline")
        case RowPutBack(by=by, row=row):
            return (Person(by), f" put row {row} back into the timeline")
        case _:
            assert_never(event)
