"""What an incident leaves to do, made of any words: action items, checklists, links, rows to edit, undo."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.domain.action_items import ActionItem, ActionState
from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.checklists import Checklist, Step
from bot.domain.ids import IncidentId
from bot.domain.links import Link, Linked, Relation
from bot.domain.model import Incident
from bot.domain.note_events import NoteTaken
from bot.domain.runbooks import Runbook
from bot.domain.text import TEXT_LIMIT
from bot.domain.undoing import Last
from bot.views.action_items import action_given, action_list, action_reminder
from bot.views.archiving import archiving_message
from bot.views.linked import link_list
from bot.views.rows import editable_rows, row_form
from bot.views.runbook import checklist_message, runbook_list
from bot.views.undo import undo_question
from tests.torture.pieces import text, web_url
from tests.torture.render_events import PEOPLE, declared
from tests.torture.shown import Shown
from tests.torture.steady import Dice
from tests.views import samples


def busy(dice: Dice, incident: Incident) -> Incident:
    """Return the incident with action items, links, a runbook that it works through and a warning of its channel."""
    warned = Archiving(n=1, at=samples.NOW, since=samples.AT, notice=timedelta(hours=24), end=dice.one_of(ENDS))
    return replace(
        incident,
        actions=tuple(_item(dice, n) for n in range(1, 2 + dice.below(50))),
        links=tuple(_link(dice) for _ in range(dice.below(50))),
        runbooks=(_checklist(dice),),
        archiving=warned,
    )


ENDS: Final = (None, *ArchivingEnd)


def _item(dice: Dice, n: int) -> ActionItem:
    state = dice.one_of(list(ActionState))
    return ActionItem(
        n=n,
        text=text(dice)[:300] or "x",
        by=samples.ANA,
        at=samples.AT,
        owner=dice.one_of((None, *PEOPLE)),
        due=dice.one_of((None, samples.AT.date(), samples.NOW.date() + timedelta(days=3))),
        zone=dice.one_of(("UTC", "Europe/Berlin", "Nowhere/Land")),
        state=state,
        ended_by=None if state is ActionState.OPEN else samples.BO,
    )


def _link(dice: Dice) -> Link:
    relation = dice.one_of(list(Relation))
    if dice.below(2):
        return Link(relation=relation, url=web_url(dice), by=samples.ANA, at=samples.AT)
    return Link(relation=relation, incident=IncidentId(7), title=text(dice), by=samples.ANA, at=samples.AT)


def _checklist(dice: Dice) -> Checklist:
    steps = tuple(
        Step(text=text(dice)[:300] or "x", by=dice.one_of((None, samples.BO)), at=dice.one_of((None, samples.NOW)))
        for _ in range(1 + dice.below(40))
    )
    return Checklist(
        n=1, name="a", title=text(dice)[:150] or "x", steps=steps, by=samples.ANA, at=samples.AT, url=web_url(dice),
        left_out=dice.below(3),
    )  # fmt: skip


def _runbooks(dice: Dice, incident: Incident) -> Shown:
    found = [Runbook(name=f"r{n}", title=text(dice)[:150] or "x", steps=("a",)) for n in range(dice.below(30))]
    return runbook_list(incident, found, text(dice), dice.one_of((None, web_url(dice))))


def _rows(dice: Dice, incident: Incident) -> Shown:
    notes = [NoteTaken(at=samples.AT, by=samples.ANA, text=text(dice), happened_at=samples.AT) for _ in range(20)]
    return editable_rows(incident, samples.timeline(declared(dice), *notes)[1])


def _row(dice: Dice, incident: Incident) -> Shown:
    note = NoteTaken(at=samples.AT, by=samples.ANA, text=text(dice)[:TEXT_LIMIT], happened_at=samples.AT)
    return row_form(incident, samples.timeline(declared(dice), note)[1][1], left_out=not dice.below(2))


def _undo(dice: Dice, incident: Incident) -> Shown:
    event = Linked(at=samples.AT, by=samples.ANA, relation=Relation.RELATED, incident=IncidentId(7), title=text(dice))
    return undo_question(incident, Last(seq=2, event=event))


TASKS: Final[Mapping[str, Callable[[Dice, Incident], Shown]]] = {
    "actions": lambda _, incident: action_list(incident, samples.NOW),
    "action given": lambda d, incident: action_given(incident, 1, d.below(2), samples.NOW),
    "action due": lambda _, incident: action_reminder(incident, 1, samples.NOW),
    "links": lambda _, incident: link_list(incident),
    "checklist": lambda _, incident: checklist_message(incident, 1),
    "runbooks": _runbooks,
    "archiving": lambda _, incident: archiving_message(incident, 1),
    "rows": _rows,
    "row form": _row,
    "undo": _undo,
}
