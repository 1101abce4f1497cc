"""The page on which somebody allows an app, /oauth/v2/authorize: "Allow" sends them back with a code.

Source: https://docs.slack.dev/authentication/installing-with-oauth
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from bot.sandbox.setup.read_app import KNOWN_SCOPES
from bot.sandbox.state import installs
from bot.sandbox.state.accounts import Person, Standing
from bot.sandbox.state.workspace import Workspace

ADDRESS: Final = "/oauth/v2/authorize"
# Nothing is loaded, and nobody may show it inside of a page of theirs.
_HEADERS: Final = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the app asks for, in the address to which it sent somebody."""

    scopes: frozenset[str]
    user_scopes: frozenset[str]
    redirect: str
    state: str
    team: str

    def back(self, **answer: str) -> str:
        """Return where that person goes from here."""
        parts = urlsplit(self.redirect)
        query = parse_qsl(parts.query) + list(answer.items()) + ([("state", self.state)] if self.state else [])
        return urlunsplit(parts._replace(query=urlencode(query)))


class Consent:
    """Answers the page."""

    def __init__(self, workspaces: Sequence[Workspace]) -> None:
        self._workspaces = workspaces

    def routes(self) -> list[web.RouteDef]:
        """Return its addresses."""
        return [web.get(ADDRESS, self.show), web.post(ADDRESS, self.decide)]

    async def show(self, request: web.Request) -> web.Response:
        """Show what the app asks for, and who may allow it."""
        wish = self._wish(request)
        who = "".join(
            f'<option value="{escape(workspace.team.id)}:{escape(person.id)}">'
            f"{escape(person.real_name)}, {escape(workspace.team.name)}</option>"
            for workspace, person in self._installers(wish)
        )
        asked = "".join(f"<li>{escape(scope)}</li>" for scope in sorted(wish.scopes))
        asked += "".join(f"<li>{escape(scope)} (as you)</li>" for scope in sorted(wish.user_scopes))
        app = escape(self._workspaces[0].app.name)
        body = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Install {app}</title>'
            f"<h1>{app} asks for permission</h1><ul>{asked}</ul>"
            f'<form method="post"><label>You are <select name="who">{who}</select></label> '
            '<button name="answer" value="allow">Allow</button> <button name="answer" value="cancel">Cancel</button>'
            "</form></html>"
        )
        return web.Response(text=body, content_type="text/html", headers=_HEADERS)

    async def decide(self, request: web.Request) -> web.Response:
        """Send whoever decided back to the app, with a code or with access_denied."""
        wish = self._wish(request)
        form = await request.post()
        if form.get("answer") != "allow":
            raise web.HTTPFound(wish.back(error="access_denied"))
        for workspace, person in self._installers(wish):
            if form.get("who") == f"{workspace.team.id}:{person.id}":
                code = installs.issue_code(
                    workspace,
                    person.id,
                    scopes=wish.scopes,
                    user_scopes=wish.user_scopes,
                    redirect_uri=wish.redirect,
                )
                raise web.HTTPFound(wish.back(code=code))
        raise web.HTTPForbidden(text="Only a member of the workspace may install an app.")

    def _installers(self, wish: _Wish) -> Iterator[tuple[Workspace, Person]]:
        for workspace in self._workspaces:
            if wish.team in {"", workspace.team.id}:
                for person in workspace.people.values():
                    if person.standing is Standing.MEMBER and not person.is_bot and not person.deleted:
                        yield workspace, person

    def _wish(self, request: web.Request) -> _Wish:
        """Read the address.

        Raises:
            HTTPBadRequest: with the code that Slack shows.
        """
        query = request.query
        wish = _Wish(
            scopes=_scopes(query.get("scope", "")),
            user_scopes=_scopes(query.get("user_scope", "")),
            redirect=query.get("redirect_uri", ""),
            state=query.get("state", ""),
            team=query.get("team", ""),
        )
        if query.get("client_id") != self._workspaces[0].app.client_id:
            raise web.HTTPBadRequest(text="invalid_client_id")
        if not wish.redirect.startswith(("http://", "https://")):
            raise web.HTTPBadRequest(text="bad_redirect_uri")
        if not wish.scopes | wish.user_scopes or (wish.scopes | wish.user_scopes) - KNOWN_SCOPES:
            raise web.HTTPBadRequest(text="invalid_scope")
        if wish.team not in {"", *(workspace.team.id for workspace in self._workspaces)}:
            raise web.HTTPBadRequest(text="invalid_team")
        return wish


def _scopes(text: str) -> frozenset[str]:
    """Read scopes, separated by commas or spaces."""
    return frozenset(text.replace(",", " ").split())
