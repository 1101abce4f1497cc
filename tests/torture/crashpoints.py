"""Death at every named point: before and after each commit and each call, while starting and while recovering too.

A first life tells which points the story reaches, and how often. Then it is told again for each of them, to a bot that
dies by SIGKILL exactly there. What only a second life reaches (looking for what the first may have said) is died at
as well, in stories with two deaths.
"""

import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.torture.forked import Death, Zygote, own_port
from tests.torture.spread import spread
from tests.torture.suite import Broken, Order, Report, Size, again
from tests.torture.tale import tell

AT_ONCE: Final = 4
# A later hit depends on what else went on at the time: where it was not reached it is tried again, so many times.
TRIES: Final = 3
BEHIND: Final = " then "


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One telling: where it died, what each life reached, and what was wrong in the end."""

    deaths: tuple[Death, ...]
    lives: Sequence[Sequence[str]] = ()
    wrong: str = ""

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{name(self.deaths) or 'nobody dies'}: {self.wrong or ('ok' if self.died else 'not reached')}"

    @property
    def died(self) -> bool:
        """Return whether it died as often as it should have."""
        return len(self.lives) > len(self.deaths)


async def one(zygote: Zygote, deaths: tuple[Death, ...], number: int) -> Told:
    """Tell the story once."""
    with tempfile.TemporaryDirectory(prefix="muster-crash-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/muster.db"
        try:
            lives = await tell(zygote, Path(folder), url, own_port(number), deaths)
        except (AssertionError, TimeoutError) as error:
            return Told(deaths=deaths, wrong=str(error) or _where(error))
    if len(lives) > len(deaths) + 1:
        return Told(deaths=deaths, lives=lives, wrong=f"it died {len(lives) - 1 - len(deaths)} times by itself")
    return Told(deaths=deaths, lives=lives)


def _where(error: Exception) -> str:
    """Return what an error that says nothing is: its kind, and the line that raised it."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}: {last.line}"


def crashpoints(order: Order) -> Report:
    """Die everywhere."""
    if order.only is not None:
        return _report(order, _tell(order, [read(order.only)]))
    (whole,) = _tell(order, [()])
    if whole.wrong:
        return _report(order, [whole])
    hits = Counter(whole.lives[0])
    order.say(f"{len(hits)} points are reached, {hits.total()} times in all")
    told = _tell(order, [(death,) for death in chosen(hits, order.size)])
    known = set(hits)
    while further := _further(told, known):
        known |= {deaths[-1].point for deaths in further}
        order.say(f"{len(further)} points are reached only after a death")
        told += _tell(order, further)
    return _report(order, [whole, *told], hits)


def chosen(hits: Counter[str], size: Size) -> list[Death]:
    """Return where to die: each point's first hit, its second and its last; by night at every hit."""
    return [
        Death(point, hit)
        for point, times in hits.items()
        for hit in (sorted({1, min(2, times), times}) if size is Size.CHANGE else range(1, times + 1))
    ]


def _further(told: Iterable[Told], known: set[str]) -> list[tuple[Death, ...]]:
    """Return a story for each point that no story has died at yet, with the deaths that led there."""
    found: dict[str, tuple[Death, ...]] = {}
    for one_told in told:
        reached = {point for life in one_told.lives[1:] for point in life} - known
        for point in reached:
            found.setdefault(point, (*one_told.deaths[:1], Death(point)))
    return list(found.values())


def _tell(order: Order, wanted: Sequence[tuple[Death, ...]]) -> list[Told]:
    told: list[Told] = []
    for _ in range(TRIES):
        now = spread(one, wanted, order, at_once=AT_ONCE)
        told += [each for each in now if each.died or each.wrong]
        wanted = [each.deaths for each in now if not each.died and not each.wrong]
        if not wanted:
            break
    return told + [Told(deaths=deaths) for deaths in wanted]


def name(deaths: Iterable[Death]) -> str:
    """Return deaths as `--only` names them."""
    return BEHIND.join(map(str, deaths))


def read(text: str) -> tuple[Death, ...]:
    """Return the deaths of such a name."""
    parts = [part.rpartition(" #") for part in text.split(BEHIND)]
    return tuple(Death(point or hit, int(hit) if point else 1) for point, _, hit in parts)


def _report(order: Order, told: Sequence[Told], always: Iterable[str] = ()) -> Report:
    """Return what came of it. What is `always` reached was died at; after a death no two lives go the same way."""
    died_at = {each.deaths[-1].point for each in told if each.died and each.deaths}
    missed = sorted(set(always) - died_at)
    broken = [
        Broken(what=f"{name(each.deaths)}: {each.wrong}", again=again("crashpoints", only=f'"{name(each.deaths)}"'))
        for each in told
        if each.wrong
    ]
    broken += [
        Broken(what=f"nothing ever died at {point}", again=again("crashpoints", only=f'"{point}"')) for point in missed
    ]
    figures: dict[str, str | int | float] = {
        "stories": len(told),
        "points": len(died_at | set(missed)),
        "died at": len(died_at),
        "deaths": sum(len(each.lives) - 1 for each in told if each.lives),
        "hits not reached": sum(not each.died and not each.wrong for each in told),
    }
    order.say(", ".join(f"{what} {figure}" for what, figure in figures.items()))
    return Report(figures=figures, broken=tuple(broken))
