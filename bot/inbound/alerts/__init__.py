"""The alert sources. To add one: a module like `alertmanager.py`, a fixture under tests/, and its line in `_ALL`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.model import ReportedAlert, SourceName
from bot.inbound.alerts import alertmanager
from bot.inbound.authentication import Authentication


class Parse(Protocol):
    """Reads a body into alerts."""

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        """Return the alerts; tell `left_out` of each that cannot be read while others can.

        Raises:
            BadInput: nothing of it can be read; the text says why and repeats nothing of the body. Never anything else.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of sender: how to read it, what it sends (`sample`), how it proves who it is."""

    name: SourceName
    parse: Parse
    sample: bytes
    authentication: Authentication = Authentication.TOKEN


_ALL = (Source(name=alertmanager.NAME, parse=alertmanager.parse, sample=alertmanager.SAMPLE),)

SOURCES: Mapping[SourceName, Source] = {source.name: source for source in _ALL}
