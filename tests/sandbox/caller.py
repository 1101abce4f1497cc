"""Calls the Web API in this process, without HTTP: a quick way to drive many methods."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.clock import SeededChance
from bot.sandbox.args import Args
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import UserId
from bot.sandbox.state.records import Token, TokenKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from tests.fakes.clock import FakeClock

ANA_TOKEN, DMITRI_TOKEN = "xoxp-ana", "xoxp-dmitri"
# What a person may lend to an app, beside what a bot may be granted.
USER_SCOPES = {"dnd:write", "identity:read", "users.profile:write", "chat:write", "users.profile:read", "dnd:read"}
APP_SCOPES = {"connections:write", "authorizations:read"}

Answer = dict[str, Any]


class Caller:
    """Somebody with a bot token, an app token and Ana's token; remembers every answer."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.sandbox = Sandbox(self.clock, SeededChance(1), limits=False)
        self.workspace = self.sandbox.workspace
        self.workspace.base_url = "http://127.0.0.1"
        # Nobody listens: what is told to the app stands here.
        self.told: list[Answer] = []
        self.workspace.on_event[:] = [lambda event: self.told.append(event.body)]
        self.workspace.on_scheduled.clear()
        app = Token(value=APP_TOKEN, kind=TokenKind.APP, scopes=frozenset(APP_SCOPES))
        self.workspace.tokens |= {APP_TOKEN: app}
        self._lend(ANA_TOKEN, "U0ANA")
        self.answers: list[tuple[str, Answer]] = []

    def ask(self, method: str, *, token: str = BOT_TOKEN, **args: object) -> Answer:
        """Return whatever the method answers."""
        answer = self.sandbox.api.perform(method, Args(args), token).body
        self.answers.append((method, answer))
        return answer

    def do(self, method: str, *, token: str = BOT_TOKEN, **args: object) -> Answer:
        """Return the answer of a call that must work."""
        answer = self.ask(method, token=token, **args)
        assert answer["ok"], (method, answer)
        return answer

    def refused(self, method: str, *, token: str = BOT_TOKEN, **args: object) -> str:
        """Return the code with which a call is refused."""
        answer = self.ask(method, token=token, **args)
        assert not answer["ok"], (method, answer)
        return str(answer["error"])

    def as_app(self, method: str, **args: object) -> Answer:
        """Call with the app-level token."""
        return self.do(method, token=APP_TOKEN, **args)

    def as_ana(self, method: str, **args: object) -> Answer:
        """Call with the token that Ana lent to the app."""
        return self.do(method, token=ANA_TOKEN, **args)

    def as_dmitri(self, method: str, **args: object) -> Answer:
        """Call with a token that Dmitri lends to the app."""
        self._lend(DMITRI_TOKEN, "U0DMITRI")
        return self.do(method, token=DMITRI_TOKEN, **args)

    def post(self, text: str = "Checkout is down", channel: str = "C0GENERAL", **more: Any) -> str:
        """Post a message; return its ts."""
        return str(self.do("chat.postMessage", channel=channel, text=text, **more)["ts"])

    @contextmanager
    def heard(self, kind: str) -> Iterator[list[Answer]]:
        """Collect the events of that type that the app is told meanwhile."""
        collected: list[Answer] = []
        before = len(self.told)
        yield collected
        collected += [body for body in self.told[before:] if body["type"] == kind]

    def _lend(self, value: str, user: str) -> None:
        scopes = frozenset(USER_SCOPES)
        self.workspace.tokens[value] = Token(value=value, kind=TokenKind.USER, scopes=scopes, user=UserId(user))
