"""Acts on the app's install: codes that are exchanged for tokens, tokens that are revoked, the app's removal.

Sources: https://docs.slack.dev/authentication/installing-with-oauth (a code lives ten minutes and works once),
https://docs.slack.dev/authentication/using-token-rotation (a token lives twelve hours, a refresh token works once),
https://docs.slack.dev/reference/events/tokens_revoked.
"""

import dataclasses
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.papers import Code
from bot.sandbox.state.records import Token, TokenKind
from bot.sandbox.state.workspace import Workspace

CODE_LIFE: Final = timedelta(minutes=10)
TOKEN_LIFE: Final = timedelta(hours=12)


def issue_code(
    workspace: Workspace,
    user: UserId,
    *,
    scopes: Collection[str],
    user_scopes: Collection[str] = (),
    redirect_uri: str = "",
) -> str:
    """Return the code that Slack sends to the app's redirect address when somebody allows the install."""
    code = f"{workspace.make.ts()}.{workspace.make.token(32)}"
    workspace.codes[code] = Code(
        user=user,
        scopes=frozenset(scopes),
        user_scopes=frozenset(user_scopes),
        redirect_uri=redirect_uri,
        expires=workspace.make.seconds() + int(CODE_LIFE.total_seconds()),
    )
    return code


def exchange(workspace: Workspace, code: str, *, redirect_uri: str) -> tuple[Code, Token, Token | None]:
    """Use a code up; return it with the bot's new token and, where user scopes were granted, the person's.

    Raises:
        SlackError: invalid_code, bad_redirect_uri, no_scopes.
    """
    found = workspace.codes.pop(code, None)
    if found is None or workspace.make.seconds() > found.expires:
        raise SlackError("invalid_code")
    if found.redirect_uri and redirect_uri != found.redirect_uri:
        raise SlackError("bad_redirect_uri")
    if not found.scopes and not found.user_scopes:
        raise SlackError("no_scopes")
    bot = _grant(workspace, TokenKind.BOT, found.scopes)
    if not found.user_scopes:
        return found, bot, None
    return found, bot, _grant(workspace, TokenKind.USER, found.user_scopes, user=found.user)


def _grant(workspace: Workspace, kind: TokenKind, scopes: frozenset[str], *, user: UserId | None = None) -> Token:
    """Make a token; where the app rotates its tokens it lives twelve hours and comes with a refresh token."""
    value = f"{'xoxp' if kind is TokenKind.USER else 'xoxb'}-{workspace.make.token(32)}"
    token = Token(value=value, kind=kind, scopes=scopes, user=user)
    if workspace.app.rotates_tokens:
        token = dataclasses.replace(
            token,
            value=f"xoxe.{value}",
            expires=workspace.make.seconds() + int(TOKEN_LIFE.total_seconds()),
            refresh=f"xoxe-1-{workspace.make.token(40)}",
        )
        workspace.refreshes[token.refresh] = token.value
    workspace.tokens[token.value] = token
    return token


def refresh(workspace: Workspace, refresh_token: str) -> Token:
    """Use a refresh token up; return the new token. The old one stays good until it expires.

    Raises:
        SlackError: invalid_refresh_token.
    """
    renewed = workspace.tokens.get(workspace.refreshes.pop(refresh_token, ""))
    if renewed is None or renewed.revoked:
        raise SlackError("invalid_refresh_token")
    return _grant(workspace, renewed.kind, renewed.scopes, user=renewed.user)


def revoke(workspace: Workspace, token: Token) -> None:
    """End a token; the app hears of it."""
    _end(workspace, [token])
    whose = [token.user or workspace.bot]
    bots = whose if token.kind is TokenKind.BOT else []
    oauth = whose if token.kind is TokenKind.USER else []
    workspace.tell({"type": "tokens_revoked", "tokens": {"oauth": oauth, "bot": bots}})


def uninstall(workspace: Workspace) -> None:
    """Remove the app: all of its tokens end, and it is told so."""
    lent = [token for token in workspace.tokens.values() if token.kind is not TokenKind.APP and not token.revoked]
    _end(workspace, lent)
    bots = [workspace.bot for token in lent if token.kind is TokenKind.BOT]
    oauth = [token.user for token in lent if token.kind is TokenKind.USER]
    workspace.tell({"type": "tokens_revoked", "tokens": {"oauth": oauth, "bot": bots[:1]}})
    workspace.tell({"type": "app_uninstalled"})


def _end(workspace: Workspace, tokens: Collection[Token]) -> None:
    for token in tokens:
        workspace.tokens[token.value] = dataclasses.replace(token, revoked=True)
    workspace.changed()
