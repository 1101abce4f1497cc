"""What must hold of private incidents: a private channel or none, and nothing of them is said to anybody else."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from bot.domain.archives import ChannelReplaced
from bot.domain.comms import CommsOpened
from bot.domain.course_events import IncidentReopened
from bot.domain.events import ChannelOpened
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.model import Incident
from bot.domain.privacy import MemberBack, MemberLeft
from tests.invariants.picture import Message, Picture, Room, Wrong, must
from tests.invariants.the_clock import UNDER_WAY

# Direct messages whose marker ends with whom they are for.
_TO_ONE: Final = frozenset({"summary", "subscribed"})


@must("I13")
def a_private_incident_has_a_private_channel_or_none(seen: Picture) -> Iterator[Wrong]:
    rooms = {room.id: room for room in seen.rooms}
    for number in _private(seen):
        for channel in _channels(seen, number):
            room = rooms.get(channel)
            if room and not room.private:
                yield f"INC-{number} channel {room.id}", "private", "public"


@must("I13")
def a_private_incident_is_told_to_its_people_alone(seen: Picture) -> Iterator[Wrong]:
    """See that no message of ours elsewhere says what it is about, or where; and in rooms that it is there at all.

    Two that were merged are one to the people of both.
    """
    rooms = {room.id: room for room in seen.rooms}
    ours = [one for one in seen.messages if one.ours]
    admins = seen.policy.channels.admin if seen.policy else None
    for number, incident in _private(seen).items():
        told, there = _what(incident), re.compile(rf"\bINC-{number}\b")
        both = [number, *_merged_with(seen, number)]
        people = {user for one in both for user in _people(seen, one)} | {UserId(seen.bot)}
        channels = {channel for one in both for channel in _channels(seen, one)}
        for one in ours:
            room = rooms.get(one.channel)
            if one.channel in channels or _may_be_told(room, people):
                continue
            if any(_speaks_of(word, one.markup) for word in told) or (
                _is_open_to_all(room, admins) and there.search(one.markup)
            ):
                yield f"{one.channel} {one.ts}", "nothing of INC-" + str(number), _shortened(one)


@must("I13")
def what_a_private_incident_is_about_is_in_no_log(seen: Picture) -> Iterator[Wrong]:
    for number, incident in _private(seen).items():
        for where, text in seen.public.items():
            if _speaks_of(incident.title, text):
                yield where, f"nothing of INC-{number}", text[max(0, text.index(incident.title) - 100) :][:200]


@must("I13")
def who_left_a_private_incident_hears_no_more_of_it(seen: Picture) -> Iterator[Wrong]:
    """See that what waited for Slack is not told to them; a call that was under way when they left may be."""
    for one in seen.messages:
        kind, *parts = (one.marker or "").split(":")
        if kind in _TO_ONE and (number := IncidentId(int(parts[0]))) in seen.incidents:
            for left, back in _out(seen, number, UserId(parts[-1])):
                if left + UNDER_WAY + seen.set_back < datetime.fromtimestamp(one.at, UTC) < back:
                    yield f"{one.channel} {one.marker}", f"nothing between {left} and {back}", _shortened(one)


def _out(seen: Picture, number: IncidentId, user: UserId) -> Iterator[tuple[datetime, datetime]]:
    """Yield when somebody was out of a private incident, from and until."""
    left: datetime | None = None
    for event in seen.events(number):
        match event:
            case MemberLeft(user=gone, at=at) if gone == user:
                left = left or at
            case MemberBack(user=come) if come != user:
                pass
            case MemberBack(at=at) | IncidentReopened(archived=str(), at=at) | ChannelReplaced(at=at) if left:
                yield left, at
                left = None
            case _:
                pass
    if left:
        yield left, datetime.max.replace(tzinfo=UTC)


def _private(seen: Picture) -> dict[IncidentId, Incident]:
    return {number: one for number, one in seen.incidents.items() if one.private}


def _channels(seen: Picture, number: IncidentId) -> frozenset[ChannelId]:
    """Return the channels that it has had: reopened after its channel was archived, it goes on in another."""
    return frozenset(event.channel for event in seen.events(number) if isinstance(event, ChannelOpened | CommsOpened))


def _merged_with(seen: Picture, number: IncidentId) -> list[IncidentId]:
    into = seen.incidents[number].set_aside
    others = [other for other, one in seen.incidents.items() if one.set_aside and one.set_aside.into == number]
    return [*others, *([into.into] if into and into.into else [])]


def _what(incident: Incident) -> list[str]:
    return [incident.title, *([incident.channel, incident.channel_name] if incident.channel else [])]


def _speaks_of(words: str, text: str) -> bool:
    """Tell whether a text has these words, and not a longer one that begins so: another incident's number."""
    return words in text and bool(re.search(rf"{re.escape(words)}(?!\w)", text))


def _people(seen: Picture, number: IncidentId) -> frozenset[UserId]:
    """Return who ever was one of its people: what they were told then stays where it is."""
    incident = seen.incidents[number]
    named = (getattr(event, "user", None) for event in seen.events(number))
    asked = (one.to for one in incident.handovers)
    return frozenset(
        user
        for user in (
            incident.declared_by,
            *incident.responders,
            *incident.briefed,
            *incident.roles.values(),
            *asked,
            *named,
        )
        if user
    )


def _may_be_told(room: Room | None, people: set[UserId]) -> bool:
    """Tell whether a conversation is a direct one with somebody of its people (the sandbox shows us no direct ones)."""
    return room is None or (room.id.startswith("D") and room.members <= people)


def _is_open_to_all(room: Room | None, admins: str | None) -> bool:
    return room is not None and not room.private and not room.id.startswith("D") and room.name != admins


def _shortened(one: Message) -> str:
    return one.markup[:200]
