"""Acts on channels: create, rename, archive, come and go, topic. By the bot or by a person, the rules are the same."""

import re
from collections.abc import Sequence
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state import talk
from bot.sandbox.state.ids import ChannelId, Obj, UserId
from bot.sandbox.state.records import Channel, ChannelKind, Note, Standing
from bot.sandbox.state.shapes import channel_shape
from bot.sandbox.state.workspace import Workspace

NAME_LIMIT: Final = 80
NOTE_LIMIT: Final = 250
_NAME: Final = re.compile(r"[\w-]+")
_PUNCTUATION_ONLY: Final = re.compile(r"[-_]+")


def check_name(name: str) -> None:
    """Refuse what cannot be a channel's name (https://docs.slack.dev/reference/methods/conversations.create).

    Raises:
        SlackError: invalid_name_required, _maxlength, _specials or _punctuation.
    """
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME_LIMIT:
        raise SlackError("invalid_name_maxlength")
    if name != name.lower() or not _NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if _PUNCTUATION_ONLY.fullmatch(name):
        raise SlackError("invalid_name_punctuation")


def require_room(channel: Channel) -> None:
    """Refuse direct messages where only channels make sense."""
    if not channel.is_room:
        raise SlackError("method_not_supported_for_channel_type")


def require_member(channel: Channel, user: UserId, *, refusal: str = "not_in_channel") -> None:
    """Refuse those who are not in the channel."""
    if user not in channel.members:
        raise SlackError(refusal)


def require_open(channel: Channel, *, refusal: str = "is_archived") -> None:
    """Refuse archived channels."""
    if channel.archived:
        raise SlackError(refusal)


def create(workspace: Workspace, *, name: str, private: bool, creator: UserId) -> Channel:
    """Create a channel with its creator as the only member."""
    check_name(name)
    person = workspace.people[creator]
    if person.standing is not Standing.MEMBER or not (workspace.preferences.channels_by_all or person.admin):
        raise SlackError("restricted_action")
    if workspace.channel_named(name):
        raise SlackError("name_taken")
    channel = Channel(
        id=ChannelId(workspace.make.id("C")),
        name=name,
        kind=ChannelKind.PRIVATE if private else ChannelKind.PUBLIC,
        created=workspace.make.seconds(),
        creator=creator,
    )
    workspace.channels[channel.id] = channel
    if not private:
        shape = channel_shape(workspace, channel, seen_by=creator)
        del shape["is_member"]
        workspace.tell(
            {
                "type": "channel_created",
                "channel": shape,
                "event_ts": workspace.make.ts(),
            },
            channel=channel,
            anyway=True,
        )
    _admit(workspace, channel, creator)
    return channel


def enter(workspace: Workspace, channel: Channel, user: UserId, *, inviter: UserId | None = None) -> bool:
    """Make somebody a member; say whether they were not yet one."""
    require_open(channel)
    if user in channel.members:
        return False
    _admit(workspace, channel, user, inviter=inviter)
    return True


def _admit(workspace: Workspace, channel: Channel, user: UserId, *, inviter: UserId | None = None) -> None:
    channel.members.append(user)
    noted: Obj = {"inviter": inviter} if inviter else {}
    workspace.tell(
        {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": _letter(channel),
            "team": workspace.team.id,
            "event_ts": workspace.make.ts(),
            **noted,
        },
        channel=channel,
    )
    talk.note(workspace, channel, user, "join", f"<@{user}> has joined the channel", more=noted)


def depart(workspace: Workspace, channel: Channel, user: UserId) -> None:
    """End somebody's membership."""
    heard = workspace.bot in channel.members
    talk.note(workspace, channel, user, "leave", f"<@{user}> has left the channel")
    channel.members.remove(user)
    workspace.tell(
        {
            "type": "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": _letter(channel),
            "team": workspace.team.id,
            "event_ts": workspace.make.ts(),
        },
        channel=channel,
        anyway=heard,
    )
    workspace.changed()


def _letter(channel: Channel) -> str:
    """Return membership events' one-letter channel type: C or G."""
    return "C" if channel.kind is ChannelKind.PUBLIC else "G"


