"""Posts: said once, never changed. Exactly one message for each job's key, whatever becomes of the line."""

from datetime import UTC, datetime, timedelta
from typing import Final, assert_never

from bot.domain.action_items import RemindAction
from bot.domain.calls import TellCalled
from bot.domain.events import Told
from bot.domain.group_work import PostDigest, TellAssignee, TellGroup
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.latecomers import SendSummary
from bot.domain.privacy import may_be_told
from bot.domain.reminders import is_owed
from bot.domain.result_commands import ConfirmNews, ConfirmReminder
from bot.domain.second_route import CallPerson
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import Place, Remind, Say, TellFailure, WarnAdmins
from bot.engine.jobs import Done, Job, Posted
from bot.outbound.slack.comms import comms_over
from bot.outbound.slack.means import Means, channel_in, incident_in, still_ours
from bot.outbound.slack.port import ChannelGone, MessageGone
from bot.views.action_items import action_reminder
from bot.views.assignment import assignment
from bot.views.blocks import Message
from bot.views.call import call, called
from bot.views.digest import digest_message
from bot.views.group import group_news
from bot.views.moments import moment
from bot.views.notices import admin_notice, failure
from bot.views.reminders import reminder
from bot.views.subscribers import to_subscriber
from bot.views.summary import incident_summary

# Warnings about one subject within this time share a message: a storm of failures is one notice.
ONE_NOTICE_FOR: Final = timedelta(hours=1)


async def say(means: Means, job: Job, work: Say) -> Done:
    """Say what just happened, in the incident's channel or under its announcement."""
    message = moment(work.event, incident_in(job), work.place)
    if message is None:
        return Done()
    match work.place:
        case Place.CHANNEL:
            return Done(posted=await _in_the_channel(means, job, message, aside=work.aside))
        case Place.ANNOUNCEMENT:
            if job.anchor is None:
                # The announcement goes before this in the same lane, so waiting would not bring it: it failed for good,
                # which people were told, or it stands behind us and will show what happened.
                return Done()
            posted = await _once(means, job, job.anchor.channel, message, thread=job.anchor.ts)
            return Done(posted=posted)
        case Place.COMMS:
            there = incident_in(job).comms_channel
            try:
                return Done(posted=await _once(means, job, there, message)) if there else Done()
            except ChannelGone:
                return comms_over(job)
        case other:
            assert_never(other)


async def _in_the_channel(means: Means, job: Job, message: Message, *, aside: bool) -> Posted:
    """Say it in the channel; aside, in the thread of the card, which goes before it in the same lane.

    Where there is no card, because it failed for good or somebody deleted it, it is said in the channel itself.
    """
    channel, card = channel_in(job), job.anchor
    if aside and card and card.channel == channel:
        try:
            return await _once(means, job, channel, message, thread=card.ts)
        except MessageGone:
            pass
    return await _once(means, job, channel, message)


async def remind(means: Means, job: Job, work: Remind) -> Done:
    """Remind the channel, unless what it asks for has come meanwhile."""
    incident = incident_in(job)
    confirmed = ConfirmReminder(incident=work.incident, about=work.about, n=work.n)
    if not is_owed(incident, work.about, means.clock.now()):
        return Done(command=confirmed)
    message = reminder(incident, work.about, work.n)
    return Done(posted=await _once(means, job, channel_in(job), message), command=confirmed)


async def tell_group(means: Means, job: Job, work: TellGroup) -> Done:
    """Tell a group's thread what has changed; what the message itself will show first needs no note."""
    group = job.state.group
    if group is None or work.n <= group.told or not group.news:
        return Done()
    told = ConfirmNews(group=work.group, n=work.n, news=group.news)
    if job.anchor is None:
        return Done(command=told)
    note = group_news(group)
    posted = await _once(means, job, job.anchor.channel, note, thread=job.anchor.ts)
    return Done(posted=posted, command=told)


async def tell_assignee(means: Means, job: Job, work: TellAssignee) -> Done:
    """Tell somebody in a direct message which alert was given to them."""
    group = job.state.group
    if group is None:
        return Done()
    message = assignment(group, work.by, job.anchor.channel if job.anchor else None)
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), message))


async def call_person(means: Means, job: Job, work: CallPerson) -> Done:
    """Tell somebody in a direct message that the pager should have called them, unless it has meanwhile."""
    incident = incident_in(job)
    since = incident.page_missing_since
    if since is None:
        return Done()
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), call(incident, since)))


