"""What an incident does to others, asked in a few questions, and how bad that makes it.

The gravest of the answers counts; whoever names a severity overrules them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of this organisation, and how bad each of its answers is."""

    asks: str
    answers: Mapping[str, Severity] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody answered."""

    asked: str
    said: str


def known(questions: Sequence[Question], answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return those answers that this organisation has to its questions; one that was asked before is dropped."""
    there = {one.asks: one.answers for one in questions}
    return tuple(one for one in answers if one.said in there.get(one.asked, {}))


def derived(questions: Sequence[Question], answers: Sequence[Answer]) -> Severity | None:
    """Return how bad it is by the answers; None when nothing was answered."""
    there = {one.asks: one.answers for one in questions}
    found = [there[one.asked][one.said] for one in known(questions, answers)]
    return min(found, key=lambda severity: severity.rank, default=None)
