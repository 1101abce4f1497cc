"""usergroups.*: @handles that stand for several people."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import groups
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Usergroup


def _group(call: Call) -> Usergroup:
    if (found := call.workspace.usergroups.get(call.args.text("usergroup"))) is None:
        raise SlackError("no_such_subteam")
    return found


def _changing(call: Call, *, refusal: str = "plan_upgrade_required") -> Usergroup:
    """Return the group that is about to be changed."""
    groups.require_plan(call.workspace, refusal=refusal)
    groups.require_rights(call.workspace, call.me)
    if not call.args.text("usergroup"):
        raise SlackError("missing_argument")
    return _group(call)


def _answer(call: Call, group: Usergroup) -> Obj:
    shape = groups.group_shape(call.workspace, group, count=call.args.flag("include_count"))
    return {"usergroup": shape}


def create(call: Call) -> Obj:
    """Answer usergroups.create."""
    groups.require_plan(call.workspace)
    groups.require_rights(call.workspace, call.me)
    name = groups.check_name(call.workspace, call.args.text("name"))
    make = call.workspace.make
    group = Usergroup(
        id=make.id("S"),
        handle=groups.check_handle(call.workspace, call.args.text("handle") or _handle_of(name)),
        name=name,
        users=[],
        created=make.seconds(),
        creator=call.me,
        description=groups.check_description(call.args.text("description")),
        channels=groups.check_channels(call.workspace, call.args.names("channels")),
    )
    groups.add(call.workspace, group)
    return _answer(call, group)


def _handle_of(name: str) -> str:
    """Return the handle that a group gets when the caller gives none."""
    return "-".join(name.lower().split())[:21]


def update(call: Call) -> Obj:
    """Answer usergroups.update: what does not come stays as it is."""
    group = _changing(call, refusal="paid_teams_only")
    name, handle, description = group.name, group.handle, group.description
    if call.args.has("name"):
        name = groups.check_name(call.workspace, call.args.text("name"), but=group)
    if call.args.has("handle"):
        handle = groups.check_handle(call.workspace, call.args.text("handle"), but=group)
    if call.args.has("description"):
        description = groups.check_description(call.args.text("description"))
    if call.args.has("channels"):
        group.channels = groups.check_channels(call.workspace, call.args.names("channels"))
    group.name, group.handle, group.description = name, handle, description
    groups.touch(call.workspace, group, by=call.me)
    return _answer(call, group)


def _set_disabled(call: Call, *, disabled: bool) -> Obj:
    group = _changing(call)
    groups.set_disabled(call.workspace, group, disabled=disabled, by=call.me)
    return _answer(call, group)


def disable(call: Call) -> Obj:
    """Answer usergroups.disable."""
    return _set_disabled(call, disabled=True)


def enable(call: Call) -> Obj:
    """Answer usergroups.enable."""
    return _set_disabled(call, disabled=False)


def list_all(call: Call) -> Obj:
    """Answer usergroups.list; disabled groups only on request."""
    groups.require_plan(call.workspace)
    users, count = call.args.flag("include_users"), call.args.flag("include_count")
    return {
        "usergroups": [
            groups.group_shape(call.workspace, group, users=users, count=count)
            for group in call.workspace.usergroups.values()
            if not group.disabled or call.args.flag("include_disabled")
        ]
    }


def list_users(call: Call) -> Obj:
    """Answer usergroups.users.list."""
    groups.require_plan(call.workspace)
    group = _group(call)
    if group.disabled and not call.args.flag("include_disabled"):
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def update_users(call: Call) -> Obj:
    """Answer usergroups.users.update: the whole list is replaced."""
    group = _changing(call)
    groups.fill(call.workspace, group, call.args.names("users"), by=call.me)
    return _answer(call, group)


USERGROUPS: Final[Mapping[str, Handler]] = {
    "usergroups.create": create,
    "usergroups.disable": disable,
    "usergroups.enable": enable,
    "usergroups.list": list_all,
    "usergroups.update": update,
    "usergroups.users.list": list_users,
    "usergroups.users.update": update_users,
}
