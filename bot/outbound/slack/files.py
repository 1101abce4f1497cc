"""The postmortem draft: compiled from the timeline, put into the channel as a file, once."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.course_events import IncidentReopened
from bot.domain.events import RoleAssigned, TimelineRow
from bot.domain.ids import UserId
from bot.domain.message_events import MessageEdited, MessagePosted
from bot.domain.model import Incident
from bot.domain.postmortem import compile_postmortem
from bot.domain.work import PostPostmortem
from bot.engine.jobs import Done, Job
from bot.errors import Undeliverable
from bot.outbound.slack.means import Means, channel_in, incident_in, still_ours
from bot.outbound.slack.port import Slack
from bot.views.postmortem import postmortem_markdown

_MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
ASK_AT_ONCE: Final = 5


async def post_postmortem(means: Means, job: Job, work: PostPostmortem) -> Done:
    """Put the draft into the channel as a file; its name tells it from the draft of an earlier end."""
    incident = incident_in(job)
    channel = channel_in(job)
    if any(row.seq > work.seq and isinstance(row.event, IncidentReopened) for row in job.rows):
        return Done()  # it was reopened meanwhile: the next end has a draft that tells all
    since = means.settled(job)
    filename = f"{incident.label.lower()}-postmortem-{work.seq}.md"
    if since is not None and (found := await means.slack.find_file(channel, filename, since)):
        return Done(posted=found)
    learned = await _names(means.slack, people_of(incident, job.rows) - set(job.names))
    postmortem = compile_postmortem(incident, job.rows, job.state.alerts, means.policy)
    draft = postmortem_markdown(postmortem, {**job.names, **learned})
    file = await means.slack.upload_file(filename, draft.encode())
    still_ours(job)
    await means.slack.share_file(
        channel,
        file,
        title=f"{incident.label} postmortem draft",
        comment=f"The postmortem draft of {incident.label}. Correct it, then add what only people know.",
    )
    return Done(names=learned)


def people_of(incident: Incident, rows: Iterable[TimelineRow]) -> set[UserId]:
    """Return everybody whom the postmortem may name."""
    people = {*incident.responders, *incident.roles.values()}
    for row in rows:
        event = row.event
        people |= {event.by} if event.by else set()
        if isinstance(event, RoleAssigned):
            people |= {event.user} | ({event.previous} if event.previous else set())
        if isinstance(event, (MessagePosted, MessageEdited)):
            people |= {UserId(user) for user in _MENTION.findall(event.text)}
    return people


async def _names(slack: Slack, people: Iterable[UserId]) -> Mapping[UserId, str]:
    """Ask what people are called, a few at a time; who is unknown to Slack keeps their id."""
    slots = asyncio.Semaphore(ASK_AT_ONCE)

    async def ask(user: UserId) -> tuple[UserId, str] | None:
        async with slots:
            try:
                return user, (await slack.person(user)).name
            except Undeliverable:
                return None

    return dict(told for told in await asyncio.gather(*map(ask, sorted(people))) if told)
