"""Words to one person that cannot travel in the acknowledgement (a click's carries none).

Said beside it, as well as can be: under the message that was pressed, on the Home tab in a window of its own.
"""

from dataclasses import dataclass

import structlog

from bot.errors import DeliveryError
from bot.inbound.slack.background import Background
from bot.inbound.slack.payload import Payload, text
from bot.inbound.slack.port import OpenView, Respond
from bot.views.blocks import Message
from bot.views.forms import window

_log = structlog.get_logger("muster.slack")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What is said to one person, beside what they pressed or in its place; `about` is the title where it needs one."""

    message: Message
    about: str
    replace: bool = False


class Asides(Background):
    """Says things in the background; the acknowledgement never waits for it, and a failure changes nothing."""

    def __init__(self, respond: Respond, open_view: OpenView) -> None:
        super().__init__()
        self._respond, self._open_view = respond, open_view

    def say(self, payload: Payload, aside: Aside) -> None:
        """Begin to say it to who pressed. A click in a form has no response_url: then there is no place to say it."""
        in_home = text(payload, "view", "type") == "home"
        if not in_home and not text(payload, "response_url"):
            return
        self._begin(self._say(payload, aside, in_home=in_home))

    async def _say(self, payload: Payload, aside: Aside, *, in_home: bool) -> None:
        try:
            if in_home:
                await self._open_view(text(payload, "trigger_id"), window(aside.about, aside.message))
            else:
                await self._respond(text(payload, "response_url"), aside.message, replace=aside.replace)
        except DeliveryError as error:
            _log.info("slack_aside_lost", error=type(error).__name__)
