"""Living messages: one each, written anew whenever the state changes: card, announcement, group of alerts, storm."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.action_items import ShowAction
from bot.domain.archive_commands import ConfirmArchiveWarning
from bot.domain.archives import ShowArchiving
from bot.domain.checklists import ShowRunbook
from bot.domain.comms import ShowComms
from bot.domain.group_work import CopyGroup, CopyStorm, ShowGroup, ShowStorm
from bot.domain.grouping import alone
from bot.domain.handovers import ShowHandover
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.privacy import Outside, may_be_told, outside
from bot.domain.proposals import ShowProposal
from bot.domain.storms_model import Stand
from bot.domain.work import Announce, SendDuties, ShowCard
from bot.engine.jobs import Done, Job, Posted
from bot.errors import TryLater, Undeliverable
from bot.outbound.slack.comms import comms_over
from bot.outbound.slack.means import Means, channel_in, incident_in, spoken_since, still_ours
from bot.outbound.slack.port import ChannelGone, MessageGone, NotInChannel
from bot.views.action_items import action_given
from bot.views.announcement import announcement
from bot.views.archiving import archiving_message
from bot.views.blocks import Message
from bot.views.card import incident_card
from bot.views.comms import comms_message
from bot.views.copies import copied
from bot.views.duties import duties
from bot.views.group import group_message
from bot.views.handover import question
from bot.views.proposal import proposal
from bot.views.runbook import checklist_message
from bot.views.storm import storm_message

# So often what belongs into a storm's thread waits for the storm's message; then it stands by itself.
WAITS_FOR_THE_STORM: Final = 8


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


async def show_comms(means: Means, job: Job, _work: ShowComms) -> Done:
    """Write what can be told, in the channel for communications, if there is one by now."""
    incident = incident_in(job)
    since = means.settled(job)
    if incident.comms_channel is None:
        return Done()
    message = comms_message(incident, means.clock.now())
    try:
        return await _show(means, job, incident.comms_channel, message, since)
    except ChannelGone:
        return comms_over(job)


async def show_group(means: Means, job: Job, _work: ShowGroup) -> Done:
    """Write a group's message; an alert from before there were groups is shown as one."""
    group, members = job.state.group, job.state.alerts
    if group is None and job.state.alert:
        group, members = alone(job.state.alert, means.policy), (job.state.alert,)
    if group is None:
        raise Undeliverable("The group of alerts is not in the record")
    if group.stand is Stand.NOWHERE or group.hidden:  # whatever its incident wants to be shown
        return Done()
    message = group_message(group, members, _around(job), means.policy, means.clock.now())
    if group.stand is not Stand.THREAD or (job.attempt > WAITS_FOR_THE_STORM and not job.posted):
        return await _show_in(means, job, group.channel, message)
    if job.anchor is None:
        raise TryLater("The storm's message does not stand yet")
    try:
        return await _show_in(means, job, group.channel, message, job.anchor.ts)
    except MessageGone as gone:
        raise TryLater("The storm's message was deleted") from gone


async def copy_group(means: Means, job: Job, work: CopyGroup) -> Done:
    """Write a copy of a group's message; it says what the message says, and where that is."""
    group = job.state.group
    if group is None:
        raise Undeliverable("The group of alerts is not in the record")
    message = group_message(group, job.state.alerts, _around(job), means.policy, means.clock.now())
    return await _show_in(means, job, work.channel, copied(message, _room(job), group.channel))


async def copy_storm(means: Means, job: Job, work: CopyStorm) -> Done:
    """Write a copy of a storm's message."""
    storm = job.state.storm
    if storm is None:
        raise Undeliverable("The storm is not in the record")
    message = storm_message(storm, job.state.groups, job.state.firing, means.policy, means.clock.now())
    return await _show_in(means, job, work.channel, copied(message, _room(job), storm.channel))


def _around(job: Job) -> Outside | None:
    """Return the incident of a group, as everybody may know it who sees the message."""
    return outside(job.state.incident) if job.state.incident else None


def _room(job: Job) -> ChannelId | None:
    return job.anchor.channel if job.anchor else None


async def show_storm(means: Means, job: Job, _work: ShowStorm) -> Done:
    """Write a storm's message."""
    storm = job.state.storm
    if storm is None:
        raise Undeliverable("The storm is not in the record")
    message = storm_message(storm, job.state.groups, job.state.firing, means.policy, means.clock.now())
    return await _show_in(means, job, storm.channel, message)


