"""Regular expressions that people write, for whole label values: read as RE2 does, and never slow.

Python's engine tries one way after another, and some expressions have more ways than there is time for. So the ways of
an expression are counted before it is used (`_Reader`), and one with too many is refused with what to write instead.
What RE2 (https://github.com/google/re2/wiki/Syntax) cannot read is refused too: Alertmanager could not read it either.
"""

import re
import warnings
from typing import Final

from bot.domain.text import one_line

LONGEST_PATTERN: Final = 1_000
# The longest value that a label has (bot/inbound/payloads.py): so often may ".*" stop somewhere else.
_LONGEST_VALUE: Final = 1_024
# ".*a.*b.*" is fine, and some words to choose from beside it.
_MOST_WAYS: Final = 64 * _LONGEST_VALUE**3
_DEEPEST: Final = 20
_MOST_REPEATS: Final = 1_000
_QUOTED: Final = 60

_REPEAT: Final = re.compile(r"(?:(?P<sign>[*+?])|\{(?P<least>[0-9]+)(?P<comma>,)?(?P<most>[0-9]+)?\})\??")
_GROUP: Final = re.compile(r"\((?:\?(?:P<[A-Za-z_][A-Za-z0-9_]*>|[ims]*(?:-[ims]+)?:))?(?!\?)")
_FLAGS: Final = re.compile(r"\(\?[ims]+\)")
_CLASS: Final = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_BEYOND: Final = re.compile(r"\\[1-9Z]|\(\?(?:[=!>#(]|<[=!]|P=|[ims-]*[aLux])|\{,[0-9]+\}")


def compiled(text: str) -> re.Pattern[str]:
    """Return a regular expression; it is to be matched against a whole value, so it needs no ^ and $.

    Raises:
        ValueError: it is none, or would take too long; the text says which.
    """
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"longer than {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python warns of here means another thing than its writer thought
            pattern = re.compile(text)
    except (re.error, Warning, OverflowError, RecursionError) as error:
        raise ValueError(f"{_quoted(text)} is no regular expression: {_quoted(str(error))[1:-1]}") from None
    if _Reader(text).ways() > _MOST_WAYS:
        raise ValueError(
            f'{_quoted(text)} could take very long: nothing that repeats may stand in what repeats, and ".*" at most '
            "three times; write several matchers instead"
        )
    return pattern


class _Reader:
    """Counts in how many ways an expression may be tried on the longest value. It has been compiled: it is whole."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def ways(self) -> int:
        """Count what stands here, up to the end or a closing parenthesis: the sum of its alternatives.

        Raises:
            ValueError: RE2 could not read it.
        """
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"{_quoted(self._text)} has more than {_DEEPEST} parentheses within each other")
        total, ways = 0, 1
        while self._at < len(self._text) and self._text[self._at] != ")":
            if self._text[self._at] == "|":
                self._at += 1
                total, ways = total + ways, 1
            else:
                ways = min(ways * self._repeated(self._one()), _MOST_WAYS + 1)
        self._depth -= 1
        return min(total + ways, _MOST_WAYS + 1)

    def _one(self) -> int:
        if beyond := _BEYOND.match(self._text, self._at):
            raise ValueError(f"{_quoted(self._text)} has {beyond[0]}, which Alertmanager does not read (RE2 syntax)")
        found = _FLAGS.match(self._text, self._at) or _CLASS.match(self._text, self._at)
        if found is None and (group := _GROUP.match(self._text, self._at)):
            self._at = group.end()
            ways = self.ways()
            self._at += 1
            return ways
        self._at = found.end() if found else self._at + (2 if self._text[self._at] == "\\" else 1)
        return 1

    def _repeated(self, ways: int) -> int:
        found = _REPEAT.match(self._text, self._at)
        if found is None:
            return ways
        self._at = found.end()
        if self._text.startswith("+", self._at):
            raise ValueError(f"{_quoted(self._text)} has {found[0]}+, which Alertmanager does not read (RE2 syntax)")
        if found["sign"] == "?":
            return ways + 1
        least = int(found["least"] or 0)
        most = int(found["most"] or least)
        if max(least, most) > _MOST_REPEATS:
            raise ValueError(f"{_quoted(self._text)} repeats more than {_MOST_REPEATS:,} times")
        if found["sign"] or (found["comma"] and not found["most"]):
            return _LONGEST_VALUE if ways == 1 else _MOST_WAYS + 1
        ways = min(int(pow(ways, most)), _MOST_WAYS + 1)
        return (most - least + 1) * ways


def _quoted(text: str) -> str:
    return f'"{one_line(text, _QUOTED)}"'
