"""Who may see a private incident, and what everybody else may know of it: the one place that says so.

A private incident is seen by its people: who declared it, was called or invited, holds a role or was offered one, or
came into its channel, until they leave that; and by those whom `see_private` names. To anybody else it does not exist.
Views for others take an `Outside`, which only `outside` makes: what they cannot know is not in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NewType

from bot.domain.happening import Happening
from bot.domain.ids import ChannelId, UserId
from bot.domain.model import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Happening):
    """Somebody left the channel of a private incident: they do not see it any more."""

    kind: Literal["member_left"] = "member_left"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberBack(Happening):
    """Somebody who had left the channel of a private incident is in it again."""

    kind: Literal["member_back"] = "member_back"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks: somebody, in the channel `here` when they are in one; `sees_private`: whatever there is."""

    user: UserId
    here: ChannelId | None = None
    sees_private: bool = False


# Who is nobody in particular.
ANYBODY: Final = Viewer(user=UserId(""))
# Muster itself, which has to know of all that it works on.
MUSTER: Final = Viewer(user=UserId(""), sees_private=True)

# An incident as everybody may know it.
Outside = NewType("Outside", Incident)


def insiders(incident: Incident) -> frozenset[UserId]:
    """Return the people of an incident, as far as is known."""
    asked = (one.to for one in incident.handovers if one.stands)
    there = {*incident.responders, *incident.briefed, *incident.roles.values(), *asked}
    if incident.declared_by:
        there.add(incident.declared_by)
    return frozenset(there) - frozenset(incident.left)


def may_be_told(incident: Incident, user: UserId) -> bool:
    """Tell whether somebody may read of an incident in a direct message."""
    return not incident.private or user in insiders(incident)


def may_see(incident: Incident, viewer: Viewer) -> bool:
    """Tell whether somebody may see an incident. Who is in its channel is a member: Slack lets nobody else in there."""
    if not incident.private or viewer.sees_private:
        return True
    is_there = viewer.here is not None and viewer.here == incident.channel
    return is_there or viewer.user in insiders(incident)


def seen(incidents: Iterable[Incident], viewer: Viewer) -> tuple[Incident, ...]:
    """Return those that somebody may see."""
    return tuple(one for one in incidents if may_see(one, viewer))


def outside(incident: Incident) -> Outside:
    """Return an incident as everybody may know it: of a private one that it is there, how grave, and since when."""
    if not incident.private:
        return Outside(incident)
    return Outside(
        Incident(
            id=incident.id,
            title="",
            severity=incident.severity,
            status=incident.status,
            declared_by=None,
            declared_at=incident.declared_at,
            channel_name="",
            private=True,
        )
    )


def shown_to(incident: Incident, viewer: Viewer) -> Incident | Outside:
    """Return an incident as somebody may know it."""
    return incident if may_see(incident, viewer) else outside(incident)


def is_hidden(incident: Incident | Outside) -> bool:
    """Tell whether this is a private incident as others know it."""
    return incident.private and not incident.title
