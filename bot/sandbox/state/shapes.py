"""State as Slack's JSON: users, channels, messages, files, bookmarks, views.

The keys are those of the real answers recorded at https://github.com/slackapi/java-slack-sdk/tree/main/json-logs/samples.
"""

from typing import Final
from zoneinfo import ZoneInfo

from bot.sandbox.state.file_shapes import file_shape
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Bookmark, Channel, ChannelKind, Message, Note, Person, Standing, View
from bot.sandbox.state.workspace import Workspace

# Made up: nothing is behind it.
_AVATARS: Final = "https://avatars.northwind.example/"
_AVATAR_SIZES: Final = (24, 32, 48, 72, 192, 512)


def person_shape(workspace: Workspace, person: Person, *, email: bool = True) -> Obj:
    """Return a user object; `email` only for tokens that may read addresses."""
    shape: Obj = {
        "id": person.id,
        "team_id": person.home or workspace.team.id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile_shape(workspace, person, email=email) | {"team": person.home or workspace.team.id},
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
    }
    if person.is_bot:
        app_id, bot_id = person.app_id or workspace.app.id, person.bot_id or workspace.app.bot_id
        shape["profile"] |= {"api_app_id": app_id, "bot_id": bot_id}
    if person.standing is Standing.STRANGER:
        shape["is_stranger"] = True
    if person.deleted:
        return shape
    offset = workspace.make.clock.now().astimezone(ZoneInfo(person.tz)).utcoffset()
    return shape | {
        "color": "3c989f",
        "real_name": shape["profile"]["real_name"],
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.standing.is_guest,
        "is_ultra_restricted": person.standing is Standing.SINGLE_CHANNEL_GUEST,
        "is_email_confirmed": not person.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def profile_shape(workspace: Workspace, person: Person, *, email: bool = True) -> Obj:
    """Return a user's profile, with what they have set themselves."""
    first, _, last = person.real_name.partition(" ")
    profile: Obj = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "first_name": first,
        "last_name": last,
        "title": "",
        "phone": "",
        "skype": "",
        "status_text": "",
        "status_text_canonical": "",
        "status_emoji": "",
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": "g" + person.id.lower(),
    }
    profile |= {f"image_{size}": f"{_AVATARS}{person.id.lower()}-{size}.png" for size in _AVATAR_SIZES}
    profile |= workspace.profiles.get(person.id, {})
    if person.email and email:
        profile["email"] = person.email
    if person.is_bot:
        profile["always_active"] = True
    return profile


def _note_shape(note: Note) -> Obj:
    return {"value": note.value, "creator": note.creator, "last_set": note.last_set}


def channel_shape(workspace: Workspace, channel: Channel, *, seen_by: UserId, count: bool = False) -> Obj:
    """Return a conversation object as that person sees it; `count` adds num_members."""
    shape: Obj = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_im": channel.kind is ChannelKind.DIRECT,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind is ChannelKind.DIRECT:
        others = [user for user in channel.members if user != seen_by]
        return shape | {"user": others[0] if others else seen_by, "is_user_deleted": False, "priority": 0}
    shape |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind is ChannelKind.PUBLIC,
        "is_group": channel.kind is ChannelKind.PRIVATE,
        "is_mpim": channel.kind is ChannelKind.GROUP_DIRECT,
        "is_private": channel.kind is not ChannelKind.PUBLIC,
        "is_general": channel.general,
        "is_shared": bool(channel.shared_with),
        "is_ext_shared": bool(channel.shared_with),
        "is_pending_ext_shared": False,
        "is_member": seen_by in channel.members,
        "unlinked": 0,
        "creator": channel.creator,
        "shared_team_ids": [workspace.team.id, *channel.shared_with],
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "topic": _note_shape(channel.topic),
        "purpose": _note_shape(channel.purpose),
        "previous_names": list(channel.previous_names),
    }
    if count:
        shape["num_members"] = len(channel.members)
    return shape


