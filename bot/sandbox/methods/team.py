"""api.*, auth.*, apps.*, team.*, bots.*: who is asking, and where."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.shapes import bot_profile


def api_test(call: Call) -> Obj:
    """Answer api.test: echo the arguments, or fail as asked."""
    args = {name: value for name, value in call.args.values.items() if name != "token"}
    if error := call.args.text("error"):
        raise SlackError(error, detail={"args": args})
    return {"args": args}


def auth_test(call: Call) -> Obj:
    """Answer auth.test."""
    workspace = call.workspace
    return {
        "url": workspace.team.url,
        "team": workspace.team.name,
        "user": workspace.people[workspace.bot].name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Obj:
    """Answer apps.connections.open: an address for one Socket Mode connection."""
    ticket = call.workspace.make.token(32)
    call.workspace.link_tickets.add(ticket)
    return {"url": f"{call.workspace.base_url.replace('http', 'ws', 1)}/link/{ticket}"}


def team_info(call: Call) -> Obj:
    """Answer team.info."""
    team = call.workspace.team
    if call.args.text("team") not in {"", team.id}:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": team.url,
            "domain": team.domain,
            "email_domain": "northwind.example",
            "icon": {"image_default": True},
            "avatar_base_url": "https://ca.slack-edge.com/",
            "is_verified": False,
        }
    }


def bots_info(call: Call) -> Obj:
    """Answer bots.info."""
    if call.args.text("bot") not in {"", call.workspace.app.bot_id}:
        raise SlackError("bot_not_found")
    profile = bot_profile(call.workspace)
    shape = {key: profile[key] for key in ("id", "deleted", "name", "updated", "app_id", "icons")}
    return {"bot": shape | {"user_id": call.workspace.bot}}


TEAM: Final[Mapping[str, Handler]] = {
    "api.test": api_test,
    "apps.connections.open": open_connection,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "team.info": team_info,
}
