"""`/incident at <time> <what>`: says when it happened: a milestone by its name, anything else as a note."""

import re
from typing import Final

from bot.domain.model import Milestone
from bot.domain.record_commands import SetMilestone, TakeNote
from bot.inbound.slack.commands.parse import Mistyped
from bot.inbound.slack.commands.request import Reply, Request, incident_meant
from bot.inbound.slack.commands.when import moment_typed
from bot.inbound.slack.port import Desk
from bot.views import replies

USAGE = f"at <14:05|yesterday 23:50|20m ago> <{'|'.join(Milestone)}|what happened>"
SUMMARY = "Say when it happened, by your own clock; milestones correct what is measured"
EXAMPLES = ("at 14:05 impact started", "at 20m ago mitigated", "at yesterday 23:50 somebody restarted the queue")

# "resolved the DNS issue" is a note; "resolved" alone, or before a colon, is the milestone.
_ALONE: Final = re.compile(r"(?is)(?P<name>detected|acknowledged|mitigated|resolved)(?:[:,;.]\s*(?P<text>.*))?")
_IMPACT: Final = re.compile(r"(?is)(?:the )?impact (?:started|began)\b[:,;.]?\s*(?P<text>.*)")


async def run(request: Request, desk: Desk) -> Reply:
    """Set the milestone, or keep the note."""
    meant = await incident_meant(request, desk, prose=True)
    typed = await moment_typed(request, meant.line.prose().strip())
    if typed is None:
        raise Mistyped("Say when: 14:05, yesterday 23:50, 2026-11-29 14:05, 14:05 UTC or 20m ago.")
    what = typed.rest.strip()
    if not what:
        raise Mistyped("Say what happened then.")
    if named := _milestone(what):
        milestone, text = named
        told = SetMilestone(
            incident=meant.incident.id, milestone=milestone, happened_at=typed.moment, by=request.by, text=text
        )
        await request.hand_in(desk, told)
        return replies.milestone_set(meant.incident, milestone, typed.moment, guessed=typed.guessed)
    note = TakeNote(incident=meant.incident.id, text=what, by=request.by, happened_at=typed.moment)
    await request.hand_in(desk, note)
    return replies.noted(meant.incident, typed.moment, guessed=typed.guessed)


def _milestone(what: str) -> tuple[Milestone, str] | None:
    if found := _IMPACT.fullmatch(what):
        return Milestone.IMPACT_STARTED, found["text"].strip()
    if found := _ALONE.fullmatch(what):
        return Milestone(found["name"].lower()), (found["text"] or "").strip()
    return None
