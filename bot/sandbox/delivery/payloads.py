"""The payloads that Slack sends, built from state.

Shapes: the payloads in the tests of slackapi/bolt-python and slackapi/python-slack-sdk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.inputs import elements_of
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.passes import issue_response_url, issue_trigger
from bot.sandbox.state.records import Channel, ChannelKind, Message, View
from bot.sandbox.state.shapes import authorization_shape, message_shape, view_shape
from bot.sandbox.state.workspace import Event, Workspace

# Slack still sends this legacy field; nobody may trust it.
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - not a secret


class Envelope(StrEnum):
    """The three kinds of delivery; the value is Socket Mode's envelope type."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to tell the app; `name` is what the journal calls it."""

    kind: Envelope
    name: str
    payload: Obj


def _about_app(workspace: Workspace) -> Obj:
    return {"token": VERIFICATION_TOKEN, "api_app_id": workspace.app.id}


def _team(workspace: Workspace) -> Obj:
    team = workspace.team
    shape: Obj = {"id": team.id, "domain": team.domain}
    if team.enterprise:
        shape |= {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise_name}
    return shape


def _user(workspace: Workspace, user: UserId) -> Obj:
    person = workspace.people[user]
    return {"id": user, "username": person.name, "name": person.name, "team_id": person.home or workspace.team.id}


def _name_of(channel: Channel) -> str:
    """Return a channel's name as commands and interactions carry it: only public ones have their own."""
    match channel.kind:
        case ChannelKind.PUBLIC:
            return channel.name
        case ChannelKind.PRIVATE:
            return "privategroup"
        case ChannelKind.DIRECT:
            return "directmessage"
        case ChannelKind.GROUP_DIRECT:
            return channel.name


def event_delivery(workspace: Workspace, event: Event) -> Delivery:
    """Wrap an event as Slack does (https://docs.slack.dev/apis/events-api/#callback-field)."""
    team, channel = workspace.team, workspace.channels.get(event.channel) if event.channel else None
    payload: Obj = _about_app(workspace) | {
        "type": "event_callback",
        "team_id": team.id,
        **({"enterprise_id": team.enterprise} if team.enterprise else {}),
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise or None,
        "event": event.body,
        "event_id": workspace.make.id("Ev"),
        "event_time": workspace.make.seconds(),
        "authorizations": [authorization_shape(workspace)],
        "is_ext_shared_channel": bool(channel and channel.shared_with),
        "event_context": f"1-{event.body['type']}-{workspace.team.id}-{event.channel or ''}",
    }
    return Delivery(kind=Envelope.EVENT, name=event.name, payload=payload)


def rate_limited_delivery(workspace: Workspace, minute: int) -> Delivery:
    """Build app_rate_limited for that minute (https://docs.slack.dev/reference/events/app_rate_limited)."""
    payload: Obj = _about_app(workspace) | {
        "type": "app_rate_limited",
        "team_id": workspace.team.id,
        "minute_rate_limited": minute,
    }
    return Delivery(kind=Envelope.EVENT, name="app_rate_limited", payload=payload)


def verification_delivery(challenge: str) -> Delivery:
    """Build the handshake of a request URL (https://docs.slack.dev/reference/events/url_verification)."""
    payload: Obj = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
    return Delivery(kind=Envelope.EVENT, name="url_verification", payload=payload)


def command_delivery(workspace: Workspace, user: UserId, channel: Channel, command: str, text: str) -> Delivery:
    """Build a slash command."""
    payload: Obj = _about_app(workspace) | {
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": _name_of(channel),
        "user_id": user,
        "user_name": workspace.people[user].name,
        "command": command,
        "text": text,
        **(
            {"enterprise_id": workspace.team.enterprise, "enterprise_name": workspace.team.enterprise_name}
            if workspace.team.enterprise
            else {}
        ),
        "is_enterprise_install": "true" if workspace.by_org_install else "false",
        "response_url": issue_response_url(workspace, user, channel),
        "trigger_id": issue_trigger(workspace, user),
    }
    return Delivery(kind=Envelope.COMMAND, name="slash_command", payload=payload)


def _interaction(workspace: Workspace, kind: str, user: UserId) -> Obj:
    team = workspace.team
    return _about_app(workspace) | {
        "type": kind,
        "user": _user(workspace, user),
        "team": _team(workspace),
        "enterprise": {"id": team.enterprise, "name": team.enterprise_name} if team.enterprise else None,
        "is_enterprise_install": workspace.by_org_install,
    }


