"""users.* and usergroups.*: who there is."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Person, Usergroup
from bot.sandbox.state.shapes import person_shape


def _shape(call: Call, person: Person) -> Obj:
    return person_shape(call.workspace, person, email="users:read.email" in call.token.scopes)


def info(call: Call) -> Obj:
    """Answer users.info."""
    return {"user": _shape(call, call.workspace.person(call.args.text("user")))}


def list_all(call: Call) -> Obj:
    """Answer users.list."""
    shown, cursor = paging.page(list(call.workspace.people.values()), call.args)
    return {
        "members": [_shape(call, person) for person in shown],
        "cache_ts": call.workspace.make.seconds(),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Obj:
    """Answer users.lookupByEmail."""
    wanted = call.args.text("email").lower()
    for person in call.workspace.people.values():
        if person.email and person.email.lower() == wanted:
            return {"user": _shape(call, person)}
    raise SlackError("users_not_found")


def _group_shape(call: Call, group: Usergroup) -> Obj:
    shape: Obj = {
        "id": group.id,
        "team_id": call.workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.created,
        "date_delete": 0,
        "created_by": group.users[0],
        "updated_by": group.users[0],
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if call.args.flag("include_users"):
        shape["users"] = list(group.users)
    if call.args.flag("include_count"):
        shape["user_count"] = len(group.users)
    return shape


def list_groups(call: Call) -> Obj:
    """Answer usergroups.list."""
    return {"usergroups": [_group_shape(call, group) for group in call.workspace.usergroups.values()]}


PEOPLE: Final[Mapping[str, Handler]] = {
    "usergroups.list": list_groups,
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
}
