"""Places where a crash could matter, each with a name: before and after every commit, before and after every call.

Nothing happens there. A test of crashes puts its hook into a process of its own (no setting of the product does), is
told of each place as it is reached, and may kill the process right there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

HOOKS: Final[list[Callable[[str], None]]] = []


@contextmanager
def told(hook: Callable[[str], None]) -> Iterator[None]:
    """Tell a hook of each place that is reached, until the block ends."""
    HOOKS.append(hook)
    try:
        yield
    finally:
        HOOKS.remove(hook)


def reached(place: str, what: str) -> None:
    """Say that this place is reached; `what` says of what it is."""
    for hook in HOOKS:
        hook(f"{place} {what}")
