"""The alert sources. To add one: a module like `alertmanager.py`, a fixture under tests/, and its line in `_ALL`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.model import ReportedAlert, SourceName
from bot.inbound.alerts import alertmanager
from bot.inbound.authentication import TOKEN, DeliveryId, Way


class Parse(Protocol):
    """Reads a body into alerts."""

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        """Return the alerts; tell `left_out` of each that cannot be read while others can.

        Raises:
            BadInput: nothing of it can be read; the text says why and repeats nothing of the body. Never anything else.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of sender: how to read it, what it sends (`sample`), how it proves who it is (any one way is enough).

    `delivery_id` is set when it names its deliveries. Ways and headers stand in authentication.py.
    """

    name: SourceName
    parse: Parse
    sample: bytes
    authentication: tuple[Way, ...] = (TOKEN,)
    delivery_id: DeliveryId | None = None


_ALL = (Source(name=alertmanager.NAME, parse=alertmanager.parse, sample=alertmanager.SAMPLE),)

SOURCES: Mapping[SourceName, Source] = {source.name: source for source in _ALL}
