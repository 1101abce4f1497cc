"""What is asked about an incident's course as a whole: the part of commands.py beside its daily moves (progress.py)."""

from dataclasses import dataclass

from bot.domain.ids import IncidentId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It is not over; `reason` says what happened."""

    incident: IncidentId
    reason: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Nothing is left to do about what was resolved; or (`anyway`) its action items go on without it."""

    incident: IncidentId
    by: UserId
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """What is in triage is an incident."""

    incident: IncidentId
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """What is in triage is no incident; `reason` says why."""

    incident: IncidentId
    reason: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The incident is the same as another, `into` which its alerts and its people go."""

    incident: IncidentId
    into: IncidentId
    by: UserId


CourseCommand = Reopen | Close | Accept | Decline | Merge
