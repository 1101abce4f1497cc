"""A small model of what people do about an incident beside its course: what they were told must be so, and stay so.

It knows commands that were accepted, in their order, and nothing of events or of how they are folded: what is left to
do, what belongs together, which steps are done, who wants to hear of updates, what a corrected row said and says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final

from bot.domain.commands import Command, SendUpdate
from bot.domain.correcting import corrected
from bot.domain.deploys import DeployNoticed
from bot.domain.events import UpdateSent
from bot.domain.ids import IncidentId, UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.links import Relation
from bot.domain.model import Incident
from bot.domain.note_events import NoteTaken
from bot.domain.privacy import may_be_told
from bot.domain.subscriptions import ALL, Subscribe, Topic, of_incident, of_service
from bot.domain.task_commands import (
    AddAction,
    ChangeAction,
    EndAction,
    LinkThing,
    OpenRunbook,
    ReopenAction,
    TickStep,
    UndoChange,
    UnlinkThing,
)
from bot.domain.undone import Change

if TYPE_CHECKING:
    from tests.engine.world import World

BACK: Final = {Relation.CAUSED_BY: Relation.CAUSES, Relation.CAUSES: Relation.CAUSED_BY}
# How an action item stands: its owner, its day, and open, done or dropped.
Item = tuple[object, object, str]
End = tuple[IncidentId | None, str]


@dataclass(slots=True)
class About:
    """What people did about one incident; `past` are the changes that undo would take back, the newest last."""

    items: list[Item] = field(default_factory=list)
    links: dict[End, Relation] = field(default_factory=dict)
    books: list[tuple[str, set[int]]] = field(default_factory=list)
    past: list[tuple[Change, Callable[[], None]]] = field(default_factory=list)
    told: list[frozenset[UserId]] = field(default_factory=list)
    edits: dict[int, tuple[str | None, bool]] = field(default_factory=dict)

    def set_item(self, n: int, now: Item) -> None:
        """Let item `n` stand so; what is as it was is no change."""
        before = self.items[n - 1]
        if before != now:
            self.items[n - 1] = now
            self.past.append((Change.ACTION, lambda: self.set_item(n, before)))

    def set_link(self, end: End, relation: Relation | None) -> None:
        """Let it be linked there so, or not at all."""
        before = self.links.pop(end, None)
        self.links |= {end: relation} if relation else {}
        if before != relation:
            self.past.append((Change.LINK, lambda: self.set_link(end, before)))


class Model:
    """All of them, and who wants to hear of what. `said` is what a row said before anybody corrected it."""

    def __init__(self) -> None:
        self.incidents: dict[IncidentId, About] = {}
        self.wanted: dict[UserId, dict[Topic, bool]] = {}
        self.said: dict[tuple[IncidentId, int], str] = {}

    def about(self, number: IncidentId) -> About:
        """Return what is known of an incident."""
        return self.incidents.setdefault(number, About())

    def heard(self, command: Command, incident: Incident | None) -> None:
        """Take note of what was accepted."""
        match command:
            case AddAction() | ChangeAction() | EndAction() | ReopenAction():
                _on_item(self.about(command.incident), command)
            case LinkThing(incident=one, to=to, url=url, relation=relation):
                self._links(one, (to, url), relation)
            case UnlinkThing(incident=one, to=to, url=url):
                self._links(one, (to, url), None)
            case OpenRunbook(incident=one, name=name):
                self.about(one).books.append((name, set()))
            case TickStep(incident=one, n=n, step=step, done=done):
                steps = self.about(one).books[n - 1][1]
                (steps.add if done else steps.discard)(step)
            case UndoChange(what=Change.ACTION | Change.LINK):
                self._undone(command)
            case Subscribe(topic=topic, wanted=wanted, by=by):
                self.wanted.setdefault(by, {})[topic] = wanted
                if topic == ALL and not wanted:
                    self.wanted[by] = {}
            case SendUpdate(by=by) if incident:
                self.about(incident.id).told.append(self._audience(incident) - {by})
            case EditRow(incident=one, row=row, text=text, left_out=out):
                self.about(one).edits[row] = (text, out)
            case _:
                pass

    def _links(self, one: IncidentId, end: End, relation: Relation | None) -> None:
        self.about(one).set_link(end, relation)
        if other := end[0]:
            self.about(other).set_link((one, ""), BACK.get(relation, relation) if relation else None)

    def _undone(self, command: UndoChange) -> None:
        """Take the last change back: of a link the other side too, for which that is a change like any other."""
        about = self.about(command.incident)
        what, back = about.past.pop()
        assert what is command.what, f"INC-{command.incident} takes {command.what} back, last was {what}"
        back()
        about.past.pop()  # what was taken back is no change that can be
        if what is Change.LINK and command.other:
            there = about.links.get((command.other, ""))
            self.about(command.other).set_link((command.incident, ""), BACK.get(there, there) if there else None)

    def _audience(self, incident: Incident) -> frozenset[UserId]:
        itself = of_incident(incident.id)
        general = {ALL, *map(of_service, incident.services)}
        return frozenset(
            user
            for user, said in self.wanted.items()
            if said.get(itself, any(said.get(topic) for topic in general)) and may_be_told(incident, user)
        )

    async def agrees(self, world: "World") -> None:
        """See that all of it is so."""
        for number in map(IncidentId, count(1)):
            incident, rows, about = await world.desk.incident(number), await world.timeline(number), self.about(number)
            if incident is None:
                return
            items = [(one.owner, one.due, one.state.value) for one in incident.actions]
            assert items == about.items, f"INC-{number} action items: {items}, not {about.items}"
            links = {(one.incident, one.url): one.relation for one in incident.links}
            assert links == about.links, f"INC-{number} links: {links}, not {about.links}"
            books = [
                (one.name, {n for n, step in enumerate(one.steps, 1) if step.is_done}) for one in incident.runbooks
            ]
            assert books == about.books, f"INC-{number} runbooks: {books}, not {about.books}"
            told = [frozenset(row.event.subscribers) for row in rows if isinstance(row.event, UpdateSent)]
            assert told == about.told, f"INC-{number} told {told}, not {about.told}"
            deploys = [row.event.deploy.id for row in rows if isinstance(row.event, DeployNoticed)]
            assert len(deploys) == len(set(deploys)), f"INC-{number} deploys: {deploys}"
            shown = corrected(rows)
            for row, (text, out) in about.edits.items():
                event, now = rows[row - 1].event, shown.rows[row - 1].event
                assert (row in shown.left_out) == out, f"INC-{number} row {row} left out: {not out}"
                if isinstance(event, NoteTaken) and isinstance(now, NoteTaken):
                    assert (event.text, now.text) == (self.said[number, row], text), f"INC-{number} row {row}: {now}"


def _on_item(about: About, command: AddAction | ChangeAction | EndAction | ReopenAction) -> None:
    if isinstance(command, AddAction):
        about.items.append((command.owner, command.due, "open"))
        n = len(about.items)
        about.past.append((Change.ACTION, lambda: about.set_item(n, (*about.items[n - 1][:2], "dropped"))))
        return
    owner, due, state = about.items[command.n - 1]
    match command:
        case ChangeAction(user=user, moves=moves, due=day):
            about.set_item(command.n, (owner, day if moves else due, state))
            about.set_item(command.n, (user or owner, day if moves else due, state))
        case EndAction(dropped=dropped):
            about.set_item(command.n, (owner, due, "dropped" if dropped else "done"))
        case ReopenAction():
            about.set_item(command.n, (owner, due, "open"))
