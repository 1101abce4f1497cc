"""What the engine performs itself asks the database: while that does not answer, the work is put off, not failed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.errors import Overloaded, TryLater


@contextmanager
def later_if_busy() -> Iterator[None]:
    """Put the work off if the database does not answer inside the block.

    Raises:
        TryLater: it did not.
    """
    try:
        yield
    except (Overloaded, DBAPIError) as error:
        message = "The database is busy."
        raise TryLater(message) from error
