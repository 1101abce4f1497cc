"""Acts on messages: post, split, whisper, change, delete. Events to the app follow from every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.copies import copied
from bot.sandbox.state.ids import FileId, Obj, Ts, UserId, is_ts
from bot.sandbox.state.records import Channel, Message
from bot.sandbox.state.shapes import message_shape
from bot.sandbox.state.workspace import Workspace

# Longer text arrives as several messages (measured in August 2026 above 4,040); more than 40,000 is cut off.
SPLIT_AT: Final = 4_000
TEXT_LIMIT: Final = 40_000
_UNANSWERABLE: Final = {f"{family}_{what}" for family in ("channel", "group") for what in ("join", "leave")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to say."""

    text: str
    blocks: list[Obj] = field(default_factory=list)
    attachments: list[Obj] = field(default_factory=list)
    thread_ts: Ts | None = None
    broadcast: bool = False
    username: str | None = None
    icons: Obj = field(default_factory=dict)
    metadata: Obj | None = None
    files: Sequence[FileId] = ()
    client_msg_id: str | None = None
    subtype: str | None = None


def post(workspace: Workspace, channel: Channel, user: UserId, draft: Draft) -> Message:
    """Post a draft, in several messages when its text is too long; return the first of them.

    That the first one's ts is answered, and that it alone carries the metadata, is our assumption.
    """
    thread = _thread_of(channel, draft.thread_ts)
    pieces = [draft.text[:TEXT_LIMIT]]
    if not draft.blocks and len(draft.text) > SPLIT_AT:
        pieces = [pieces[0][at : at + SPLIT_AT] for at in range(0, len(pieces[0]), SPLIT_AT)]
    first = _place(workspace, channel, user, draft, text=pieces[0], thread=thread)
    for piece in pieces[1:]:
        _place(workspace, channel, user, Draft(text=piece), text=piece, thread=thread)
    return first


def _thread_of(channel: Channel, thread_ts: Ts | None) -> Ts | None:
    """Return the thread's root: a reply to a reply goes to the same thread.

    Raises:
        SlackError: thread_not_found and invalid_thread_ts, neither of which chat.postMessage documents, but answers:
            https://github.com/slackapi/bolt-js/issues/2307, https://github.com/jenkinsci/slack-plugin/issues/584;
            cannot_reply_to_message for what Slack itself wrote.
    """
    if not thread_ts:
        return None
    if not is_ts(thread_ts):
        raise SlackError.with_messages("invalid_thread_ts", [f"{thread_ts} is not a valid thread_ts"])
    if (root := channel.messages.get(thread_ts)) is None:
        raise SlackError("thread_not_found")
    if root.subtype in _UNANSWERABLE:
        raise SlackError("cannot_reply_to_message")
    return root.thread_ts or root.ts


def _place(
    workspace: Workspace, channel: Channel, user: UserId, draft: Draft, *, text: str, thread: Ts | None
) -> Message:
    message = Message(
        ts=workspace.make.ts(),
        user=user,
        text=text,
        bot=user == workspace.bot,
        blocks=identify(workspace, draft.blocks),
        attachments=numbered(draft.attachments),
        subtype=_subtype(draft, in_thread=thread is not None),
        thread_ts=thread,
        broadcast=draft.broadcast and thread is not None,
        username=draft.username,
        icons=draft.icons,
        files=list(draft.files),
        metadata=draft.metadata,
        client_msg_id=draft.client_msg_id,
    )
    channel.messages[message.ts] = message
    if thread:
        channel.messages[thread].add_reply(message)
    channel.last_read[user] = message.ts
    if message.client_msg_id:
        channel.client_ids[message.client_msg_id] = message.ts
    for file in message.files:
        workspace.files[file].shares.setdefault(channel.id, []).append(message.ts)
    if message.metadata and (marker := (message.metadata.get("event_payload") or {}).get("k")):
        workspace.posts_by_marker[str(marker)] += 1
        workspace.ids_by_marker.setdefault(str(marker), set()).add(draft.client_msg_id or message.ts)
    _tell_of(workspace, channel, message)
    workspace.changed()
    return message


def _subtype(draft: Draft, *, in_thread: bool) -> str | None:
    if draft.broadcast and in_thread:
        return "thread_broadcast"
    return "file_share" if draft.files else draft.subtype


def numbered(attachments: Sequence[Obj]) -> list[Obj]:
    """Return attachments with the id and the fallback that Slack gives to what has none."""
    return [
        {"id": number, "fallback": "[no preview available]", **attachment}
        for number, attachment in enumerate(attachments, start=1)
    ]


def _identified(workspace: Workspace, block: Obj) -> Obj:
    """Return the block with ids: Slack gives a block_id and action_ids to what has none."""
    named = copied(block)
    if named.get("type") != "markdown":
        named.setdefault("block_id", workspace.make.token(5))
    for element in [*(named.get("elements") or []), named.get("accessory"), named.get("element")]:
        if isinstance(element, dict) and _is_interactive(str(element.get("type"))):
            element.setdefault("action_id", workspace.make.token(5))
    return named


