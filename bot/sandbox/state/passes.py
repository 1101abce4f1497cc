"""Short-lived passes: trigger_ids (one view, three seconds) and response_urls (five answers, thirty minutes).

Source: https://docs.slack.dev/interactivity/handling-user-interaction
"""

from datetime import timedelta
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Ts, UserId
from bot.sandbox.state.records import Channel, ResponseUrl, Trigger
from bot.sandbox.state.workspace import Workspace

TRIGGER_LIFE: Final = timedelta(seconds=3)
RESPONSE_LIFE: Final = timedelta(minutes=30)
RESPONSE_USES: Final = 5
# How many passes are remembered before the oldest are forgotten.
KEPT: Final = 5_000


def issue_trigger(workspace: Workspace, user: UserId, *, in_modal: bool = False) -> str:
    """Return a new trigger_id for what that person just did."""
    trigger = workspace.make.trigger()
    expires = workspace.make.clock.now() + TRIGGER_LIFE
    workspace.triggers[trigger] = Trigger(user=user, expires=expires, in_modal=in_modal)
    while len(workspace.triggers) > KEPT:
        del workspace.triggers[next(iter(workspace.triggers))]
    return trigger


def use_trigger(workspace: Workspace, trigger: str) -> Trigger:
    """Use a trigger_id up.

    Raises:
        SlackError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
    """
    if (found := workspace.triggers.get(trigger)) is None:
        raise SlackError("invalid_trigger_id")
    if found.used:
        raise SlackError("exchanged_trigger_id")
    if workspace.make.clock.now() > found.expires:
        raise SlackError("expired_trigger_id")
    found.used = True
    return found


def issue_response_url(
    workspace: Workspace, user: UserId, channel: Channel, *, message_ts: Ts | None = None, ephemeral: bool = True
) -> str:
    """Return a new address where the app may answer what that person did (click the message at `message_ts`)."""
    token = workspace.make.token(32)
    workspace.response_urls[token] = ResponseUrl(
        user=user,
        channel=channel.id,
        expires=workspace.make.clock.now() + RESPONSE_LIFE,
        uses_left=RESPONSE_USES,
        message_ts=message_ts,
        ephemeral=ephemeral,
    )
    while len(workspace.response_urls) > KEPT:
        del workspace.response_urls[next(iter(workspace.response_urls))]
    return f"{workspace.base_url}/response/{token}"


def use_response_url(workspace: Workspace, token: str) -> ResponseUrl:
    """Use a response_url once. The codes are our assumption: Slack documents the limits, not their errors.

    Raises:
        SlackError: invalid_url, expired_url or used_url.
    """
    if (found := workspace.response_urls.get(token)) is None:
        raise SlackError("invalid_url")
    if workspace.make.clock.now() > found.expires:
        raise SlackError("expired_url")
    if not found.uses_left:
        raise SlackError("used_url")
    found.uses_left -= 1
    return found
