"""api.*, auth.*, apps.*, team.*, bots.*, emoji.*: who is asking, and where."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.shapes import authorization_shape, bot_profile


def api_test(call: Call) -> Obj:
    """Answer api.test: echo the arguments, or fail as asked."""
    args = {name: value for name, value in call.args.values.items() if name != "token"}
    if error := call.args.text("error"):
        raise SlackError(error, detail={"args": args})
    return {"args": args}


def auth_test(call: Call) -> Obj:
    """Answer auth.test."""
    workspace, person = call.workspace, call.workspace.people[call.me]
    answer: Obj = {
        "url": workspace.team.url,
        "team": workspace.team.name,
        "user": person.name,
        "team_id": workspace.team.id,
        "user_id": person.id,
        "is_enterprise_install": call.token.org,
    }
    if person.id == workspace.bot:
        answer["bot_id"] = workspace.app.bot_id
    if workspace.team.enterprise:
        answer["enterprise_id"] = workspace.team.enterprise
    if call.token.org:
        answer |= {"team": workspace.team.enterprise_name, "team_id": workspace.team.enterprise}
    return answer


def open_connection(call: Call) -> Obj:
    """Answer apps.connections.open: an address for one Socket Mode connection."""
    ticket = call.workspace.make.token(32)
    call.workspace.link_tickets.add(ticket)
    return {"url": f"{call.workspace.base_url.replace('http', 'ws', 1)}/link/{ticket}"}


def teams_list(call: Call) -> Obj:
    """Answer auth.teams.list: the workspaces that this token is good for."""
    icon: Obj = {"icon": {"image_default": True}} if call.args.flag("include_icon") else {}
    teams = call.workspace.org_teams if call.token.org else [call.workspace.team]
    shown, cursor = paging.page([{"id": team.id, "name": team.name, **icon} for team in teams], call.args)
    return {"teams": list(shown), "response_metadata": {"next_cursor": cursor}}


def authorizations_list(call: Call) -> Obj:
    """Answer apps.event.authorizations.list: on whose behalf an event was delivered."""
    if not call.args.text("event_context"):
        raise SlackError("invalid_event_context")
    return {"authorizations": [authorization_shape(call.workspace)]}


def emoji_list(call: Call) -> Obj:
    """Answer emoji.list: the workspace's own emoji, name to address or "alias:name"."""
    answer: Obj = {"emoji": dict(call.workspace.emoji), "cache_ts": call.workspace.make.ts()}
    if call.args.flag("include_categories"):
        answer |= {"categories_version": "5", "categories": []}
    return answer


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
    workspace = call.workspace
    wanted = call.args.text("bot") or workspace.app.bot_id
    others = {person.bot_id: person for person in workspace.people.values() if person.bot_id}
    bots = others | {workspace.app.bot_id: workspace.people[workspace.bot]}
    if wanted not in bots:
        raise SlackError("bot_not_found")
    profile = bot_profile(workspace, bots[wanted])
    shape = {key: profile[key] for key in ("id", "deleted", "name", "updated", "app_id", "icons")}
    return {"bot": shape | {"user_id": bots[wanted].id}}


TEAM: Final[Mapping[str, Handler]] = {
    "api.test": api_test,
    "apps.connections.open": open_connection,
    "apps.event.authorizations.list": authorizations_list,
    "auth.teams.list": teams_list,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "emoji.list": emoji_list,
    "team.info": team_info,
}
