"""How a command complains: a line for each thing that is wrong, on standard error, and no traceback.

Exit codes: 0 all is well, 1 it did not work (try again, or mend the world), 2 it was asked wrongly.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.errors import ConfigError, Overloaded, Refused


@contextmanager
def complaints(last_word: str = "Nothing was started.") -> Iterator[None]:
    """Turn what can go wrong into a line each on standard error, and an exit code."""
    try:
        yield
    except ConfigError as error:
        complain(*error.faults, last_word)
        raise typer.Exit(2) from None
    except Refused as error:
        complain(str(error))
        raise typer.Exit(1) from None
    except Overloaded as error:
        complain(f"{error}{_cause(error)}")
        raise typer.Exit(1) from None
    except ModuleNotFoundError as error:
        if error.name != "asyncpg":
            raise
        complain("PostgreSQL needs one more package: pip install 'muster-bot[postgres]'", last_word)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def complain(*lines: str) -> None:
    """Say what is wrong."""
    for line in lines:
        typer.echo(line, err=True)


def _cause(error: BaseException) -> str:
    """Return the root of an error in brackets, without the statement that the driver repeats."""
    root = error
    while root.__cause__ is not None:
        root = root.__cause__
    return "" if root is error else f" ({getattr(root, 'orig', None) or root})"
