"""Reads what a workspace file says of the app: its name card, commands, shortcuts, tokens and scopes."""

from dataclasses import dataclass
from typing import Final

from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.setup.nodes import Node, close_to
from bot.sandbox.state.accounts import App, Command, Person, Shortcut, ShortcutKind, Token, TokenKind
from bot.sandbox.state.ids import UserId

# The manifest's limits (https://docs.slack.dev/reference/app-manifest).
COMMANDS_LIMIT: Final = 50
SHORTCUTS_LIMIT: Final = 10
NAME_LIMIT: Final = 35
# Scopes that Slack knows and no method of the sandbox asks for (https://docs.slack.dev/reference/scopes).
_OTHER_SCOPES: Final = """
    assistant:write calls:read calls:write channels:history channels:write chat:write chat:write.customize
    chat:write.public conversations.connect:manage conversations.connect:read conversations.connect:write
    datastore:read datastore:write dnd:write email emoji:read files:read groups:history groups:write
    groups:write.invites identify im:history im:write im:write.topic incoming-webhook links.embed:write links:read
    links:write lists:read lists:write metadata.message:read mpim:history mpim:write mpim:write.topic openid profile
    reminders:read reminders:write remote_files:read remote_files:share remote_files:write search:read
    search:read.files search:read.im search:read.mpim search:read.private search:read.public search:read.users
    stars:read stars:write team.billing:read team.preferences:read triggers:read triggers:write users.profile:read
    users.profile:write users:write workflow.steps:execute
"""
KNOWN_SCOPES: Final = ALL_BOT_SCOPES | set(_OTHER_SCOPES.split())
_LONG_WORD: Final = r"\S{4,200}"
_LONG_WORD_HINT: Final = "4 to 200 characters without spaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCard:
    """The app as the file describes it once for all workspaces."""

    app: App
    app_token: str
    commands: list[Command]
    shortcuts: list[Shortcut]

    @property
    def bot_name(self) -> str:
        """Return what the bot user is called: the app's name in small letters, without spaces."""
        return "".join(self.app.name.lower().split())


def read_app(node: Node) -> AppCard:
    """Read `app:`; what is missing is as in Northwind."""
    hint = f"1 to {NAME_LIMIT} characters"
    app = App(
        id=node.text("id", "A0MUSTER", shape="A[A-Z0-9]{3,}", hint="an id such as A0MUSTER"),
        bot_id="",
        user_id=UserId(""),
        name=node.text("name", "Muster", shape=f".{{1,{NAME_LIMIT}}}", hint=hint),
        signing_secret=node.text("signing_secret", "sandbox-signing-secret", shape=_LONG_WORD, hint=_LONG_WORD_HINT),
        client_id=node.text("client_id", "1000000000.2000000000", shape=_LONG_WORD, hint=_LONG_WORD_HINT),
        rotates_tokens=node.flag("token_rotation"),
        client_secret=node.text("client_secret", "sandbox-client-secret", shape=_LONG_WORD, hint=_LONG_WORD_HINT),
    )
    token = node.text("app_token", "xapp-sandbox-app", shape=r"xapp-\S+", hint="a token that begins with xapp-")
    card = AppCard(app=app, app_token=token, commands=_commands(node), shortcuts=_shortcuts(node))
    node.done()
    return card


def _commands(node: Node) -> list[Command]:
    items = node.records("commands")
    if len(items) > COMMANDS_LIMIT:
        items[COMMANDS_LIMIT].fault(f"an app has at most {COMMANDS_LIMIT} commands")
    commands: list[Command] = []
    for item in items:
        hint = "a slash and at most 31 small letters, digits, - or _"
        command = Command(
            command=item.text("command", needed=True, shape=r"/[a-z0-9_-]{1,31}", hint=hint),
            description=item.text("description"),
            usage_hint=item.text("usage_hint"),
            should_escape=item.flag("should_escape"),
        )
        if any(one.command == command.command for one in commands):
            item.fault(f"{command.command} is there twice")
        item.done()
        commands.append(command)
    return commands


def _shortcuts(node: Node) -> list[Shortcut]:
    items = node.records("shortcuts")
    if len(items) > SHORTCUTS_LIMIT:
        items[SHORTCUTS_LIMIT].fault(f"an app has at most {SHORTCUTS_LIMIT} shortcuts")
    shortcuts: list[Shortcut] = []
    for item in items:
        shortcut = Shortcut(
            callback_id=item.text("callback_id", needed=True, shape=".{1,255}", hint="1 to 255 characters"),
            name=item.text("name", needed=True, shape=".{1,24}", hint="1 to 24 characters"),
            kind=item.choice("kind", ShortcutKind.GLOBAL),
        )
        if any(one.callback_id == shortcut.callback_id for one in shortcuts):
            item.fault(f"a shortcut {shortcut.callback_id} is there twice")
        item.done()
        shortcuts.append(shortcut)
    return shortcuts


def read_scopes(node: Node) -> frozenset[str]:
    """Read a token's `scopes:`; without them it may do all that the sandbox can do."""
    if not node.has("scopes"):
        return ALL_BOT_SCOPES
    scopes = node.words("scopes")
    for scope in scopes:
        if scope.value not in KNOWN_SCOPES and not str(scope.value).startswith("admin"):
            scope.fault(f"Slack has no scope {scope.value}{close_to(str(scope.value), KNOWN_SCOPES)}")
    return frozenset(str(scope.value) for scope in scopes)


def read_token(node: Node, people: dict[str, Person]) -> Token:
    """Read one item of `tokens:`; the prefix tells its kind."""
    hint = "a token that begins with xoxb- (the bot's) or xoxp- (one person's)"
    value = node.text("token", needed=True, shape=r"xox[bp]-\S+", hint=hint)
    kind = TokenKind.USER if value.startswith("xoxp-") else TokenKind.BOT
    owner = people.get(node.text("user")) if node.has("user") else None
    if node.has("user") and owner is None:
        node.fault(f"there is no user {node.text('user')}{close_to(node.text('user'), people)}")
    if kind is TokenKind.USER and not node.has("user"):
        node.fault(f"{value} is a person's token: say whose, with `user:`")
    if kind is TokenKind.BOT and node.has("user"):
        node.fault(f"{value} is the bot's token: leave `user:` out, or begin it with xoxp-")
    token = Token(
        value=value,
        kind=kind,
        scopes=read_scopes(node),
        user=owner.id if owner and kind is TokenKind.USER else None,
        expired=node.flag("expired"),
        revoked=node.flag("revoked"),
    )
    node.done()
    return token
