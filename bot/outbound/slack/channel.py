"""The incident's channel: opening it, bringing people in, its topic and its bookmark."""

from datetime import timedelta
from typing import Final

from bot.domain.calls import InviteGroup
from bot.domain.model import Incident
from bot.domain.result_commands import OpenedChannel, ReportFailure
from bot.domain.work import AddBookmark, InvitePeople, OpenChannel, SetTopic
from bot.engine.jobs import Done, Job
from bot.errors import TryLater, Undeliverable
from bot.outbound.slack.means import SOON, Means, channel_in, incident_in, still_ours
from bot.outbound.slack.port import Link, NameTaken, Room
from bot.views.bookmark import bookmark
from bot.views.topic import topic

# Slack may list a channel some time after it has made it; only then is a taken name somebody else's.
LISTED_WITHIN: Final = timedelta(minutes=2)
NAMES: Final = 3


async def open_channel(means: Means, job: Job, _work: OpenChannel) -> Done:
    """Make the incident's channel, or find the one that a lost reply told of.

    Nothing needs to settle here: the name is the lock. However late an earlier try is applied, Slack gives the name
    once. It has a random suffix, so whoever has it is nearly always ourselves; a stranger's channel is never adopted.
    """
    incident = incident_in(job)
    if incident.channel is not None:
        return Done()
    for name in _names(incident):
        room = await _open(means, job, name)
        if room is not None:
            return Done(command=OpenedChannel(incident=incident.id, channel=room.id, name=room.name))
    raise Undeliverable(f"Slack: the channel names {', '.join(_names(incident))} are all taken")


def _names(incident: Incident) -> list[str]:
    return [incident.channel_name, *(f"{incident.channel_name}-{n}" for n in range(2, NAMES + 1))]


async def _open(means: Means, job: Job, name: str) -> Room | None:
    """Make a channel, or adopt ours of this name; None when somebody else has the name."""
    still_ours(job)
    try:
        return await means.slack.open_channel(name)
    except NameTaken as taken:
        room = await means.slack.find_channel(name)
        first = job.maybe_sent_since
        if room is None and first is not None and means.clock.now() - first < LISTED_WITHIN:
            raise TryLater(f"{taken}, perhaps by us", after=SOON) from taken
        return room


async def invite_people(means: Means, job: Job, work: InvitePeople) -> Done:
    """Bring people in. It may be repeated blindly: who is in already is fine."""
    channel = channel_in(job)
    if not work.users:
        return Done()
    failed = await means.slack.invite(channel, work.users)
    if not failed:
        return Done()
    reason = "; ".join(f"{job.names.get(user, user)} {why}" for user, why in failed.items())
    return Done(command=ReportFailure(incident=work.incident, work=work, reason=reason))


async def invite_group(means: Means, job: Job, work: InviteGroup) -> Done:
    """Bring the members of a user group in, as it is now. It may be repeated blindly, as above."""
    channel = channel_in(job)
    users = await means.slack.group_members(work.group)
    if users:
        await means.slack.invite(channel, users)
    return Done()


async def set_topic(means: Means, job: Job, _work: SetTopic) -> Done:
    """Write the channel's topic; an older one that Slack applies late must not win."""
    channel = channel_in(job)
    means.settled(job)
    await means.slack.set_topic(channel, topic(incident_in(job)))
    return Done()


async def add_bookmark(means: Means, job: Job, _work: AddBookmark) -> Done:
    """Add the bookmark, decided once an incident; after an unknown outcome look first: Slack would add it twice."""
    channel = channel_in(job)
    wanted = bookmark(incident_in(job), job.state.alerts, means.policy)
    if wanted is None:
        return Done()
    link = Link(title=wanted.title, url=wanted.url)
    if means.settled(job) and any(there.url == link.url for there in await means.slack.bookmarks(channel)):
        return Done()
    still_ours(job)
    await means.slack.add_bookmark(channel, link)
    return Done()
