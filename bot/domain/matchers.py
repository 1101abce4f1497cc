"""Which alerts are meant: label matchers, written as Alertmanager writes them (`severity=~"critical|high"`).

A label that is not there is the same as an empty one, and a regular expression must match the whole value
(https://prometheus.io/docs/alerting/latest/configuration/#matcher). Whoever chooses alerts by their labels, a route, a
silence or an inhibition, does it by these, and all see the same labels (`seen_labels`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.domain.alerts_model import ReportedAlert
from bot.domain.patterns import compiled
from bot.domain.text import clean, one_line

LONGEST_TEXT: Final = 4_000
MOST_MATCHERS: Final = 20
LONGEST_NAME: Final = 256
LONGEST_VALUE: Final = 1_024
_QUOTED: Final = 60

# Slack and macOS make these of the quotes that people type.
_OPENING: Final = '"“”„'
_CLOSING: Final = '"“”'
_ESCAPES: Final[Mapping[str, str]] = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
_SPACE: Final = re.compile(r"\s*")
_NAME: Final = re.compile(r"[^\s,{}=!~\"“”„\\]+")
_OPERATOR: Final = re.compile("=~|!~|!=|=")
_BARE: Final = re.compile(r"[^\s,{}\"“”„]*")
_NEEDS_NO_QUOTES: Final = re.compile("[a-zA-Z_:][a-zA-Z0-9_:]*")


class Operator(StrEnum):
    """How a label is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    MATCHES_NOT = "!~"

    @property
    def is_pattern(self) -> bool:
        """Tell whether the value is a regular expression."""
        return self in {Operator.MATCHES, Operator.MATCHES_NOT}

    @property
    def is_negative(self) -> bool:
        """Tell whether it is the labels without this value that are meant."""
        return self in {Operator.NOT_EQUAL, Operator.MATCHES_NOT}


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label.

    Raises:
        ValueError: the name is empty or the value cannot be used; the text says what to change.
    """

    name: str
    operator: Operator
    value: str
    _pattern: re.Pattern[str] | None = field(init=False, repr=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if not self.name or len(self.name) > LONGEST_NAME:
            raise ValueError(f"a label's name has 1 to {LONGEST_NAME} characters")
        if len(self.value) > LONGEST_VALUE:
            raise ValueError(f"the value for {_quoted(self.name)} is longer than {LONGEST_VALUE:,} characters")
        if self.operator.is_pattern:
            object.__setattr__(self, "_pattern", compiled(self.value))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Tell whether the labels, as `seen_labels` returns them, are meant."""
        value = labels.get(self.name, "")
        found = value == self.value if self._pattern is None else self._pattern.fullmatch(value) is not None
        return found is not self.operator.is_negative

    def __str__(self) -> str:
        """Return it as it can be read again."""
        name = self.name if _NEEDS_NO_QUOTES.fullmatch(self.name) else _in_quotes(self.name)
        return f"{name}{self.operator}{_in_quotes(self.value)}"


def all_match(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Tell whether the labels are meant by all the matchers; by none at all, everything is."""
    return all(matcher.matches(labels) for matcher in matchers)


def text_of(matchers: Iterable[Matcher]) -> str:
    """Return matchers on one line, as `matchers_of` reads them: `{service="checkout", severity=~"critical|high"}`."""
    return "{" + ", ".join(str(matcher) for matcher in matchers) + "}"


def matcher_of(text: str) -> Matcher:
    """Read one matcher.

    Raises:
        ValueError: it is none, or more than one.
    """
    found = matchers_of(text)
    if len(found) > 1:
        raise ValueError(f"{_quoted(text)} is {len(found)} matchers; write one here")
    return found[0]


def matchers_of(text: str) -> tuple[Matcher, ...]:
    r"""Read matchers with commas between them; the braces around them, and quotes around plain values, may be missing.

    In quotes \" \\ \n \t are escapes; any other backslash stays, so that a regular expression needs no second one.

    Raises:
        ValueError: something else stands there; the text says what and what to write instead.
    """
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"the matchers are longer than {LONGEST_TEXT:,} characters")
    return _Reader(clean(text)).read()


def seen_labels(report: ReportedAlert) -> Mapping[str, str]:
    """Return what matchers see of an alert: its labels, and who told it, its name, and its severity on our scale.

    `severity` is critical, high, warning, info or unknown, whatever word its sender has for it.
    """
    seen = {"alertname": report.title, **report.labels}
    seen |= {"source": report.source, "integration": report.integration, "severity": report.severity.value}
    return seen


class _Reader:
    """Reads matchers from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> tuple[Matcher, ...]:
        braces = self._takes("{")
        found: list[Matcher] = []
        while not self._ended(braces=braces):
            found.append(self._matcher())
            if len(found) > MOST_MATCHERS:
                raise ValueError(
                    f"more than {MOST_MATCHERS} matchers; write fewer, with =~ for several values of a label"
                )
            if not self._takes(",") and not self._ended(braces=braces):
                raise ValueError(
                    f"{self._rest()} follows a matcher; put a comma between matchers, quotes around values"
                )
        if braces and not (self._takes("}") and self._ended(braces=False)):
            raise ValueError("a } is missing at the end" if not self._rest() else f"{self._rest()} follows the }}")
        if not found:
            raise ValueError('no matcher stands there; write such as service="checkout"')
        return tuple(found)

    def _matcher(self) -> Matcher:
        name = self._quoted()
        if name is None:
            name = self._take(_NAME)
        if not name:
            raise ValueError(f'{self._rest()} does not begin with a label; write such as service="checkout"')
        self._take(_SPACE)
        operator = self._take(_OPERATOR)
        if not operator:
            raise ValueError(f"after {_quoted(name)} one of = != =~ !~ is missing")
        self._take(_SPACE)
        value = self._quoted()
        if value is None:
            value = self._take(_BARE)
            if value.startswith(("=", "~")):
                raise ValueError(f"{operator}{value[0]} is no comparison; write one of = != =~ !~")
        return Matcher(name, Operator(operator), value)

    def _quoted(self) -> str | None:
        """Return what stands in quotes here; None when none begin."""
        if self._at == len(self._text) or self._text[self._at] not in _OPENING:
            return None
        closing = '"' if self._text[self._at] == '"' else _CLOSING
        found: list[str] = []
        at = self._at + 1
        while at < len(self._text):
            here = self._text[at]
            if here in closing:
                self._at = at + 1
                return "".join(found)
            escaped = _ESCAPES.get(self._text[at + 1 : at + 2]) if here == "\\" else None
            found.append(escaped or here)
            at += 2 if escaped else 1
        raise ValueError(f"the quotes that begin at {self._rest()} are not closed")

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else ""

    def _takes(self, sign: str) -> bool:
        self._take(_SPACE)
        if not self._text.startswith(sign, self._at):
            return False
        self._at += 1
        self._take(_SPACE)
        return True

    def _ended(self, *, braces: bool) -> bool:
        self._take(_SPACE)
        return self._at == len(self._text) or (braces and self._text[self._at] == "}")

    def _rest(self) -> str:
        rest = self._text[self._at :].strip()
        return _quoted(rest) if rest else ""


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _quoted(text: str) -> str:
    return f"'{one_line(text, _QUOTED)}'"
