"""Runbooks: those that fit, and the checklist of one that an incident works through."""

from collections.abc import Sequence
from typing import Final

from bot.domain.checklists import Checklist, Step
from bot.domain.model import Incident
from bot.domain.runbooks import Runbook
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    Moment,
    bold,
    button,
    code,
    context,
    date,
    header,
    host,
    line,
    lines,
    link,
    mention,
    message,
    section,
)
from bot.views.words import and_more

SHOWN: Final = 20


def checklist_message(incident: Incident, n: int) -> Message:
    """Render the checklist of runbook `n`: each step with who did it when, or a button to say so."""
    one = incident.runbooks[n - 1]
    so_far = f"{one.done} of {len(one.steps)} steps done"
    more = f"{one.left_out} more steps stand only in the runbook itself" if one.left_out else None
    left = next((at for at, step in enumerate(one.steps, start=1) if step.at is None), None)
    ticks = code(f"/incident runbook done {n}.{left}") if left and incident.status.is_open else None
    return message(
        f"Runbook for {incident.label}: {one.title}. {so_far}",
        header(one.title),
        context(
            so_far,
            line("Opened by ", mention(one.by)) if one.by else None,
            link(one.url, host(one.url) or "runbook") if host(one.url) else None,
        ),
        *(_step(incident, one, at, step) for at, step in enumerate(one.steps, start=1)),
        context(more, line("Or type ", ticks) if ticks else None),
    )


def runbook_list(incident: Incident, found: Sequence[Runbook], looked_for: str, url: str | None) -> Message:
    """Render what was found, each with a button that opens its checklist, and those that are open."""
    there = {one.name for one in incident.runbooks}
    rows = [_found(incident, one) for one in found if one.name not in there][:SHOWN]
    working = [_working(one) for one in incident.runbooks]
    if not rows and not working:
        what = f"No runbook says “{looked_for}”." if looked_for else f"No runbook fits {incident.label}."
        known = line("Its service has one at ", link(url, host(url) or "")) if host(url) else None
        fit, other = code("/incident runbook"), code("/incident runbook redis")
        ways = line("Those that fit: ", fit) if looked_for else line("To look for one: ", other)
        return message(what, section(what), context(known, ways))
    return message(
        f"Runbooks for {incident.label}: {'; '.join(one.title for one in found)}",
        header(f"Runbooks for {incident.label}"),
        *rows,
        *working,
        context(and_more(len(found) - len(rows) - len(working))),
        context(line("To look for others: ", code("/incident runbook redis"))),
    )


def _step(incident: Incident, one: Checklist, at: int, step: Step) -> Block:
    value = f"{incident.id} {one.n} {at}"
    text = line(bold(f"{at}."), " ", step.text)
    if step.at and step.by:
        again = button("Not Done", Action.UNTICK_STEP, value, spoken=f"Step {at} Is Not Done")
        told = lines(text, line("Done by ", mention(step.by), ", ", date(step.at, Moment.TIME)))
        return section(told, again if incident.status.is_open else None)
    tick = button("Mark Done", Action.TICK_STEP, value, spoken=f"Mark Step {at} Done: {step.text}")
    return section(text, tick if incident.status.is_open else None)


def _found(incident: Incident, one: Runbook) -> Block:
    steps = "1 step" if len(one.steps) == 1 else f"{len(one.steps) + one.left_out} steps"
    show = button("Open Checklist", Action.OPEN_CHECKLIST, f"{incident.id} {one.name}", spoken=f"Open {one.title}")
    return section(lines(bold(one.title), steps), show if incident.status.is_open else None)


def _working(one: Checklist) -> Block:
    return section(lines(bold(one.title), f"open in the channel, {one.done} of {len(one.steps)} steps done"))
