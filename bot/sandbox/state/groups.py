"""Acts on user groups: create, rename, fill, disable.

Sources: the errors of https://docs.slack.dev/reference/methods/usergroups.create and usergroups.users.update.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import ChannelId, Obj, UserId
from bot.sandbox.state.preferences import Plan
from bot.sandbox.state.records import Standing, Usergroup
from bot.sandbox.state.workspace import Workspace

# name_too_long, description_too_long and subteam_max_users_exceeded are documented, the numbers are our assumption.
NAME_LIMIT: Final = 80
DESCRIPTION_LIMIT: Final = 140
USERS_LIMIT: Final = 10_000
_HANDLE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,20}")
_FORBIDDEN: Final = {"here", "channel", "everyone", "group", "slackbot"}


def require_plan(workspace: Workspace, *, refusal: str = "plan_upgrade_required") -> None:
    """Refuse workspaces that do not pay for user groups."""
    if workspace.preferences.plan is Plan.FREE:
        raise SlackError(refusal)


def require_rights(workspace: Workspace, by: UserId) -> None:
    """Refuse changes where only admins may make them.

    Raises:
        SlackError: permission_denied.
    """
    if not workspace.preferences.usergroups_by_all and not workspace.people[by].admin:
        raise SlackError("permission_denied")


def check_name(workspace: Workspace, name: str, *, but: Usergroup | None = None) -> str:
    """Return a group's name; it is no other's.

    Raises:
        SlackError: missing_subteam_name, name_too_long, name_already_exists.
    """
    if not name.strip():
        raise SlackError("missing_subteam_name")
    if len(name) > NAME_LIMIT:
        raise SlackError("name_too_long")
    if any(one.name == name and one is not but for one in workspace.usergroups.values()):
        raise SlackError("name_already_exists")
    return name


def check_handle(workspace: Workspace, handle: str, *, but: Usergroup | None = None) -> str:
    """Return a handle without its @; no channel, person or other group has it.

    Raises:
        SlackError: bad_handle, forbidden_handle, handle_already_exists.
    """
    handle = handle.removeprefix("@")
    if not _HANDLE.fullmatch(handle):
        raise SlackError("bad_handle")
    if handle in _FORBIDDEN:
        raise SlackError("forbidden_handle")
    groups = any(one.handle == handle and one is not but for one in workspace.usergroups.values())
    people = any(one.name == handle for one in workspace.people.values())
    if groups or people or workspace.channel_named(handle):
        raise SlackError("handle_already_exists")
    return handle


def check_description(description: str) -> str:
    """Return a description that is short enough.

    Raises:
        SlackError: description_too_long.
    """
    if len(description) > DESCRIPTION_LIMIT:
        raise SlackError("description_too_long")
    return description


def check_channels(workspace: Workspace, channels: Sequence[str]) -> list[ChannelId]:
    """Return the ids of a group's default channels.

    Raises:
        SlackError: invalid_channel_provided.
    """
    for channel in channels:
        found = workspace.channels.get(ChannelId(channel))
        if found is None or not found.is_room:
            raise SlackError("invalid_channel_provided")
    return [ChannelId(channel) for channel in channels]


def add(workspace: Workspace, group: Usergroup) -> None:
    """Add a new group; the app hears of it."""
    workspace.usergroups[group.id] = group
    tell(workspace, "subteam_created", group)


def touch(workspace: Workspace, group: Usergroup, *, by: UserId) -> None:
    """Note who changed a group, and when; the app hears of it."""
    group.updated, group.updated_by = workspace.make.seconds(), by
    tell(workspace, "subteam_updated", group)


def fill(workspace: Workspace, group: Usergroup, users: Sequence[str], *, by: UserId) -> None:
    """Replace a group's members; it cannot be made empty.

    Raises:
        SlackError: no_users_provided, invalid_users, subteam_max_users_exceeded.
    """
    if not users:
        raise SlackError("no_users_provided")
    for user in users:
        person = workspace.people.get(UserId(user))
        if person is None or person.deleted or person.is_bot or person.standing is Standing.STRANGER:
            raise SlackError("invalid_users")
    wanted = [UserId(user) for user in dict.fromkeys(users)]
    if len(wanted) > USERS_LIMIT:
        raise SlackError("subteam_max_users_exceeded")
    before, group.users = group.users, wanted
    now = workspace.make.seconds()
    added, removed = [one for one in wanted if one not in before], [one for one in before if one not in wanted]
    workspace.tell(
        {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": workspace.team.id,
            "date_previous_update": group.updated or group.created,
            "date_update": now,
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
            "event_ts": workspace.make.ts(),
        }
    )
    touch(workspace, group, by=by)


def set_disabled(workspace: Workspace, group: Usergroup, *, disabled: bool, by: UserId) -> None:
    """Disable a group or bring it back; doing so again changes nothing but who did it last."""
    group.disabled, group.disabled_by = (workspace.make.seconds(), by) if disabled else (0, None)
    touch(workspace, group, by=by)


def tell(workspace: Workspace, kind: str, group: Usergroup) -> None:
    """Tell the app that a group was created or changed."""
    workspace.tell({"type": kind, "subteam": group_shape(workspace, group), "event_ts": workspace.make.ts()})
    workspace.changed()


def group_shape(workspace: Workspace, group: Usergroup, *, users: bool = True, count: bool = False) -> Obj:
    """Return a user group object; `users` adds the members, `count` their number."""
    creator = group.creator or (group.users[0] if group.users else workspace.bot)
    shape: Obj = {
        "id": group.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated or group.created,
        "date_delete": group.disabled,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": creator,
        "updated_by": group.updated_by or creator,
        "prefs": {"channels": list(group.channels), "groups": []},
        "channel_count": len(group.channels),
    }
    if group.disabled_by:
        shape["deleted_by"] = group.disabled_by
    if users:
        shape["users"] = list(group.users)
    if count:
        shape["user_count"] = len(group.users)
    return shape
