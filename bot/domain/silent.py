"""How long alerts that are told again and again may be silent: what is configured, and what is looked up of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.domain.absence import UNNOTICED
from bot.domain.alerts_model import Alert
from bot.domain.ids import SourceName

# Without another word, what its source never resolves is over when nothing was heard of it for so long.
NEVER_RESOLVED_AFTER: Final = timedelta(days=1)
# In place of a duration: an alert is only over when its source says so.
NEVER: Final = timedelta()
# When what cannot be said now is looked at again.
SOON: Final = timedelta(minutes=1)

Sender = tuple[SourceName, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SilencePolicy:
    """How long each sender's alerts may be silent, unless a route says otherwise (`by_route`: some route does).

    Who is `listed` is asked for a list of alerts, which tells what is over.
    """

    senders: Mapping[Sender, timedelta] = field(default_factory=dict)
    listed: frozenset[Sender] = frozenset()
    by_route: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Members of a group that were not heard of for long, as it seemed when they were; `next_at` is the next one's.

    `unread` are the senders of which something is not read yet. `at_work` is when Muster last was, `back` when it
    last came back after it was not: before that nobody could be heard.
    """

    alerts: tuple[Alert, ...] = ()
    next_at: datetime | None = None
    unread: frozenset[Sender] = frozenset()
    at_work: datetime | None = None
    back: datetime | None = None

    def over_at(self, alert: Alert, lasts: timedelta, now: datetime) -> datetime:
        """Return when an alert counts as over, as far as can be said now."""
        heard = alert.heard_at or now
        over_at = max(heard, self.back or heard) + lasts
        just_back = self.at_work is not None and now - self.at_work >= UNNOTICED  # and nobody has said so yet
        unsure = just_back or (alert.report.source, alert.report.integration) in self.unread
        return max(over_at, now + SOON) if unsure else over_at
