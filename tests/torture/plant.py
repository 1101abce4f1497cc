"""What a planted fault is (the tables of them: plant_list.py, plants_of_alerts.py), and the simplest of them."""

from dataclasses import dataclass

from tests.torture.plants import A, Make
from tests.torture.trials import Run


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault: what it is, the invariant that must name it, the run that shows it, and what is put where."""

    what: str
    invariant: str
    run: Run
    owner: object
    name: str
    make: Make


def always(value: object) -> Make:
    """Put a function there that always returns this."""
    return lambda _: lambda *_, **__: value


def always_later(value: object) -> Make:
    """Put a coroutine there that always returns this."""

    async def answer(*_: A, **__: A) -> A:
        return value

    return lambda _: answer