def _is_interactive(kind: str) -> bool:
    inert = {"image", "plain_text", "mrkdwn"}
    return kind not in inert and (kind == "rich_text_input" or not kind.startswith("rich_text_"))


def identify(workspace: Workspace, blocks: Sequence[Obj]) -> list[Obj]:
    """Return the blocks with the ids that Slack gives to what has none."""
    return [_identified(workspace, block) for block in blocks]


def _tell_of(workspace: Workspace, channel: Channel, message: Message) -> None:
    shape = message_shape(workspace, channel, message, metadata=True)
    shape |= {"channel": channel.id, "event_ts": message.ts, "channel_type": channel.kind.value}
    workspace.tell(shape, channel=channel)
    if f"<@{workspace.bot}>" in message.text and not message.bot and channel.is_room and not message.subtype:
        mention = {key: value for key, value in shape.items() if key != "channel_type"}
        workspace.tell(mention | {"type": "app_mention"}, channel=channel)
    for file in message.files:
        _tell_of_file(workspace, channel, message, file)


def _tell_of_file(workspace: Workspace, channel: Channel, message: Message, file: FileId) -> None:
    body: Obj = {
        "type": "file_shared",
        "file_id": file,
        "user_id": message.user,
        "file": {"id": file},
        "channel_id": channel.id,
        "event_ts": message.ts,
    }
    workspace.tell(body, channel=channel)


def note(
    workspace: Workspace, channel: Channel, user: UserId, what: str, text: str, *, more: Obj | None = None
) -> None:
    """Leave the line that Slack itself writes into a channel (somebody joined, the topic changed)."""
    family = "group" if channel.kind.value == "group" and what not in {"join", "leave"} else "channel"
    message = Message(ts=workspace.make.ts(), user=user, text=text, subtype=f"{family}_{what}", more=more or {})
    channel.messages[message.ts] = message
    _tell_of(workspace, channel, message)
    workspace.changed()


def whisper(workspace: Workspace, channel: Channel, draft: Draft, *, to: UserId, by: UserId) -> Message:
    """Show a message to one person only; it is in no history and causes no event."""
    message = Message(
        ts=workspace.make.ts(),
        user=by,
        text=draft.text,
        bot=by == workspace.bot,
        blocks=identify(workspace, draft.blocks),
        attachments=numbered(draft.attachments),
        thread_ts=draft.thread_ts,
        username=draft.username,
        ephemeral_for=to,
    )
    channel.whispers[message.ts] = message
    workspace.changed()
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an edit replaces; None leaves it as it is."""

    text: str | None = None
    blocks: list[Obj] | None = None
    attachments: list[Obj] | None = None
    metadata: Obj | None = None


def change(workspace: Workspace, channel: Channel, message: Message, edit: Change, *, by: UserId) -> None:
    """Change a message. Text without blocks removes the blocks, as chat.update says."""
    before = message_shape(workspace, channel, message, metadata=True)
    if edit.text is not None:
        message.text = edit.text
    if edit.blocks is not None:
        message.blocks = identify(workspace, edit.blocks)
    elif edit.text is not None:
        message.blocks = []
    if edit.attachments is not None:
        message.attachments = numbered(edit.attachments)
    if edit.metadata is not None:
        message.metadata = edit.metadata or None
    ts = workspace.make.ts()
    if not message.blocks:
        message.edited = {"user": by, "ts": ts}
    workspace.changed()
    if message.ephemeral_for is None:
        after = message_shape(workspace, channel, message, metadata=True)
        _tell_hidden(workspace, channel, "message_changed", ts, {"message": after, "previous_message": before})


def _tell_hidden(workspace: Workspace, channel: Channel, subtype: str, ts: Ts, more: Obj) -> None:
    body = {
        "type": "message",
        "subtype": subtype,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind.value,
    }
    workspace.tell(body | more, channel=channel)


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Delete a message; the root of a thread that has replies stays as a tombstone."""
    before = message_shape(workspace, channel, message, metadata=True)
    channel.pins.pop(message.ts, None)
    if message.ephemeral_for:
        channel.whispers.pop(message.ts, None)
        workspace.changed()
        return
    if message.replies:
        message.subtype, message.text, message.blocks, message.attachments = (
            "tombstone",
            "This message was deleted.",
            [],
            [],
        )
        message.user, message.bot, message.metadata, message.files = UserId("USLACKBOT"), False, None, []
    else:
        del channel.messages[message.ts]
    if message.thread_ts and (root := channel.messages.get(message.thread_ts)):
        root.drop_reply(message.ts)
    workspace.changed()
    ts = workspace.make.ts()
    gone = {"deleted_ts": message.ts, "previous_message": before}
    _tell_hidden(workspace, channel, "message_deleted", ts, gone)
