"""Whatever text comes in, what people see is harmless; and the suite sees harm when there is some."""

import pytest

from bot.views.blocks import Message
from tests.torture.renders import VIEWS, rendered
from tests.torture.shown import faults


def said(markup: str, fallback: str = "x") -> Message:
    """Return a message that no view would make."""
    text = {"type": "mrkdwn", "text": markup, "verbatim": True}
    return Message(fallback, ({"type": "section", "block_id": "1", "text": text},))


def test_some_renders_of_every_view_are_harmless() -> None:
    found = {seed: rendered(seed) for seed in range(1, 301)}
    assert {name for name, _ in found.values()} == set(VIEWS)
    assert {seed: wrong for seed, (_, shown) in found.items() if (wrong := list(faults(shown)))} == {}


@pytest.mark.parametrize("seed", [1014183, 1182046], ids=["a sender's silence", "an assignment"])
def test_a_text_that_is_a_slack_id_calls_nobody(seed: int) -> None:
    assert list(faults(rendered(seed)[1])) == []


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ("<!channel>", "live: <!channel>"),
        ("<@U0VICTIM>", "live: <@U0VICTIM>"),
        ("<#C0VICTIM|x>", "live: <#C0VICTIM|x>"),
        ("<!date^0^{time}^https://evil.example|x>", "live: <!date^0^{time}^https://evil.example|x>"),
        ("<mailto:a@b.example|x>", "live: <mailto:a@b.example|x>"),
        ("<https://evil.example/|see https://good.example>", "a link to evil.example that says good.example"),
        ("a\u202eb", "a control character '\\u202e'"),
        ("a\x00b", "a control character '\\x00'"),
    ],
)
def test_harm_is_seen(markup: str, fault: str) -> None:
    assert fault in list(faults(said(markup)))
    assert fault in list(faults(said("x", markup)))


def test_what_slack_would_refuse_is_seen() -> None:
    assert any(one.startswith("Slack would refuse it") for one in faults(said("x" * 3001)))
    assert list(faults(said("<@U0ANA> <https://good.example/|good.example>"))) == []
    assert list(faults(said("<https://good.example./x|https://good.example./x>"))) == []
