"""`/incident runbook [search]`: what fits, as a checklist that the channel ticks off; `runbook done 3` ticks one."""

import re
from typing import Final

from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.runbooks import Seen, fitting, saying
from bot.domain.task_commands import OpenRunbook, TickStep
from bot.domain.ticking import opened
from bot.errors import Refused
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.port import Desk
from bot.views import replies
from bot.views.runbook import runbook_list
from bot.views.words import runbook_of

USAGE = "runbook [search] | runbook done|undo <step>"
SUMMARY = "Open the runbook that fits as a checklist in the channel, or look for another"
EXAMPLES = ("runbook", "runbook redis", "runbook done 3", "runbook done 2.3")

_STEP: Final = re.compile(r"(?:(?P<n>[0-9]{1,2})\.)?(?P<step>[0-9]{1,3})")


async def run(request: Request, desk: Desk) -> Reply:
    """Open the only one, show several, or tick a step."""
    meant = await incident_meant(request, desk, prose=True)
    incident, policy = meant.incident, request.ports.policy
    words = [token.value for token in meant.line.tokens]
    if len(words) == 2 and words[0].lower() in {"done", "undo"} and (step := _STEP.fullmatch(words[1])):  # noqa: PLR2004 - a verb and a step
        return await _tick(request, desk, incident, step, done=words[0].lower() == "done")
    found = saying(policy.runbooks, words) if words else fitting(policy.runbooks, await _seen(incident, desk, policy))
    if len(found) == 1 and incident.status.is_open and not opened(incident, found[0].name):
        await request.hand_in(desk, OpenRunbook(incident=incident.id, name=found[0].name, by=request.by))
        return replies.said(f"The checklist of “{found[0].title}” comes into the channel of {incident.label}.")
    return runbook_list(incident, found, " ".join(words), runbook_of(incident.service, policy))


async def _tick(request: Request, desk: Desk, incident: Incident, step: re.Match[str], *, done: bool) -> Reply:
    if not incident.runbooks:
        raise Refused("No runbook is open here. To open one: `/incident runbook`.")
    n, at = int(step["n"] or len(incident.runbooks)), int(step["step"])
    handled = await request.hand_in(desk, TickStep(incident=incident.id, n=n, step=at, done=done, by=request.by))
    one = (handled.incident or incident).runbooks[n - 1]
    return replies.said(f"Step {at} of “{one.title}” is {'done' if done else 'not done'}.")


async def _seen(incident: Incident, desk: Desk, policy: Policy) -> Seen:
    """Return what an incident is about: its own services, and what its alerts say."""
    alerts = await desk.alerts_of(incident.id)
    services = (*incident.services, *(alert.service for alert in alerts))
    urls = (*(runbook_of(one, policy) for one in incident.services), *(alert.runbook_url for alert in alerts))
    return Seen(
        services=frozenset(one for one in services if one),
        alerts=frozenset(alert.report.title for alert in alerts),
        urls=frozenset(one for one in urls if one),
    )
