"""The channel for communications: ours, as private as the incident, one at a time; what all are told is said there."""

from collections.abc import Iterator

from bot.domain.comms import CommsOpened
from tests.invariants.picture import Picture, Wrong, differ, must
from tests.invariants.slack_shows import ANNOUNCED, comms_of


@must("I3")
def a_channel_for_communications_is_made_by_the_bot_for_one_incident(seen: Picture) -> Iterator[Wrong]:
    rooms, own = {room.id: room for room in seen.rooms}, {one.channel for one in seen.incidents.values()}
    every = [(number, channel) for number in seen.incidents for channel in comms_of(seen, number)]
    for number, channel in every:
        room = rooms.get(channel)
        told = (room is not None and room.ours, room is not None and room.private)
        yield from differ(f"INC-{number} comms {channel}", (True, seen.incidents[number].private), told)
        alone = [one for _, one in every].count(channel) == 1 and channel not in own
        yield from differ(f"INC-{number} comms {channel} is of one purpose", True, alone)


@must("I3", at_rest=True)
def who_asked_for_a_channel_for_communications_has_one_with_its_people(seen: Picture) -> Iterator[Wrong]:
    rooms = {room.id: room for room in seen.rooms}
    for number, incident in seen.incidents.items():
        comms = incident.comms
        if comms is None or comms.over:
            continue
        if comms.channel is None:
            yield f"INC-{number} comms", "a channel", None
        room = rooms.get(comms.channel or "")
        if room and not {seen.bot, comms.by} <= room.members and not seen.gave_up(number, "slack.invite_comms"):
            yield f"INC-{number} comms members", comms.by, sorted(room.members)
        key = f"comms:{number}"
        if room and not seen.posted.get(key) and not seen.gave_up(number, "slack.comms"):
            yield key, "posted", None


@must("I4")
def what_everybody_is_told_is_said_to_those_who_tell_it(seen: Picture) -> Iterator[Wrong]:
    """See that it is said in the channel that there is; what was said last in one before may have found it archived."""
    for number, incident in seen.incidents.items():
        if incident.comms_channel is None:
            continue
        since = max(row.seq for row in seen.timelines[number] if isinstance(row.event, CommsOpened))
        for row in seen.timelines[number][since:]:
            key = f"told:{number}:{row.seq}"
            there = seen.posted.get(key) or seen.waits("slack.say", key) or seen.gave_up(number, "slack.say")
            if row.kind in ANNOUNCED and not there:
                yield f"INC-{number} {key}", "posted, or waiting", None