def rename(workspace: Workspace, channel: Channel, name: str, *, by: UserId) -> None:
    """Give the channel another name: its creator may, and admins.

    Raises:
        SlackError: not_authorized, name_taken and what check_name refuses.
    """
    if by != channel.creator and not workspace.people[by].admin:
        raise SlackError("not_authorized")
    check_name(name)
    taken = workspace.channel_named(name)
    if taken and taken.id != channel.id:
        raise SlackError("name_taken")
    old = channel.name
    channel.previous_names.insert(0, old)
    channel.name = name
    workspace.renamed(channel)
    shape = {
        "id": channel.id,
        "is_channel": channel.kind is ChannelKind.PUBLIC,
        "is_mpim": False,
        "name": name,
        "name_normalized": name,
        "created": channel.created,
    }
    workspace.tell(
        {"type": f"{_family(channel)}_rename", "channel": shape, "event_ts": workspace.make.ts()},
        channel=channel,
        anyway=channel.kind is ChannelKind.PUBLIC,
    )
    text = f'has renamed the channel from "{old}" to "{name}"'
    talk.note(workspace, channel, by, "name", text, more={"old_name": old, "name": name})


def _family(channel: Channel) -> str:
    return "channel" if channel.kind is ChannelKind.PUBLIC else "group"


def archive(workspace: Workspace, channel: Channel, *, by: UserId) -> None:
    """Archive the channel. Slack takes the bot out of it; people stay.

    Raises:
        SlackError: already_archived, cant_archive_general.
    """
    if channel.archived:
        raise SlackError("already_archived")
    if channel.general:
        raise SlackError("cant_archive_general")
    talk.note(workspace, channel, by, "archive", "archived the channel")
    channel.archived = True
    _tell_archived(workspace, channel, "archive", by)
    if workspace.bot in channel.members:
        channel.members.remove(workspace.bot)


def unarchive(workspace: Workspace, channel: Channel, *, by: UserId) -> None:
    """Bring an archived channel back; whoever does is in it.

    Raises:
        SlackError: not_archived.
    """
    if not channel.archived:
        raise SlackError("not_archived")
    channel.archived = False
    if by not in channel.members:
        channel.members.append(by)
    talk.note(workspace, channel, by, "unarchive", "unarchived the channel")
    _tell_archived(workspace, channel, "unarchive", by)


def set_archived(workspace: Workspace, channel: Channel, *, archived: bool, by: UserId) -> None:
    """Archive the channel or bring it back."""
    if archived:
        archive(workspace, channel, by=by)
    else:
        unarchive(workspace, channel, by=by)


def _tell_archived(workspace: Workspace, channel: Channel, verb: str, by: UserId) -> None:
    moved: Obj = {"is_moved": 0} if channel.archived else {}
    workspace.tell(
        {
            "type": f"{_family(channel)}_{verb}",
            "channel": channel.id,
            "user": by,
            "event_ts": workspace.make.ts(),
            **moved,
        },
        channel=channel,
        anyway=channel.kind is ChannelKind.PUBLIC,
    )
    workspace.changed()


def set_topic(workspace: Workspace, channel: Channel, value: str, *, by: UserId) -> None:
    """Set the topic, at most 250 characters."""
    channel.topic = _noted(workspace, value, by)
    talk.note(workspace, channel, by, "topic", f"set the channel topic: {value}", more={"topic": value})


def set_purpose(workspace: Workspace, channel: Channel, value: str, *, by: UserId) -> None:
    """Set the purpose, at most 250 characters."""
    channel.purpose = _noted(workspace, value, by)
    talk.note(workspace, channel, by, "purpose", f"set the channel purpose: {value}", more={"purpose": value})


def _noted(workspace: Workspace, value: str, by: UserId) -> Note:
    if len(value) > NOTE_LIMIT:
        raise SlackError("too_long")
    return Note(value=value, creator=by, last_set=workspace.make.seconds())


def open_direct(workspace: Workspace, users: Sequence[UserId]) -> tuple[Channel, bool]:
    """Return the direct conversation of these people and whether it existed before."""
    members = list(dict.fromkeys(users))
    if found := workspace.direct(members):
        opened_already = not found.closed_by & set(users)
        found.closed_by -= set(users)
        return found, opened_already
    direct = len(members) <= 2  # noqa: PLR2004 - one person with another, or with themselves
    channel = Channel(
        id=ChannelId(workspace.make.id("D" if direct else "G")),
        name="" if direct else "mpdm-" + "--".join(workspace.people[user].name for user in members) + "-1",
        kind=ChannelKind.DIRECT if direct else ChannelKind.GROUP_DIRECT,
        created=workspace.make.seconds(),
        creator=members[0],
        members=members,
    )
    workspace.channels[channel.id] = channel
    workspace.changed()
    return channel, False