def message_action_delivery(
    workspace: Workspace, user: UserId, channel: Channel, message: Message, action: Obj, values: Obj
) -> Delivery:
    """Build block_actions for an element of a message."""
    ephemeral = message.ephemeral_for is not None
    payload = _interaction(workspace, "block_actions", user) | in_message(workspace, channel, message)
    payload |= {
        "trigger_id": issue_trigger(workspace, user),
        "state": {"values": values},
        "response_url": issue_response_url(workspace, user, channel, message_ts=message.ts, ephemeral=ephemeral),
        "actions": [action],
    }
    return Delivery(kind=Envelope.INTERACTIVE, name="block_actions", payload=payload)


def view_action_delivery(workspace: Workspace, view: View, action: Obj) -> Delivery:
    """Build block_actions for an element of a modal or Home tab."""
    modal = view.body["type"] == "modal"
    payload = _interaction(workspace, "block_actions", view.user) | in_view(workspace, view)
    payload |= {"trigger_id": issue_trigger(workspace, view.user, in_modal=modal), "actions": [action]}
    return Delivery(kind=Envelope.INTERACTIVE, name="block_actions", payload=payload)


def submission_delivery(workspace: Workspace, view: View) -> Delivery:
    """Build view_submission."""
    payload = _interaction(workspace, "view_submission", view.user) | {
        "trigger_id": issue_trigger(workspace, view.user, in_modal=True),
        "view": view_shape(workspace, view),
        "response_urls": list(_response_urls(workspace, view)),
    }
    return Delivery(kind=Envelope.INTERACTIVE, name="view_submission", payload=payload)


def _response_urls(workspace: Workspace, view: View) -> Iterator[Obj]:
    """Yield the addresses where the app may answer in the conversations that were chosen, if it wanted any."""
    for block, element in elements_of(view.body.get("blocks") or []):
        if not element.get("response_url_enabled"):
            continue
        block_id, action_id = str(block["block_id"]), str(element["action_id"])
        value = view.values.get(block_id, {}).get(action_id, {})
        chosen = workspace.channels.get(value.get("selected_conversation") or value.get("selected_channel"))
        if chosen is not None:
            url = issue_response_url(workspace, view.user, chosen)
            yield {"block_id": block_id, "action_id": action_id, "channel_id": chosen.id, "response_url": url}


def closed_delivery(workspace: Workspace, view: View, *, cleared: bool = False) -> Delivery:
    """Build view_closed."""
    payload = _interaction(workspace, "view_closed", view.user) | {
        "view": view_shape(workspace, view),
        "is_cleared": cleared,
    }
    return Delivery(kind=Envelope.INTERACTIVE, name="view_closed", payload=payload)


def shortcut_delivery(workspace: Workspace, user: UserId, callback_id: str) -> Delivery:
    """Build a global shortcut."""
    payload = _interaction(workspace, "shortcut", user) | {
        "callback_id": callback_id,
        "action_ts": workspace.make.ts(),
        "trigger_id": issue_trigger(workspace, user),
    }
    return Delivery(kind=Envelope.INTERACTIVE, name="shortcut", payload=payload)


def message_shortcut_delivery(
    workspace: Workspace, user: UserId, channel: Channel, message: Message, callback_id: str
) -> Delivery:
    """Build a message shortcut."""
    payload = _interaction(workspace, "message_action", user) | {
        "callback_id": callback_id,
        "action_ts": workspace.make.ts(),
        "trigger_id": issue_trigger(workspace, user),
        "response_url": issue_response_url(workspace, user, channel),
        "channel": {"id": channel.id, "name": _name_of(channel)},
        "message_ts": message.ts,
        "message": message_shape(workspace, channel, message),
    }
    return Delivery(kind=Envelope.INTERACTIVE, name="message_action", payload=payload)


def suggestion_delivery(
    workspace: Workspace, user: UserId, block: Obj, element: Obj, typed: str, where: Obj
) -> Delivery:
    """Build block_suggestion: somebody typed into a select whose options the app knows; `where` it stands."""
    payload = _interaction(workspace, "block_suggestion", user) | where
    payload |= {"action_id": element["action_id"], "block_id": block.get("block_id"), "value": typed}
    return Delivery(kind=Envelope.INTERACTIVE, name="block_suggestion", payload=payload)


def in_view(workspace: Workspace, view: View) -> Obj:
    """Return what a payload says of an element's place when it stands in a view."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_shape(workspace, view)}


def in_message(workspace: Workspace, channel: Channel, message: Message) -> Obj:
    """Return what a payload says of an element's place when it stands in a message; ephemeral ones are not shown."""
    ephemeral = message.ephemeral_for is not None
    container: Obj = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Obj = {"container": container, "channel": {"id": channel.id, "name": _name_of(channel)}}
    return place if ephemeral else place | {"message": message_shape(workspace, channel, message)}
