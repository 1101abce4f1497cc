"""What people do about an incident beside its course, in the histories that Hypothesis makes up: what is left to do.

Action items, links, runbooks, and the last change taken back; all that is accepted goes into the model as well.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.ids import IncidentId, UserId
from bot.domain.links import Relation
from bot.domain.runbooks import Runbook
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
from bot.domain.undoing import last_change
from bot.errors import Refused
from tests.engine.asking import Asking

NUMBERS = st.integers(1, 3).map(IncidentId)
USERS = st.sampled_from(["U0ANA", "U0BO", "U0CLEO"]).map(UserId)
SOMEBODY = st.none() | USERS
PLACES = st.integers(1, 2)
# In how many days it is due. Where it is nine in three hours, in one, and was two hours ago.
DAYS = st.sampled_from([None, 0, 1, 8])
ZONES = st.sampled_from(["America/Sao_Paulo", "Atlantic/Azores", "Europe/Athens"])
BOOK: Final = Runbook(name="checkout", title="Checkout", steps=("Look", "Roll back"))
PAGE: Final = "https://status.example/checkout"


class FollowingActs(Asking):
    """The deeds."""

    @rule(n=NUMBERS, by=USERS, owner=SOMEBODY, days=DAYS, zone=ZONES)
    def something_is_left_to_do(
        self, n: IncidentId, by: UserId, owner: UserId | None, days: int | None, zone: str
    ) -> None:
        due = None if days is None else self.world.clock.now().date() + timedelta(days=days)
        asked = AddAction(incident=n, text="Mend the <!here> pool", by=by, owner=owner, due=due, zone=zone)
        self.run(self.ask(asked, self.key()))

    @rule(n=NUMBERS, place=PLACES, by=USERS, to=SOMEBODY, days=DAYS, zone=ZONES, moves=st.booleans())
    def it_is_given_or_moved(
        self, n: IncidentId, place: int, by: UserId, to: UserId | None, days: int | None, zone: str, *, moves: bool
    ) -> None:
        due = None if days is None else self.world.clock.now().date() + timedelta(days=days)
        asked = ChangeAction(incident=n, n=place, by=by, user=to, zone=zone, moves=moves, due=due)
        self.run(self._about_an_item(asked))

    @rule(n=NUMBERS, place=PLACES, by=USERS, what=st.sampled_from(["done", "dropped", "open"]))
    def it_is_done_or_not(self, n: IncidentId, place: int, by: UserId, what: str) -> None:
        ended = EndAction(incident=n, n=place, by=by, dropped=what == "dropped")
        self.run(self._about_an_item(ReopenAction(incident=n, n=place, by=by) if what == "open" else ended))

    async def _about_an_item(self, command: ChangeAction | EndAction | ReopenAction) -> None:
        """Ask for it of an item that there is; where nothing is written down, something is first."""
        number = await self.there(command.incident)
        if number is None:
            return
        if not self.model.about(number).items:
            today = self.world.clock.now().date()
            await self.ask(AddAction(incident=number, text="Mend it", by=command.by, due=today), self.key())
        if there := len(self.model.about(number).items):
            await self.ask(replace(command, incident=number, n=(command.n - 1) % there + 1), self.key())

    @rule(n=NUMBERS, to=st.none() | NUMBERS, relation=st.sampled_from(Relation), by=USERS, stays=st.booleans())
    def it_belongs_together_or_does_not(
        self, n: IncidentId, to: IncidentId | None, relation: Relation, by: UserId, *, stays: bool
    ) -> None:
        url = "" if to else PAGE
        linked = LinkThing(incident=n, by=by, relation=relation, to=to, url=url)
        self.run(self.ask(linked if stays else UnlinkThing(incident=n, by=by, to=to, url=url), self.key()))

    @rule(n=NUMBERS, by=USERS, step=st.integers(0, 2), done=st.booleans())
    def a_runbook_is_opened_or_ticked(self, n: IncidentId, by: UserId, step: int, *, done: bool) -> None:
        self.run(self.ask(OpenRunbook(incident=n, name=BOOK.name, by=by), self.key()))
        if step:
            self.run(self.ask(TickStep(incident=n, n=1, step=step, done=done, by=by), self.key()))

    @rule(n=NUMBERS, by=USERS)
    def the_last_change_is_taken_back(self, n: IncidentId, by: UserId) -> None:
        self.run(self._undo(n, by))

    async def _undo(self, n: IncidentId, by: UserId) -> None:
        number = await self.there(n)
        if number is None:
            return
        try:
            last = last_change(await self.world.incident(number), await self.world.timeline(number))
        except Refused:
            return
        await self.ask(UndoChange(incident=number, seq=last.seq, what=last.what, by=by, other=last.other), self.key())
