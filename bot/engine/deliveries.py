"""What a source has sent us, as bytes, before anybody reads it."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import SourceName
from bot.domain.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One authenticated webhook.

    `fault` says why it is not understood; it is kept all the same, and when some of it is (`partly`), that is read.
    `asks` is what is to be done for it instead of reading it (a subscription wants to be confirmed).
    `receipt` names it among all deliveries, where its sender gives each a name: a repeated one is not kept again.
    `urgent`: something in it is critical and fires, so it is not left to wait behind a storm (ahead.py).
    """

    source: SourceName
    integration: str = "default"
    received_at: datetime
    body: bytes
    fault: str | None = None
    partly: bool = False
    asks: Work | None = None
    receipt: str = ""
    urgent: bool = False
