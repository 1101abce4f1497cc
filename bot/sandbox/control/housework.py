"""What people do to channels and admins to the workspace, as the control API takes it (see routes.py)."""

import dataclasses

from bot.sandbox.control.doing import Act
from bot.sandbox.control.hands import Hands
from bot.sandbox.state import installs, invitations, quiet, rooms, upheaval
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Channel, Person
from bot.sandbox.state.workspace import Workspace


class Housework:
    """People who tidy up, or make a mess. `channels` and `admin` name every act."""

    def __init__(self, workspace: Workspace, hands: Hands) -> None:
        self._workspace = workspace
        self._hands = hands

    @property
    def channels(self) -> dict[str, Act]:
        """Return what everybody may do, by its address below /sandbox/."""
        return {
            "create": self._create,
            "join": self._join,
            "leave": self._leave,
            "invite": self._invite,
            "kick": self._kick,
            "rename": self._rename,
            "archive": self._archive,
            "unarchive": self._unarchive,
            "topic": self._topic,
        }

    @property
    def admin(self) -> dict[str, Act]:
        """Return what admins do, by its address below /sandbox/admin/."""
        return {
            "delete_channel": self._delete_channel,
            "lose_message": self._lose_message,
            "join_team": self._join_team,
            "rename_person": self._rename_person,
            "deactivate": self._deactivate,
            "reactivate": self._reactivate,
            "snooze": self._snooze,
            "scopes": self._scopes,
            "expire_token": self._expire_token,
            "revoke_token": self._revoke_token,
            "uninstall": self._uninstall,
            "reinstall": self._reinstall,
        }

    def _room(self, user: UserId, document: Obj) -> Channel:
        return self._hands.room(str(document.get("channel") or ""), user)

    def _other(self, document: Obj) -> UserId:
        return self._hands.person(str(document.get("user") or self._workspace.bot))

    async def _create(self, user: UserId, document: Obj) -> Obj:
        name, private = str(document.get("name") or ""), bool(document.get("is_private"))
        return {"channel": rooms.create(self._workspace, name=name, private=private, creator=user).id}

    async def _join(self, user: UserId, document: Obj) -> Obj:
        rooms.enter(self._workspace, self._room(user, document), user)
        return {}

    async def _leave(self, user: UserId, document: Obj) -> Obj:
        channel = self._room(user, document)
        rooms.require_member(channel, user)
        rooms.depart(self._workspace, channel, user)
        return {}

    async def _invite(self, user: UserId, document: Obj) -> Obj:
        channel, other = self._room(user, document), self._other(document)
        if other not in channel.members:
            invitations.invite(self._workspace, channel, [other], inviter=user, force=False)
        return {}

    async def _kick(self, user: UserId, document: Obj) -> Obj:
        upheaval.kick(self._workspace, self._room(user, document), self._other(document), by=user)
        return {}

    async def _rename(self, user: UserId, document: Obj) -> Obj:
        rooms.rename(self._workspace, self._room(user, document), str(document.get("name") or ""), by=user)
        return {}

    async def _archive(self, user: UserId, document: Obj) -> Obj:
        rooms.set_archived(self._workspace, self._room(user, document), archived=True, by=user)
        return {}

    async def _unarchive(self, user: UserId, document: Obj) -> Obj:
        rooms.set_archived(self._workspace, self._room(user, document), archived=False, by=user)
        return {}

    async def _topic(self, user: UserId, document: Obj) -> Obj:
        rooms.set_topic(self._workspace, self._room(user, document), str(document.get("topic") or ""), by=user)
        return {}

    # Admins.

    async def _delete_channel(self, user: UserId, document: Obj) -> Obj:
        upheaval.delete_channel(self._workspace, self._room(user, document), by=user)
        return {}

    async def _lose_message(self, user: UserId, document: Obj) -> Obj:
        channel = self._room(user, document)
        upheaval.lose(self._workspace, channel, self._workspace.message(channel, str(document.get("ts"))))
        return {}

    async def _join_team(self, _user: UserId, document: Obj) -> Obj:
        name = str(document.get("name") or "")
        person = Person(
            id=UserId(str(document.get("id") or self._workspace.make.id("U"))),
            name=name,
            real_name=str(document.get("real_name") or name.title()),
            email=str(document.get("email") or f"{name}@northwind.example"),
            tz=str(document.get("tz") or "Etc/UTC"),
        )
        upheaval.join_team(self._workspace, person)
        return {"user": person.id}

    async def _rename_person(self, _user: UserId, document: Obj) -> Obj:
        person = self._workspace.person(self._other(document))
        name, real_name = str(document.get("name") or person.name), str(document.get("real_name") or person.real_name)
        upheaval.change_person(self._workspace, dataclasses.replace(person, name=name, real_name=real_name))
        return {}

    async def _deactivate(self, _user: UserId, document: Obj) -> Obj:
        upheaval.deactivate(self._workspace, self._other(document))
        return {}

    async def _reactivate(self, _user: UserId, document: Obj) -> Obj:
        upheaval.reactivate(self._workspace, self._other(document))
        return {}

    async def _snooze(self, _user: UserId, document: Obj) -> Obj:
        """Pause somebody's notifications for so many minutes from now; none ends that."""
        minutes = int(document.get("minutes") or 0)
        until = self._workspace.make.seconds() + minutes * 60 if minutes > 0 else 0
        quiet.snooze(self._workspace, self._other(document), until=until)
        return {}

    async def _scopes(self, _user: UserId, document: Obj) -> Obj:
        """Grant what `grant` lists and take what `revoke` lists; answer the scopes that are left."""
        granted = {scope for token in upheaval.bot_tokens(self._workspace) for scope in token.scopes}
        granted = (granted | set(document.get("grant") or ())) - set(document.get("revoke") or ())
        upheaval.set_scopes(self._workspace, granted)
        return {"scopes": sorted(granted)}

    async def _expire_token(self, _user: UserId, document: Obj) -> Obj:
        upheaval.expire(self._workspace, expired=bool(document.get("expired", True)))
        return {}

    async def _revoke_token(self, _user: UserId, _document: Obj) -> Obj:
        for token in upheaval.bot_tokens(self._workspace):
            installs.revoke(self._workspace, token)
        return {}

    async def _uninstall(self, _user: UserId, _document: Obj) -> Obj:
        installs.uninstall(self._workspace)
        return {}

    async def _reinstall(self, _user: UserId, _document: Obj) -> Obj:
        upheaval.reinstall(self._workspace)
        return {}