def bot_profile(workspace: Workspace, bot: Person | None = None) -> Obj:
    """Return the name card that comes with a bot's messages: the app's, or another bot's."""
    bot = bot or workspace.people[workspace.bot]
    return {
        "id": bot.bot_id or workspace.app.bot_id,
        "app_id": bot.app_id or workspace.app.id,
        "name": bot.real_name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": workspace.team.id,
    }


def authorization_shape(workspace: Workspace) -> Obj:
    """Return on whose behalf the app hears of an event: its bot here, or the org-wide install's."""
    return {
        "enterprise_id": workspace.team.enterprise or None,
        "team_id": None if workspace.by_org_install else workspace.team.id,
        "user_id": workspace.bot,
        "is_bot": True,
        "is_enterprise_install": workspace.by_org_install,
    }


def message_shape(workspace: Workspace, channel: Channel, message: Message, *, metadata: bool = False) -> Obj:
    """Return a message object; `metadata` as with include_all_metadata."""
    shape: Obj = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.subtype:
        shape["subtype"] = message.subtype
    # What Slack itself notes in a channel carries no team.
    if message.subtype in {None, "thread_broadcast"}:
        shape["team"] = workspace.team.id
    author = workspace.people.get(message.user)
    if message.bot or (author and author.is_bot and not message.subtype):
        card = bot_profile(workspace, None if message.bot else author)
        shape |= {"bot_id": card["id"], "app_id": card["app_id"], "bot_profile": card}
    if author and author.home and "team" in shape:
        shape |= {"team": author.home, "user_team": author.home, "source_team": author.home}
    optional: Obj = {
        "username": message.username,
        "icons": message.icons,
        "client_msg_id": message.client_msg_id,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "files": [file_shape(workspace, workspace.files[one]) for one in message.files if one in workspace.files],
        "reactions": [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ],
    }
    shape |= {key: value for key, value in optional.items() if value}
    shape |= message.more
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    if message.ephemeral_for:
        shape |= {"is_ephemeral": True, "ephemeral_for": message.ephemeral_for}
    if message.ts in channel.pins:
        shape["pinned_to"] = [channel.id]
    return shape | _thread_shape(workspace, channel, message)


def _thread_shape(workspace: Workspace, channel: Channel, message: Message) -> Obj:
    if message.thread_ts and message.thread_ts != message.ts:
        parent = channel.messages.get(message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": parent.user if parent else message.user}
    if not message.replies:
        return {}
    writers = list(message.repliers)
    return {
        "thread_ts": message.ts,
        "reply_count": len(message.replies),
        "reply_users_count": len(writers),
        "reply_users": writers,
        "latest_reply": next(reversed(message.replies)),
        "is_locked": False,
        "subscribed": workspace.bot in {message.user, *writers},
    }


def bookmark_shape(channel: Channel, bookmark: Bookmark) -> Obj:
    """Return a bookmark object."""
    return {
        "id": bookmark.id,
        "channel_id": channel.id,
        "title": bookmark.title,
        "link": bookmark.link,
        "emoji": bookmark.emoji,
        "icon_url": None,
        "entity_id": None,
        "type": "link",
        "date_created": bookmark.created,
        "date_updated": bookmark.updated,
        "rank": "i",
        "last_updated_by_user_id": "",
        "last_updated_by_team_id": "",
        "shortcut_id": None,
        "app_id": None,
        "app_action_id": None,
    }


def view_shape(workspace: Workspace, view: View) -> Obj:
    """Return a view object, with what the person has filled in under state.values."""
    body = view.body
    shape: Obj = {
        "id": view.id,
        "team_id": workspace.team.id,
        "type": body["type"],
        "blocks": body.get("blocks", []),
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "external_id": view.external_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "submit_disabled": False,
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": workspace.app.id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": workspace.app.bot_id,
    }
    return shape | {key: body.get(key) for key in ("title", "submit", "close")}
