"""chat.*: post, whisper, change, delete, permalink. What is rarer is in chat_extras.py and schedule.py."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from bot.sandbox.args import Args
from bot.sandbox.blocks import Surface, check_blocks
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler, missing_scope
from bot.sandbox.state import rooms, talk
from bot.sandbox.state.ids import ChannelId, Obj, Ts, UserId
from bot.sandbox.state.records import Channel, Message
from bot.sandbox.state.shapes import message_shape
from bot.sandbox.state.talk import Change, Draft

ATTACHMENTS_LIMIT: Final = 100
MARKDOWN_LIMIT: Final = 12_000
# Slack documents metadata_too_large but no size: this number is our assumption.
METADATA_LIMIT: Final = 8_000
# What its writer may change or delete; not the lines that Slack itself leaves in a channel.
_OWN: Final = {None, "thread_broadcast", "file_share", "bot_message", "me_message"}
# Of those lines that of a topic is its author's to take out: Slack documents nothing, but apps do so with bot tokens.
_OWN_LINES: Final = {"channel_topic", "group_topic"}


def target(call: Call) -> Channel:
    """Return where to post: a channel's id or #name, or a person's id (their direct messages with the bot)."""
    wanted = call.args.text("channel")
    if UserId(wanted) in call.workspace.people:
        return rooms.open_direct(call.workspace, [call.me, UserId(wanted)])[0]
    if ChannelId(wanted) not in call.workspace.channels and (
        named := call.workspace.channel_named(wanted.removeprefix("#"))
    ):
        wanted = named.id
    channel = call.workspace.channel(wanted, seen_by=call.me)
    rooms.require_open(channel)
    if call.me not in channel.members and "chat:write.public" not in call.token.scopes:
        raise SlackError("not_in_channel")
    return channel


def read_blocks(args: Args, *, broken: str = "invalid_blocks_format") -> list[Obj] | None:
    """Return the call's blocks, checked.

    Raises:
        SlackError: `broken` when they are no list of objects, or invalid_blocks with pointers.
    """
    blocks = args.objects("blocks", broken=broken)
    if blocks and (faults := check_blocks(blocks, surface=Surface.MESSAGE)):
        raise SlackError.with_messages("invalid_blocks", faults)
    return blocks


def _read_attachments(args: Args, *, broken: str) -> list[Obj] | None:
    attachments = args.objects("attachments", broken=broken)
    if attachments and len(attachments) > ATTACHMENTS_LIMIT:
        raise SlackError("too_many_attachments")
    for at, attachment in enumerate(attachments or []):
        pointer = f"/attachments/{at}/blocks"
        if "blocks" in attachment and (
            faults := check_blocks(attachment["blocks"], surface=Surface.MESSAGE, pointer=pointer)
        ):
            raise SlackError.with_messages("invalid_blocks", faults)
    return attachments


def read_metadata(args: Args) -> Obj | None:
    """Return a message's metadata, None when it did not come and {} when it is to be taken away.

    Raises:
        SlackError: invalid_metadata_format, invalid_metadata_schema, metadata_too_large.
    """
    metadata = args.document("metadata", broken="invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if metadata and (
        not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict)
    ):
        raise SlackError("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return metadata


def _read_text(args: Args, *, refusal: str = "msg_too_long") -> tuple[str | None, list[Obj] | None]:
    """Return the text and the blocks; markdown_text stands for both."""
    if not args.has("markdown_text"):
        return (args.text("text") if args.has("text") else None), read_blocks(args)
    if args.has("text") or args.has("blocks"):
        raise SlackError("markdown_text_conflict")
    text = args.text("markdown_text")
    if len(text) > MARKDOWN_LIMIT:
        raise SlackError(refusal)
    return text, [{"type": "markdown", "text": text}]


def _read_icons(args: Args) -> Obj:
    """Return what stands in for the app's picture; an emoji wins over an address."""
    if emoji := args.text("icon_emoji"):
        return {"emoji": emoji}
    return {"image_48": args.text("icon_url")} if args.text("icon_url") else {}


