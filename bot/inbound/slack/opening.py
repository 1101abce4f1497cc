"""Opens a form while the trigger lives: about three seconds, and Slack waits for our acknowledgement just as long."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from bot.errors import DeliveryError, Refused
from bot.inbound.slack.port import FormView, OpenView

_PATIENCE: Final = timedelta(seconds=2)
_log = structlog.get_logger("muster.slack")


async def open_form(open_view: OpenView, trigger: str, view: FormView, instead: str) -> None:
    """Open the form, or refuse with what can be typed `instead`: nobody shall wait for Slack while something burns."""
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            await open_view(trigger, view)
    except (DeliveryError, TimeoutError) as error:
        _log.warning("slack_form_not_opened", error=type(error).__name__)
        raise Refused(f"Slack did not open the form. You can type it all: {instead}") from error
