"""How bad it is by what people answer about its impact."""

from dataclasses import replace

import pytest

from bot.domain.commands import Declare, ReportAlert
from bot.domain.events import IncidentDeclared
from bot.domain.impact import Answer, Question
from bot.domain.model import Severity
from tests.domain.story import ANA, POLICY, Story, reported

ASKED = (
    Question(asks="Who is affected?", answers={"Most": Severity.SEV1, "Some": Severity.SEV2, "Nobody": Severity.SEV4}),
    Question(asks="Is data at risk?", answers={"Yes": Severity.SEV1, "No": Severity.SEV4}),
)
SOME, NO, YES = (
    Answer(asked="Who is affected?", said="Some"),
    Answer(asked="Is data at risk?", said="No"),
    Answer(asked="Is data at risk?", said="Yes"),
)
STRANGE = Answer(asked="Who is affected?", said="Martians")


@pytest.mark.parametrize(
    ("answers", "severity", "is_now", "kept"),
    [
        ((), None, Severity.SEV3, ()),
        ((SOME,), None, Severity.SEV2, (SOME,)),
        ((SOME, NO), None, Severity.SEV2, (SOME, NO)),
        ((SOME, YES), None, Severity.SEV1, (SOME, YES)),
        ((SOME, YES), Severity.SEV4, Severity.SEV4, (SOME, YES)),
        ((STRANGE, Answer(asked="Of old?", said="Yes")), None, Severity.SEV3, ()),
    ],
)
def test_the_gravest_answer_counts_unless_somebody_names_a_severity(
    answers: tuple[Answer, ...], severity: Severity | None, is_now: Severity, kept: tuple[Answer, ...]
) -> None:
    story = Story(replace(POLICY, impact=ASKED))
    story.do(Declare(title="Checkout is down", by=ANA, severity=severity, impact=answers))
    (declared,) = [event for event in story.last.events if isinstance(event, IncidentDeclared)]
    assert (story.incident.severity, declared.impact) == (is_now, kept)


def test_answers_count_more_than_what_an_alert_proposes() -> None:
    story = Story(replace(POLICY, impact=ASKED))
    story.do(ReportAlert(report=reported()))
    assert story.alert
    story.do(Declare(by=ANA, alert=story.alert.id, impact=(SOME,)))
    assert story.incident.severity is Severity.SEV2
