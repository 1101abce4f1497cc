"""Slack: one channel each, each moment once and in order, nobody called from outside (I3-I5, I15), no haste (I16)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, TypeGuard

from bot.domain.archives import ArchivingEnd, ArchivingEnded, ChannelReplaced
from bot.domain.comms import CommsOpened
from bot.domain.copies import of_group, of_storm
from bot.domain.course_events import IncidentAccepted, IncidentReopened
from bot.domain.events import Event, IncidentDeclared, IncidentResolved, RoleAssigned, Told
from bot.domain.group_work import ShowGroup, ShowStorm
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.latecomers import LatecomerJoined
from bot.domain.places import place
from bot.domain.privacy import MemberBack, MemberLeft
from bot.domain.storms_model import Stand
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import Work
from bot.views.topic import topic
from tests.invariants.picture import Call, Message, Picture, Wrong, differ, must

TURNS: Final = frozenset(
    {"incident_resolved", "incident_reopened", "incident_closed", "incident_declined", "incident_merged"}
)
ANNOUNCED: Final = TURNS | {"status_changed", "severity_changed", "update_sent"}
SAID: Final = ANNOUNCED | {
    *("role_assigned", "pager_silent", "incident_accepted", "incident_absorbed"),
    *("handover_offered", "handover_ended", "handover_unanswered"),
    *("holder_gone", "holder_paused", "structure_proposed"),
    *("people_called", "people_invited", "update_snoozed", "linked", "unlinked"),
    *("action_added", "action_assigned", "action_due_set", "action_ended", "action_reopened"),
}
_DRAFT: Final = re.compile(r"inc-\d+-postmortem-(\d+)\.md")
# How long an alert has fired for, as it was when the message was written.
_AGE: Final = re.compile(r"(?<=>) \([^)]*\)")


@must("I3")
def no_two_incidents_share_a_channel(seen: Picture) -> Iterator[Wrong]:
    used = Counter(one.channel for one in seen.incidents.values() if one.channel)
    for channel, times in used.items():
        yield from differ(f"channel {channel}", 1, times)


@must("I3")
def a_channel_that_is_known_was_made_by_the_bot(seen: Picture) -> Iterator[Wrong]:
    rooms = {room.id: room for room in seen.rooms}
    for number, incident in seen.incidents.items():
        if incident.channel is None:
            continue
        room = rooms.get(incident.channel)
        is_ours = room is not None and (room.ours or room.id == incident.adopts)
        yield from differ(f"INC-{number} channel {incident.channel}", True, is_ours)


@must("I3", at_rest=True)
def each_incident_has_one_channel_and_each_channel_an_incident(seen: Picture) -> Iterator[Wrong]:
    known = {one.channel for one in seen.incidents.values()}
    known |= former(seen) | apart(seen)
    made = {room.id for room in seen.rooms if room.ours and room.name.startswith(seen.prefix)}
    for number, incident in seen.incidents.items():
        if incident.channel is None and not seen.gave_up(number, "slack.open_channel"):
            yield f"INC-{number}", "a channel", None
    for orphan in made - known:
        yield f"channel {orphan}", "an incident that it belongs to", None


@must("I3", at_rest=True)
def a_channel_shows_its_people_and_its_status(seen: Picture) -> Iterator[Wrong]:
    rooms = {room.id: room for room in seen.rooms}
    for number, incident in seen.incidents.items():
        room = rooms.get(incident.channel or "")
        if room is None or incident.is_archived:
            continue
        missing = {seen.bot, *incident.brought_in} - room.members
        if missing and not seen.gave_up(number, "slack.invite"):
            yield f"INC-{number} members", sorted(incident.brought_in), sorted(room.members)
        if room.topic != topic(incident) and not seen.gave_up(number, "slack.topic"):
            yield f"INC-{number} topic", topic(incident), room.topic
        if room.bookmarks > 1:
            yield f"INC-{number} bookmarks", "at most one", room.bookmarks


@must("I4")
def no_marker_is_posted_twice(seen: Picture) -> Iterator[Wrong]:
    """See that each stands once; card and checklists of an incident that moved stand once in each of its channels."""
    moved = {str(number): sum(has_moved(event) for event in seen.events(number)) for number in seen.timelines}
    heads = Counter(f"comms:{number}" for number in seen.timelines for _ in comms_of(seen, number))
    for marker, times in seen.posted.items():
        kind, _, rest = marker.partition(":")
        channels = 1 + (moved.get(rest.partition(":")[0], 0) if kind in {"card", "runbook"} else 0)
        if times > max(channels, heads[marker]):
            yield f"marker {marker}", channels, times


def former(seen: Picture) -> set[ChannelId | None]:
    """Return the archived channels of incidents that go on in another."""
    return {event.archived for number in seen.timelines for event in seen.events(number) if has_moved(event)}


def apart(seen: Picture) -> set[ChannelId | None]:
    """Return the channels for communications that there ever were."""
    return {channel for number in seen.timelines for channel in comms_of(seen, number)}


def comms_of(seen: Picture, number: IncidentId) -> list[ChannelId]:
    """Return the channels for communications that an incident had, each with a message of its own at the top."""
    return [event.channel for event in seen.events(number) if isinstance(event, CommsOpened)]


def has_moved(event: Event) -> TypeGuard[IncidentReopened | ChannelReplaced]:
    """Tell whether the incident got another channel, with a card of its own."""
    return isinstance(event, ChannelReplaced) or (isinstance(event, IncidentReopened) and event.archived is not None)


@must("I4")
def what_happened_is_said_or_waits_to_be_said(seen: Picture) -> Iterator[Wrong]:
    """See that no moment is lost on its way: it stands in Slack, or its work waits, or its failure is recorded."""
    for number in seen.timelines:
        for kind, key in _wanted(seen, number):
            if not seen.posted.get(key) and not seen.waits(kind, key) and not seen.gave_up(number, kind):
                yield f"INC-{number} {key}", "posted, or waiting", None
    for number, incident in seen.incidents.items():
        asked = incident.proposal if incident.status.is_open else None
        key = f"proposal:{number}:{asked.n}" if asked and asked.stands else ""
        there = seen.posted.get(key) or seen.waits("slack.proposal", key)
        if key and not there and not seen.gave_up(number, "slack.proposal"):
            yield key, "posted, or waiting", None


@must("I4")
def a_group_is_shown_with_its_copies_or_will_be(seen: Picture) -> Iterator[Wrong]:
    for group in seen.groups:
        first = (
            group.hidden
            or group.stand is Stand.NOWHERE
            or (group.shown_at is None and seen.waits("group.review", f"review:{group.id}"))
        )
        works: list[Work] = [] if first else [ShowGroup(group=group.id), *of_group(group)]
        yield from _missing(seen, works)


@must("I4")
def a_storm_is_shown_with_its_copies_or_will_be(seen: Picture) -> Iterator[Wrong]:
    for storm in seen.storms:
        if storm.began_at:
            yield from _missing(seen, [ShowStorm(storm=storm.id, channel=storm.channel), *of_storm(storm)])


def _missing(seen: Picture, works: list[Work]) -> Iterator[Wrong]:
    for work in works:
        key = place(work).key
        if not seen.posted.get(key) and not seen.waits(work.kind, key):
            yield key, "posted, or waiting", None


@must("I25", at_rest=True)
def a_copy_says_what_the_message_of_its_group_says(seen: Picture) -> Iterator[Wrong]:
    said = {one.marker: one for one in seen.messages if one.ours and one.marker}
    for group in seen.groups:
        own = said.get(f"group:{group.id}")
        for copy in of_group(group):
            there = said.get(place(copy).key)
            if own and there and _at_any_time(own.markup) not in _at_any_time(there.markup):
                yield place(copy).key, own.markup, there.markup


def _at_any_time(markup: str) -> str:
    """Return what a group's message says without what belongs to the moment of its writing alone.

    That its incident, which was resolved, was put away since is no reason to edit it.
    """
    return _AGE.sub("", markup).replace(" · Closed · ", " · Resolved · ")


def _wanted(seen: Picture, number: IncidentId) -> Iterator[tuple[str, str]]:
    incident = seen.incidents.get(number)
    for one in incident.handovers if incident and incident.status.is_open else ():
        if one.stands:
            yield "slack.handover", f"handover:{number}:{one.n}"
    yield "slack.card", f"card:{number}"
    announced, archived, left = True, False, _left(seen, number)
    for row in seen.timelines[number]:
        if isinstance(row.event, IncidentDeclared):
            announced = not (row.event.triage or row.event.private)
        archived = row.event.end is ArchivingEnd.ARCHIVED if isinstance(row.event, ArchivingEnded) else archived
        archived = archived and not isinstance(row.event, IncidentReopened)
        if row.kind in SAID and not archived:
            yield "slack.say", f"said:{number}:{row.seq}"
        if announced and row.kind in ANNOUNCED and not seen.gave_up(number, "slack.announce"):
            yield "slack.say", f"announced:{number}:{row.seq}"
        is_private = incident is not None and incident.private
        announced = announced or (isinstance(row.event, IncidentAccepted | IncidentReopened) and not is_private)
        if isinstance(row.event, LatecomerJoined | MemberBack) and left.get(row.event.user, 0) < row.seq:
            yield "slack.summary", f"summary:{number}:{row.event.user}"
        if isinstance(row.event, RoleAssigned):
            yield "slack.duties", f"duties:{number}:{row.event.role}:{row.seq}"
    if announced:
        yield "slack.announce", f"announcement:{number}"
    yield from _to_subscribers(seen, number)


def _to_subscribers(seen: Picture, number: IncidentId) -> Iterator[tuple[str, str]]:
    """Yield what they are told."""
    left = _left(seen, number)
    for row in seen.timelines[number]:
        if isinstance(row.event, Told) and (at := row.event.told_at):
            for user in row.event.subscribers:
                if left.get(user, 0) < row.seq:
                    work = TellSubscriber(incident=number, user=user, told_at=at, since=row.event.told_with)
                    yield "slack.subscriber", place(work).key


def _left(seen: Picture, number: IncidentId) -> dict[UserId, int]:
    """Return who left a private incident, and when: since then they hear nothing that had to wait for Slack."""
    return {row.event.user: row.seq for row in seen.timelines[number] if isinstance(row.event, MemberLeft)}


@must("I4")
def what_never_left_triage_is_not_announced(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        key = f"announcement:{number}"
        if incident.unannounced and (seen.posted.get(key) or seen.waits("slack.announce", key)):
            yield key, "nothing", "posted, or waiting"


@must("I4")
def one_draft_for_each_end(seen: Picture) -> Iterator[Wrong]:
    """See that no end has two; one that was taken back may have none, the last has one unless it was taken back."""
    for number, incident in seen.incidents.items():
        ends = [row.seq for row in seen.timelines.get(number, ()) if isinstance(row.event, IncidentResolved)]
        drafts = [_DRAFT.fullmatch(name) for one in seen.said_in(incident.channel) if one.ours for name in one.files]
        there = Counter(int(found[1]) for found in drafts if found)
        for end, times in there.items():
            yield from differ(f"INC-{number} drafts of row {end}", int(end in ends), times)
        waits = any(one.kind == "slack.postmortem" and one.incident == number for one in seen.effects)
        stands = ends[-1:] if incident.resolved_at else []
        if not waits and not set(stands) <= there.keys() and not seen.gave_up(number, "slack.postmortem"):
            yield f"INC-{number} drafts", stands, there


@must("I5")
def what_is_said_in_a_channel_keeps_its_order(seen: Picture) -> Iterator[Wrong]:
    by_series: dict[str, list[Message]] = defaultdict(list)
    for one in sorted(seen.messages, key=lambda message: message.at):
        if one.marker and re.fullmatch(r"(said|announced|told):\d+:\d+", one.marker):
            by_series[one.marker.rpartition(":")[0]].append(one)
    for series, said in by_series.items():
        order = [int((one.marker or "").rpartition(":")[2]) for one in said]
        yield from differ(f"{series} in {said[0].channel}", sorted(order), order)


@must("I5")
def no_reply_precedes_what_it_answers(seen: Picture) -> Iterator[Wrong]:
    there = {(one.channel, one.ts): one for one in seen.messages}
    for one in seen.messages:
        if not one.ours or not one.thread or one.thread == one.ts:
            continue
        parent = there.get((one.channel, one.thread))
        if parent is not None and parent.at >= one.at:
            yield f"{one.channel} {one.ts}", f"after {parent.ts}", one.marker
        if one.marker and one.marker.startswith("announced:"):
            number = one.marker.split(":")[1]
            found = parent.marker if parent else None
            yield from differ(f"{one.marker} answers", f"announcement:{number}", found)


@must("I5")
def the_card_stands_above_all_that_is_said(seen: Picture) -> Iterator[Wrong]:
    for number, incident in seen.incidents.items():
        ours = [one for one in seen.said_in(incident.channel) if one.marker]
        first = min(ours, key=lambda message: message.at, default=None)
        if first is not None and not seen.gave_up(number, "slack.card"):
            yield from differ(f"INC-{number} first message", f"card:{number}", first.marker)


# Slack's own clock and ours are two; a second is Retry-After's own grain.
GRAIN: Final = timedelta(seconds=1)


@must("I16")
def no_call_is_made_before_slack_allows_it(seen: Picture) -> Iterator[Wrong]:
    """See that after a 429 no call of that method begins before Retry-After is over; those under way are not meant."""
    by_method: dict[str, list[Call]] = defaultdict(list)
    for call in seen.calls:
        by_method[call.method].append(call)
    for method, calls in by_method.items():
        for limited in calls:
            until = limited.ended + (limited.wait or timedelta())
            for other in calls if limited.wait is not None else ():
                if limited.ended <= other.at < until - GRAIN:
                    yield f"{method} at {other.at}", f"not before {until}", "a call"
