"""Every error that Muster raises on purpose, sorted by what its receiver must do.

MusterError
├── Refused            a person asked for what cannot be done; the text is shown to them
│   └── Forbidden      ... or a script for what it may not do (HTTP 403)
├── BadInput           a payload is not what its source promises; it is kept in quarantine with the reason
├── Unauthorised       the sender is not who they should be (HTTP 401); nothing is kept
├── Overloaded         we cannot keep it now (HTTP 503 with Retry-After)
│   ├── MaybeKept      ... or perhaps did: the line broke during the commit
│   └── FromNewer      ... because a newer version wrote what it is about: a replica of that version can
├── ConfigError        the configuration cannot be used (exit 2); all faults at once
└── DeliveryError      an effect did not happen
    ├── TryLater       ... and surely was not applied; it may be later (`after`, when the far side said so)
    │   └── NoSlot     ... nor may its like be before `opens`: a limit is used up
    ├── Uncertain      ... or did: the far side may have applied it; look before repeating
    └── Undeliverable  ... and never will
"""

from collections.abc import Sequence
from datetime import timedelta


class MusterError(Exception):
    """The root of the tree."""


class Refused(MusterError):
    """A person asked for what cannot be done; the text is shown to them and says what to do instead.

    `who` are the Slack users whom they can turn to.
    """

    def __init__(self, text: str, *, who: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.who = tuple(who)


class Forbidden(Refused):
    """A script asked the HTTP API for what it may not do; `who` may."""


class BadInput(MusterError):
    """A payload is not what its source promises; the text says what is wrong with it."""


class Unauthorised(MusterError):
    """The sender is not who they should be; nothing is said about why."""


class Overloaded(MusterError):
    """We cannot keep this now; the sender shall try again `after`."""

    def __init__(self, reason: str, *, after: timedelta = timedelta(seconds=2)) -> None:
        super().__init__(reason)
        self.after = after


class MaybeKept(Overloaded):
    """The line to the database broke during the commit: it was kept, or it was not; a receipt tells."""


class FromNewer(Overloaded):
    """A newer version, at work on the same database, wrote what we cannot read: it is left to that version."""


class ConfigError(MusterError):
    """The configuration cannot be used; `faults` are all of them, a line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class DeliveryError(MusterError):
    """An effect did not happen.

    `away`: the far side could not be reached, had trouble of its own, or did not answer; nothing was learned about this
    effect in particular.
    """

    def __init__(self, reason: str, *, away: bool = False) -> None:
        super().__init__(reason)
        self.away = away


class TryLater(DeliveryError):
    """Surely not applied; the far side may accept it later, `after` this long when it said so."""

    def __init__(self, reason: str, *, after: timedelta | None = None, away: bool = False) -> None:
        super().__init__(reason, away=away)
        self.after = after


class NoSlot(TryLater):
    """A limit is used up: come back `after` so long; nothing of the kind finds a slot before it `opens` again."""

    def __init__(self, reason: str, *, after: timedelta, opens: timedelta) -> None:
        super().__init__(reason, after=after)
        self.opens = opens


class Uncertain(DeliveryError):
    """The far side may or may not have applied it: look before repeating."""


class Undeliverable(DeliveryError):
    """The far side will never accept this."""
