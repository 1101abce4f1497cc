"""The incident's channel: opening it, bringing people in, its topic and its bookmark."""

from datetime import timedelta
from typing import Final

import structlog

from bot.domain.archive_commands import ConfirmArchived
from bot.domain.archives import ArchiveChannel
from bot.domain.calls import InviteGroup
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import ChannelId
from bot.domain.model import Incident
from bot.domain.result_commands import OpenedChannel, ReportFailure
from bot.domain.work import AddBookmark, InvitePeople, OpenChannel, SetTopic
from bot.engine.jobs import Done, Job
from bot.errors import TryLater, Undeliverable
from bot.outbound.slack.means import SOON, Means, channel_in, incident_in, is_gone, spoken_since, still_ours
from bot.outbound.slack.port import ChannelGone, Link, NameTaken, NotInChannel, Room
from bot.views.bookmark import bookmark
from bot.views.topic import topic

# Slack may list a channel some time after it has made it; only then is a taken name somebody else's.
LISTED_WITHIN: Final = timedelta(minutes=2)
NAMES: Final = 3
log = structlog.get_logger()


async def open_channel(means: Means, job: Job, _work: OpenChannel) -> Done:
    """Make the incident's channel, or find the one that a lost reply told of.

    Nothing needs to settle here: the name is the lock. However late an earlier try is applied, Slack gives the name
    once. It has a random suffix, so whoever has it is nearly always ourselves; a stranger's channel is never adopted.
    """
    incident = incident_in(job)
    if incident.channel is not None:
        return Done()
    if incident.adopts:
        return await _adopt(means, incident, incident.adopts)
    room = await open_room(means, job, incident.channel_name)
    return Done(command=OpenedChannel(incident=incident.id, channel=room.id, name=room.name))


async def _adopt(means: Means, incident: Incident, channel: ChannelId) -> Done:
    """Take a channel that is there: come in where everybody may. All of it may be repeated blindly."""
    room = await means.slack.room(channel)
    if room.private and not incident.private:
        raise Undeliverable("The channel was made private meanwhile; declare a private incident instead")
    if incident.private and not room.private:
        raise Undeliverable("The channel was made public meanwhile; declare another private incident instead")
    if not room.member:
        await means.slack.join(channel)
    me = (await means.slack.whoami()).user
    members = tuple(user for user in await means.slack.members(channel) if user != me)
    return Done(command=OpenedChannel(incident=incident.id, channel=room.id, name=room.name, members=members))


async def open_room(means: Means, job: Job, wanted: str) -> Room:
    """Make a channel of a name, or of the next one that is free; what an earlier try has made is found.

    Raises:
        Undeliverable: strangers have all those names.
    """
    names = [wanted, *(f"{wanted}-{n}" for n in range(2, NAMES + 1))]
    for name in names:
        room = await _open(means, job, name)
        if room is not None:
            return room
    raise Undeliverable(f"Slack: the channel names {', '.join(names)} are all taken")


async def _open(means: Means, job: Job, name: str) -> Room | None:
    """Make a channel, or adopt ours of this name; None when somebody else has the name.

    A private incident has a private channel or none: nothing is ever tried in its place.
    """
    still_ours(job)
    private = incident_in(job).private
    try:
        return await means.slack.open_channel(name, private=private)
    except NameTaken as taken:
        room = await means.slack.find_channel(name)
        first = job.maybe_sent_since
        if room is None and first is not None and means.clock.now() - first < LISTED_WITHIN:
            raise TryLater(f"{taken}, perhaps by us", after=SOON) from taken
        return room if room and room.private == private else None
    except Undeliverable as refused:
        if not private:
            raise
        raise _no_private_one(refused) from refused


def _no_private_one(refused: Undeliverable) -> Undeliverable:
    return Undeliverable(
        f"Slack lets me make no private channel, and I make no public one in its place. {refused}. Let an "
        "administrator allow apps to create private channels (Settings & administration, Permissions), and give the "
        "app the scope groups:write (muster manifest). Until then the incident has no channel"
    )


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


async def remove_notice(means: Means, _job: Job, work: RemoveNotice) -> Done:
    """Take out a line of Slack's. Where that is not allowed, or not ours to do any more, it stays: it hurts nobody."""
    try:
        await means.slack.take_out(work.channel, work.ts)
    except (Undeliverable, NotInChannel) as refused:
        log.info("notice_not_removed", reason=str(refused))
    return Done()


async def archive_channel(means: Means, job: Job, work: ArchiveChannel) -> Done:
    """Archive the channel, unless somebody said a word since the warning of which no event told us.

    When the warning does not stand any more it stays as well, unless an earlier try has archived it already.
    """
    incident, channel = incident_in(job), channel_in(job)
    over = Done(command=ConfirmArchived(incident=incident.id, n=work.n, channel=channel))
    archiving = incident.archiving
    if archiving is None or archiving.n != work.n or not archiving.stands:
        return over if means.settled(job) and await is_gone(means, channel) else Done()
    try:
        said = await spoken_since(means, channel, archiving.at)
    except (ChannelGone, NotInChannel):  # archived by an earlier try, or by people
        return over
    if said:
        return Done(command=said)
    still_ours(job)
    await means.slack.archive(channel)
    return over


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
