"""Northwind, the workspace that every sandbox starts with, and the tokens that it knows (setup/northwind.yaml)."""

from collections.abc import Collection
from typing import Final

from bot.sandbox.setup.build import build, northwind_plan, with_grants
from bot.sandbox.state.ids import Maker, UserId
from bot.sandbox.state.records import Command
from bot.sandbox.state.workspace import Workspace

BOT_TOKEN: Final = "xoxb-sandbox-bot"  # noqa: S105 - opens nothing but a sandbox
APP_TOKEN: Final = "xapp-sandbox-app"  # noqa: S105 - opens nothing but a sandbox
SIGNING_SECRET: Final = "sandbox-signing-secret"  # noqa: S105 - signs nothing but a sandbox's requests
# What Slackbot is called in every workspace.
SLACKBOT: Final = UserId("USLACKBOT")


def northwind(
    maker: Maker, *, scopes: Collection[str] | None = None, commands: Collection[Command] | None = None
) -> Workspace:
    """Build Northwind; `scopes` are what the bot token was granted, `commands` what the app registered."""
    return build(with_grants(northwind_plan(), scopes=scopes, commands=commands), maker)
