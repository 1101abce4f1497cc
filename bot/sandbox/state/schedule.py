"""Acts on messages that wait for their time: schedule, list, withdraw, post.

Source: https://docs.slack.dev/reference/methods/chat.scheduleMessage and chat.deleteScheduledMessage (the limits).
"""

from datetime import timedelta
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state import talk
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.papers import Scheduled
from bot.sandbox.state.records import Channel
from bot.sandbox.state.talk import Draft
from bot.sandbox.state.workspace import Workspace

FARTHEST: Final = timedelta(days=120)
WINDOW: Final = timedelta(minutes=5)
PER_WINDOW: Final = 30
# So close to its time a message cannot be withdrawn any more.
TOO_LATE: Final = timedelta(seconds=60)


def schedule(workspace: Workspace, channel: Channel, draft: Draft, *, post_at: int, by: UserId) -> Scheduled:
    """Let a draft wait until `post_at` (seconds since 1970).

    Raises:
        SlackError: time_in_past, time_too_far, restricted_too_many.
    """
    now = workspace.make.seconds()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + FARTHEST.total_seconds():
        raise SlackError("time_too_far")
    near = sum(
        one.channel == channel.id and abs(one.post_at - post_at) < WINDOW.total_seconds()
        for one in workspace.scheduled.values()
    )
    if near >= PER_WINDOW:
        raise SlackError("restricted_too_many")
    waiting = Scheduled(id=workspace.make.id("Q"), channel=channel.id, by=by, post_at=post_at, created=now, draft=draft)
    workspace.scheduled[waiting.id] = waiting
    for listener in workspace.on_scheduled:
        listener(waiting)
    workspace.changed()
    return waiting


def withdraw(workspace: Workspace, channel: Channel, scheduled_id: str, *, by: UserId) -> None:
    """Take a message back before it is posted.

    Raises:
        SlackError: invalid_scheduled_message_id when there is none, it is somebody else's, or its time is near.
    """
    found = workspace.scheduled.get(scheduled_id)
    if found is None or found.channel != channel.id or found.by != by:
        raise SlackError("invalid_scheduled_message_id")
    if found.post_at - workspace.make.seconds() < TOO_LATE.total_seconds():
        raise SlackError("invalid_scheduled_message_id")
    del workspace.scheduled[found.id]
    workspace.changed()


def post_due(workspace: Workspace, scheduled_id: str) -> None:
    """Post a message whose time has come, unless it was withdrawn or its channel can take it no more.

    What carries metadata is dropped: Slack documents that it never posts (the method's "Bug alert").
    """
    if (found := workspace.scheduled.pop(scheduled_id, None)) is None:
        return
    channel = workspace.channels[found.channel]
    if channel.archived or found.by not in channel.members or found.draft.metadata:
        workspace.changed()
        return
    talk.post(workspace, channel, found.by, found.draft)
