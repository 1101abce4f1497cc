"""A message somewhere in Slack that an incident was declared from: the first that its timeline tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.ids import UserId

# What a button and a form can carry, whatever characters it is written in.
QUOTE_LIMIT: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """What was written, when, and where it can be read; `by` nobody, when a machine wrote it."""

    by: UserId | None
    said_at: datetime
    text: str
    link: str
