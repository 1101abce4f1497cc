"""Texts made to break what shows them: pieces of Slack's syntax, what turns reading round, what cannot be stored."""

from typing import Final

from tests.torture.steady import Dice

PIECES: Final = (
    *"<>&*_~`|!@#:;/\\'\"()[]{}.,-^ \n\t=?%aB7é支😀",
    *("\u200b", "\u202e", "\u2066", "\u2069", "\u200f", "\ufeff", "\x00", "\x07", "\x1b[31m", "\x85", "\u2028", "\r\n"),
    *("\ud800", "\udfff", "\U000e0041", "\u00ad", "e\u0301", "\u200d", "👩\u200d🚒", "\ufe0f", "🏽"),
    *("<!channel>", "<!here>", "<!everyone>", "<!subteam^S1|x>", "<@U0VICTIM>", "<@W0VICTIM|ana>", "<#C0VICTIM|x>"),
    *("@channel", "@here", "U0VICTIM", "<!date^0^{time}^https://evil.example|x>", "<mailto:a@evil.example|b>"),
    *("<https://evil.example|https://good.example>", "https://evil.example/", "http://a.b/c?d=e&f=g", "https://"),
    *("https://good.example@evil.example", "javascript:alert(1)", "&lt;", "&gt;", "&amp;", "&amp;lt;!channel&amp;gt;"),
    *("```", "*x*", "_x_", "~x~", "`x`", "> x", ":fire:", "|", "pod_name_x", "https://evil.example|good.example"),
)
LENGTHS: Final = (1, 1, 1, 1, 3, 60, 400, 2_000)


def text(dice: Dice) -> str:
    """Return a text: a few pieces, or many, or letters from anywhere."""
    if dice.below(8) == 0:
        return "".join(chr(dice.below(0x3000)) for _ in range(dice.below(40)))
    return ("".join(dice.one_of(PIECES) for _ in range(dice.below(16))) * dice.one_of(LENGTHS))[:9_000]


def maybe(dice: Dice, made: str) -> str | None:
    """Return it, or sometimes nothing."""
    return made if dice.below(3) else None


def web_url(dice: Dice) -> str:
    """Return what a sender gives as an address."""
    return dice.one_of(("https://good.example/", "", "https://good.example:8080/a?b=")) + text(dice)[:3_200]