async def tell_called(means: Means, job: Job, work: TellCalled) -> Done:
    """Tell somebody in a direct message that they are called; who came too late for it is not."""
    incident = incident_in(job)
    if not incident.status.is_open:
        return Done()
    message = called(incident, incident.calls[work.n - 1].why, work.by)
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), message))


async def remind_action(means: Means, job: Job, work: RemindAction) -> Done:
    """Ask somebody in a direct message about what is due; what is done or another's by now is not asked about.

    Of those that waited for Slack only the newest is asked.
    """
    incident = incident_in(job)
    one = incident.actions[work.n - 1]
    stale = not one.is_open or one.asked != work.user or one.reminded != work.count
    if stale or not may_be_told(incident, work.user):
        return Done()
    message = action_reminder(incident, work.n, means.clock.now())
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), message))


async def send_summary(means: Means, job: Job, work: SendSummary) -> Done:
    """Tell somebody who came late, in a direct message, how it stands and what has been tried.

    Who left a private incident while this waited for Slack is not told.
    """
    incident = incident_in(job)
    if not may_be_told(incident, work.user):
        return Done()
    summary = incident_summary(incident, job.rows, job.state.alerts, means.policy, means.clock.now())
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), summary))


async def tell_subscriber(means: Means, job: Job, work: TellSubscriber) -> Done:
    """Tell somebody in a direct message what is told together; who may not see the incident any more is not told.

    What stands and is to be told all the same got more to tell by a clock that was set back a little: that is added.
    """
    incident = incident_in(job)
    said = [row.event for row in job.rows if isinstance(row.event, Told)]
    told = [one for one in said if one.told_with == work.since and (work.since or one.told_at == work.told_at)]
    if not told or not may_be_told(incident, work.user):
        return Done()
    message = to_subscriber(incident, told)
    if job.posted:
        still_ours(job)
        await means.slack.update(job.posted.channel, job.posted.ts, message)
    return Done(posted=await _once(means, job, await means.slack.direct_channel(work.user), message))


async def tell_failure(means: Means, job: Job, work: TellFailure) -> Done:
    """Tell the commander, else the declarer, what could not be done; without either the channel, if there is one."""
    incident = incident_in(job)
    message = failure(incident, work.what, work.reason)
    person = incident.commander or incident.caller
    channel = await means.slack.direct_channel(person) if person else incident.channel
    return Done(posted=await _once(means, job, channel, message)) if channel else Done()


async def warn_admins(means: Means, job: Job, work: WarnAdmins) -> Done:
    """Tell the admin channel; a warning soon after another about the same subject takes its place."""
    configured = means.policy.channels.admin
    if configured is None:
        return Done()
    message = admin_notice(work.subject, work.text)
    since = means.settled(job)
    earlier = job.posted
    if earlier and means.clock.now() - _when(earlier.ts) < ONE_NOTICE_FOR:
        still_ours(job)
        try:
            await means.slack.update(earlier.channel, earlier.ts, message)
            return Done(posted=earlier)
        except MessageGone:
            pass
    channel = await means.directory.find(configured)
    # Each notice about a subject is named after the one before it, so that none is taken for another.
    marker = f"{job.key}:after:{earlier.ts}" if earlier else job.key
    try:
        found = await means.slack.find_post(channel, marker, since) if since else None
        if found:
            return Done(posted=found)
        still_ours(job)
        return Done(posted=await means.slack.post(channel, message, marker))
    except ChannelGone:
        means.directory.forget(configured)
        raise


async def post_digest(means: Means, job: Job, work: PostDigest) -> Done:
    """Tell a digest, where its groups would have had their messages."""
    channel = await means.directory.find(work.channel)
    try:
        return Done(posted=await _once(means, job, channel, digest_message(work)))
    except ChannelGone:
        means.directory.forget(work.channel)
        raise


async def _once(
    means: Means, job: Job, channel: ChannelId, message: Message, *, thread: MessageTs | None = None
) -> Posted:
    """Return the one post of this job: known, found, or posted now."""
    if job.posted:
        return job.posted
    since = means.settled(job)
    if since is not None and (found := await means.slack.find_post(channel, job.key, since, thread=thread)):
        return found
    still_ours(job)
    return await means.slack.post(channel, message, job.key, thread=thread)


def _when(ts: MessageTs) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
