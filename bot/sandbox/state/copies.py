"""Copies of JSON documents, several times as fast as copy.deepcopy, which asks everything what it is."""

from typing import Final, TypeVar, cast

T = TypeVar("T")
# Most of what stands in a document; asked first, because a call for each would cost most of the time.
_LEAVES: Final = frozenset({str, int, float, bool, type(None)})


def copied(document: T) -> T:
    """Return a copy that shares no list and no object with the original; tuples become lists, as in JSON."""
    return cast("T", _copied(document))


def _copied(document: object) -> object:
    if isinstance(document, dict):
        return {key: value if type(value) in _LEAVES else _copied(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [value if type(value) in _LEAVES else _copied(value) for value in document]
    return document
