"""Working through a runbook: opened once, and each step ticked by itself, so that no tick loses another."""

from typing import Final, assert_never

from bot.domain.checklists import Checklist, RunbookOpened, ShowRunbook, StepTicked
from bot.domain.draft import Draft
from bot.domain.model import Incident
from bot.domain.task_commands import ChecklistCommand, OpenRunbook, TickStep
from bot.errors import Refused

MOST: Final = 20


def decide(draft: Draft, command: ChecklistCommand) -> None:
    """Open a runbook, or tick a step."""
    match command:
        case OpenRunbook():
            _open(draft, command)
        case TickStep():
            _tick(draft, command)
        case _:
            assert_never(command)


def opened(incident: Incident, name: str) -> Checklist | None:
    """Return the checklist of a runbook, if the incident has opened it."""
    return next((one for one in incident.runbooks if one.name == name), None)


def _open(draft: Draft, command: OpenRunbook) -> None:
    incident = draft.open_incident()
    runbook = next((one for one in draft.policy.runbooks if one.name == command.name), None)
    if known := opened(incident, command.name):
        done = f"{known.done} of its {len(known.steps)} steps done"
        message = f"“{known.title}” is open already: its checklist stands in the channel, {done}."
        raise Refused(message)
    if runbook is None:
        message = "I do not know this runbook any more. Those that there are: `/incident runbook`."
        raise Refused(message)
    if len(incident.runbooks) >= MOST:
        message = f"{incident.label} has {MOST} runbooks open already."
        raise Refused(message)
    event = RunbookOpened(
        at=draft.now,
        by=command.by,
        n=len(incident.runbooks) + 1,
        name=runbook.name,
        title=runbook.title,
        steps=runbook.steps,
        url=runbook.url,
        left_out=runbook.left_out,
    )
    draft.happened(event)
    draft.do(ShowRunbook(incident=incident.id, n=event.n))


def _tick(draft: Draft, command: TickStep) -> None:
    incident = draft.open_incident()
    if not 0 < command.n <= len(incident.runbooks):
        message = f"{incident.label} has no runbook {command.n} open. To open one: `/incident runbook`."
        raise Refused(message)
    known = incident.runbooks[command.n - 1]
    if not 0 < command.step <= len(known.steps):
        message = f"“{known.title}” has no step {command.step}: it has {len(known.steps)}."
        raise Refused(message)
    before = known.steps[command.step - 1]
    if before.is_done == command.done:
        return
    event = StepTicked(
        at=draft.now,
        by=command.by,
        n=known.n,
        title=known.title,
        step=command.step,
        of=len(known.steps),
        text=before.text,
        done=command.done,
    )
    draft.happened(event)
    draft.do(ShowRunbook(incident=incident.id, n=known.n))
