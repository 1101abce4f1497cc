"""Whatever stands in an argument, a method answers: it never breaks, and it refuses in Slack's words."""

import pytest

from bot.sandbox.facts import FACTS
from bot.sandbox.methods import HANDLERS
from bot.sandbox.state.records import TokenKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN
from tests.sandbox.caller import ANA_TOKEN, Caller
from tests.sandbox.conformance import PAGES, may_answer
from tests.sandbox.test_conformance import GIVEN

ODD: list[object] = [
    "",
    " ",
    "x",
    "[",
    "[]",
    "[1, null]",
    "{}",
    '{"a": {"b": [null]}}',
    "null",
    "-1",
    "0",
    "99999999999999999999",
    "1.5",
    "true",
    "\u0000\ud83d\ude00",
    "C0GENERAL",
    "U0ANA,U0BO",
    "F0",
    0,
    -1,
    1.5,
    True,
    None,
    [],
    ["x", None, 3],
    [{}],
    [{"type": None}],
    [{"type": "section", "text": 3}],
    {},
    {"type": "modal", "title": None, "blocks": "x"},
    {"type": "home", "blocks": [None]},
    {"type": "markdown", "markdown": None},
]


@pytest.mark.parametrize("method", sorted(HANDLERS))
def test_no_argument_breaks_a_method(method: str) -> None:
    caller, facts = Caller(), FACTS[method]
    token = ANA_TOKEN if facts.users_only else APP_TOKEN if facts.token is TokenKind.APP else BOT_TOKEN
    given = {name: GIVEN.get(name, "x") for name in (*PAGES[method].required, *facts.required)}
    for name in sorted(PAGES[method].arguments):
        for odd in ODD:
            answer = caller.ask(method, token=token, **{**given, name: odd})
            assert answer["ok"] or method == "api.test" or may_answer(method, answer["error"]), (name, odd, answer)
