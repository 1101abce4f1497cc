"""Remembers what bodies were read as: who reads behind the door need not do again what was done at the door.

Reading is pure, so what is remembered is what would be read. The oldest goes first when there is too much.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.page_commands import HearPager
from bot.inbound.alerts import Parse, Source

# All that is remembered of a source; what it was read as takes about five times as much.
BYTES: Final = 4 * 1024 * 1024
# Larger ones are read in threads, and seldom.
LARGEST: Final = 64 * 1024

Read = tuple[tuple[ReportedAlert, ...], tuple[str, ...]]


class Remembering:
    """A source's parser that remembers."""

    def __init__(self, parse: Parse, at_most: int = BYTES) -> None:
        """Remember at most so many bytes of bodies."""
        self._parse, self._room = parse, at_most
        self._known: OrderedDict[bytes, Read] = OrderedDict()

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        """Return the alerts in a body; see `Parse`. What cannot be read at all is not remembered."""
        known = self._known.get(body)
        if known is None:
            faults: list[str] = []
            known = self._parse(body, faults.append), tuple(faults)
            self._keep(body, known)
        reports, why = known
        if left_out is not None:
            for fault in why:
                left_out(fault)
        return reports

    def _keep(self, body: bytes, read: Read) -> None:
        if len(body) > LARGEST:
            return
        self._known[body] = read
        self._room -= len(body)
        while self._room < 0:
            oldest, _ = self._known.popitem(last=False)
            self._room += len(oldest)


def remembering(sources: Mapping[SourceName, Source]) -> Mapping[SourceName, Source]:
    """Return the sources with parsers that remember, each for itself."""
    return {name: source.wrapped(Remembering) for name, source in sources.items()}


def reader_of(sources: Mapping[SourceName, Source]) -> Callable[[SourceName, str], Parse]:
    """Return how each source and integration is read, for who reads what was kept."""
    return lambda source, integration: sources[source].reader(integration)


def page_news_of(sources: Mapping[SourceName, Source]) -> Callable[[SourceName, bytes], HearPager | None]:
    """Return what reads what a pager tells of our own pages, in a body that holds no alert."""

    def news(source: SourceName, body: bytes) -> HearPager | None:
        read = sources[source].page_news
        return read(body) if read else None

    return news
