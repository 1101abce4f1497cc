"""What the page shows one person: people, channels, messages, the open modal, the Home tab. Only reads."""

from bot.sandbox.control.hands import Hands
from bot.sandbox.state import canvases, forms
from bot.sandbox.state.ids import Obj, UserId, ts_micros
from bot.sandbox.state.records import Channel, ChannelKind
from bot.sandbox.state.shapes import bookmark_shape, message_shape, person_shape, view_shape
from bot.sandbox.state.workspace import Workspace


class Reads:
    """Views of the workspace for the control API."""

    def __init__(self, workspace: Workspace, hands: Hands) -> None:
        self._workspace = workspace
        self._hands = hands

    def people(self) -> Obj:
        """Return everybody, and the team."""
        team = self._workspace.team
        return {
            "people": [self._person(user) for user in self._workspace.people],
            "team": {"id": team.id, "name": team.name, "domain": team.domain, "url": team.url},
            "usergroups": [
                {"id": one.id, "handle": one.handle, "name": one.name} for one in self._workspace.usergroups.values()
            ],
        }

    def _person(self, user: UserId) -> Obj:
        person = self._workspace.people[user]
        shape = person_shape(self._workspace, person)
        kept = {key: shape.get(key) for key in ("id", "name", "real_name", "tz", "is_bot", "deleted")}
        more = {"standing": person.standing.value, "is_app": user == self._workspace.bot}
        return kept | more | {"email": shape["profile"].get("email", "")}

    def view(self, user: UserId) -> Obj:
        """Return everything that surrounds the messages, as one person sees it."""
        return {
            "me": self._person(user),
            "channels": [
                self._channel(channel, user)
                for channel in self._workspace.channels.values()
                if self._workspace.sees(user, channel)
            ],
            "commands": [
                {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                for one in self._workspace.commands.values()
            ],
            "shortcuts": [
                {"callback_id": one.callback_id, "name": one.name, "description": "", "type": one.kind.value}
                for one in self._workspace.shortcuts.values()
            ],
            "version": self._workspace.version,
        }

    def _channel(self, channel: Channel, user: UserId) -> Obj:
        others = [member for member in channel.members if member != user]
        read = ts_micros(channel.last_read.get(user, "0"))
        return {
            "id": channel.id,
            "name": channel.name,
            "is_private": channel.kind is ChannelKind.PRIVATE,
            "is_im": not channel.is_room,
            "with": others[0] if others and channel.kind is ChannelKind.DIRECT else None,
            "topic": channel.topic.value,
            "purpose": channel.purpose.value,
            "is_archived": channel.archived,
            "member": user in channel.members,
            "members": list(channel.members),
            "unread": sum(
                ts_micros(one.ts) > read and one.user != user and not one.subtype for one in channel.messages.values()
            ),
            "bookmarks": [
                {key: bookmark_shape(channel, one)[key] for key in ("id", "title", "link", "emoji")}
                for one in channel.bookmarks.values()
            ],
            "pins": list(channel.pins),
        }

    def messages(self, channel: Channel, user: UserId) -> Obj:
        """Return a channel's messages, oldest first, with what only this person sees."""
        whispers = [one for one in channel.whispers.values() if one.ephemeral_for == user]
        found = sorted([*channel.messages.values(), *whispers], key=lambda one: ts_micros(one.ts))
        return {
            "messages": [message_shape(self._workspace, channel, one, metadata=True) for one in found],
            "canvases": self._canvases(channel, user),
        }

    def _canvases(self, channel: Channel, user: UserId) -> list[Obj]:
        """Return the canvases that are shared in a channel and that this person may read, as Markdown."""
        return [
            {"id": one.id, "title": one.title, "markdown": "\n\n".join(part.markdown for part in one.sections)}
            for one in self._workspace.canvases.values()
            if not one.deleted and channel.id in one.channels and canvases.access_of(self._workspace, one, user)
        ]

    def modal(self, user: UserId) -> Obj:
        """Return the modal that the person sees, with the errors in it."""
        view = forms.top(self._workspace, user)
        if view is None:
            return {"view": None, "errors": {}}
        return {"view": view_shape(self._workspace, view), "errors": view.errors}

    def home(self, user: UserId) -> Obj:
        """Return the person's Home tab."""
        view = forms.home(self._workspace, user)
        return {"view": view_shape(self._workspace, view) if view else None}
