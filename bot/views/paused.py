"""What is said of people whose notifications are paused: until when, and how they are woken all the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import UserId
from bot.domain.policy import Policy
from bot.views.blocks import Message, Safe, code, date, line, lines, mention, message, section, utc


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused:
    """Somebody in do-not-disturb, and until when."""

    user: UserId
    until: datetime


def with_paused(said: Message, people: Sequence[Paused], policy: Policy) -> Message:
    """Return a message with what is to know of these people behind it, if there are any."""
    if not people:
        return said
    blocks = [dict(block) for block in said.blocks]
    return message(f"{said.text} {_spoken(people)}", *blocks, section(_told(people, policy)))


def paused(people: Sequence[Paused], policy: Policy) -> Message:
    """Say it by itself."""
    return message(_spoken(people), section(_told(people, policy)))


def to_wake_them(*, has_pager: bool) -> Safe:
    """Say behind until when somebody's notifications are paused how they are woken, or who else is."""
    if has_pager:
        return line(". To wake them: ", code("/incident page @person why"))
    return line(" and no pager of their own. Phone them, or wake others: ", code("/incident page <service> why"))


def _told(people: Iterable[Paused], policy: Policy) -> Safe:
    return lines(*(_one(one, policy) for one in people))


def _one(one: Paused, policy: Policy) -> Safe:
    has_pager = Callee(kind=CalleeKind.PERSON, name=one.user).key in policy.own_pagers
    return line(
        mention(one.user), " has notifications paused until ", date(one.until), to_wake_them(has_pager=has_pager)
    )


def _spoken(people: Iterable[Paused]) -> str:
    until = ", ".join(utc(one.until) for one in people)
    return f"Who was asked has notifications paused (until {until}) and may not see it."
