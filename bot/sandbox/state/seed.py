"""The fixed workspace that every sandbox starts with: Northwind, five people, five channels, one app."""

from collections.abc import Collection
from typing import Final

from bot.sandbox.state.ids import ChannelId, Maker, UserId
from bot.sandbox.state.records import (
    App,
    Channel,
    ChannelKind,
    Command,
    Note,
    Person,
    Team,
    Token,
    TokenKind,
    Usergroup,
)
from bot.sandbox.state.workspace import Workspace

BOT_TOKEN: Final = "xoxb-sandbox-bot"  # noqa: S105 - opens nothing but a sandbox
APP_TOKEN: Final = "xapp-sandbox-app"  # noqa: S105 - opens nothing but a sandbox
SIGNING_SECRET: Final = "sandbox-signing-secret"  # noqa: S105 - signs nothing but a sandbox's requests
BOT_USER: Final = UserId("U0MUSTER")
# What Slackbot is called in every workspace.
SLACKBOT: Final = UserId("USLACKBOT")

TEAM: Final = Team(id="T0SANDBOX", name="Northwind", domain="northwind", url="https://northwind.slack.com/")
APP: Final = App(id="A0MUSTER", bot_id="B0MUSTER", user_id=BOT_USER, signing_secret=SIGNING_SECRET)
COMMANDS: Final = (
    Command(
        command="/incident",
        description="Declare and run an incident",
        usage_hint="declare | status | severity | update | resolve | help",
    ),
)
_PEOPLE: Final = (
    ("U0ANA", "ana", "Ana Lima", "America/Sao_Paulo"),
    ("U0BO", "bo", "Bo Chen", "Asia/Singapore"),
    ("U0CLEO", "cleo", "Cleo Okafor", "Africa/Lagos"),
    ("U0DMITRI", "dmitri", "Dmitri Haas", "Europe/Berlin"),
    ("U0EVE", "eve", "Eve Sato", "Asia/Tokyo"),
)
_CHANNELS: Final = (
    ("C0GENERAL", "general", "Announcements for the whole company"),
    ("C0ALERTS", "alerts", "Every alert that monitoring sends"),
    ("C0PAYMENTS", "payments-alerts", "Alerts of the payments services"),
    ("C0INCIDENTS", "incidents", "Where incidents are announced"),
    ("C0ADMIN", "muster-admin", "Notices to those who run the incident bot"),
)
# Eve is the company's newest colleague: she is in #general and in no channel that has to do with incidents.
_WITHOUT_EVE: Final = {"C0ALERTS", "C0PAYMENTS", "C0INCIDENTS", "C0ADMIN"}


def northwind(maker: Maker, *, scopes: Collection[str], commands: Collection[Command] = COMMANDS) -> Workspace:
    """Build the workspace; `scopes` are what the bot token was granted."""
    workspace = Workspace(maker=maker, team=TEAM, app=APP)
    now = maker.seconds()
    for user, name, real_name, tz in _PEOPLE:
        workspace.people[UserId(user)] = Person(
            id=UserId(user), name=name, real_name=real_name, email=f"{name}@northwind.example", tz=tz
        )
    workspace.people[BOT_USER] = Person(
        id=BOT_USER, name="muster", real_name="Muster", email="", tz="Etc/UTC", is_bot=True
    )
    for channel, name, purpose in _CHANNELS:
        absent = {"U0EVE"} if channel in _WITHOUT_EVE else set()
        workspace.channels[ChannelId(channel)] = Channel(
            id=ChannelId(channel),
            name=name,
            kind=ChannelKind.PUBLIC,
            created=now,
            creator=UserId("U0ANA"),
            members=[user for user in workspace.people if user not in absent],
            purpose=Note(value=purpose, creator="U0ANA", last_set=now),
            general=channel == "C0GENERAL",
        )
    workspace.usergroups["S0PAYMENTS"] = Usergroup(
        id="S0PAYMENTS", handle="payments-team", name="Payments", users=[UserId("U0BO"), UserId("U0CLEO")], created=now
    )
    workspace.commands = {command.command: command for command in commands}
    workspace.tokens = {
        BOT_TOKEN: Token(value=BOT_TOKEN, kind=TokenKind.BOT, scopes=frozenset(scopes)),
        APP_TOKEN: Token(value=APP_TOKEN, kind=TokenKind.APP, scopes=frozenset({"connections:write"})),
    }
    return workspace
