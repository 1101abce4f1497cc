"""Telling subscribers: each gets a direct message for what is told; what follows soon is told together, a little later.

They are told of updates and of every end and turn: resolved, declined, merged, reopened.

At most one message in five minutes for an incident: the first is told at once, what comes within five minutes of it
waits until they are over, and is told with all that came meanwhile. What is told together is named after the row of the
first of it, so that a clock that is set back cannot make it something that was told before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.domain.copying import replace
from bot.domain.draft import Draft
from bot.domain.events import Told
from bot.domain.ids import UserId
from bot.domain.privacy import may_be_told
from bot.domain.subscriptions import TellSubscriber

TOGETHER_FOR: Final = timedelta(minutes=5)
T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """When subscribers are told, since which row, and who they are; nobody and never, when there are none."""

    at: datetime | None = None
    since: int | None = None
    users: tuple[UserId, ...] = ()

    def of(self, event: T) -> T:
        """Return what happened, with who is told of it."""
        return replace(event, told_at=self.at, told_with=self.since, subscribers=self.users)


def planned(draft: Draft, by: UserId | None, *, anew: bool = False) -> Telling:
    """Return who is told of what somebody does now, and when; not who does it, nor who may not see it.

    When it begins `anew`, nobody sees it for having been asked to take a role before.
    """
    incident = draft.incident
    known = replace(incident, handovers=()) if anew else incident
    users = tuple(user for user in draft.state.subscribers if user != by and may_be_told(known, user))
    if not users:
        return Telling()
    last, first = incident.told_at, incident.events + 1
    if last is None or draft.now - last >= TOGETHER_FOR:
        return Telling(at=draft.now, since=first, users=users)
    if draft.now >= last:
        return Telling(at=last + TOGETHER_FOR, since=first, users=users)
    if incident.told_newest and incident.told_newest <= draft.now:
        return Telling(at=last, since=incident.told_with, users=users)
    return Telling(at=draft.now, since=first, users=users)  # the clock was set back: whether that was told is not known


def tell(draft: Draft, telling: Telling) -> None:
    """Let them be told."""
    number, at, since = draft.incident.id, telling.at, telling.since
    if at:
        draft.do(
            *(TellSubscriber(incident=number, user=user, told_at=at, since=since) for user in telling.users), due=at
        )
