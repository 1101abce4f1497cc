"""What somebody sees when they open Muster's Home tab: what waits for them, what is open, what fires.

It is published once each time that they open it: whoever looks sees how it stands then, and nobody is written to who
does not look.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.action_items import ActionItem
from bot.domain.calls import Call
from bot.domain.finding import Finding
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.roles_model import AnyRole, Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHome:
    """Publish somebody's Home tab, as all stands when it is done."""

    kind: Literal["slack.home"] = "slack.home"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What one person is to know: `incidents` are all that are open, `mine` the alerts that they look after.

    `actions` are what is theirs to do, what is due first before the rest, of incidents that are over too.
    `on_call` are the services for which somebody is on call, and who.
    """

    user: UserId
    incidents: tuple[Incident, ...]
    mine: Finding
    firing: Finding
    actions: tuple[tuple[Incident, ActionItem], ...] = ()
    on_call: Mapping[ServiceName, tuple[UserId, ...]] = field(default_factory=dict)

    def waiting(self) -> Iterator[tuple[Incident, tuple[AnyRole, ...]]]:
        """Return the incidents that wait for them, with the roles that they hold: they have one, or owe the updates."""
        for incident in self.incidents:
            held = tuple(incident.held_by(self.user))
            if held or incident.update_owner == self.user:
                yield incident, held

    def called(self) -> Iterator[tuple[Incident, Call]]:
        """Return the calls that they have not followed, the newest of each incident: they have no role there yet.

        What somebody has taken up in the pager waits no more.
        """
        for incident in self.incidents:
            of_now = [one for one in incident.calls if one.reopened == incident.reopened and self.user in one.told]
            if of_now and of_now[-1].taken_at is None and not any(incident.held_by(self.user)):
                yield incident, of_now[-1]

    def asked(self) -> Iterator[tuple[Incident, Handover]]:
        """Return the roles that they are asked to take over, and have not answered for."""
        for incident in self.incidents:
            for one in incident.handovers:
                if one.stands and one.to == self.user:
                    yield incident, one
