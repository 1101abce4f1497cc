"""chat.scheduleMessage and what belongs to it: messages that are posted later."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.chat import read_draft, read_metadata, target
from bot.sandbox.state import schedule, talk
from bot.sandbox.state.ids import ChannelId, Obj
from bot.sandbox.state.shapes import bot_profile


def schedule_message(call: Call) -> Obj:
    """Answer chat.scheduleMessage."""
    post_at = call.args.text("post_at")
    if not post_at.isdigit():
        raise SlackError("invalid_time")
    draft = read_draft(call)
    draft = replace(draft, broadcast=call.args.flag("reply_broadcast"), metadata=read_metadata(call.args))
    if len(draft.text) > talk.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    channel = target(call)
    call.workspace.preferences.spend_message()
    waiting = schedule.schedule(call.workspace, channel, draft, post_at=int(post_at), by=call.me)
    message: Obj = {
        "text": draft.text,
        "user": call.me,
        "bot_id": call.workspace.app.bot_id,
        "bot_profile": bot_profile(call.workspace),
        "team": call.workspace.team.id,
        "type": "delayed_message",
        "subtype": "bot_message",
    }
    if draft.blocks:
        message["blocks"] = draft.blocks
    return {
        "scheduled_message_id": waiting.id,
        "channel": channel.id,
        "post_at": waiting.post_at,
        "message": message,
    }


def list_scheduled(call: Call) -> Obj:
    """Answer chat.scheduledMessages.list: the caller's own, soonest first."""
    wanted = call.args.text("channel")
    if wanted and ChannelId(wanted) not in call.workspace.channels:
        raise SlackError("invalid_channel")
    oldest, latest = call.args.number("oldest", 0), call.args.number("latest", 1 << 62)
    found = sorted(
        (
            one
            for one in call.workspace.scheduled.values()
            if one.by == call.me and wanted in {"", one.channel} and oldest <= one.post_at <= latest
        ),
        key=lambda one: one.post_at,
    )
    shown, cursor = paging.page(found, call.args, refusal="invalid_arguments")
    return {
        "scheduled_messages": [
            {
                "id": one.id,
                "channel_id": one.channel,
                "post_at": one.post_at,
                "date_created": one.created,
                "text": one.draft.text,
            }
            for one in shown
        ],
        "response_metadata": {"next_cursor": cursor},
    }


def delete_scheduled(call: Call) -> Obj:
    """Answer chat.deleteScheduledMessage."""
    channel = call.workspace.channel(call.args.text("channel"), seen_by=call.me)
    schedule.withdraw(call.workspace, channel, call.args.text("scheduled_message_id"), by=call.me)
    return {}


SCHEDULE: Final[Mapping[str, Handler]] = {
    "chat.deleteScheduledMessage": delete_scheduled,
    "chat.scheduleMessage": schedule_message,
    "chat.scheduledMessages.list": list_scheduled,
}
