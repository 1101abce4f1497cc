"""Finding an incident again by what was said of it.

What was said stands in an index of words (store/words.py), which finds a word by its beginning. It may find too much:
`says` tells.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.domain.model import Incident

LONGEST_WORD: Final = 40
_WORD: Final = re.compile(r"\w+")
# Scripts that are written without spaces between words: each place in them may begin one.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def told_of(incident: Incident) -> tuple[str, ...]:
    """Return what is looked through: its title, its last update, what was said at its end."""
    return (
        incident.title,
        incident.last_update.text if incident.last_update else "",
        incident.resolution or "",
        incident.set_aside.reason if incident.set_aside else "",
    )


def says(incident: Incident, words: Sequence[str]) -> bool:
    """Tell whether all these words (in lower case) stand in what was said of it."""
    text = "\n".join(told_of(incident)).lower()
    return all(word in text for word in words)


def beginnings(words: Sequence[str]) -> frozenset[str]:
    """Return with what the words must begin that are looked for."""
    return frozenset(one[:LONGEST_WORD] for word in words for one in _WORD.findall(word.lower()))


def indexed(texts: Sequence[str]) -> frozenset[str]:
    """Return the words under which texts are found."""
    return frozenset(word[:LONGEST_WORD] for text in texts for word in _words(text))


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.lower()):
        yield word
        if _UNSPACED.search(word):
            yield from (word[at:] for at in range(1, len(word)))
