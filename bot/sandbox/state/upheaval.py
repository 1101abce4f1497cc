"""What people and admins do to the ground under an app: accounts come and go, channels vanish, tokens lose their worth.

Renaming and archiving by people are rooms.py's, taking tokens back and uninstalling are installs.py's.
"""

import dataclasses
from collections.abc import Collection

from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.state import rooms
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Channel, ChannelKind, Message, Person, Token, TokenKind
from bot.sandbox.state.shapes import person_shape
from bot.sandbox.state.workspace import Workspace


def join_team(workspace: Workspace, person: Person) -> None:
    """Let somebody new into the workspace; they are in #general.

    Raises:
        NotPossible: the id or the name is taken.
    """
    if any(person.id == other.id or person.name == other.name for other in workspace.people.values()):
        raise NotPossible(f"There is already somebody called {person.name} or {person.id}.")
    workspace.people[person.id] = person
    shape = person_shape(workspace, person)
    workspace.tell({"type": "team_join", "user": shape, "event_ts": workspace.make.ts()})
    for channel in list(workspace.channels.values()):
        if channel.general:
            rooms.enter(workspace, channel, person.id)
    workspace.changed()


def change_person(workspace: Workspace, person: Person) -> None:
    """Put a person's new record in place of the old one."""
    workspace.people[person.id] = person
    shape = person_shape(workspace, person)
    stamp = {"cache_ts": workspace.make.seconds(), "event_ts": workspace.make.ts()}
    workspace.tell({"type": "user_change", "user": shape, **stamp})
    workspace.changed()


def deactivate(workspace: Workspace, user: UserId) -> None:
    """Deactivate an account: it leaves all channels without a word."""
    if user == workspace.bot:
        raise NotPossible("The app's own bot is removed by uninstalling the app.")
    for channel in workspace.channels.values():
        if channel.is_room and user in channel.members:
            channel.members.remove(user)
    change_person(workspace, dataclasses.replace(workspace.person(user), deleted=True))


def reactivate(workspace: Workspace, user: UserId) -> None:
    """Activate an account again; it is in no channel."""
    change_person(workspace, dataclasses.replace(workspace.person(user), deleted=False))


def kick(workspace: Workspace, channel: Channel, user: UserId, *, by: UserId) -> None:
    """Remove somebody from a channel; the bot hears that it was."""
    rooms.require_room(channel)
    rooms.require_member(channel, user)
    rooms.depart(workspace, channel, user)
    if user == workspace.bot:
        _tell_of_end(workspace, channel, "left", by)


def delete_channel(workspace: Workspace, channel: Channel, *, by: UserId) -> None:
    """Delete a channel for good, with all that was said in it.

    Raises:
        SlackError: cant_delete_general, our assumption.
    """
    rooms.require_room(channel)
    if channel.general:
        raise SlackError("cant_delete_general")
    workspace.drop(channel)
    for file in workspace.files.values():
        file.shares.pop(channel.id, None)
    for waiting in [one for one in workspace.scheduled.values() if one.channel == channel.id]:
        del workspace.scheduled[waiting.id]
    _tell_of_end(workspace, channel, "deleted", by)
    workspace.changed()


def _tell_of_end(workspace: Workspace, channel: Channel, what: str, by: UserId) -> None:
    family = "channel" if channel.kind is ChannelKind.PUBLIC else "group"
    heard = channel.kind is ChannelKind.PUBLIC or what == "left"
    event: Obj = {
        "type": f"{family}_{what}",
        "channel": channel.id,
        "actor_id": by,
        "event_ts": workspace.make.ts(),
    }
    workspace.tell(event, channel=channel, anyway=heard)


def lose(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Lose a message that was accepted: it is gone, nobody is told, as on 22 December 2021."""
    channel.messages.pop(message.ts, None)
    channel.pins.pop(message.ts, None)
    if message.thread_ts and (root := channel.messages.get(message.thread_ts)):
        root.drop_reply(message.ts)
    workspace.changed()


def bot_tokens(workspace: Workspace) -> list[Token]:
    """Return the app's bot tokens."""
    return [token for token in workspace.tokens.values() if token.kind is TokenKind.BOT]


def set_scopes(workspace: Workspace, scopes: Collection[str]) -> None:
    """Grant the app's bot tokens exactly these scopes."""
    for token in bot_tokens(workspace):
        workspace.tokens[token.value] = dataclasses.replace(token, scopes=frozenset(scopes))
    workspace.changed()


def expire(workspace: Workspace, *, expired: bool = True) -> None:
    """Let the app's bot tokens expire, or make them good again."""
    for token in bot_tokens(workspace):
        workspace.tokens[token.value] = dataclasses.replace(token, expired=expired)
    workspace.changed()


def reinstall(workspace: Workspace) -> None:
    """Install the app again: its bot tokens are good once more."""
    for token in bot_tokens(workspace):
        workspace.tokens[token.value] = dataclasses.replace(token, revoked=False, expired=False)
    workspace.changed()
