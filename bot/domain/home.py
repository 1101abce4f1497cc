"""What somebody sees when they open Muster's Home tab: what waits for them, what is open, what fires.

It is published once each time that they open it: whoever looks sees how it stands then, and nobody is written to who
does not look.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot.domain.finding import Finding
from bot.domain.ids import UserId
from bot.domain.model import AnyRole, Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHome:
    """Publish somebody's Home tab, as all stands when it is done."""

    kind: Literal["slack.home"] = "slack.home"
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What one person is to know: `incidents` are all that are open, `mine` the alerts that they look after."""

    user: UserId
    incidents: tuple[Incident, ...]
    mine: Finding
    firing: Finding

    def waiting(self) -> Iterator[tuple[Incident, tuple[AnyRole, ...]]]:
        """Return the incidents that wait for them, with the roles that they hold: they have one, or owe the updates."""
        for incident in self.incidents:
            held = tuple(incident.held_by(self.user))
            if held or incident.update_owner == self.user:
                yield incident, held
