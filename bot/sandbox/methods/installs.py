"""oauth.v2.access, auth.revoke, apps.uninstall: how the app's install begins and ends."""

import hmac
from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import installs
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Token


def _check_client(call: Call) -> None:
    app = call.workspace.app
    if call.args.text("client_id") != app.client_id:
        raise SlackError("invalid_client_id")
    if not hmac.compare_digest(call.args.text("client_secret").encode(), app.client_secret.encode()):
        raise SlackError("bad_client_secret")


def _token_shape(token: Token) -> Obj:
    shape: Obj = {"scope": ",".join(sorted(token.scopes)), "token_type": token.kind.value, "access_token": token.value}
    if token.refresh:
        shape |= {"refresh_token": token.refresh, "expires_in": int(installs.TOKEN_LIFE.total_seconds())}
    return shape


def access(call: Call) -> Obj:
    """Answer oauth.v2.access: a code, or a refresh token, becomes tokens."""
    _check_client(call)
    grant = call.args.text("grant_type", "authorization_code")
    if grant == "refresh_token":
        renewed = installs.refresh(call.workspace, call.args.text("refresh_token"))
        user = renewed.user or call.workspace.bot
        return _about_install(call) | _token_shape(renewed) | {"authed_user": {"id": user}}
    if grant != "authorization_code":
        raise SlackError("invalid_grant_type")
    code, bot, lent = installs.exchange(
        call.workspace, call.args.text("code"), redirect_uri=call.args.text("redirect_uri")
    )
    person = {"id": code.user} | (_token_shape(lent) if lent else {})
    return _about_install(call) | _token_shape(bot) | {"authed_user": person}


def _about_install(call: Call) -> Obj:
    team = call.workspace.team
    return {
        "app_id": call.workspace.app.id,
        "bot_user_id": call.workspace.bot,
        "team": {"id": team.id, "name": team.name},
        "enterprise": {"id": team.enterprise, "name": team.enterprise_name} if team.enterprise else None,
        "is_enterprise_install": False,
    }


def revoke(call: Call) -> Obj:
    """Answer auth.revoke; with `test` nothing happens."""
    tried = call.args.flag("test")
    if not tried:
        installs.revoke(call.workspace, call.token)
    return {"revoked": not tried}


def uninstall(call: Call) -> Obj:
    """Answer apps.uninstall."""
    _check_client(call)
    installs.uninstall(call.workspace)
    return {}


INSTALLS: Final[Mapping[str, Handler]] = {
    "apps.uninstall": uninstall,
    "auth.revoke": revoke,
    "oauth.v2.access": access,
}
