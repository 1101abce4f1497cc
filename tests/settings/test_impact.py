"""Questions about impact in the file: what is read of them, and what is wrong with them, by its place."""

from pathlib import Path

import pytest

from bot.domain.impact import Question
from bot.domain.model import Severity
from bot.settings import load_file
from tests.settings.files import faults_of, written

GOOD = """\
impact:
  Who is affected?: {Most customers: sev1, "Nobody": sev4}
  Is data at risk?: {Yes: sev1, No: sev4}
"""


def test_questions_are_read_in_their_order(tmp_path: Path) -> None:
    assert load_file(written(GOOD, tmp_path)).policy.impact == (
        Question(asks="Who is affected?", answers={"Most customers": Severity.SEV1, "Nobody": Severity.SEV4}),
        Question(asks="Is data at risk?", answers={"Yes": Severity.SEV1, "No": Severity.SEV4}),
    )
    assert load_file(written("impact:\n", tmp_path)).policy.impact == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("{Who?: {Most: sev1}}", "from 2 to 20 answers"),
        ("{Who?: {Most: sev1, Few: sev9}}", "must be one of sev1"),
        (f"{{{'W' * 76}: {{a: sev1, b: sev2}}}}", "too long for a form"),
        (f"{{Who?: {{{'a' * 76}: sev1, b: sev2}}}}", "too long for a form"),
        (f"{{{', '.join(f'{n}: {{a: sev1, b: sev2}}' for n in range(4))}}}", "at most 3"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, said: str, fault: str) -> None:
    assert fault in str(faults_of(written(f"impact: {said}\n", tmp_path)))
