"""chat.meMessage and chat.unfurl: what bots seldom do with messages."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.chat import target
from bot.sandbox.state import talk
from bot.sandbox.state.ids import ChannelId, Obj, Ts
from bot.sandbox.state.talk import Change, Draft


def me_message(call: Call) -> Obj:
    """Answer chat.meMessage: what somebody does, told in the third person."""
    text = call.args.text("text")
    if not text:
        raise SlackError("no_text")
    if len(text) > talk.SPLIT_AT:
        raise SlackError("msg_too_long")
    channel = target(call)
    message = talk.post(call.workspace, channel, call.me, Draft(text=text, subtype="me_message"))
    return {"channel": channel.id, "ts": message.ts}


def unfurl(call: Call) -> Obj:
    """Answer chat.unfurl for a message that was posted; links in the composer are not built.

    Each address must stand in the message's text.
    """
    if not call.args.has("channel"):
        raise SlackError("missing_channel")
    if not call.args.has("ts"):
        raise SlackError("missing_ts")
    if not call.args.has("unfurls"):
        raise SlackError("missing_unfurls")
    unfurls = call.args.document("unfurls", broken="invalid_unfurls_format")
    if not isinstance(unfurls, dict) or not all(isinstance(one, dict) for one in unfurls.values()):
        raise SlackError("invalid_unfurls_format")
    channel = call.workspace.channels.get(ChannelId(call.args.text("channel")))
    if channel is None or call.me not in channel.members:
        raise SlackError("cannot_find_channel")
    if (message := channel.messages.get(Ts(call.args.text("ts")))) is None:
        raise SlackError("cannot_find_message")
    if not all(address in message.text for address in unfurls):
        raise SlackError("cannot_unfurl_message")
    shown = {one.get("from_url") for one in message.attachments}
    attachments = [
        {"from_url": address, "app_unfurl_url": address, "is_app_unfurl": True, **attachment}
        for address, attachment in unfurls.items()
        if address not in shown
    ]
    if attachments:
        change = Change(attachments=[*message.attachments, *attachments])
        talk.change(call.workspace, channel, message, change, by=message.user)
    return {}


CHAT_EXTRAS: Final[Mapping[str, Handler]] = {
    "chat.meMessage": me_message,
    "chat.unfurl": unfurl,
}
