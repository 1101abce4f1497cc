"""Invitations to a channel: who may come, and why others may not.

Source: https://docs.slack.dev/reference/methods/conversations.invite#errors
"""

from collections.abc import Sequence
from typing import assert_never

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Channel, Person, Standing
from bot.sandbox.state.rooms import enter
from bot.sandbox.state.workspace import Workspace


def invite(workspace: Workspace, channel: Channel, users: Sequence[str], *, inviter: UserId, force: bool) -> None:
    """Invite people: all or, without `force`, nobody.

    Raises:
        SlackError: the first person's fault, with everyone's under `errors`.
    """
    faults = [fault for user in users if (fault := _invitation_fault(workspace, channel, user, inviter))]
    fine = [user for user in users if user not in {fault["user"] for fault in faults}]
    if faults and not (force and fine):
        raise SlackError(faults[0]["error"], detail={"errors": faults})
    for user in fine:
        enter(workspace, channel, UserId(user), inviter=inviter)


def _invitation_fault(workspace: Workspace, channel: Channel, user: str, inviter: UserId) -> Obj | None:
    if user == inviter:
        code: str | None = "cant_invite_self"
    elif (person := workspace.people.get(UserId(user))) is None:
        code = "user_not_found"
    elif user in channel.members:
        code = "already_in_channel"
    elif person.deleted:
        code = "cant_invite"
    else:
        code = _outsiders_fault(workspace, channel, person, inviter)
    return {"ok": False, "error": code, "user": user} if code else None


def _outsiders_fault(workspace: Workspace, channel: Channel, person: Person, inviter: UserId) -> str | None:
    """Return why a guest or stranger may not come; members always may."""
    match person.standing:
        case Standing.MEMBER:
            return None
        case Standing.STRANGER:
            return None if person.home in channel.shared_with else "no_external_invite_permission"
        case Standing.GUEST | Standing.SINGLE_CHANNEL_GUEST:
            if not workspace.preferences.guests_by_all and not workspace.people[inviter].admin:
                return "user_is_restricted"
            if person.standing is Standing.GUEST:
                return None
            full = any(person.id in other.members for other in workspace.channels.values() if other.is_room)
            return "ura_max_channels" if full else None
        case other:
            assert_never(other)
