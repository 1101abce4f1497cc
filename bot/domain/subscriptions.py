"""Who wants to hear of updates in direct messages, of an incident, a service's or all, and the work of telling them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NewType

from bot.domain.ids import IncidentId, ServiceName, UserId

# What somebody wants to hear of, or not to: "incident:42", "service:checkout", "all".
Topic = NewType("Topic", str)
ALL: Final = Topic("all")
_LONGEST: Final = 200


def of_incident(number: IncidentId) -> Topic:
    """Return the topic of one incident."""
    return Topic(f"incident:{number}")


def of_service(name: ServiceName) -> Topic:
    """Return the topic of all that a service suffers; some letters are more when names are compared (ß is ss)."""
    return Topic(f"service:{name.casefold()}"[:_LONGEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """Somebody wants to hear of updates, or (not `wanted`) no more; no more of ALL ends everything."""

    topic: Topic
    wanted: bool = True
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSubscriber:
    """Tell somebody in a direct message, once, all that is told together `since` a row, at a moment.

    Without `since` it was put before that was counted: all that is told at that moment.
    """

    kind: Literal["slack.subscriber"] = "slack.subscriber"
    incident: IncidentId
    user: UserId
    told_at: datetime
    since: int | None = None


def wanted_by(said: Iterable[tuple[UserId, Topic, bool]], incident: Topic) -> tuple[UserId, ...]:
    """Return who wants to hear of an incident: what they said of it itself counts most."""
    general: set[UserId] = set()
    itself: dict[UserId, bool] = {}
    for user, topic, wanted in said:
        if topic == incident:
            itself[user] = wanted
        elif wanted:
            general.add(user)
    return tuple(sorted({user for user in general | itself.keys() if itself.get(user, True)}))
