"""What `muster.yaml` says of alerts whose sender falls silent: how long that may last, by sender and by route."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

from bot.domain.silent import NEVER
from bot.settings.document import Document
from bot.settings.faults import Fault, Where
from bot.settings.fields import duration

SHORTEST: Final = timedelta(minutes=1)


def silence(value: object) -> timedelta:
    """Read how long an alert may be silent, or "never".

    Raises:
        ValueError: it is neither, or shorter than a minute.
    """
    if value == "never":
        return NEVER
    given = duration(value)
    if given < SHORTEST:
        raise ValueError('must be at least "1m", or "never"')
    return given


def listed_and_silent(document: Document) -> Iterator[Fault]:
    """Find senders whose list tells what is over, and whose silence is to mean that as well."""
    sources = document.data.get("sources")
    for source, block in sources.items() if isinstance(sources, dict) else ():
        inner = block.get("integrations") if isinstance(block, dict) else None
        blocks: dict[Where, object] = {("sources", source): block}
        if isinstance(inner, dict):
            blocks |= {("sources", source, "integrations", name): one for name, one in inner.items()}
        for where, one in blocks.items():
            if isinstance(one, dict) and {"reconcile", "resolve_after"} <= one.keys():
                at = (*where, "resolve_after")
                text = "its list (reconcile) tells what is over; take one of the two out"
                yield Fault(mark=document.key_mark(at), where=at, text=text)


Silence = Annotated[timedelta, BeforeValidator(silence)]