async def show_proposal(means: Means, job: Job, work: ShowProposal) -> Done:
    """Write a proposal to resolve the incident; one that was taken back before it stood is not shown any more."""
    incident, channel = incident_in(job), channel_in(job)
    stands = incident.proposal is not None and incident.proposal.stands and incident.proposal.n == work.n
    since = means.settled(job)
    message = proposal(incident, work.n)
    return await _show(means, job, channel, message, since, wanted=stands and incident.status.is_open)


async def show_archiving(means: Means, job: Job, work: ShowArchiving) -> Done:
    """Warn a quiet channel that it will be archived, or show what became of that.

    A channel that is gone needs no warning; one in which somebody spoke unheard, or what is not recorded, gets none.
    """
    incident, channel = incident_in(job), channel_in(job)
    archiving = incident.archiving
    stands = archiving is not None and archiving.n == work.n and archiving.stands
    since = means.settled(job)
    try:
        if archiving and stands and not job.posted and (said := await spoken_since(means, channel, archiving.since)):
            return Done(command=said)
        done = await _show(means, job, channel, archiving_message(incident, work.n), since, wanted=stands)
    except (ChannelGone, NotInChannel):
        return Done()
    return replace(done, command=ConfirmArchiveWarning(incident=incident.id, n=work.n)) if stands else done


async def send_duties(means: Means, job: Job, work: SendDuties) -> Done:
    """Tell a new holder in a direct message what the role asks of them, and show there what is done of it."""
    since = means.settled(job)
    message = duties(incident_in(job), work.role, work.seq, means.policy)
    return await _show(means, job, await _direct(means, job, work.user), message, since)


async def show_handover(means: Means, job: Job, work: ShowHandover) -> Done:
    """Ask somebody in a direct message to take a role over; what was over before they were asked is not asked."""
    incident = incident_in(job)
    since = means.settled(job)
    wanted = incident.handovers[work.n - 1].stands and incident.status.is_open
    message = question(incident, work.n)
    return await _show(means, job, await _direct(means, job, work.user), message, since, wanted=wanted)


async def show_action(means: Means, job: Job, work: ShowAction) -> Done:
    """Tell an owner in a direct message what is theirs to do; what is over or another's by then is not told."""
    incident = incident_in(job)
    one = incident.actions[work.n - 1]
    since = means.settled(job)
    wanted = one.is_open and one.given == work.given and may_be_told(incident, work.user)
    message = action_given(incident, work.n, work.given, means.clock.now())
    return await _show(means, job, await _direct(means, job, work.user), message, since, wanted=wanted)


async def show_runbook(means: Means, job: Job, work: ShowRunbook) -> Done:
    """Write the checklist of a runbook into the incident's channel."""
    channel, since = channel_in(job), means.settled(job)
    return await _show(means, job, channel, checklist_message(incident_in(job), work.n), since)


async def _direct(means: Means, job: Job, user: UserId) -> ChannelId:
    return job.posted.channel if job.posted else await means.slack.direct_channel(user)


async def _show_in(means: Means, job: Job, configured: str, message: Message, thread: MessageTs | None = None) -> Done:
    """Write a living message in a configured channel; where it stands already it stays."""
    since = means.settled(job)
    channel = job.posted.channel if job.posted else await means.directory.find(configured)
    try:
        return await _show(means, job, channel, message, since, thread)
    except ChannelGone:
        means.directory.forget(configured)
        raise


async def _show(
    means: Means,
    job: Job,
    channel: ChannelId,
    message: Message,
    since: datetime | None,
    thread: MessageTs | None = None,
    *,
    wanted: bool = True,
) -> Done:
    """Update what stands; else update what an earlier try may have posted; else post, if it is still wanted.

    What is found is updated too: the state may have changed since that try, and nobody else will show it. What stands
    in another channel (the incident has a new one) stays there as it is.
    """
    posted = job.posted if job.posted and job.posted.channel == channel else None
    if posted and (done := await _update(means, job, posted, message)):
        return done
    if since is not None:
        found = await means.slack.find_post(channel, job.key, since, thread=thread)
        if found and found != posted and (done := await _update(means, job, found, message)):
            return done
    if not wanted:
        return Done()
    still_ours(job)

    async def post(fit: Message) -> Posted:
        return await means.slack.post(channel, fit, job.key, thread=thread)

    return Done(posted=await means.pictures.say(message, post, again=lambda: still_ours(job)))


async def _update(means: Means, job: Job, posted: Posted, message: Message) -> Done | None:
    """Update a message; None when somebody has deleted it."""
    still_ours(job)

    async def update(fit: Message) -> None:
        await means.slack.update(posted.channel, posted.ts, fit)

    try:
        await means.pictures.say(message, update, again=lambda: still_ours(job))
    except MessageGone:
        return None
    return Done(posted=posted)
