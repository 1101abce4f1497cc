"""Proof that something from outside was taken in: the same origin and key a second time changes nothing."""

from dataclasses import dataclass, field

from bot.domain.alerts_model import Alert
from bot.domain.groups_model import Group
from bot.domain.model import Incident
from bot.domain.muting import Silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the sender calls this delivery: Slack's event_id or trigger_id, a webhook's delivery id.

    `surface` is where somebody acted: a command, a button, a form.
    """

    origin: str
    key: str
    surface: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """How things stand after a command. `repeated` tells that its receipt was known and nothing was done."""

    incident: Incident | None = None
    alert: Alert | None = None
    group: Group | None = None
    silence: Silence | None = None
    repeated: bool = False
