"""Living messages: one each, written anew whenever the state changes: card, announcement, a group of alerts."""

from datetime import datetime

from bot.domain.group_work import ShowGroup
from bot.domain.grouping import alone
from bot.domain.model import ChannelId
from bot.domain.work import Announce, ShowCard
from bot.engine.jobs import Done, Job, Posted
from bot.errors import Undeliverable
from bot.outbound.slack.means import Means, channel_in, incident_in, still_ours
from bot.outbound.slack.port import ChannelGone, MessageGone
from bot.views.announcement import announcement
from bot.views.blocks import Message
from bot.views.card import incident_card
from bot.views.group import group_message


async def show_card(means: Means, job: Job, _work: ShowCard) -> Done:
    """Write the incident's card."""
    channel = channel_in(job)
    since = means.settled(job)
    card = incident_card(incident_in(job), job.state.alerts, means.policy, means.clock.now())
    return await _show(means, job, channel, card, since)


async def announce(means: Means, job: Job, _work: Announce) -> Done:
    """Write the incident's announcement."""
    message = announcement(incident_in(job), means.policy, means.clock.now())
    return await _show_in(means, job, means.policy.channels.announcements, message)


async def show_group(means: Means, job: Job, _work: ShowGroup) -> Done:
    """Write a group's message; an alert from before there were groups is shown as one."""
    group, members = job.state.group, job.state.alerts
    if group is None and job.state.alert:
        group, members = alone(job.state.alert, means.policy), (job.state.alert,)
    if group is None:
        raise Undeliverable("The group of alerts is not in the record")
    message = group_message(group, members, job.state.incident, means.policy, means.clock.now())
    return await _show_in(means, job, group.channel, message)


async def _show_in(means: Means, job: Job, configured: str, message: Message) -> Done:
    """Write a living message in a configured channel; where it stands already it stays."""
    since = means.settled(job)
    channel = job.posted.channel if job.posted else await means.directory.find(configured)
    try:
        return await _show(means, job, channel, message, since)
    except ChannelGone:
        means.directory.forget(configured)
        raise


async def _show(means: Means, job: Job, channel: ChannelId, message: Message, since: datetime | None) -> Done:
    """Update what stands; else update what an earlier try may have posted; else post.

    What is found is updated too: the state may have changed since that try, and nobody else will show it.
    """
    if job.posted and (done := await _update(means, job, job.posted, message)):
        return done
    if since is not None:
        found = await means.slack.find_post(channel, job.key, since)
        if found and found != job.posted and (done := await _update(means, job, found, message)):
            return done
    still_ours(job)
    return Done(posted=await means.slack.post(channel, message, job.key))


async def _update(means: Means, job: Job, posted: Posted, message: Message) -> Done | None:
    """Update a message; None when somebody has deleted it."""
    still_ours(job)
    try:
        await means.slack.update(posted.channel, posted.ts, message)
    except MessageGone:
        return None
    return Done(posted=posted)
