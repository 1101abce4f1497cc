"""A fault in the configuration: where, what, and what to write instead. All are collected; none stops the search.

A fault never repeats a value that may be a secret.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.text import one_line

Where = tuple[str | int, ...]
"""The way to a value from the top of the file: ("routes", 0, "channel")."""

LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mark:
    """A place in the file, counted from 1 as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that cannot be used. `mark` is None when the file as a whole is meant."""

    mark: Mark | None = None
    where: Where = ()
    text: str

    def line(self, file: str) -> str:
        """Return the fault as people read it: `muster.yaml:4:5 routes[0].channel: is missing`."""
        place = f"{file}:{self.mark.line}:{self.mark.column}" if self.mark else file
        name = path_text(self.where)
        if name:
            return f"{place} {name}: {self.text}"
        return f"{place} {self.text}" if self.mark else f"{place}: {self.text}"


def path_text(where: Where) -> str:
    """Return the way to a value as people write it: `routes[0].channel`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{one_line(part, LONGEST_QUOTE)}"
    return text.removeprefix(".")


def quoted(text: str) -> str:
    """Return a value of the file in quotes, on one line and not longer than can be read."""
    return f'"{one_line(text, LONGEST_QUOTE)}"'


def hint(wrong: str, known: Iterable[str]) -> str:
    """Return what may have been meant, else what there is: `, did you mean "channel"?`."""
    names = sorted(known)
    meant = closest(wrong, names)
    if meant:
        return f", did you mean {quoted(meant)}?"
    return f" (known here: {one_line(', '.join(names), 4 * LONGEST_QUOTE)})" if names else ""


def closest(wrong: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant."""
    # Cut, because difflib's time grows with the product of the lengths.
    close = get_close_matches(wrong[:LONGEST_QUOTE].lower(), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def lines(faults: Iterable[Fault], file: str) -> list[str]:
    """Return the faults as people read them, from the top of the file to its end, each once."""
    ordered = sorted(faults, key=lambda fault: (fault.mark or Mark(line=0, column=0), path_text(fault.where)))
    return list(dict.fromkeys(fault.line(file) for fault in ordered))
