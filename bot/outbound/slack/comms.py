"""The channel for communications: opened like the incident's own, with its people, archived with it."""

from bot.domain.comms import ArchiveComms, InviteToComms, OpenCommsChannel
from bot.domain.comms_commands import ConfirmCommsArchived, OpenedComms
from bot.domain.result_commands import ReportFailure
from bot.domain.text import comms_name
from bot.engine.jobs import Done, Job
from bot.outbound.slack.channel import open_room
from bot.outbound.slack.means import Means, incident_in, is_gone, spoken_since, still_ours
from bot.outbound.slack.port import ChannelGone, NotInChannel


async def open_comms(means: Means, job: Job, work: OpenCommsChannel) -> Done:
    """Make the channel, once: its name is the lock, as that of the incident's own is."""
    incident = incident_in(job)
    comms = incident.comms
    if comms is None or comms.n != work.n or comms.channel or comms.over:
        return Done()
    room = await open_room(means, job, comms_name(incident.channel_name, incident.id, work.n))
    return Done(command=OpenedComms(incident=incident.id, n=work.n, channel=room.id, name=room.name))


async def invite_to_comms(means: Means, job: Job, work: InviteToComms) -> Done:
    """Bring people in. It may be repeated blindly: who is in already is fine."""
    channel = incident_in(job).comms_channel
    try:
        failed = await means.slack.invite(channel, work.users) if channel else {}
    except ChannelGone:
        return comms_over(job)
    if not failed:
        return Done()
    reason = "; ".join(f"{job.names.get(user, user)} {why}" for user, why in failed.items())
    return Done(command=ReportFailure(incident=work.incident, work=work, reason=reason))


def comms_over(job: Job) -> Done:
    """Say that it is archived, by us or by people: what cannot be said there is no failure, and another can be had."""
    incident = incident_in(job)
    channel = incident.comms_channel
    return Done(command=ConfirmCommsArchived(incident=incident.id, channel=channel)) if channel else Done()


async def archive_comms(means: Means, job: Job, _work: ArchiveComms) -> Done:
    """Archive it; where people still wrote after the incident's own channel was warned it stays.

    Of an incident that was reopened meanwhile it stays as well, unless an earlier try has archived it already.
    """
    incident = incident_in(job)
    channel, archiving = incident.comms_channel, incident.archiving
    if channel is None or archiving is None:
        return Done()
    over = Done(command=ConfirmCommsArchived(incident=incident.id, channel=channel, ours=True))
    if not incident.is_archived:
        return over if means.settled(job) and await is_gone(means, channel) else Done()
    try:
        said = await spoken_since(means, channel, archiving.at)
    except (ChannelGone, NotInChannel):  # archived by an earlier try, or by people
        return over
    if said:
        return Done()
    still_ours(job)
    await means.slack.archive(channel)
    return over
