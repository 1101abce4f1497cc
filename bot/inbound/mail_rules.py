"""How an e-mail is read as an alert: the words that say how it stands, and what names its series.

Senders write the state into the subject: `[FIRING:1] DiskFull`, `RESOLVED: DiskFull`, `OK: "errors" in EU (Ireland)`,
`** RECOVERY Service Alert: web-1/HTTP is OK **`. Such words are looked for where nothing else can be meant: in brackets
or before a colon or a dash at the beginning, in capitals there, and behind "is" where a clause ends. What is left of
the subject without them names the series. In doubt it fires: a false alarm costs less than a missed one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bot.domain.alerts_model import AlertSeverity

RESOLVED: Final = frozenset(
    ["resolved", "ok", "recovered", "recovery", "closed", "cleared", "up", "normal", "back to normal", "fixed"]
)
FIRING: Final = frozenset(
    ["firing", "problem", "alarm", "alert", "alerting", "triggered", "open", "opened", "new", "down", "failed"]
)
_SEVERITIES: Final[Mapping[str, AlertSeverity]] = {
    "critical": AlertSeverity.CRITICAL,
    "crit": AlertSeverity.CRITICAL,
    "emergency": AlertSeverity.CRITICAL,
    "error": AlertSeverity.HIGH,
    "high": AlertSeverity.HIGH,
    "warning": AlertSeverity.WARNING,
    "warn": AlertSeverity.WARNING,
    "info": AlertSeverity.INFO,
}
# What mail programs put before a subject, and what Nagios puts around it.
_PUT_BEFORE: Final = re.compile(r"(?:(?:re|fwd?|aw|wg)\s*:|[\s*])+", re.IGNORECASE)
_WORDS_ABOUT: Final = re.compile(r"(?:service|host)\s+alert\s*:\s*", re.IGNORECASE)
_GAP: Final = re.compile(r"[\s*]+")
_MOST_WORDS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRules:
    """What is read from what. Words are in lower case.

    `identity` are headers that name the series, in lower case: the first that a mail has counts. Without any it is the
    list or the sender, and the subject without the words of its state. `labels` are taken from headers.
    """

    resolved: frozenset[str] = RESOLVED
    firing: frozenset[str] = FIRING
    identity: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[str]:
        """Return every word that tells of a state."""
        return self.resolved | self.firing | frozenset(_SEVERITIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A subject, taken apart: what it is about, and the words of its state, in lower case."""

    about: str
    words: tuple[str, ...]

    @property
    def severity(self) -> AlertSeverity:
        """Return how bad it is, if a word says so."""
        return next((_SEVERITIES[word] for word in self.words if word in _SEVERITIES), AlertSeverity.UNKNOWN)

    def is_over(self, rules: MailRules) -> bool:
        """Tell whether a word says that it is over; what says both (`RESOLVED: checkout is down`) begins with it."""
        told = next((word for word in self.words if word in rules.resolved | rules.firing), "")
        return told in rules.resolved


def taken_apart(subject: str, rules: MailRules) -> Subject:
    """Return what a subject is about, and how it says that it stands."""
    about, words = _PUT_BEFORE.sub("", subject, count=1) if _PUT_BEFORE.match(subject) else subject, list[str]()
    first, behind = _patterns(rules.words, rules.resolved | rules.firing)
    while len(words) < _MOST_WORDS and (found := first.match(about)):
        words.append((found[1] or found[2] or found[3]).lower())
        about = _WORDS_ABOUT.sub("", about[found.end() :], count=1)
    words += [word.lower() for word in behind.findall(about)]
    about = _GAP.sub(" ", behind.sub("is", about)).strip(" :-\u2013\u2014|*")
    return Subject(about=about, words=tuple(words))


@lru_cache(maxsize=64)
def _patterns(words: frozenset[str], states: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a word of a state at the beginning of a subject, and in its midst."""
    known = _any_of(words)
    loud = _any_of(word.upper() for word in states)
    first = re.compile(
        # [FIRING:3] [OK] [RESOLVED - checkout]
        rf"\[\s*({known})\s*\d*\s*(?:[:|,/-][^\]\[]{{0,40}})?\]\s*"
        # RESOLVED: and "Resolved in 5m:" and "OK - "
        rf"|({known})(?:\s+in\s+[^:]{{1,20}}(?=:))?(?:\s*[:|]+\s*|\s+[-\u2013\u2014]+\s+|$)"
        # PROBLEM and UP, loud; a quiet "up" may go on "to 20 errors"
        rf"|((?-i:{loud})|resolved|recovered)\s+",
        re.IGNORECASE,
    )
    # web-1/HTTP is CRITICAL, and "Monitor is UP: checkout"
    return first, re.compile(rf"\bis\s+({known})(?=\s*(?:$|[:;,.!|*()\[\]]))", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    """Return a pattern of these words, the longest first: "back to normal" before "back"."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
