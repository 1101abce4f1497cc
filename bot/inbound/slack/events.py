"""What people say in Slack, as commands for the record: messages, edits, deletions.

What bots say, and what only Slack itself says, is nobody's word.

Facts about message events: https://docs.slack.dev/reference/events/message
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, TypedDict
from urllib.parse import urlencode

from bot.domain.finding import message_address
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage, RecordMove, SeenMark
from bot.domain.redaction import kept
from bot.inbound.slack.markup import plain
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.port import Identity

# A message without a subtype, and those subtypes that are a person speaking all the same.
_SPOKEN: Final = frozenset({"", "thread_broadcast", "file_share", "me_message"})
_TOPIC_SET: Final = frozenset({"channel_topic", "group_topic"})
# The reaction that says that a message is worth keeping: 📌.
MARK: Final = "pushpin"
_ADDRESS_LIMIT: Final = 1000
_SLACKBOT: Final = UserId("USLACKBOT")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Said = RecordMessage | RecordEdit | RecordDeletion | RecordMove


def said(event: Payload, identity: Identity) -> Said | None:
    """Return what a message event asks to record; None when it is nothing that a person said."""
    channel = ChannelId(text(event, "channel"))
    if not channel:
        return None
    match text(event, "subtype"):
        case "message_changed":
            return _changed(event, channel, identity)
        case "message_deleted":
            return _deleted(event, channel, identity)
        case "channel_join" | "group_join" | "channel_leave" | "group_leave" as subtype:
            return _moved(event, channel, identity, joined=subtype.endswith("join"))
        case subtype if subtype in _SPOKEN:
            return _spoken(event, channel, identity)
        case _:
            return None


def own_notice(event: Payload, identity: Identity) -> tuple[ChannelId, MessageTs] | None:
    """Return where Slack tells a channel that we set its topic; None for any other event."""
    channel, ts = ChannelId(text(event, "channel")), MessageTs(text(event, "ts"))
    is_ours = text(event, "subtype") in _TOPIC_SET and text(event, "user") == identity.user
    return (channel, ts) if is_ours and channel and moment(ts) else None


def permalink(identity: Identity, channel: ChannelId, ts: MessageTs, thread: MessageTs | None) -> str:
    """Return where a message can be read; the form that chat.getPermalink gives, without asking."""
    query = f"?{urlencode({'thread_ts': thread, 'cid': channel})}" if thread and thread != ts else ""
    return f"{message_address(identity.url, channel, ts)}{query}"


def moment(ts: str) -> datetime | None:
    """Return when a message was said: its ts is seconds since 1970 with six decimals; None when it is not."""
    seconds, _, micros = ts.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 10):  # noqa: PLR2004 - until the year 2286
        return None
    if not (micros.isascii() and micros.isdigit() and len(micros) == 6):  # noqa: PLR2004 - microseconds
        return None
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros))


def _spoken(event: Payload, channel: ChannelId, identity: Identity) -> RecordMessage | None:
    author = _author(event, identity)
    if author is None:  # most of what a reading finds: our own messages
        return None
    ts = MessageTs(text(event, "ts"))
    said_at = moment(ts)
    if said_at is None:
        return None
    thread = _thread(event, ts)
    files = [(name, _address(file)) for file in items(event, "files") if (name := _file_name(file))]
    words = _words(event)
    if not words and not files:
        return None
    return RecordMessage(
        channel=channel,
        ts=ts,
        by=author,
        said_at=said_at,
        text=words,
        permalink=permalink(identity, channel, ts, thread),
        thread=thread,
        files=tuple(name for name, _ in files),
        links=tuple(link for _, link in files) if any(link for _, link in files) else (),
        edited=bool(part(event, "edited")),
        **_marks(event, channel),
    )


def _moved(event: Payload, channel: ChannelId, identity: Identity, *, joined: bool) -> RecordMove | None:
    user, ts = _author(event, identity), MessageTs(text(event, "ts"))
    moved_at = moment(ts)
    if user is None or moved_at is None:
        return None
    by = UserId(text(event, "inviter")) or None
    return RecordMove(channel=channel, ts=ts, user=user, moved_at=moved_at, joined=joined, brought_by=by)


class _Marks(TypedDict):
    marks: tuple[SeenMark, ...]
    names_all: bool


def _marks(message: Payload, channel: ChannelId) -> _Marks:
    """Return the marks on a message as it is read later; of many who reacted Slack may not name all."""
    here = [one for one in items(message, "reactions") if text(one, "name") == MARK]
    named = part(here[0], "users") if here else ()
    users = [UserId(user) for user in named if isinstance(user, str)] if isinstance(named, Sequence) else []
    pinned = part(message, "pinned_to")
    pin = (SeenMark(how="pin", by=None),) if isinstance(pinned, list) and channel in pinned else ()
    marks = (*(SeenMark(how="reaction", by=user) for user in users), *pin)
    return {"marks": marks, "names_all": not here or part(here[0], "count") == len(users)}


def _changed(event: Payload, channel: ChannelId, identity: Identity) -> RecordEdit | RecordDeletion | None:
    message, previous = part(event, "message"), part(event, "previous_message")
    ts = MessageTs(text(message, "ts") or text(previous, "ts"))
    if moment(ts) is None:
        return None
    if text(message, "subtype") == "tombstone":  # a message with answers leaves its place behind when it is deleted
        return RecordDeletion(channel=channel, ts=ts) if _author(previous, identity) else None
    author = _author(message, identity)
    if author is None or text(message, "subtype") not in _SPOKEN:
        return None
    if _words(message) == _words(previous):  # an unfurled link changes a message too
        return None
    return RecordEdit(
        channel=channel,
        ts=ts,
        by=UserId(text(message, "edited", "user") or author),
        text=_words(message),
        permalink=permalink(identity, channel, ts, _thread(message, ts)),
    )


def _deleted(event: Payload, channel: ChannelId, identity: Identity) -> RecordDeletion | None:
    previous = part(event, "previous_message")
    ts = MessageTs(text(event, "deleted_ts") or text(previous, "ts"))
    if moment(ts) is None or (previous is not None and _author(previous, identity) is None):
        return None
    return RecordDeletion(channel=channel, ts=ts)


def _author(message: object, identity: Identity) -> UserId | None:
    """Return the person who speaks. Bots (ourselves among them) carry a bot_id, and Slackbot has a name of its own."""
    user = UserId(text(message, "user"))
    if not user or user in {_SLACKBOT, identity.user} or part(message, "bot_id") or part(message, "bot_profile"):
        return None
    return user


def _words(message: object) -> str:
    return kept(plain(text(message, "text"))).strip()


def _file_name(file: Payload) -> str:
    return kept(text(file, "name") or text(file, "title")).strip()


def _address(file: Payload) -> str:
    """Return where a file can be looked at in Slack, by those who may."""
    address = text(file, "permalink")
    return address if address.startswith("https://") and len(address) <= _ADDRESS_LIMIT else ""


def _thread(message: object, ts: MessageTs) -> MessageTs | None:
    thread = MessageTs(text(message, "thread_ts"))
    return thread if thread and thread != ts and moment(thread) is not None else None
