"""What `muster.yaml` asks about the impact of an incident: questions, their answers, and how bad each answer is."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator

from bot.domain.impact import Question
from bot.domain.model import Severity
from bot.settings.fields import Text

# What a form holds that somebody fills in while something burns, and what a menu in Slack shows whole.
MOST_QUESTIONS: Final = 3
MOST_ANSWERS: Final = 20
LONGEST: Final = 75


def _short(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(f"is too long for a form: at most {LONGEST} characters")
    return value


def _answers(value: dict[str, Severity]) -> dict[str, Severity]:
    if not 2 <= len(value) <= MOST_ANSWERS:  # noqa: PLR2004 - one answer asks nothing
        raise ValueError(f"must have from 2 to {MOST_ANSWERS} answers, each with a severity")
    return value


def _questions(value: dict[str, dict[str, Severity]]) -> dict[str, dict[str, Severity]]:
    if len(value) > MOST_QUESTIONS:
        raise ValueError(f"are too many questions for a form: at most {MOST_QUESTIONS}")
    return value


ShortText = Annotated[Text, AfterValidator(_short)]
Impact = Annotated[
    dict[ShortText, Annotated[dict[ShortText, Severity], AfterValidator(_answers)]], AfterValidator(_questions)
]


def questions_of(said: Mapping[str, Mapping[str, Severity]]) -> tuple[Question, ...]:
    """Return the domain's questions."""
    return tuple(Question(asks=asks, answers=dict(answers)) for asks, answers in said.items())
