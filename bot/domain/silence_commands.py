"""What can be asked of silences, by a person or by time: the part of commands.py that they need."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import AlertId, GroupId, UserId
from bot.domain.matchers import Matcher


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceAlerts:
    """Somebody does not want to hear of some alerts for a while, or until then. `origin` tells how they said so.

    `name` is what it is called there, if it has a name: what is asked for under the same name again is found by it.
    """

    matchers: tuple[Matcher, ...]
    lasts: timedelta | datetime
    by: UserId
    reason: str
    origin: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSilence:
    """Somebody wants to hear of them again."""

    silence: int
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceGroup:
    """Somebody does not want to hear of a group's alerts for a while; without `lasts` until the group is over."""

    group: AlertId | GroupId
    lasts: timedelta | None
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsilenceGroup:
    """Somebody wants to hear of a group again that was to be quiet until it is over."""

    group: GroupId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckMutes:
    """What keeps alerts quiet may have begun or ended: `at` a moment it was otherwise than `groups` knew."""

    about: str
    at: datetime
    groups: tuple[GroupId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMutes:
    """What keeps a group's members quiet has changed."""

    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class HearSilence:
    """A sender has a silence of its own (mirroring.py); `by` is who made it, in words."""

    sender: str
    far_id: str
    matchers: tuple[Matcher, ...]
    by: UserId
    reason: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HearSilenceEnd:
    """A silence was ended at the sender that it was made at, or that it was made at as well."""

    silence: int


SilenceCommand = (
    SilenceAlerts
    | SilenceGroup
    | EndSilence
    | UnsilenceGroup
    | RecheckMutes
    | ReviewMutes
    | HearSilence
    | HearSilenceEnd
)