def read_draft(call: Call, *, refusal: str = "msg_too_long", broken: str = "invalid_arguments") -> Draft:
    """Return what the call wants to say, without metadata and disguise.

    `refusal` is for a markdown_text that is too long, `broken` for attachments that are no list of objects.

    Raises:
        SlackError: no_text, and everything that is wrong with blocks and attachments.
    """
    args = call.args
    text, blocks = _read_text(args, refusal=refusal)
    attachments = _read_attachments(args, broken=broken)
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    return Draft(
        text=text or "",
        blocks=blocks or [],
        attachments=attachments or [],
        thread_ts=Ts(args.text("thread_ts")) if args.text("thread_ts") else None,
    )


def _disguised(call: Call, draft: Draft) -> Draft:
    """Return the draft under the name and picture that the call asks for."""
    username, icons = call.args.text("username"), _read_icons(call.args)
    if (username or icons) and "chat:write.customize" not in call.token.scopes:
        raise missing_scope("chat:write.customize", call.token)
    return replace(draft, username=username or None, icons=icons)


def post_message(call: Call) -> Obj:
    """Answer chat.postMessage."""
    args = call.args
    if args.flag("as_user"):
        raise SlackError("as_user_not_supported")
    draft = replace(
        _disguised(call, read_draft(call, refusal="msg_blocks_too_long")),
        broadcast=args.flag("reply_broadcast"),
        metadata=read_metadata(args) or None,
        client_msg_id=args.text("client_msg_id") or None,
    )
    channel = target(call)
    if call.workspace.dedupe_client_msg_id and draft.client_msg_id:
        earlier = channel.client_ids.get(draft.client_msg_id)
        if earlier in channel.messages:
            raise SlackError("duplicate_message", detail={"ts": earlier, "channel": channel.id})
    call.workspace.preferences.spend_message()
    message = talk.post(call.workspace, channel, call.me, draft)
    shape = message_shape(call.workspace, channel, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shape}


def post_ephemeral(call: Call) -> Obj:
    """Answer chat.postEphemeral."""
    draft = _disguised(call, read_draft(call, broken="invalid_attachments"))
    channel = target(call)
    if len(draft.text) > talk.TEXT_LIMIT:
        raise SlackError("msg_too_long")
    user = UserId(call.args.text("user"))
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    call.workspace.preferences.spend_message()
    message = talk.whisper(call.workspace, channel, draft, to=user, by=call.me)
    return {"message_ts": message.ts}


def _own_message(call: Call, *, refusal: str, also: Collection[str] = ()) -> tuple[Channel, Message]:
    channel = call.workspace.channel(call.args.text("channel"), seen_by=call.me)
    message = call.workspace.message(channel, call.args.text("ts"))
    if message.user != call.me or (message.subtype not in _OWN and message.subtype not in also):
        raise SlackError(refusal)
    return channel, message


def update(call: Call) -> Obj:
    """Answer chat.update."""
    text, blocks = _read_text(call.args)
    attachments = _read_attachments(call.args, broken="invalid_attachments")
    metadata = read_metadata(call.args)
    if not text and not blocks and not attachments and metadata is None:
        raise SlackError("no_text")
    if text and len(text) > talk.SPLIT_AT and not call.args.has("markdown_text"):
        raise SlackError("msg_too_long")
    channel, message = _own_message(call, refusal="cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    if call.args.flag("reply_broadcast"):
        _broadcast(message, text=text, blocks=blocks)
    change = Change(text=text or None, blocks=blocks, attachments=attachments, metadata=metadata)
    talk.change(call.workspace, channel, message, change, by=call.me)
    shape = message_shape(call.workspace, channel, message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shape}


def _broadcast(message: Message, *, text: str | None, blocks: list[Obj] | None) -> None:
    """Show an old reply in its channel too."""
    if message.thread_ts is None:
        raise SlackError("cant_broadcast_message")
    if (text is not None and text != message.text) or blocks is not None:
        raise SlackError("no_dual_broadcast_content_update")
    message.broadcast, message.subtype = True, "thread_broadcast"


def delete(call: Call) -> Obj:
    """Answer chat.delete."""
    channel, message = _own_message(call, refusal="cant_delete_message", also=_OWN_LINES)
    talk.delete(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Obj:
    """Answer chat.getPermalink."""
    channel = call.workspace.channel(call.args.text("channel"), seen_by=call.me)
    message = call.workspace.message(channel, call.args.text("message_ts"))
    return {"channel": channel.id, "permalink": call.workspace.permalink(channel, message)}


CHAT: Final[Mapping[str, Handler]] = {
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
}
