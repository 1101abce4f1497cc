"""Who may call what, and in which workspace: a token, its scopes, and for an org-wide install the team that is meant.

Sources: https://docs.slack.dev/authentication/tokens, https://docs.slack.dev/enterprise/organization-ready-apps, and
the errors that every method has in common (https://docs.slack.dev/reference/methods/auth.test#errors).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.facts import FACTS
from bot.sandbox.methods import HANDLERS, missing_scope, refusal
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.records import Token, TokenKind
from bot.sandbox.state.workspace import Workspace

# Methods whose page says of team_id "required if org token is used".
_NEED_TEAM: Final = frozenset(
    {
        "bots.info",
        "chat.scheduledMessages.list",
        "conversations.create",
        "conversations.list",
        "dnd.info",
        "dnd.teamInfo",
        "usergroups.create",
        "usergroups.disable",
        "usergroups.enable",
        "usergroups.list",
        "usergroups.update",
        "usergroups.users.list",
        "usergroups.users.update",
        "users.conversations",
        "users.list",
    }
)
# Who calls a method that takes no token.
_NOBODY: Final = Token(value="", kind=TokenKind.APP, scopes=frozenset())


class Access:
    """Admits calls to the server's workspaces; the first is where calls without a token go."""

    def __init__(self, workspaces: Sequence[Workspace]) -> None:
        self._workspaces = workspaces

    def token(self, value: str) -> Token | None:
        """Return what is known of a token."""
        return next((one.tokens[value] for one in self._workspaces if value in one.tokens), None)

    def admit(self, method: str, args: Args, value: str) -> tuple[Workspace, Token]:
        """Return the workspace in which the call acts, and its token.

        Raises:
            SlackError: unknown_method, not_authed, invalid_auth, account_inactive, token_revoked, token_expired,
                not_allowed_token_type, missing_scope, missing_argument, team_access_not_granted, org_login_required.
        """
        if method not in HANDLERS:
            raise refusal(method)
        if FACTS[method].open:
            return self._owner(args.text("code"), args.text("refresh_token")), _NOBODY
        if not value:
            raise SlackError("not_authed")
        if (granted := self.token(value)) is None:
            raise SlackError("invalid_auth")
        _check_alive(granted, self._workspaces[0].make.seconds())
        _check_scopes(method, granted)
        workspace = self._meant(method, args, granted)
        if workspace.team.migrating:
            raise SlackError("org_login_required")
        if granted.user and workspace.people[granted.user].deleted:
            raise SlackError("token_revoked")
        return workspace, granted

    def _owner(self, code: str, refresh: str) -> Workspace:
        """Return the workspace that gave a code or a refresh token."""
        gave = (one for one in self._workspaces if code in one.codes or refresh in one.refreshes)
        return next(gave, self._workspaces[0])

    def _meant(self, method: str, args: Args, granted: Token) -> Workspace:
        """Return the workspace that a call is about: the token's, or for an org token the one that it names."""
        let_in = [one for one in self._workspaces if granted.value in one.tokens]
        if not granted.org:
            return let_in[0]
        named = self._named(args)
        if named is None and method in _NEED_TEAM:
            raise SlackError("missing_argument")
        if named is not None and named not in let_in:
            raise SlackError("team_access_not_granted")
        return named or let_in[0]

    def _named(self, args: Args) -> Workspace | None:
        """Return the workspace that a call names by its team, or by something that lives in it.

        Raises:
            SlackError: team_access_not_granted for a team that nobody knows.
        """
        if team := args.text("team_id"):
            found = next((one for one in self._workspaces if one.team.id == team), None)
            if found is None:
                raise SlackError("team_access_not_granted")
            return found
        for lives_in in (_holds, _knows):
            if found := next((one for one in self._workspaces if lives_in(one, args)), None):
                return found
        return None


def _holds(workspace: Workspace, args: Args) -> bool:
    """Say whether a channel, file, view or the like that the arguments name is in that workspace."""
    places: Mapping[str, Collection[str]] = {
        "channel": workspace.channels,
        "channel_id": workspace.channels,
        "file": workspace.files,
        "trigger_id": workspace.triggers,
        "view_id": workspace.views,
        "canvas_id": workspace.canvases,
        "usergroup": workspace.usergroups,
    }
    return any(args.text(name) in known for name, known in places.items())


def _knows(workspace: Workspace, args: Args) -> bool:
    """Say whether the person whom the arguments name is in that workspace (they may be in several)."""
    people = [args.text("user"), args.text("user_id"), args.text("channel"), *args.names("users")]
    return any(UserId(person) in workspace.people for person in people)


def _check_alive(granted: Token, now: int) -> None:
    if granted.revoked:
        raise SlackError("token_revoked" if granted.kind is TokenKind.USER else "account_inactive")
    if granted.expired or (granted.expires is not None and now >= granted.expires):
        raise SlackError("token_expired")


def _check_scopes(method: str, granted: Token) -> None:
    facts = FACTS[method]
    scopes = facts.user_scopes if granted.kind is TokenKind.USER else facts.scopes
    as_app = (facts.token is TokenKind.APP) is (granted.kind is TokenKind.APP)
    if (scopes and not as_app) or (facts.users_only and granted.kind is not TokenKind.USER):
        raise SlackError("not_allowed_token_type")
    if scopes and not granted.scopes & set(scopes):
        raise missing_scope(scopes[0], granted)
